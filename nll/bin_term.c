#include "nll/bin_term.h"

#include <math.h>

/* The series stops where its next term is below 1e-16 of the first: 2 * 0.05^12 / 14. */
#define SERIES_LIMIT 0.05
enum { SERIES_LAST = 13 };

/* 2 [m - n - n ln(m/n)] for m > 0, n >= 0. */
static double poisson_term(double n, double m)
{
    if (n == 0.0) {
        return 2.0 * m;
    }
    double d = (m - n) / n;
    if (fabs(d) > SERIES_LIMIT) {
        return 2.0 * (m - n - n * log(m / n));
    }
    /* Near the minimum the terms cancel: 2 n (d - ln(1 + d)) = 2 n (d^2/2 - d^3/3 + ...). */
    double sum = 0.0;
    for (int k = SERIES_LAST; k >= 2; k--) {
        sum = sum * -d + 1.0 / k;
    }
    return 2.0 * n * sum * d * d;
}

/* v = 0 above the floor. */
static fb_bin_term plain_term(double n, double nu)
{
    return (fb_bin_term){
        .t = poisson_term(n, nu), .t_nu = 2.0 * (nu - n) / nu, .t_nunu = 2.0 * n / (nu * nu), .fisher = 2.0 / nu};
}

/* v = 0 below the floor: ln nu becomes ln f + d - d^2/2 with d = nu/f - 1, and below 0 a cubic wall (-nu/f)^3 keeps a
 * bin without counts from pulling t to minus infinity; both meet their neighbours with two equal derivatives. */
static fb_bin_term floored_term(double n, double nu, fb_floor_kind kind, double floor)
{
    fb_bin_term at_floor = plain_term(n, floor);
    if (kind == FB_FLOOR_CLIP) {
        return (fb_bin_term){.t = at_floor.t, .fisher = at_floor.fisher};
    }
    double step = nu - floor;
    double wall = nu < 0.0 ? -nu / floor : 0.0;
    return (fb_bin_term){.t = at_floor.t + at_floor.t_nu * step + 0.5 * at_floor.t_nunu * step * step +
                              wall * wall * wall,
                         .t_nu = at_floor.t_nu + at_floor.t_nunu * step - 3.0 * wall * wall / floor,
                         .t_nunu = at_floor.t_nunu + 6.0 * wall / (floor * floor),
                         .fisher = at_floor.fisher + 6.0 * wall / (floor * floor)};
}

static fb_bin_term profiled_term(double n, double nu, double v)
{
    double scale = fmax(nu, 0.0) + v;
    if (n == 0.0 && nu <= v) {
        double ratio = nu / v;
        return (fb_bin_term){.t = nu * ratio,
                             .t_nu = 2.0 * ratio,
                             .t_v = -ratio * ratio,
                             .t_nunu = 2.0 / v,
                             .t_nuv = -2.0 * ratio / v,
                             .t_vv = 2.0 * ratio * ratio / v,
                             .fisher = 2.0 / scale};
    }
    double a = nu - v;
    double root = sqrt(a * a + 4.0 * v * n);
    /* Of the two forms of the positive root, the one that adds numbers of one sign. */
    double m = a >= 0.0 ? 0.5 * (a + root) : 2.0 * v * n / (root - a);
    double u = (m - n) / m;
    double m_nu = m / root; /* D = 2m + v - nu = root */
    double m_v = (n - m) / root;
    double u_m = n / (m * m);
    return (fb_bin_term){.t = poisson_term(n, m) + v * u * u,
                         .t_nu = 2.0 * u,
                         .t_v = -u * u,
                         .t_nunu = 2.0 * u_m * m_nu,
                         .t_nuv = 2.0 * u_m * m_v,
                         .t_vv = -2.0 * u * u_m * m_v,
                         .fisher = 2.0 / scale};
}

fb_bin_term fb_bin_term_at(double n, double nu, double v, fb_floor_kind kind, double floor)
{
    if (v > 0.0) {
        return profiled_term(n, nu, v);
    }
    return nu >= floor ? plain_term(n, nu) : floored_term(n, nu, kind, floor);
}

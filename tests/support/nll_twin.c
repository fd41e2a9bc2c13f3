#include "tests/support/nll_twin.h"

#include <math.h>
#include <string.h>

#include "nll/coordinates.h"
#include "nll/pair.inc"
#include "tests/support/support.h"

enum { N = FB_N_PARAMETER };

/* The series stops where its next term is below 1e-16 of the first: 2 * 0.05^12 / 14. */
static const double SERIES_LIMIT = 0.05;
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

static twin_term plain_term(double n, double nu)
{
    return (twin_term){
        .t = poisson_term(n, nu), .t_nu = 2.0 * (nu - n) / nu, .t_nunu = 2.0 * n / (nu * nu), .fisher = 2.0 / nu};
}

static twin_term floored_term(double n, double nu, fb_floor_kind kind, double floor)
{
    twin_term at_floor = plain_term(n, floor);
    if (kind == FB_FLOOR_CLIP) {
        return (twin_term){.t = at_floor.t, .fisher = at_floor.fisher};
    }
    double step = nu - floor;
    double wall = nu < 0.0 ? -nu / floor : 0.0;
    return (twin_term){.t =
                           at_floor.t + at_floor.t_nu * step + 0.5 * at_floor.t_nunu * step * step + wall * wall * wall,
                       .t_nu = at_floor.t_nu + at_floor.t_nunu * step - 3.0 * wall * wall / floor,
                       .t_nunu = at_floor.t_nunu + 6.0 * wall / (floor * floor),
                       .fisher = at_floor.fisher + 6.0 * wall / (floor * floor)};
}

static twin_term profiled_term(double n, double nu, double v)
{
    double scale = fmax(nu, 0.0) + v;
    if (n == 0.0 && nu <= v) {
        double ratio = nu / v;
        return (twin_term){.t = nu * ratio,
                           .t_nu = 2.0 * ratio,
                           .t_v = -ratio * ratio,
                           .t_nunu = 2.0 / v,
                           .t_nuv = -2.0 * ratio / v,
                           .t_vv = 2.0 * ratio * ratio / v,
                           .fisher = 2.0 / scale};
    }
    double a = nu - v;
    double root = sqrt(a * a + 4.0 * v * n);
    double m = a >= 0.0 ? 0.5 * (a + root) : 2.0 * v * n / (root - a);
    double u = (m - n) / m;
    double m_nu = m / root; /* D = 2m + v - nu = root */
    double m_v = (n - m) / root;
    double u_m = n / (m * m);
    return (twin_term){.t = poisson_term(n, m) + v * u * u,
                       .t_nu = 2.0 * u,
                       .t_v = -u * u,
                       .t_nunu = 2.0 * u_m * m_nu,
                       .t_nuv = 2.0 * u_m * m_v,
                       .t_vv = -2.0 * u * u_m * m_v,
                       .fisher = 2.0 / scale};
}

twin_term twin_term_at(double n, double nu, double v, fb_floor_kind kind, double floor)
{
    if (v > 0.0) {
        return profiled_term(n, nu, v);
    }
    return nu >= floor ? plain_term(n, nu) : floored_term(n, nu, kind, floor);
}

/* A number that depends on all parameters, with first and second derivatives. */
typedef struct jet {
    double value, first[N], second[N][N];
} jet;

static jet constant(double value)
{
    return (jet){.value = value};
}

static jet sum_of(const jet *a, const jet *b)
{
    jet sum = {.value = a->value + b->value};
    for (int i = 0; i < N; i++) {
        sum.first[i] = a->first[i] + b->first[i];
        for (int j = 0; j < N; j++) {
            sum.second[i][j] = a->second[i][j] + b->second[i][j];
        }
    }
    return sum;
}

static jet product_of(const jet *a, const jet *b)
{
    jet product = {.value = a->value * b->value};
    for (int i = 0; i < N; i++) {
        product.first[i] = a->first[i] * b->value + a->value * b->first[i];
        for (int j = 0; j < N; j++) {
            product.second[i][j] = a->second[i][j] * b->value + a->first[i] * b->first[j] + a->first[j] * b->first[i] +
                                   a->value * b->second[i][j];
        }
    }
    return product;
}

static jet scaled(double factor, const jet *a)
{
    const jet number = constant(factor);
    return product_of(&number, a);
}

/* A parameter itself. */
static jet parameter(int which, double value)
{
    jet self = constant(value);
    self.first[which] = 1.0;
    return self;
}

/* r_kpi(alpha_k), power after power. */
static jet ratio_of(const fb_shape *shape, fb_nuisance which, size_t cell, double alpha)
{
    if (shape->coefficient == NULL) {
        return constant(1.0);
    }
    const int a = 1 + (int)which;
    const double per_unit = 1.0 / shape->unit, u = (alpha - fb_nuisance_describe(which)->nominal) * per_unit;
    jet r = constant(0.0);
    for (int j = 0; j <= shape->degree; j++) {
        const double c = shape->coefficient[cell * ((size_t)shape->degree + 1) + (size_t)j];
        r.value += c * pow(u, j);
        r.first[a] += j < 1 ? 0.0 : c * j * pow(u, j - 1) * per_unit;
        r.second[a][a] += j < 2 ? 0.0 : c * j * (j - 1) * pow(u, j - 2) * per_unit * per_unit;
    }
    return r;
}

/* g_pi */
static jet factor_of(const fb_templates *templates, const fb_point *point, int process, int bin)
{
    const size_t cell = (size_t)process * (size_t)templates->n_bins + (size_t)bin;
    const double *alpha = point->nuisances.value;
    const bool is_product = templates->combination == FB_COMBINE_PRODUCT;
    const bool is_average = templates->combination == FB_COMBINE_AVERAGE;
    jet g = constant(is_average ? 0.0 : 1.0);
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        jet r = ratio_of(&templates->shape[k], (fb_nuisance)k, cell, alpha[k]);
        if (is_average) {
            r = scaled(1.0 / FB_N_NUISANCE, &r);
        } else if (!is_product) {
            r.value -= 1.0;
        }
        g = is_product ? product_of(&g, &r) : sum_of(&g, &r);
    }
    jet norm = parameter(FB_MU, point->mu);
    if (process != FB_HTAUTAU) {
        norm = is_average ? constant(1.0) : parameter(1 + FB_BKG_SCALE, alpha[FB_BKG_SCALE]);
    }
    g = product_of(&g, &norm);
    if (!is_average && (process == FB_TTBAR || process == FB_DIBOSON)) {
        const fb_nuisance own = process == FB_TTBAR ? FB_TTBAR_SCALE : FB_DIBOSON_SCALE;
        norm = parameter(1 + (int)own, alpha[own]);
        g = product_of(&g, &norm);
    }
    return g;
}

/* Adds one bin, with respect to the parameters, and the sizes of what is added. */
static void add_bin(const twin_term *term, const jet *nu, const jet *v, fb_nll_value *out, fb_nll_value *size)
{
    out->value += term->t;
    size->value += fabs(term->t);
    for (int a = 0; a < N; a++) {
        const double parts[] = {term->t_nu * nu->first[a], term->t_v * v->first[a]};
        out->gradient[a] += parts[0] + parts[1];
        size->gradient[a] += fabs(parts[0]) + fabs(parts[1]);
        for (int b = 0; b <= a; b++) {
            const double terms[] = {term->t_nu * nu->second[a][b], term->t_v * v->second[a][b],
                                    term->t_nunu * nu->first[a] * nu->first[b],
                                    term->t_nuv * (nu->first[a] * v->first[b] + v->first[a] * nu->first[b]),
                                    term->t_vv * v->first[a] * v->first[b]};
            for (int k = 0; k < 5; k++) {
                out->hessian[fb_pair(a, b)] += terms[k];
                size->hessian[fb_pair(a, b)] += fabs(terms[k]);
            }
            out->metric[fb_pair(a, b)] += term->fisher * nu->first[a] * nu->first[b];
            size->metric[fb_pair(a, b)] += fabs(term->fisher * nu->first[a] * nu->first[b]);
        }
    }
}

/* From the parameters to the coordinates, with the penalties. */
static void to_coordinates(const fb_coordinates *coordinates, const double *x, bool is_size, fb_nll_value *out)
{
    fb_point point;
    double first[N], second[N];
    fb_coordinates_to_point(coordinates, x, &point, first, second);
    out->value += coordinates->constant;
    for (int a = 0; a < N; a++) {
        for (int b = 0; b <= a; b++) {
            out->hessian[fb_pair(a, b)] *= first[a] * first[b];
            out->metric[fb_pair(a, b)] *= first[a] * first[b];
        }
        out->hessian[fb_pair(a, a)] += out->gradient[a] * second[a];
        out->gradient[a] *= first[a];
        if (a != FB_MU && !coordinates->of[a].is_held) {
            const double signed_distance = x[a] - coordinates->of[a].observed;
            const double distance = is_size ? fabs(signed_distance) : signed_distance;
            out->value += distance * distance;
            out->gradient[a] += 2.0 * distance;
            out->hessian[fb_pair(a, a)] += 2.0;
            out->metric[fb_pair(a, a)] += 2.0;
        }
    }
}

void twin_evaluate(const fb_templates *templates, const fb_fit_settings *settings, const double *counts,
                   const double *x, fb_nll_value *out, fb_nll_value *size)
{
    fb_coordinates coordinates;
    fb_point point;
    fb_error error = {0};
    FB_ASSERT_OK(fb_coordinates_create(settings, &coordinates, &error));
    fb_coordinates_to_point(&coordinates, x, &point, NULL, NULL);
    memset(out, 0, sizeof *out);
    memset(size, 0, sizeof *size);
    for (int bin = 0; bin < templates->n_bins; bin++) {
        jet nu = constant(0.0), v = constant(0.0);
        bool is_empty = true; // nothing is ever expected there: left out
        for (int p = 0; p < FB_N_PROCESS; p++) {
            const double yield = templates->yield[p * templates->n_bins + bin];
            const double variance =
                settings->monte_carlo_uncertainty ? templates->variance[p * templates->n_bins + bin] : 0.0;
            const jet g = factor_of(templates, &point, p, bin), g2 = product_of(&g, &g);
            const jet more_nu = scaled(yield, &g), more_v = scaled(variance, &g2);
            nu = sum_of(&nu, &more_nu);
            v = sum_of(&v, &more_v);
            is_empty = is_empty && yield == 0.0 && variance == 0.0;
        }
        if (!is_empty) {
            const twin_term term = twin_term_at(counts[bin], nu.value, v.value, settings->floor_kind, settings->floor);
            add_bin(&term, &nu, &v, out, size);
        }
    }
    to_coordinates(&coordinates, x, false, out);
    to_coordinates(&coordinates, x, true, size);
}

#include "nll/interval.h"

#include <math.h>

#include "nll/coordinates.h"
#include "nll/pair.inc"
#include "nll/profile.h"

static const double SQRT_TOLERANCE = 1e-6;               // of sqrt(Delta t) at the end points: 1e-6 of sigma
static const double NEW_MINIMUM = 2.0 * FB_SAME_MINIMUM; // t this far below the minimum is another minimum
enum { MAX_STEPS = 60, MAX_REFITS = 3 };

const char *fb_interval_side_text(fb_side_status status)
{
    static const char *const texts[] = {[FB_SIDE_NOT_SOUGHT] = "not sought",
                                        [FB_SIDE_FOUND] = "found",
                                        [FB_SIDE_AT_LIMIT] = "at limit",
                                        [FB_SIDE_NEW_MINIMUM] = "new minimum",
                                        [FB_SIDE_FAILED] = "failed"};
    return (unsigned)status < sizeof texts / sizeof texts[0] ? texts[status] : "unknown";
}

/* Two points of s(x) = sqrt(Delta t) and the bracket around s = 1. */
typedef struct search {
    double previous_x, previous_s;
    double x, s;
    double inner; // last x with s < 1, from the fitted one outwards
    double outer; // last x with s > 1
    bool has_outer;
    double limit; // of x on this side
} search;

/* Where to look next: the secant, unless it leaves the bracket or runs too far ahead of it. */
static double next_x(const search *at, double fitted, int step)
{
    double secant = at->x + (1.0 - at->s) * (at->x - at->previous_x) / (at->s - at->previous_s);
    if (at->has_outer) {
        bool is_inside = (secant - at->inner) * (secant - at->outer) < 0.0;
        return is_inside && step % 8 != 7 ? secant : 0.5 * (at->inner + at->outer);
    }
    double reach = at->inner - fitted; // has the sign of the direction
    double ahead = (secant - at->inner) / reach;
    if (!(ahead > 0.0 && ahead < 4.0)) {
        secant = at->inner + reach;
    }
    return reach > 0.0 ? fmin(secant, at->limit) : fmax(secant, at->limit);
}

static void take(search *at, double x, double s)
{
    at->previous_x = at->x;
    at->previous_s = at->s;
    at->x = x;
    at->s = s;
    if (s < 1.0) {
        at->inner = x;
    } else {
        at->outer = x;
        at->has_outer = true;
    }
}

static void search_side(const fb_likelihood *likelihood, const fb_minima *minima, int parameter, int direction,
                        fb_side *out)
{
    const fb_minimum *best = &minima->minimum[0];
    const fb_coordinate *limits = &fb_likelihood_coordinates(likelihood)->of[parameter];
    const double fitted = best->x[parameter];
    const double variance = best->covariance[fb_pair(parameter, parameter)];
    const double sigma = variance > 0.0 ? sqrt(variance) : 1.0; // 0 at a limit: a width of the prior is of its order
    search at = {.x = fitted, .inner = fitted, .limit = direction < 0 ? limits->low : limits->high};
    fb_profile_branches tracked;
    fb_profile_branches_start(minima, parameter, &tracked);
    *out = (fb_side){.status = FB_SIDE_FAILED, .x = NAN};
    double x = fmin(fmax(fitted + direction * sigma, limits->low), limits->high);
    for (int step = 0; step < MAX_STEPS; step++) {
        fb_minimum conditional;
        fb_profile_at(likelihood, &tracked, x, &conditional);
        if (conditional.status != FB_FIT_CONVERGED) {
            return;
        }
        double rise = conditional.t - best->t;
        if (rise < -NEW_MINIMUM) {
            out->status = FB_SIDE_NEW_MINIMUM;
            out->lower = conditional;
            return;
        }
        double s = sqrt(fmax(rise, 0.0));
        take(&at, x, s);
        bool is_pinned = at.has_outer && fabs(at.outer - at.inner) <= SQRT_TOLERANCE * sigma;
        if (fabs(s - 1.0) <= SQRT_TOLERANCE || is_pinned) {
            out->status = FB_SIDE_FOUND;
            out->x = x;
            return;
        }
        if (!at.has_outer && x == at.limit) {
            out->status = FB_SIDE_AT_LIMIT;
            return;
        }
        x = next_x(&at, fitted, step);
    }
}

fb_fit_status fb_interval_sides(const fb_likelihood *likelihood, fb_minima *minima, int parameter, fb_side *low,
                                fb_side *high)
{
    for (int refit = 0; refit <= MAX_REFITS; refit++) {
        *high = (fb_side){.status = FB_SIDE_NOT_SOUGHT, .x = NAN};
        search_side(likelihood, minima, parameter, -1, low);
        if (low->status != FB_SIDE_NEW_MINIMUM) {
            search_side(likelihood, minima, parameter, +1, high);
        }
        const fb_side *lower = low->status == FB_SIDE_NEW_MINIMUM    ? low
                               : high->status == FB_SIDE_NEW_MINIMUM ? high
                                                                     : NULL;
        if (lower == NULL) {
            bool is_open = low->status == FB_SIDE_AT_LIMIT || high->status == FB_SIDE_AT_LIMIT;
            bool is_found = low->status == FB_SIDE_FOUND && high->status == FB_SIDE_FOUND;
            return is_found ? FB_FIT_CONVERGED : is_open ? FB_FIT_INTERVAL_OPEN : FB_FIT_INTERVAL_FAILED;
        }
        fb_multistart_add(likelihood, lower->lower.x, minima);
        if (minima->minimum[0].status != FB_FIT_CONVERGED) {
            return minima->minimum[0].status;
        }
    }
    return FB_FIT_INTERVAL_UNSTABLE;
}

fb_fit_status fb_interval_find(const fb_likelihood *likelihood, fb_minima *minima, fb_interval *out)
{
    const fb_interval_kind kind = fb_likelihood_settings(likelihood)->interval;
    fb_fit_status status = minima->minimum[0].status;
    *out =
        (fb_interval){.sigma = NAN, .sigma_hesse = NAN, .p16 = NAN, .p84 = NAN, .low = {.x = NAN}, .high = {.x = NAN}};
    if (fb_likelihood_settings(likelihood)->mu_is_fixed) {
        return status;
    }
    if (status == FB_FIT_CONVERGED && (minima->minimum[0].at_limit >> FB_MU & 1U) != 0) {
        status = FB_FIT_MU_AT_LIMIT;
    }
    if (status == FB_FIT_CONVERGED && kind != FB_INTERVAL_HESSIAN) {
        status = fb_interval_sides(likelihood, minima, FB_MU, &out->low, &out->high);
    }
    if (status != FB_FIT_CONVERGED) {
        return status;
    }
    const fb_minimum *best = &minima->minimum[0];
    double mu_hat = best->x[FB_MU];
    out->sigma_hesse = sqrt(best->covariance[fb_pair(FB_MU, FB_MU)]);
    out->sigma = kind == FB_INTERVAL_HESSIAN ? out->sigma_hesse : 0.5 * (out->high.x - out->low.x);
    out->p16 = kind == FB_INTERVAL_PROFILE ? out->low.x : mu_hat - out->sigma;
    out->p84 = kind == FB_INTERVAL_PROFILE ? out->high.x : mu_hat + out->sigma;
    return FB_FIT_CONVERGED;
}

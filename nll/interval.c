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

/* Two points of s(mu) = sqrt(Delta t) and the bracket around s = 1. */
typedef struct search {
    double previous_mu, previous_s;
    double mu, s;
    double inner; // last mu with s < 1, from mu_hat outwards
    double outer; // last mu with s > 1
    bool has_outer;
    double limit; // of mu on this side
} search;

/* Where to look next: the secant, unless it leaves the bracket or runs too far ahead of it. */
static double next_mu(const search *at, double mu_hat, int step)
{
    double secant = at->mu + (1.0 - at->s) * (at->mu - at->previous_mu) / (at->s - at->previous_s);
    if (at->has_outer) {
        bool is_inside = (secant - at->inner) * (secant - at->outer) < 0.0;
        return is_inside && step % 8 != 7 ? secant : 0.5 * (at->inner + at->outer);
    }
    double reach = at->inner - mu_hat; // has the sign of the direction
    double ahead = (secant - at->inner) / reach;
    if (!(ahead > 0.0 && ahead < 4.0)) {
        secant = at->inner + reach;
    }
    return reach > 0.0 ? fmin(secant, at->limit) : fmax(secant, at->limit);
}

static void take(search *at, double mu, double s)
{
    at->previous_mu = at->mu;
    at->previous_s = at->s;
    at->mu = mu;
    at->s = s;
    if (s < 1.0) {
        at->inner = mu;
    } else {
        at->outer = mu;
        at->has_outer = true;
    }
}

static void search_side(const fb_likelihood *likelihood, const fb_minima *minima, int direction, fb_side *out)
{
    const fb_minimum *best = &minima->minimum[0];
    const fb_coordinate *limits = &fb_likelihood_coordinates(likelihood)->of[FB_MU];
    double mu_hat = best->x[FB_MU];
    double sigma = sqrt(best->covariance[fb_pair(FB_MU, FB_MU)]);
    search at = {.mu = mu_hat, .inner = mu_hat, .limit = direction < 0 ? limits->low : limits->high};
    fb_profile_branches tracked;
    fb_profile_branches_start(minima, &tracked);
    *out = (fb_side){.status = FB_SIDE_FAILED, .mu = NAN};
    double mu = fmin(fmax(mu_hat + direction * sigma, limits->low), limits->high);
    for (int step = 0; step < MAX_STEPS; step++) {
        fb_minimum conditional;
        fb_profile_at(likelihood, &tracked, mu, &conditional);
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
        take(&at, mu, s);
        bool is_pinned = at.has_outer && fabs(at.outer - at.inner) <= SQRT_TOLERANCE * sigma;
        if (fabs(s - 1.0) <= SQRT_TOLERANCE || is_pinned) {
            out->status = FB_SIDE_FOUND;
            out->mu = mu;
            return;
        }
        if (!at.has_outer && mu == at.limit) {
            out->status = FB_SIDE_AT_LIMIT;
            return;
        }
        mu = next_mu(&at, mu_hat, step);
    }
}

static fb_fit_status search_sides(const fb_likelihood *likelihood, fb_minima *minima, fb_interval *out)
{
    for (int refit = 0; refit <= MAX_REFITS; refit++) {
        out->high = (fb_side){.status = FB_SIDE_NOT_SOUGHT, .mu = NAN};
        search_side(likelihood, minima, -1, &out->low);
        if (out->low.status != FB_SIDE_NEW_MINIMUM) {
            search_side(likelihood, minima, +1, &out->high);
        }
        const fb_side *lower = out->low.status == FB_SIDE_NEW_MINIMUM    ? &out->low
                               : out->high.status == FB_SIDE_NEW_MINIMUM ? &out->high
                                                                         : NULL;
        if (lower == NULL) {
            bool is_open = out->low.status == FB_SIDE_AT_LIMIT || out->high.status == FB_SIDE_AT_LIMIT;
            bool is_found = out->low.status == FB_SIDE_FOUND && out->high.status == FB_SIDE_FOUND;
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
    *out = (fb_interval){
        .sigma = NAN, .sigma_hesse = NAN, .p16 = NAN, .p84 = NAN, .low = {.mu = NAN}, .high = {.mu = NAN}};
    if (fb_likelihood_settings(likelihood)->mu_is_fixed) {
        return status;
    }
    if (status == FB_FIT_CONVERGED && (minima->minimum[0].at_limit >> FB_MU & 1U) != 0) {
        status = FB_FIT_MU_AT_LIMIT;
    }
    if (status == FB_FIT_CONVERGED && kind != FB_INTERVAL_HESSIAN) {
        status = search_sides(likelihood, minima, out);
    }
    if (status != FB_FIT_CONVERGED) {
        return status;
    }
    const fb_minimum *best = &minima->minimum[0];
    double mu_hat = best->x[FB_MU];
    out->sigma_hesse = sqrt(best->covariance[fb_pair(FB_MU, FB_MU)]);
    out->sigma = kind == FB_INTERVAL_HESSIAN ? out->sigma_hesse : 0.5 * (out->high.mu - out->low.mu);
    out->p16 = kind == FB_INTERVAL_PROFILE ? out->low.mu : mu_hat - out->sigma;
    out->p84 = kind == FB_INTERVAL_PROFILE ? out->high.mu : mu_hat + out->sigma;
    return FB_FIT_CONVERGED;
}

#include "nll/profile.h"

#include <math.h>
#include <string.h>

#include "nll/pair.inc"

void fb_profile_branches_start(const fb_minima *minima, int parameter, fb_profile_branches *out)
{
    memset(out, 0, sizeof *out);
    out->parameter = parameter;
    out->n = minima->n;
    for (int branch = 0; branch < minima->n; branch++) {
        memcpy(out->x[branch], minima->minimum[branch].x, sizeof out->x[branch]);
    }
    const double *covariance = minima->minimum[0].covariance;
    double variance = covariance[fb_pair(parameter, parameter)];
    for (int a = 0; a < FB_N_PARAMETER && variance > 0.0; a++) {
        out->slope[a] = covariance[fb_pair_of(a, parameter)] / variance;
    }
}

void fb_profile_at(const fb_likelihood *likelihood, fb_profile_branches *tracked, double value, fb_minimum *out)
{
    const int parameter = tracked->parameter;
    fb_objective objective = fb_minimize_objective(likelihood);
    objective.held |= 1U << parameter;
    *out = (fb_minimum){.status = FB_FIT_NOT_RUN, .t = INFINITY};
    for (int branch = 0; branch < tracked->n; branch++) {
        double start[FB_N_PARAMETER];
        fb_minimum found;
        for (int a = 0; a < FB_N_PARAMETER; a++) {
            start[a] = tracked->x[branch][a] +
                       (branch == 0 ? tracked->slope[a] * (value - tracked->x[branch][parameter]) : 0.0);
        }
        start[parameter] = value;
        fb_minimize(&objective, start, &found);
        if (found.status == FB_FIT_CONVERGED) {
            memcpy(tracked->x[branch], found.x, sizeof found.x);
        }
        /* Converged before not converged, then the lower t. */
        const bool is_found = found.status == FB_FIT_CONVERGED, was_found = out->status == FB_FIT_CONVERGED;
        const bool is_better = is_found == was_found ? found.t < out->t : is_found;
        if (is_better || branch == 0) {
            *out = found;
        }
    }
}

/* Far from the minimum there can be a branch that leads to none of the minima. The starts of a fit find it; from then
 * on it is tracked too. */
static void find_branch(const fb_likelihood *likelihood, int n_starts, double start[][FB_N_PARAMETER], double value,
                        fb_profile_branches *tracked, fb_minimum *lowest)
{
    fb_objective objective = fb_minimize_objective(likelihood);
    objective.held |= 1U << tracked->parameter;
    for (int s = 0; s < n_starts; s++) {
        fb_minimum found;
        start[s][tracked->parameter] = value;
        fb_minimize(&objective, start[s], &found);
        const bool is_better = found.status == FB_FIT_CONVERGED &&
                               (lowest->status != FB_FIT_CONVERGED || found.t < lowest->t - FB_SAME_MINIMUM);
        if (is_better) {
            *lowest = found;
            const int place = tracked->n < FB_MAX_STARTS ? tracked->n++ : FB_MAX_STARTS - 1;
            memcpy(tracked->x[place], found.x, sizeof found.x);
        }
    }
}

void fb_profile_scan(const fb_likelihood *likelihood, const fb_minima *minima, int parameter, size_t n,
                     const double *value, fb_minimum *out)
{
    double start[FB_MAX_STARTS][FB_N_PARAMETER];
    const int n_starts = fb_multistart_starts(likelihood, start);
    size_t first_above = 0;
    while (first_above < n && value[first_above] < minima->minimum[0].x[parameter]) {
        first_above++;
    }
    fb_profile_branches tracked;
    fb_profile_branches_start(minima, parameter, &tracked);
    for (size_t k = first_above; k-- > 0;) {
        fb_profile_at(likelihood, &tracked, value[k], &out[k]);
        find_branch(likelihood, n_starts, start, value[k], &tracked, &out[k]);
    }
    fb_profile_branches_start(minima, parameter, &tracked);
    for (size_t k = first_above; k < n; k++) {
        fb_profile_at(likelihood, &tracked, value[k], &out[k]);
        find_branch(likelihood, n_starts, start, value[k], &tracked, &out[k]);
    }
}

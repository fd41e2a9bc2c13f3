#include <math.h>
#include <stdlib.h>

#include "baseline/reports/picture.h"
#include "baseline/support/json_output.h"
#include "models/common/log.h"
#include "models/common/memory.h"
#include "nll/mu_limits.h"
#include "nll/profile.h"
#include "notebooks_export/plot_nll.h"

static const double REACH = 3.0; // standard deviations on either side

/* A fit and its profile. */
typedef struct scan {
    fb_fit_result result;
    double t_min;
    double *rise; // [n] of t above its minimum; NaN where the conditional fit failed
} scan;

/* Delta t at every mu, from the same minima that the fit has found. */
static fb_status profile(const fb_likelihood *likelihood, size_t n, const double *mu, scan *out, fb_error *error)
{
    fb_minima minima;
    fb_interval interval;
    fb_minimum *conditional = NULL;
    fb_status status = FB_OK;
    fb_multistart_find(likelihood, &minima);
    (void)fb_interval_find(likelihood, &minima, &interval); // adds the minima that it meets on its way
    out->t_min = minima.minimum[0].t;
    FB_TRY(fb_memory_allocate(n, sizeof *conditional, &conditional, error));
    FB_TRY(fb_memory_allocate(n, sizeof *out->rise, &out->rise, error));
    fb_profile_scan(likelihood, &minima, FB_MU, n, mu, conditional);
    double lowest = 0.0;
    for (size_t k = 0; k < n; k++) {
        const bool converged = conditional[k].status == FB_FIT_CONVERGED;
        out->rise[k] = converged ? conditional[k].t - out->t_min : NAN;
        lowest = converged ? fmin(lowest, out->rise[k]) : lowest;
        if (!converged) {
            fb_log(FB_LOG_WARNING, "nll: no value at mu = %g: %s", mu[k],
                   fb_minimize_status_text(conditional[k].status));
        }
    }
    if (lowest < -2.0 * FB_SAME_MINIMUM) {
        fb_log(FB_LOG_WARNING, "nll: t falls %.2g below the minimum of the fit: its starts have missed a deeper one",
               -lowest);
    }
cleanup:
    free(conditional);
    return status;
}

/* What floated in the first fit is held where it ended. */
static fb_fit_settings held_at(const fb_fit_settings *settings, const fb_fit_result *result)
{
    fb_fit_settings held = *settings;
    held.fixed |= settings->systematics;
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_prior prior = fb_nuisance_prior(settings->priors, (fb_nuisance)k);
        if ((settings->systematics & ~settings->fixed) >> k & 1U) {
            held.fixed_at.value[k] = fmin(fmax(result->nuisance[k], prior.low), prior.high); // rounded at a limit
        }
    }
    return held;
}

static fb_status place(const fb_nll_range *range, const fb_fit_result *result, double *mu, fb_error *error)
{
    const double low = isnan(range->low) ? result->mu_hat - REACH * result->sigma : range->low;
    const double high = isnan(range->high) ? result->mu_hat + REACH * result->sigma : range->high;
    if (range->n_points < 2 || !(high - low > 1e-9 * (fabs(low) + fabs(high)))) {
        return fb_fail(error, FB_ERROR_USAGE, "nll: mu from %g to %g in %d points; a rising range and 2 are needed",
                       low, high, range->n_points);
    }
    for (int k = 0; k < range->n_points; k++) {
        mu[k] = low + (high - low) * k / (range->n_points - 1);
    }
    return FB_OK;
}

/* The fit and its profile with the parameters that float in `settings`. Where `mu` is not placed yet, that is done. */
static fb_status scan_with(const fb_templates *templates, const fb_fit_settings *settings, const double *counts,
                           const fb_nll_range *range, bool is_placed, double *mu, scan *out, fb_error *error)
{
    fb_likelihood *likelihood = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_mu_limits_likelihood_create(templates, settings, &likelihood, error));
    FB_TRY(fb_fit_counts(likelihood, templates->n_bins, counts, &out->result, error));
    if (!is_placed) {
        FB_TRY(place(range, &out->result, mu, error));
    }
    FB_TRY(profile(likelihood, (size_t)range->n_points, mu, out, error));
cleanup:
    fb_likelihood_free(likelihood);
    return status;
}

static json_t *numbers_of(size_t n, const double *mu, const scan *profiled, const scan *fixed)
{
    const fb_fit_result *r = &profiled->result;
    return json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:{s:o,s:o}}", "picture", "nll", "mu_hat",
                     fb_json_output_number(r->mu_hat), "delta_mu_hat", fb_json_output_number(r->delta_mu_hat), "p16",
                     fb_json_output_number(r->p16), "p84", fb_json_output_number(r->p84), "t_min",
                     fb_json_output_number(profiled->t_min), "mu", fb_json_output_numbers(mu, n), "profiled",
                     fb_json_output_numbers(profiled->rise, n), "fixed", fb_json_output_numbers(fixed->rise, n),
                     "fit_fixed", "mu_hat", fb_json_output_number(fixed->result.mu_hat), "sigma",
                     fb_json_output_number(fixed->result.sigma));
}

fb_status fb_picture_nll(const fb_templates *templates, const fb_fit_settings *settings, const double *counts,
                         const fb_nll_range *range, const char *title, fb_picture *out, fb_error *error)
{
    scan profiled = {.rise = NULL}, fixed = {.rise = NULL};
    double *mu = NULL;
    const size_t n = range->n_points > 0 ? (size_t)range->n_points : 0;
    fb_status status = FB_OK;
    *out = (fb_picture){0};
    if (settings->mu_is_fixed) {
        return fb_fail(error, FB_ERROR_USAGE, "nll: mu is fixed, so it has no profile");
    }
    FB_TRY(fb_memory_allocate(n, sizeof *mu, &mu, error));
    FB_TRY(scan_with(templates, settings, counts, range, false, mu, &profiled, error));
    const fb_fit_settings held = held_at(settings, &profiled.result);
    FB_TRY(scan_with(templates, &held, counts, range, true, mu, &fixed, error));
    const fb_nll_picture picture = {.title = title != NULL ? title : "Profile likelihood of \xCE\xBC",
                                    .n = n,
                                    .mu = mu,
                                    .profiled = profiled.rise,
                                    .fixed = fixed.rise,
                                    .mu_hat = profiled.result.mu_hat,
                                    .p16 = profiled.result.p16,
                                    .p84 = profiled.result.p84};
    FB_TRY(fb_plot_nll(&picture, &out->svg, error));
    out->numbers = numbers_of(n, mu, &profiled, &fixed);
cleanup:
    free(mu);
    free(profiled.rise);
    free(fixed.rise);
    return status;
}

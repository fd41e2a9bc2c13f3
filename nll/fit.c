#include "nll/fit.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "models/common/gsl.h"
#include "models/common/text.h"
#include "nll/coordinates.h"
#include "nll/mu_limits.h"
#include "nll/pair.inc"

// One good fit in a thousand is called poor.
static const double POOR_FIT = 1e-3;
enum { MAX_ROUNDS = 3 };

static void forget_sides(fb_fit_result *result)
{
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        result->low[a] = result->high[a] = (fb_fit_side){.status = FB_SIDE_NOT_SOUGHT, .error = NAN};
    }
}

static fb_fit_result not_run(void)
{
    fb_fit_result result = {.status = FB_FIT_NOT_RUN};
    result.mu_hat = result.delta_mu_hat = result.p16 = result.p84 = NAN;
    result.sigma = result.sigma_hesse = result.t = result.p_value = NAN;
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        result.nuisance[k] = result.error[k] = result.pull[k] = result.constraint[k] = NAN;
    }
    forget_sides(&result);
    for (int pair = 0; pair < FB_N_PAIR; pair++) {
        result.covariance[pair] = NAN;
    }
    return result;
}

static void set_health(const fb_likelihood *likelihood, const fb_minima *minima, fb_fit_result *result)
{
    const fb_minimum *best = &minima->minimum[0];
    result->gradient_norm = best->gradient_norm;
    result->edm = best->edm;
    result->at_limit = best->at_limit;
    result->n_starts = minima->n_starts;
    result->n_failed_starts = minima->n_failed;
    result->n_disagreeing = minima->n_disagreeing;
    result->largest_difference = minima->largest_difference;
    result->n_floored_bins = fb_likelihood_floored(likelihood, best->x);
    result->n_impossible_bins = fb_likelihood_impossible(likelihood, &result->impossible_counts);
}

static void set_parameters(const fb_likelihood *likelihood, const fb_minimum *best, fb_fit_result *result)
{
    const fb_coordinates *coordinates = fb_likelihood_coordinates(likelihood);
    fb_point point;
    double first[FB_N_PARAMETER];
    fb_coordinates_to_point(coordinates, best->x, &point, first, NULL);
    fb_gsl_quiet();
    const int freedom = result->n_bins - !coordinates->of[FB_MU].is_held;
    result->mu_hat = point.mu;
    result->t = best->t;
    memcpy(result->covariance, best->covariance, sizeof result->covariance);
    // Each floating nuisance parameter is balanced by the measurement that constrains it.
    result->p_value = freedom > 0 ? gsl_cdf_chisq_Q(fmax(best->t, 0.0), freedom) : 1.0;
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        double width = sqrt(best->covariance[fb_pair(1 + k, 1 + k)]);
        result->nuisance[k] = point.nuisances.value[k];
        result->error[k] = fabs(first[1 + k]) * width;
        result->constraint[k] = width;
        result->pull[k] = coordinates->of[1 + k].is_held ? 0.0 : best->x[1 + k];
    }
}

// The minimum stands, only its interval could not be had.
static bool is_without_interval(fb_fit_status status)
{
    return status == FB_FIT_INTERVAL_OPEN || status == FB_FIT_INTERVAL_FAILED || status == FB_FIT_INTERVAL_UNSTABLE;
}

static double value_of(const fb_coordinates *coordinates, int parameter, double x)
{
    double all[FB_N_PARAMETER] = {0};
    fb_point point;
    all[parameter] = x;
    fb_coordinates_to_point(coordinates, all, &point, NULL, NULL);
    return parameter == FB_MU ? point.mu : point.nuisances.value[parameter - 1];
}

static fb_fit_side side_of(const fb_coordinates *coordinates, int parameter, double fitted, const fb_side *side)
{
    const double distance = value_of(coordinates, parameter, side->x) - value_of(coordinates, parameter, fitted);
    return (fb_fit_side){.status = side->status, .error = side->status == FB_SIDE_FOUND ? fabs(distance) : NAN};
}

/* Both sides of every parameter that is not held. They may meet new minima, which are then among `minima`. */
static void find_sides(const fb_likelihood *likelihood, fb_minima *minima, fb_fit_result *result)
{
    const fb_coordinates *coordinates = fb_likelihood_coordinates(likelihood);
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        fb_side low, high;
        if (coordinates->of[a].is_held) {
            continue;
        }
        // A status other than "converged" is that of a side.
        (void)fb_interval_sides(likelihood, minima, a, &low, &high);
        const double fitted = minima->minimum[0].x[a];
        result->low[a] = side_of(coordinates, a, fitted, &low);
        result->high[a] = side_of(coordinates, a, fitted, &high);
    }
}

/* The interval of mu, and all sides where they are wanted: again from the start while these meet a deeper minimum. */
static fb_fit_status find_errors(const fb_likelihood *likelihood, fb_minima *minima, fb_interval *interval,
                                 fb_fit_result *result)
{
    for (int round = 0; round < MAX_ROUNDS; round++) {
        forget_sides(result);
        const fb_fit_status status = fb_interval_find(likelihood, minima, interval);
        const double t = minima->minimum[0].t;
        const bool has_minimum = status == FB_FIT_CONVERGED || is_without_interval(status);
        if (!has_minimum || !fb_likelihood_settings(likelihood)->all_sides) {
            return status;
        }
        find_sides(likelihood, minima, result);
        if (minima->minimum[0].status == FB_FIT_CONVERGED && minima->minimum[0].t >= t - FB_SAME_MINIMUM) {
            return status;
        }
    }
    const fb_fit_status status = minima->minimum[0].status;
    interval->sigma = interval->sigma_hesse = interval->p16 = interval->p84 = NAN;
    forget_sides(result);
    return status == FB_FIT_CONVERGED ? FB_FIT_INTERVAL_UNSTABLE : status;
}

fb_status fb_fit_counts(fb_likelihood *likelihood, int n_bins, const double *counts, fb_fit_result *result,
                        fb_error *error)
{
    fb_minima minima;
    fb_interval interval;
    *result = not_run();
    fb_status status = fb_likelihood_set_counts(likelihood, n_bins, counts, error);
    if (status != FB_OK) {
        return status;
    }
    fb_multistart_find(likelihood, &minima);
    result->status = find_errors(likelihood, &minima, &interval, result);
    result->sigma = interval.sigma;
    result->sigma_hesse = interval.sigma_hesse;
    result->delta_mu_hat = interval.sigma * fb_likelihood_settings(likelihood)->delta_in_sigmas;
    result->p16 = interval.p16;
    result->p84 = interval.p84;
    result->low_side = interval.low.status;
    result->high_side = interval.high.status;
    set_health(likelihood, &minima, result);
    result->n_bins = n_bins;
    result->mu_low = fb_likelihood_settings(likelihood)->mu_low;
    result->mu_high = fb_likelihood_settings(likelihood)->mu_high;
    result->is_valid = result->status == FB_FIT_CONVERGED;
    if (result->is_valid || is_without_interval(result->status)) {
        set_parameters(likelihood, &minima.minimum[0], result);
    }
    if (!result->is_valid) {
        char health[256];
        fb_fit_describe_health(result, health, sizeof health);
        return fb_fail(error, FB_ERROR_NOT_CONVERGED, "fit: %s", health);
    }
    return FB_OK;
}

fb_status fb_fit(const fb_templates *templates, const fb_fit_settings *settings, int n_bins, const double *counts,
                 fb_fit_result *result, fb_error *error)
{
    fb_status status = FB_OK;
    fb_likelihood *likelihood = NULL;
    *result = not_run();
    FB_TRY(fb_mu_limits_likelihood_create(templates, settings, &likelihood, error));
    FB_TRY(fb_fit_counts(likelihood, n_bins, counts, result, error));
cleanup:
    fb_likelihood_free(likelihood);
    return status;
}

double fb_fit_mu_error(const fb_fit_result *result)
{
    return sqrt(result->covariance[fb_pair(FB_MU, FB_MU)]);
}

double fb_fit_correlation(const fb_fit_result *result, int a, int b)
{
    const double *covariance = result->covariance;
    const double variance[] = {covariance[fb_pair(a, a)], covariance[fb_pair(b, b)]};
    if (!(variance[0] > 0.0 && variance[1] > 0.0)) { // NaN
        return NAN;
    }
    // Exactly 1 with itself, for which a root of a square need not be.
    return a == b ? 1.0 : covariance[fb_pair_of(a, b)] / (sqrt(variance[0]) * sqrt(variance[1]));
}

void fb_fit_describe_health(const fb_fit_result *result, char *text, size_t size)
{
    text[0] = '\0';
    if (!result->is_valid) {
        fb_text_append(
            text, size, "; ", "%s (gradient norm %.2g, %d of %d starts failed, interval: low side %s, high side %s)",
            fb_minimize_status_text(result->status), result->gradient_norm, result->n_failed_starts, result->n_starts,
            fb_interval_side_text(result->low_side), fb_interval_side_text(result->high_side));
    }
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        if ((result->at_limit >> a & 1U) != 0) {
            fb_text_append(text, size, "; ", "%s at its limit", fb_fit_settings_parameter_name(a));
        }
    }
    if (result->status == FB_FIT_MU_AT_LIMIT || result->status == FB_FIT_INTERVAL_OPEN) {
        fb_text_append(text, size, "; ", "mu is limited to %g to %g", result->mu_low, result->mu_high);
    }
    if (result->p_value < POOR_FIT) {
        fb_text_append(text, size, "; ", "poor fit: t = %.1f in %d bins, probability %.1g", result->t, result->n_bins,
                       result->p_value);
    }
    if (result->n_disagreeing > 0) {
        fb_text_append(text, size, "; ", "%d of %d starts ended in another minimum, up to %.2g higher in t",
                       result->n_disagreeing, result->n_starts, result->largest_difference);
    }
    if (result->is_valid && result->n_failed_starts > 0) {
        fb_text_append(text, size, "; ", "%d of %d starts did not converge", result->n_failed_starts, result->n_starts);
    }
    if (result->n_floored_bins > 0) {
        fb_text_append(text, size, "; ", "%d bins expect less than the floor", result->n_floored_bins);
    }
    if (result->n_impossible_bins > 0) {
        fb_text_append(text, size, "; ", "%g counts in %d bins where nothing is ever expected, left out of the fit",
                       result->impossible_counts, result->n_impossible_bins);
    }
    if (text[0] == '\0') {
        fb_text_append(text, size, "; ", "ok");
    }
}

#include "nll/asimov.h"

#include <math.h>
#include <stdlib.h>

#include "models/common/memory.h"
#include "nll/coordinates.h"
#include "nll/mu_limits.h"

/* The counts, and their variances unless NULL; FB_ERROR_DATA where a bin expects less than 0. */
static fb_status expect(const fb_expectation *expectation, const fb_point *point, double *counts, double *variance,
                        fb_error *error)
{
    fb_expectation_counts(expectation, point, counts, variance);
    for (int bin = 0; bin < fb_expectation_n_bins(expectation); bin++) {
        if (!(counts[bin] >= 0.0) || !isfinite(counts[bin])) {
            return fb_fail(error, FB_ERROR_DATA, "Asimov data: bin %d expects %g events at mu = %g", bin, counts[bin],
                           point->mu);
        }
    }
    return FB_OK;
}

fb_status fb_asimov_central(const fb_fit_settings *settings, double mu, fb_point *point, fb_error *error)
{
    fb_coordinates coordinates;
    double x[FB_N_PARAMETER] = {0};
    fb_status status = fb_coordinates_create(settings, &coordinates, error);
    if (status != FB_OK) {
        return status;
    }
    for (int a = 1; a < FB_N_PARAMETER; a++) {
        const fb_coordinate *coordinate = &coordinates.of[a];
        x[a] = fmin(fmax(coordinate->observed, coordinate->low), coordinate->high);
    }
    fb_coordinates_to_point(&coordinates, x, point, NULL, NULL);
    point->mu = mu;
    return FB_OK;
}

fb_status fb_asimov_fit(const fb_templates *templates, const fb_fit_settings *settings, const fb_point *point,
                        fb_fit_result *result, fb_error *error)
{
    fb_status status = FB_OK;
    double *counts = NULL; // [n_bins]
    fb_expectation *expectation = NULL;
    fb_coordinates coordinates;
    fb_fit_settings moved = *settings;
    double x[FB_N_PARAMETER];
    FB_TRY(fb_coordinates_create(settings, &coordinates, error));
    fb_coordinates_from_point(&coordinates, point, x);
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_coordinate *coordinate = &coordinates.of[1 + k];
        bool has_pull = !coordinate->is_held && (!coordinate->is_logarithmic || point->nuisances.value[k] > 0.0);
        moved.observed[k] = has_pull ? x[1 + k] : settings->observed[k];
    }
    FB_TRY(fb_expectation_create(templates, &expectation, error));
    FB_TRY(fb_memory_allocate((size_t)templates->n_bins, sizeof *counts, &counts, error));
    FB_TRY(expect(expectation, point, counts, NULL, error));
    FB_TRY(fb_fit(templates, &moved, templates->n_bins, counts, result, error));
cleanup:
    fb_expectation_free(expectation);
    free(counts);
    return status;
}

fb_status fb_asimov_shared_error(const fb_templates *templates, const fb_fit_settings *settings, const fb_point *point,
                                 double *error_of_mu, fb_error *error)
{
    fb_status status = FB_OK;
    double *counts = NULL, *variance = NULL; // [n_bins]
    fb_likelihood *likelihood = NULL;
    fb_fit_result low, high;
    double sum = 0.0;
    *error_of_mu = NAN;
    FB_TRY(fb_mu_limits_likelihood_create(templates, settings, &likelihood, error));
    FB_TRY(fb_memory_allocate((size_t)templates->n_bins, sizeof *counts, &counts, error));
    FB_TRY(fb_memory_allocate((size_t)templates->n_bins, sizeof *variance, &variance, error));
    FB_TRY(expect(fb_likelihood_expectation(likelihood), point, counts, variance, error));
    for (int bin = 0; bin < templates->n_bins; bin++) {
        // A tenth of the bin's Poisson error: far above rounding, well inside where mu_hat is linear.
        const double nominal = counts[bin];
        const double step = 0.1 * sqrt(nominal);
        if (step <= 0.0) {
            continue;
        }
        counts[bin] = nominal - step;
        FB_TRY(fb_fit_counts(likelihood, templates->n_bins, counts, &low, error));
        counts[bin] = nominal + step;
        FB_TRY(fb_fit_counts(likelihood, templates->n_bins, counts, &high, error));
        counts[bin] = nominal;
        const double slope = (high.mu_hat - low.mu_hat) / (2.0 * step);
        sum += slope * slope * variance[bin];
    }
    *error_of_mu = sqrt(sum);
cleanup:
    fb_likelihood_free(likelihood);
    free(counts);
    free(variance);
    return status;
}

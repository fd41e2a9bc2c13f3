#include "nll/yields.h"

#include <math.h>
#include <stdlib.h>

#include "models/common/memory.h"
#include "nll/asimov.h"
#include "nll/coordinates.h"
#include "nll/pair.inc"

/* Prior widths: derivatives of polynomials and an exponential by central differences, exact to a millionth. */
static const double STEP = 1e-3;

/* What expects, and where its results go. */
typedef struct model {
    fb_coordinates coordinates;
    fb_expectation *expectation;
    int n_bins;
    double *nu, *v; // [FB_N_PROCESS][n_bins]
} model;

static fb_status create(const fb_templates *templates, const fb_fit_settings *settings, model *out, fb_error *error)
{
    const size_t n = (size_t)templates->n_bins * FB_N_PROCESS;
    fb_status status = FB_OK;
    out->n_bins = templates->n_bins;
    FB_TRY(fb_coordinates_create(settings, &out->coordinates, error));
    FB_TRY(fb_expectation_create(templates, &out->expectation, error));
    FB_TRY(fb_memory_allocate(n, sizeof *out->nu, &out->nu, error));
    FB_TRY(fb_memory_allocate(n, sizeof *out->v, &out->v, error));
cleanup:
    return status;
}

static void release(model *made)
{
    fb_expectation_free(made->expectation);
    free(made->nu);
    free(made->v);
}

/* Events and their variance from the templates, [FB_N_YIELD]. */
static void add_up(const model *made, const double *x, double *events, double *variance)
{
    fb_point point;
    fb_coordinates_to_point(&made->coordinates, x, &point, NULL, NULL);
    fb_expectation_processes(made->expectation, &point, made->nu, made->v);
    events[FB_YIELD_ALL] = variance[FB_YIELD_ALL] = 0.0;
    for (int p = 0; p < FB_N_PROCESS; p++) {
        events[p] = variance[p] = 0.0;
        for (int bin = 0; bin < made->n_bins; bin++) {
            events[p] += made->nu[p * made->n_bins + bin];
            variance[p] += made->v[p * made->n_bins + bin];
        }
        events[FB_YIELD_ALL] += events[p];
        variance[FB_YIELD_ALL] += variance[p];
    }
}

/* The yields at x, with errors from a covariance of the coordinates, [FB_N_PAIR]. */
static void propagate(const model *made, const double *x, const double *covariance, fb_yield *out)
{
    double slope[FB_N_PARAMETER][FB_N_YIELD], events[FB_N_YIELD], variance[FB_N_YIELD];
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        double moved[FB_N_PARAMETER], below[FB_N_YIELD];
        for (int b = 0; b < FB_N_PARAMETER; b++) {
            moved[b] = x[b] - (b == a ? STEP : 0.0);
        }
        add_up(made, moved, below, variance);
        moved[a] = x[a] + STEP;
        add_up(made, moved, events, variance);
        for (int y = 0; y < FB_N_YIELD; y++) {
            slope[a][y] = (events[y] - below[y]) / (2.0 * STEP);
        }
    }
    add_up(made, x, events, variance);
    for (int y = 0; y < FB_N_YIELD; y++) {
        double sum = 0.0;
        for (int a = 0; a < FB_N_PARAMETER; a++) {
            for (int b = 0; b < FB_N_PARAMETER; b++) {
                sum += slope[a][y] * covariance[fb_pair_of(a, b)] * slope[b][y];
            }
        }
        // Terms that cancel may leave less than nothing.
        out[y] = (fb_yield){.events = events[y], .error = sqrt(fmax(sum, 0.0)), .template_error = sqrt(variance[y])};
    }
}

fb_status fb_yields_prefit(const fb_templates *templates, const fb_fit_settings *settings, fb_yield *out,
                           fb_error *error)
{
    fb_status status = FB_OK;
    model made = {0};
    fb_point point;
    double x[FB_N_PARAMETER], covariance[FB_N_PAIR] = {0};
    FB_TRY(create(templates, settings, &made, error));
    FB_TRY(fb_asimov_central(settings, 1.0, &point, error));
    fb_coordinates_from_point(&made.coordinates, &point, x);
    x[FB_MU] = point.mu; // whatever its limits
    for (int a = 1; a < FB_N_PARAMETER; a++) {
        covariance[fb_pair(a, a)] = made.coordinates.of[a].is_held ? 0.0 : 1.0;
    }
    propagate(&made, x, covariance, out);
cleanup:
    release(&made);
    return status;
}

fb_status fb_yields_postfit(const fb_templates *templates, const fb_fit_settings *settings, const fb_fit_result *result,
                            fb_yield *out, fb_error *error)
{
    fb_status status = FB_OK;
    model made = {0};
    fb_point point = {.mu = result->mu_hat};
    double x[FB_N_PARAMETER];
    for (int y = 0; y < FB_N_YIELD; y++) {
        out[y] = (fb_yield){NAN, NAN, NAN};
    }
    if (isnan(result->mu_hat)) {
        return FB_OK;
    }
    FB_TRY(create(templates, settings, &made, error));
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        point.nuisances.value[k] = result->nuisance[k];
    }
    fb_coordinates_from_point(&made.coordinates, &point, x);
    x[FB_MU] = point.mu; // which may be beyond the limits of the settings, where these follow the templates
    propagate(&made, x, result->covariance, out);
cleanup:
    release(&made);
    return status;
}

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/reports/picture.h"
#include "baseline/support/json_output.h"
#include "models/common/coverage.h"
#include "models/common/memory.h"
#include "notebooks_export/plot_scores.h"

/* Above it the root stands for the interval, whose upper end is one count higher: a third of a per cent of the bar. */
static const double MANY = 1e5;

void fb_picture_scores_poisson(double n, double *low, double *high)
{
    const double tail = 0.5 * (1.0 - FB_COVERAGE_LEVEL);
    if (n > MANY) {
        *low = n - sqrt(n);
        *high = n + sqrt(n);
        return;
    }
    *low = n > 0.0 ? 0.5 * gsl_cdf_chisq_Pinv(tail, 2.0 * n) : 0.0;
    *high = 0.5 * gsl_cdf_chisq_Qinv(tail, 2.0 * (n + 1.0));
}

/* What is drawn; one block of memory. */
typedef struct data {
    size_t n;
    fb_point point;
    double *block;
    double *edges;                        // [n + 1]
    double *expected;                     // [FB_N_PROCESS][n]
    double *total, *variance, *error;     // [n]
    double *observed_low, *observed_high; // [n]
} data;

static fb_status allocate(data *d, fb_error *error)
{
    fb_status status = fb_memory_allocate((FB_N_PROCESS + 6) * d->n + 1, sizeof(double), &d->block, error);
    if (status == FB_OK) {
        d->edges = d->block;
        d->expected = d->edges + d->n + 1;
        d->total = d->expected + FB_N_PROCESS * d->n;
        d->variance = d->total + d->n;
        d->error = d->variance + d->n;
        d->observed_low = d->error + d->n;
        d->observed_high = d->observed_low + d->n;
    }
    return status;
}

static fb_status collect(const fb_analysis *analysis, const double *counts, data *d, fb_error *error)
{
    fb_expectation *expectation = NULL;
    fb_status status = FB_OK;
    FB_TRY(allocate(d, error));
    FB_TRY(fb_expectation_create(analysis->template_set->templates, &expectation, error));
    fb_expectation_counts(expectation, &d->point, d->total, d->variance);
    fb_expectation_processes(expectation, &d->point, d->expected, NULL);
    for (size_t k = 0; k <= d->n; k++) {
        d->edges[k] = fb_binning_edge(&analysis->template_set->binning, (int)k);
    }
    for (size_t k = 0; k < d->n; k++) {
        d->error[k] = sqrt(d->variance[k]);
        fb_picture_scores_poisson(counts[k], &d->observed_low[k], &d->observed_high[k]);
    }
cleanup:
    fb_expectation_free(expectation);
    return status;
}

static json_t *point_json(const fb_point *point)
{
    json_t *at = json_pack("{s:o}", "mu", fb_json_output_number(point->mu));
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        json_object_set_new(at, fb_nuisance_describe((fb_nuisance)k)->name,
                            fb_json_output_number(point->nuisances.value[k]));
    }
    return at;
}

static json_t *numbers_of(const data *d, const double *counts, bool is_fitted, bool is_density)
{
    json_t *processes = json_object();
    for (int p = 0; p < FB_N_PROCESS; p++) {
        json_object_set_new(processes, fb_process_name(p),
                            fb_json_output_numbers(d->expected + (size_t)p * d->n, d->n));
    }
    return json_pack(
        "{s:s,s:b,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "picture", "scores", "fitted", is_fitted, "density",
        is_density, "at", point_json(&d->point), "edges", fb_json_output_numbers(d->edges, d->n + 1), "processes",
        processes, "expected", fb_json_output_numbers(d->total, d->n), "expected_variance",
        fb_json_output_numbers(d->variance, d->n), "observed", fb_json_output_numbers(counts, d->n), "observed_low",
        fb_json_output_numbers(d->observed_low, d->n), "observed_high", fb_json_output_numbers(d->observed_high, d->n));
}

fb_status fb_picture_scores(const fb_analysis *analysis, const double *counts, const fb_fit_result *fit,
                            bool is_density, const char *title, fb_picture *out, fb_error *error)
{
    /* H, Z and tau in Greek; "tt" with a bar is a word, since fonts differ in where they put it. */
    static const char *const names[FB_N_PROCESS] = {[FB_HTAUTAU] = "H \xE2\x86\x92 \xCF\x84\xCF\x84",
                                                    [FB_ZTAUTAU] = "Z \xE2\x86\x92 \xCF\x84\xCF\x84",
                                                    [FB_TTBAR] = "ttbar",
                                                    [FB_DIBOSON] = "diboson"};
    data d = {.n = (size_t)analysis->template_set->binning.n_bins,
              .point = {.mu = 1.0, .nuisances = fb_nuisance_nominal()}};
    fb_status status = FB_OK;
    *out = (fb_picture){0};
    if (fit != NULL) {
        d.point.mu = fit->mu_hat;
        memcpy(d.point.nuisances.value, fit->nuisance, sizeof fit->nuisance);
    }
    FB_TRY(collect(analysis, counts, &d, error));
    const fb_scores_picture picture = {.title = title != NULL ? title : "Score: data and expectation",
                                       .n_bins = d.n,
                                       .edges = d.edges,
                                       .is_density = is_density,
                                       .n_processes = FB_N_PROCESS,
                                       .process = names,
                                       .expected = d.expected,
                                       .error = d.error,
                                       .expectation = fit != NULL ? "fitted" : "nominal",
                                       .observed = counts,
                                       .observed_low = d.observed_low,
                                       .observed_high = d.observed_high};
    FB_TRY(fb_plot_scores(&picture, &out->svg, error));
    out->numbers = numbers_of(&d, counts, fit != NULL, is_density);
cleanup:
    free(d.block);
    return status;
}

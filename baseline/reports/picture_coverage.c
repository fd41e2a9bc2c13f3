#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "baseline/reports/picture.h"
#include "baseline/support/json_output.h"
#include "models/common/coverage.h"
#include "models/common/memory.h"
#include "notebooks_export/axis.h"
#include "notebooks_export/plot_coverage.h"

static json_t *set_json(const fb_coverage_set *set)
{
    const fb_coverage_count count = fb_plot_coverage_of(set);
    return json_pack("{s:o,s:o,s:o,s:o,s:I,s:I,s:o,s:o}", "mu", fb_json_output_number(set->mu), "mu_hat",
                     fb_json_output_numbers(set->mu_hat, set->n), "p16", fb_json_output_numbers(set->p16, set->n),
                     "p84", fb_json_output_numbers(set->p84, set->n), "covered", (json_int_t)count.n_covered, "failed",
                     (json_int_t)count.n_failed, "coverage", fb_json_output_number(count.coverage), "coverage_error",
                     fb_json_output_number(count.error));
}

/* All sets together. */
typedef struct total {
    size_t n, n_failed, n_covered;
    double coverage, error;
} total;

static total add_up(size_t n_sets, const fb_coverage_set *set)
{
    total sum = {.coverage = NAN, .error = NAN};
    for (size_t s = 0; s < n_sets; s++) {
        const fb_coverage_count count = fb_plot_coverage_of(&set[s]);
        sum.n += set[s].n;
        sum.n_failed += count.n_failed;
        sum.n_covered += count.n_covered;
    }
    const double n = (double)(sum.n - sum.n_failed);
    if (n > 0.0) {
        sum.coverage = (double)sum.n_covered / n;
        sum.error = fb_coverage_error(n);
    }
    return sum;
}

static json_t *numbers_of(size_t n_sets, const fb_coverage_set *set, const total *sum)
{
    json_t *sets = json_array();
    for (size_t s = 0; s < n_sets; s++) {
        json_array_append_new(sets, set_json(&set[s]));
    }
    return json_pack("{s:s,s:I,s:I,s:I,s:o,s:o,s:o}", "picture", "coverage", "experiments", (json_int_t)sum->n,
                     "failed", (json_int_t)sum->n_failed, "covered", (json_int_t)sum->n_covered, "coverage",
                     fb_json_output_number(sum->coverage), "coverage_error", fb_json_output_number(sum->error), "sets",
                     sets);
}

fb_status fb_picture_coverage(const fb_results *results, const char *title, fb_picture *out, fb_error *error)
{
    fb_coverage_set *set = NULL;
    char own_title[160], coverage[FB_TICK_SIZE], spread[FB_TICK_SIZE];
    fb_status status = FB_OK;
    *out = (fb_picture){0};
    FB_TRY(fb_memory_allocate(results->n_sets, sizeof *set, &set, error));
    for (size_t s = 0; s < results->n_sets; s++) {
        const fb_result_set *from = &results->set[s];
        set[s] = (fb_coverage_set){from->mu, from->n, from->mu_hat, from->p16, from->p84};
    }
    const total sum = add_up(results->n_sets, set);
    snprintf(own_title, sizeof own_title, "%zu of %zu intervals hold the true \xCE\xBC: %s (0.683 \xC2\xB1 %s wanted)",
             sum.n_covered, sum.n - sum.n_failed, fb_axis_number_text(sum.coverage, 3, coverage),
             fb_axis_number_text(sum.error, 3, spread));
    const fb_coverage_picture picture = {title != NULL ? title : own_title, results->n_sets, set};
    FB_TRY(fb_plot_coverage(&picture, &out->svg, error));
    out->numbers = numbers_of(results->n_sets, set, &sum);
cleanup:
    free(set);
    return status;
}

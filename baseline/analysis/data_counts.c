#include "baseline/analysis/data_counts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "baseline/analysis/bin_counts.h"
#include "holdout/formats/event_file.h"
#include "models/common/log.h"
#include "models/common/text.h"

/* A difference between a derived column and ours that rounding in float32 makes in few rows (.02 % of data with soft-MET
 * noise of 2 GeV), and the share of rows from which on the columns are not of the same events. */
static const double plausible_difference = 0.01, plausible_share = 0.01;

/* The first row with another weight than 1, or UINT64_MAX; `source` is rewound. */
static fb_status find_weight(fb_source *source, uint64_t *row, float *weight, fb_error *error)
{
    fb_events *block = NULL;
    fb_status status = FB_OK;
    *row = UINT64_MAX;
    FB_TRY(fb_events_create(FB_READ_ROWS, &block, error));
    FB_TRY(fb_source_rewind_for(source, true, error));
    do {
        FB_TRY(fb_source_read(source, block, error));
        for (size_t i = 0; i < block->n && *row == UINT64_MAX; i++) {
            if (block->weight[i] != 1.0f) {
                *row = block->first_row + i;
                *weight = block->weight[i];
            }
        }
    } while (block->n > 0 && *row == UINT64_MAX);
    FB_TRY(fb_source_rewind_for(source, false, error));
cleanup:
    fb_events_free(block);
    return status;
}

/* Data have no weights, or a 1 in each row, as the official program writes them, and no processes then. */
static fb_status check_data(const fb_analysis *analysis, fb_source *source, fb_error *error)
{
    const fb_source_info *info = fb_source_describe(source);
    const bool is_raw = info->stage == FB_EVENTS_RAW, is_labelled = info->has_weights && info->has_processes;
    uint64_t row = UINT64_MAX;
    float weight = 1.0f;
    char why[96];
    fb_status status = FB_OK;
    if (info->has_weights && !is_raw && !is_labelled) {
        FB_TRY(find_weight(source, &row, &weight, error));
    }
    if (is_raw || is_labelled) {
        snprintf(why, sizeof why, "%s", is_labelled ? "it has weights and detailed_labels" : "its events are raw");
    } else if (row != UINT64_MAX) {
        snprintf(why, sizeof why, "row %" PRIu64 " has the weight %.9g, and data have none, or 1", row, (double)weight);
    }
    if (is_raw || is_labelled || row != UINT64_MAX) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: is simulation (%s), not data; make a pseudo-experiment from it with "
                       "'fair-baseline pseudo'",
                       info->name, why);
    }
    if (fb_analysis_pool_overlaps(analysis, info->origin)) {
        return fb_fail(
            error, FB_ERROR_DATA,
            "%s: its rows were drawn with another split of the events that the analysis was made from, so some of "
            "them were trained on; use the same split options for 'train' and 'pseudo'",
            info->name);
    }
cleanup:
    return status;
}

/* Data have passed the selection before: rows that do not pass it now are no events, or were never written. */
static fb_status warn_of_lost_rows(fb_source *source, uint64_t n_events, fb_error *error)
{
    uint64_t n_rows = 0;
    fb_status status = FB_OK;
    FB_TRY(fb_source_rewind_for(source, true, error));
    FB_TRY(fb_source_count(source, &n_rows, error));
    if (n_events < n_rows) {
        fb_log(FB_LOG_WARNING,
               "%s: %" PRIu64 " of its %" PRIu64
               " rows do not pass the selection (PRI_had_pt >= %g, PRI_lep_pt >= %g), "
               "which data have passed before; they are left out",
               fb_source_describe(source)->name, n_rows - n_events, n_rows, (double)FB_SELECT_HAD_PT,
               (double)FB_SELECT_LEP_PT);
    }
cleanup:
    return status;
}

/* --- the derived columns of the file ------------------------------------------------------------------------------ */

typedef struct visit_context {
    fb_bin_counts *counts;
    fb_data_counts *facts;
} visit_context;

/* The difference of two values of a column, relative where they are large. */
static double difference(float a, float b)
{
    return fabs((double)a - b) / fmax(1.0, fabs((double)b));
}

/* Puts the derived columns of the file in the place of those that were computed, and notes how far they were apart. The
 * official program gives NaN for the mass of a collinear pair: that and what is missing stays as computed. */
static void take_derived(fb_block *block, fb_data_counts *facts)
{
    double largest = -1.0;
    int column = 0;
    uint64_t n_implausible = 0, n_undefined = 0;
    for (size_t i = 0; i < block->events->n; i++) {
        double of_row = 0.0;
        for (int k = 0; k < FB_N_DERIVED; k++) {
            float *value = &block->events->derived[k][i];
            n_undefined += !isfinite(*value);
            *value = isfinite(*value) ? *value : block->derived[k][i];
            const double apart = difference(*value, block->derived[k][i]);
            of_row = fmax(of_row, apart);
            column = apart > largest ? FB_N_PRIMARY + k : column;
            largest = fmax(largest, apart);
        }
        n_implausible += of_row > plausible_difference;
    }
    for (int k = 0; k < FB_N_DERIVED; k++) {
        memcpy(block->derived[k], block->events->derived[k], block->events->n * sizeof(float));
    }
#pragma omp critical(fb_data_counts)
    {
        const double before = facts->largest_difference;
        if (largest > before || (largest == before && column < facts->differing_column)) {
            facts->largest_difference = largest;
            facts->differing_column = column;
        }
        facts->n_implausible += n_implausible;
        facts->n_undefined += n_undefined;
    }
}

static fb_status visit(void *context, uint64_t experiment, fb_block *block, fb_error *error)
{
    const visit_context *c = context;
    if (c->facts->has_derived) {
        take_derived(block, c->facts);
    }
    return fb_bin_counts_add(c->counts, experiment, block, error);
}

static void warn_of_derived(const char *path, const fb_data_counts *facts)
{
    if ((double)facts->n_implausible > plausible_share * (double)facts->n_events) {
        fb_log(FB_LOG_WARNING,
               "%s: in %" PRIu64 " of %" PRIu64 " rows a derived column is more than %g %% from what the primary "
               "columns make it, most of all %s; the columns of the file are used",
               path, facts->n_implausible, facts->n_events, 100.0 * plausible_difference,
               fb_column_name(facts->differing_column));
    }
}

void fb_data_counts_describe_derived(const fb_data_counts *facts, char *text, size_t size)
{
    if (!facts->has_derived) {
        snprintf(text, size, "computed from the primary ones");
        return;
    }
    snprintf(text, size, "those of the file, at most %.1e (%s) from computed ones", facts->largest_difference,
             fb_column_name(facts->differing_column));
    if (facts->n_undefined > 0) {
        fb_text_append(text, size, "; ", "computed for %" PRIu64 " values that are no numbers", facts->n_undefined);
    }
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

fb_status fb_data_counts_read(const fb_analysis *analysis, const char *path, fb_data_counts *out, fb_error *error)
{
    fb_pipeline pipeline = fb_pipeline_default();
    fb_source *source = NULL;
    fb_bin_counts *counts = NULL;
    fb_status status = FB_OK;
    *out = (fb_data_counts){.largest_difference = -1.0};
    FB_TRY(fb_event_file_open(path, &source, error));
    FB_TRY(check_data(analysis, source, error));
    FB_TRY(fb_bin_counts_create(1, &analysis, 1, NULL, &counts, error));
    out->has_derived = pipeline.keeps_derived = fb_source_describe(source)->has_derived;
    visit_context context = {counts, out};
    const fb_visitor visitor = {.visit = visit, .context = &context};
    pipeline.stages.distort = false;
    FB_TRY(fb_pipeline_visit(&pipeline, source, 0, &visitor, error)); /* as experiment 0 */
    out->n_events = fb_bin_counts_events(counts, 0);
    if (out->n_events == 0) {
        FB_TRY(fb_fail(error, FB_ERROR_DATA, "%s: no event survives the selection", path));
    }
    FB_TRY(warn_of_lost_rows(source, out->n_events, error));
    warn_of_derived(path, out);
    fb_bin_counts_get(counts, 0, 0, out->count);
cleanup:
    fb_bin_counts_free(counts);
    fb_source_free(source);
    return status;
}

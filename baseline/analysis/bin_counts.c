#include "baseline/analysis/bin_counts.h"

#include <inttypes.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/formats/event_file.h"
#include "holdout/pipeline/conditioning.h"
#include "holdout/pipeline/stages.h"
#include "models/common/hash.h"
#include "models/common/log.h"
#include "models/common/memory.h"

/* A scorer that several analyses may share, so that each event is scored once. */
typedef struct shared_scorer {
    fb_scorer scorer;
    uint64_t hash;  /* of the classifier */
    double seconds; /* of all threads */
} shared_scorer;

/* How an analysis bins: the bin of every cell of the score. */
typedef struct bins {
    int scorer;
    int n_bins;
    size_t offset; /* of its counts within those of an experiment */
    uint16_t bin_of_cell[FB_SCORE_CELLS];
} bins;

struct fb_bin_counts {
    int n_analyses, n_scorers, n_threads;
    shared_scorer *scorer;          /* [n_scorers] */
    bins *bins;                     /* [n_analyses] */
    size_t n_all_bins;              /* of all analyses */
    uint64_t n;                     /* experiments */
    uint64_t *count;                /* [n][n_all_bins] */
    uint64_t *n_events;             /* [n] */
    fb_scorer_workspace *workspace; /* [n_threads] */
    fb_stage_times *times;
};

static bool same_conditioning(const fb_conditioning *a, const fb_conditioning *b)
{
    bool same = a->which == b->which;
    for (int k = 0; k < FB_N_SHAPE; k++) {
        same = same && ((a->which >> k & 1U) == 0 || a->value.value[k] == b->value.value[k]);
    }
    return same;
}

/* The scorer of an analysis, a new one if it is the first with it. */
static fb_status find_scorer(fb_bin_counts *c, const fb_analysis *analysis, int *which, fb_error *error)
{
    shared_scorer own = {.scorer = {analysis->classifier, &analysis->settings.templates.conditioning}};
    uint8_t *bytes = NULL;
    size_t n_bytes = 0;
    const fb_status status = fb_classifier_save(analysis->classifier, &bytes, &n_bytes, error);
    own.hash = status == FB_OK ? fb_hash_u64(bytes, n_bytes) : 0;
    free(bytes);
    for (*which = 0; *which < c->n_scorers; (*which)++) {
        if (c->scorer[*which].hash == own.hash &&
            same_conditioning(c->scorer[*which].scorer.conditioning, own.scorer.conditioning)) {
            return status;
        }
    }
    c->scorer[c->n_scorers++] = own;
    return status;
}

static fb_status prepare_bins(fb_bin_counts *c, const fb_analysis *analysis, bins *b, fb_error *error)
{
    const fb_binning *binning = &analysis->template_set->binning;
    fb_binning_map(binning, b->bin_of_cell);
    b->n_bins = binning->n_bins;
    b->offset = c->n_all_bins;
    c->n_all_bins += (size_t)b->n_bins;
    return find_scorer(c, analysis, &b->scorer, error);
}

fb_status fb_bin_counts_create(int n_analyses, const fb_analysis *const *analyses, uint64_t n_experiments,
                               fb_stage_times *times, fb_bin_counts **out, fb_error *error)
{
    fb_bin_counts *c = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *c, &c, error));
    c->n = n_experiments;
    c->times = times;
    FB_TRY(fb_memory_allocate((size_t)n_analyses, sizeof *c->scorer, &c->scorer, error));
    FB_TRY(fb_memory_allocate((size_t)n_analyses, sizeof *c->bins, &c->bins, error));
    c->n_analyses = n_analyses;
    for (int k = 0; k < n_analyses; k++) {
        FB_TRY(prepare_bins(c, analyses[k], &c->bins[k], error));
    }
    c->n_threads = omp_get_max_threads();
    FB_TRY(fb_scorer_workspaces_create(c->n_threads, &c->workspace, error));
    FB_TRY(fb_memory_allocate(n_experiments * c->n_all_bins, sizeof *c->count, &c->count, error));
    FB_TRY(fb_memory_allocate(n_experiments, sizeof *c->n_events, &c->n_events, error));
    *out = c;
    c = NULL;
cleanup:
    fb_bin_counts_free(c);
    return status;
}

void fb_bin_counts_free(fb_bin_counts *counts)
{
    if (counts == NULL) {
        return;
    }
    fb_scorer_workspaces_free(counts->n_threads, counts->workspace);
    free(counts->scorer);
    free(counts->bins);
    free(counts->count);
    free(counts->n_events);
    free(counts);
}

void fb_bin_counts_reset(fb_bin_counts *counts)
{
    memset(counts->count, 0, counts->n * counts->n_all_bins * sizeof *counts->count);
    memset(counts->n_events, 0, counts->n * sizeof *counts->n_events);
}

/* Adds the scores of a block to the counts of one analysis. */
static void fill(fb_bin_counts *c, uint64_t experiment, const bins *b, size_t n, const float *score)
{
    uint64_t *count = c->count + experiment * c->n_all_bins + b->offset;
    uint32_t own[FB_MAX_BINS + 1] = {0}; /* the last one: events below the lowest bin (--drop-bins) */
    uint16_t cell[FB_BLOCK_ROWS];
    fb_score_histogram_cells(n, score, cell);
    for (size_t i = 0; i < n; i++) {
        own[b->bin_of_cell[cell[i]]]++;
    }
    for (int bin = 0; bin < b->n_bins; bin++) {
#pragma omp atomic
        count[bin] += own[bin];
    }
}

fb_status fb_bin_counts_add(void *counts, uint64_t experiment, fb_block *block, fb_error *error)
{
    fb_bin_counts *c = counts;
    fb_scorer_workspace *workspace = &c->workspace[omp_get_thread_num()];
    const size_t n = block->events->n;
    fb_stage_timer timer = fb_stage_timer_start(c->times);
    for (int k = 0; k < c->n_scorers; k++) {
        shared_scorer *one = &c->scorer[k];
        fb_status status = fb_scorer_run(&one->scorer, block, workspace, error);
        if (status != FB_OK) {
            return status;
        }
        const double seconds = fb_stage_timer_stop(&timer, FB_STAGE_SCORE);
#pragma omp atomic
        one->seconds += seconds;
        for (int a = 0; a < c->n_analyses; a++) {
            if (c->bins[a].scorer == k) {
                fill(c, experiment, &c->bins[a], n, workspace->score);
            }
        }
        fb_stage_timer_stop(&timer, FB_STAGE_FILL);
    }
#pragma omp atomic
    c->n_events[experiment] += n;
    return FB_OK;
}

double fb_bin_counts_seconds(const fb_bin_counts *counts, int analysis)
{
    return counts->scorer[counts->bins[analysis].scorer].seconds;
}

uint64_t fb_bin_counts_events(const fb_bin_counts *counts, uint64_t experiment)
{
    return counts->n_events[experiment];
}

void fb_bin_counts_get(const fb_bin_counts *counts, uint64_t experiment, int analysis, double *out)
{
    const bins *b = &counts->bins[analysis];
    const uint64_t *count = counts->count + experiment * counts->n_all_bins + b->offset;
    for (int bin = 0; bin < b->n_bins; bin++) {
        out[bin] = (double)count[bin];
    }
}

/* --- data in a file ----------------------------------------------------------------------------------------------- */

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

fb_status fb_bin_counts_of_file(const fb_analysis *analysis, const char *path, double *out, uint64_t *n_events,
                                fb_error *error)
{
    fb_pipeline pipeline = fb_pipeline_default();
    fb_source *source = NULL;
    fb_bin_counts *counts = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_event_file_open(path, &source, error));
    FB_TRY(check_data(analysis, source, error));
    FB_TRY(fb_bin_counts_create(1, &analysis, 1, NULL, &counts, error));
    const fb_visitor visitor = {.visit = fb_bin_counts_add, .context = counts};
    pipeline.stages.distort = false;
    FB_TRY(fb_pipeline_visit(&pipeline, source, 0, &visitor, error)); /* as experiment 0 */
    if (fb_bin_counts_events(counts, 0) == 0) {
        FB_TRY(fb_fail(error, FB_ERROR_DATA, "%s: no event survives the selection", path));
    }
    FB_TRY(warn_of_lost_rows(source, fb_bin_counts_events(counts, 0), error));
    fb_bin_counts_get(counts, 0, 0, out);
    if (n_events != NULL) {
        *n_events = fb_bin_counts_events(counts, 0);
    }
cleanup:
    fb_bin_counts_free(counts);
    fb_source_free(source);
    return status;
}

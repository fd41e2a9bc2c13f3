#include "baseline/analysis/bin_counts.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/pipeline/conditioning.h"
#include "holdout/pipeline/stages.h"
#include "models/common/hash.h"
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

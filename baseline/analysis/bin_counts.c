#include "baseline/analysis/bin_counts.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/pipeline/conditioning.h"
#include "holdout/pipeline/pack.h"
#include "models/common/hash.h"
#include "models/common/memory.h"

/* A classifier with what it is told, and the analyses that count its scores. */
typedef struct scorer {
    const fb_classifier *classifier;
    const fb_conditioning *told;
    uint64_t hash;
    double seconds; /* of all threads */
} scorer;

/* How an analysis bins: the bin of every cell of the score. */
typedef struct bins {
    int scorer;
    int n_bins;
    size_t offset;         /* of its counts within those of an experiment */
    uint16_t *bin_of_cell; /* [FB_SCORE_CELLS] */
} bins;

typedef struct scratch {
    float *matrix; /* [FB_BLOCK_ROWS][FB_MAX_INPUTS] */
    float *score;  /* [FB_BLOCK_ROWS] */
} scratch;

struct fb_bin_counts {
    int n_analyses, n_scorers, n_threads;
    scorer *scorer;     /* [n_scorers] */
    bins *bins;         /* [n_analyses] */
    size_t n_all_bins;  /* of all analyses */
    uint64_t n;         /* experiments */
    uint64_t *count;    /* [n][n_all_bins] */
    uint64_t *n_events; /* [n] */
    scratch *scratch;   /* [n_threads] */
    fb_stage_times *laps;
};

static fb_status hash_of(const fb_classifier *classifier, uint64_t *hash, fb_error *error)
{
    uint8_t *bytes = NULL;
    size_t n_bytes = 0;
    fb_status status = fb_classifier_save(classifier, &bytes, &n_bytes, error);
    *hash = status == FB_OK ? fb_hash_u64(bytes, n_bytes) : 0;
    free(bytes);
    return status;
}

static bool same_told(const fb_conditioning *a, const fb_conditioning *b)
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
    scorer own = {.classifier = analysis->classifier, .told = &analysis->settings.measure.told};
    fb_status status = hash_of(analysis->classifier, &own.hash, error);
    for (*which = 0; *which < c->n_scorers; (*which)++) {
        if (c->scorer[*which].hash == own.hash && same_told(c->scorer[*which].told, own.told)) {
            return status;
        }
    }
    c->scorer[c->n_scorers++] = own;
    return status;
}

static fb_status prepare_bins(fb_bin_counts *c, const fb_analysis *analysis, bins *b, fb_error *error)
{
    const fb_binning *binning = &analysis->measurement->binning;
    fb_status status = FB_OK;
    FB_TRY(find_scorer(c, analysis, &b->scorer, error));
    FB_TRY(fb_memory_allocate(FB_SCORE_CELLS, sizeof *b->bin_of_cell, &b->bin_of_cell, error));
    for (int cell = 0; cell < binning->edge[0]; cell++) {
        b->bin_of_cell[cell] = (uint16_t)binning->n_bins; /* counted nowhere */
    }
    for (int bin = 0; bin < binning->n_bins; bin++) {
        for (int cell = binning->edge[bin]; cell < binning->edge[bin + 1]; cell++) {
            b->bin_of_cell[cell] = (uint16_t)bin;
        }
    }
    b->n_bins = binning->n_bins;
    b->offset = c->n_all_bins;
    c->n_all_bins += (size_t)b->n_bins;
cleanup:
    return status;
}

static fb_status prepare_scratch(fb_bin_counts *c, fb_error *error)
{
    fb_status status = FB_OK;
    c->n_threads = omp_get_max_threads();
    FB_TRY(fb_memory_allocate((size_t)c->n_threads, sizeof *c->scratch, &c->scratch, error));
    for (int k = 0; k < c->n_threads; k++) {
        FB_TRY(fb_memory_allocate((size_t)FB_BLOCK_ROWS * FB_MAX_INPUTS, sizeof(float), &c->scratch[k].matrix, error));
        FB_TRY(fb_memory_allocate(FB_BLOCK_ROWS, sizeof(float), &c->scratch[k].score, error));
    }
cleanup:
    return status;
}

fb_status fb_bin_counts_create(int n_analyses, const fb_analysis *const *analyses, uint64_t n_experiments,
                               fb_stage_times *laps, fb_bin_counts **out, fb_error *error)
{
    fb_bin_counts *c = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *c, &c, error));
    c->n = n_experiments;
    c->laps = laps;
    FB_TRY(fb_memory_allocate((size_t)n_analyses, sizeof *c->scorer, &c->scorer, error));
    FB_TRY(fb_memory_allocate((size_t)n_analyses, sizeof *c->bins, &c->bins, error));
    c->n_analyses = n_analyses;
    for (int k = 0; k < n_analyses; k++) {
        FB_TRY(prepare_bins(c, analyses[k], &c->bins[k], error));
    }
    FB_TRY(prepare_scratch(c, error));
    FB_TRY(fb_memory_allocate(n_experiments * c->n_all_bins, sizeof *c->count, &c->count, error));
    FB_TRY(fb_memory_allocate(n_experiments, sizeof *c->n_events, &c->n_events, error));
    *out = c;
    c = NULL;
cleanup:
    fb_bin_counts_free(c);
    return status;
}

void fb_bin_counts_free(fb_bin_counts *counting)
{
    if (counting == NULL) {
        return;
    }
    for (int k = 0; k < counting->n_analyses; k++) {
        free(counting->bins[k].bin_of_cell);
    }
    for (int k = 0; k < counting->n_threads && counting->scratch != NULL; k++) {
        free(counting->scratch[k].matrix);
        free(counting->scratch[k].score);
    }
    free(counting->scorer);
    free(counting->bins);
    free(counting->count);
    free(counting->n_events);
    free(counting->scratch);
    free(counting);
}

void fb_bin_counts_reset(fb_bin_counts *counting)
{
    memset(counting->count, 0, counting->n * counting->n_all_bins * sizeof *counting->count);
    memset(counting->n_events, 0, counting->n * sizeof *counting->n_events);
}

/* Adds the scores of a block to the counts of one analysis. */
static void fill(fb_bin_counts *c, uint64_t experiment, const bins *b, size_t n, const float *score)
{
    uint64_t *count = c->count + experiment * c->n_all_bins + b->offset;
    uint32_t own[FB_MAX_BINS + 1] = {0};
    for (size_t i = 0; i < n; i++) {
        own[b->bin_of_cell[fb_score_cell(score[i])]]++;
    }
    for (int bin = 0; bin < b->n_bins; bin++) {
#pragma omp atomic
        count[bin] += own[bin];
    }
}

fb_status fb_bin_counts_add(void *counting, uint64_t experiment, fb_block *block, fb_error *error)
{
    fb_bin_counts *c = counting;
    const scratch *s = &c->scratch[omp_get_thread_num()];
    const size_t n = block->events->n;
    fb_stage_timer watch = fb_stage_timer_start(c->laps);
    for (int k = 0; k < c->n_scorers; k++) {
        scorer *one = &c->scorer[k];
        fb_pack(block, one->told, s->matrix);
        fb_status status = fb_classifier_score(one->classifier, n, fb_conditioning_n_inputs(one->told->which),
                                               s->matrix, s->score, error);
        if (status != FB_OK) {
            return status;
        }
        const double seconds = fb_stage_timer_stop(&watch, FB_STAGE_SCORE);
#pragma omp atomic
        one->seconds += seconds;
        for (int a = 0; a < c->n_analyses; a++) {
            if (c->bins[a].scorer == k) {
                fill(c, experiment, &c->bins[a], n, s->score);
            }
        }
        fb_stage_timer_stop(&watch, FB_STAGE_FILL);
    }
#pragma omp atomic
    c->n_events[experiment] += n;
    return FB_OK;
}

double fb_bin_counts_seconds(const fb_bin_counts *counting, int analysis)
{
    return counting->scorer[counting->bins[analysis].scorer].seconds;
}

uint64_t fb_bin_counts_events(const fb_bin_counts *counting, uint64_t experiment)
{
    return counting->n_events[experiment];
}

void fb_bin_counts_get(const fb_bin_counts *counting, uint64_t experiment, int analysis, double *counts)
{
    const bins *b = &counting->bins[analysis];
    const uint64_t *count = counting->count + experiment * counting->n_all_bins + b->offset;
    for (int bin = 0; bin < b->n_bins; bin++) {
        counts[bin] = (double)count[bin];
    }
}

#include "baseline/pseudo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/simulate.h"
#include "models/ground/interrupt.h"
#include "models/ground/memory.h"

void fb_truth_scales(const fb_truth *truth, double scale[FB_N_PROCESS])
{
    const double *value = truth->nuisances.value;
    scale[FB_HTAUTAU] = truth->mu;
    scale[FB_ZTAUTAU] = value[FB_BKG_SCALE];
    scale[FB_TTBAR] = value[FB_TTBAR_SCALE] * value[FB_BKG_SCALE];
    scale[FB_DIBOSON] = value[FB_DIBOSON_SCALE] * value[FB_BKG_SCALE];
}

/* --- from a pool ---------------------------------------------------------------------------------------------------
 */

static fb_status append_copies(fb_events **drawn, const fb_events *piece, size_t i, uint64_t copies, fb_error *error)
{
    if (copies > (*drawn)->capacity - (*drawn)->n) {
        fb_events *larger = NULL;
        fb_status status = fb_events_create(2 * (*drawn)->capacity + copies, &larger, error);
        if (status != FB_OK) {
            return status;
        }
        fb_events_append(larger, *drawn, 0, (*drawn)->n);
        fb_events_free(*drawn);
        *drawn = larger;
    }
    for (uint64_t k = 0; k < copies; k++) {
        fb_events_append(*drawn, piece, i, 1);
    }
    return FB_OK;
}

static fb_status draw_piece(const fb_events *piece, const fb_split *split, uint64_t seed, const double *scale,
                            fb_events **drawn, fb_error *error)
{
    for (size_t i = 0; i < piece->n; i++) {
        uint64_t row = piece->first_row + i;
        if (fb_split_part(split, row) != FB_POOL) {
            continue;
        }
        int process = piece->process[i];
        fb_random random = fb_random_at(seed, FB_STREAM_DRAW, row);
        double mean = scale[process] * split->factor[FB_POOL][process] * piece->weight[i];
        fb_status status = append_copies(drawn, piece, i, fb_random_poisson(&random, mean), error);
        if (status != FB_OK) {
            return status;
        }
    }
    return FB_OK;
}

/* Fisher and Yates, from the end: without it the order of a file would give the processes away. */
static void shuffle(fb_events *events, uint64_t seed)
{
    for (size_t i = events->n; i > 1; i--) {
        fb_random random = fb_random_at(seed, FB_STREAM_SHUFFLE, i);
        size_t j = (size_t)(fb_random_uniform(&random) * (double)i);
        for (int k = 0; k < FB_N_PRIMARY; k++) {
            float value = events->column[k][i - 1];
            events->column[k][i - 1] = events->column[k][j];
            events->column[k][j] = value;
        }
    }
}

static uint64_t pool_rows(const fb_split *split)
{
    uint64_t n = 0;
    for (int process = 0; process < FB_N_PROCESS; process++) {
        n += split->n_rows[FB_POOL][process];
    }
    return n;
}

fb_status fb_pseudo_draw(fb_source *source, const fb_split *split, const fb_truth *truth, fb_events **out,
                         fb_error *error)
{
    fb_events *piece = NULL, *drawn = NULL;
    double scale[FB_N_PROCESS];
    fb_status status = FB_OK;
    *out = NULL;
    fb_truth_scales(truth, scale);
    FB_TRY(fb_source_rewind(source, error));
    FB_TRY(fb_events_create(FB_READ_ROWS, &piece, error));
    FB_TRY(fb_events_create(FB_READ_ROWS, &drawn, error));
    do {
        FB_TRY(fb_interrupt_check(error));
        FB_TRY(fb_source_read(source, piece, error));
        FB_TRY(draw_piece(piece, split, truth->seed, scale, &drawn, error));
    } while (piece->n > 0);
    if (pool_rows(split) == 0) {
        status = fb_fail(error, FB_ERROR_DATA,
                         "%s: no row belongs to the pool (fraction %g of the split), so there is "
                         "nothing to draw from",
                         fb_source_describe(source)->name, split->fraction[FB_POOL]);
        goto cleanup;
    }
    shuffle(drawn, truth->seed);
    drawn->has_weights = drawn->has_processes = false;
    for (size_t i = 0; i < drawn->n; i++) {
        drawn->weight[i] = 1.0f;
    }
    memset(drawn->process, FB_PROCESS_UNKNOWN, drawn->n);
    *out = drawn;
    drawn = NULL;
cleanup:
    fb_events_free(drawn);
    fb_events_free(piece);
    return status;
}

/* --- fresh events --------------------------------------------------------------------------------------------------
 */

typedef struct fresh {
    uint64_t seed;
    uint64_t n[FB_N_PROCESS];
    int process;   /* whose turn it is */
    uint64_t done; /* of its events */
    uint64_t row;
} fresh;

static fb_status read_fresh(void *state, fb_events *block, fb_error *error)
{
    fresh *f = state;
    while (f->process < FB_N_PROCESS && f->done == f->n[f->process]) {
        f->process++;
        f->done = 0;
    }
    block->n = 0;
    if (f->process == FB_N_PROCESS) {
        return FB_OK;
    }
    uint64_t left = f->n[f->process] - f->done;
    size_t n = left < block->capacity ? (size_t)left : block->capacity;
    fb_status status = fb_simulate_process(f->seed, f->process, f->done, n, block, error);
    block->first_row = f->row;
    f->done += n;
    f->row += n;
    return status;
}

static fb_status rewind_fresh(void *state, fb_error *error)
{
    fresh *f = state;
    (void)error;
    f->process = 0;
    f->done = f->row = 0;
    return FB_OK;
}

fb_status fb_pseudo_simulate(const fb_truth *truth, fb_source **out, fb_error *error)
{
    static const fb_source_methods methods = {.read = read_fresh, .rewind = rewind_fresh, .free = free};
    fb_source_info info = {
        .has_weights = true, .has_processes = true, .stage = FB_STAGE_RAW, .name = "simulated events"};
    double scale[FB_N_PROCESS];
    fresh *f = NULL;
    fb_status status = fb_allocate(1, sizeof *f, &f, error);
    if (status != FB_OK) {
        return status;
    }
    f->seed = truth->seed;
    fb_truth_scales(truth, scale);
    for (int process = 0; process < FB_N_PROCESS; process++) {
        fb_random random = fb_random_at(truth->seed, FB_STREAM_DRAW, (uint64_t)process);
        f->n[process] = fb_random_poisson(&random, scale[process] * fb_process_expected[process]);
        info.n_rows += f->n[process];
    }
    return fb_source_create(&methods, f, &info, out, error);
}

/* --- counts --------------------------------------------------------------------------------------------------------
 */

fb_status fb_pseudo_count(const fb_analysis *analysis, fb_source *source, const fb_truth *truth, double *counts,
                          uint64_t *n_events, fb_error *error)
{
    const fb_binning *binning = &analysis->measurement->binning;
    fb_score_histogram *histogram = NULL;
    double *one = NULL;
    fb_noise noise;
    fb_pipeline pipeline = fb_pipeline_default();
    fb_status status = FB_OK;
    pipeline.distort = truth != NULL;
    if (truth != NULL) {
        pipeline.nuisances = truth->nuisances;
        for (int k = FB_N_SHAPE; k < FB_N_NUISANCE; k++) {
            /* These were in the means of the draw. */
            pipeline.nuisances.value[k] = fb_nuisance_describe((fb_nuisance)k)->nominal;
        }
        fb_noise_init_streams(&noise, truth->seed);
        pipeline.noise = &noise;
    }
    FB_TRY(fb_allocate(1, sizeof *histogram, &histogram, error));
    FB_TRY(fb_allocate((size_t)binning->n_bins, sizeof(double), &one, error));
    FB_TRY(fb_measure_scores(&pipeline, source, analysis->classifier, &analysis->measure.told, histogram, n_events,
                             error));
    memset(counts, 0, (size_t)binning->n_bins * sizeof *counts);
    for (int process = 0; process < FB_N_PROCESS; process++) {
        fb_binning_rebin(binning, histogram->sum[process], one);
        for (int bin = 0; bin < binning->n_bins; bin++) {
            counts[bin] += one[bin];
        }
    }
cleanup:
    free(histogram);
    free(one);
    return status;
}

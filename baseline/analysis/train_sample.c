#include "baseline/analysis/train_sample.h"

#include <math.h>
#include <stdlib.h>

#include "holdout/pipeline/pack.h"
#include "holdout/pipeline/pipeline.h"
#include "models/common/interrupt.h"
#include "models/common/memory.h"

void fb_train_sample_clear(fb_train_sample *sample)
{
    free(sample->matrix);
    free(sample->label);
    free(sample->weight);
    *sample = (fb_train_sample){0};
}

fb_sample fb_train_sample_view(const fb_train_sample *sample)
{
    return (fb_sample){.n = sample->n,
                       .n_features = fb_conditioning_n_inputs(sample->conditioned),
                       .matrix = sample->matrix,
                       .label = sample->label,
                       .weight = sample->weight};
}

/* How many rows of a process are expected to be kept at `rate`. Inside a cell of the histogram all weights are taken as
 * equal: they differ by a tenth. */
static double expected_rows(const fb_weight_stats_process *process, double rate)
{
    double sum = 0.0;
    for (int k = 0; k < FB_WEIGHT_STATS_CELLS; k++) {
        const fb_weight_stats_cell *cell = &process->cell[k];
        sum += fmin((double)cell->n, rate * cell->sum);
    }
    return sum;
}

/* The rate at which `wanted` rows are kept, by bisection: more are kept at a higher rate. */
static double find_rate(const fb_weight_stats_process *process, double wanted)
{
    double low = 0.0, high = wanted / process->sum;
    while (expected_rows(process, high) < wanted * (1.0 - 1e-9)) {
        high *= 2.0;
    }
    for (int k = 0; k < 100; k++) {
        const double middle = 0.5 * (low + high);
        *(expected_rows(process, middle) < wanted ? &low : &high) = middle;
    }
    return high;
}

void fb_train_sample_rates(const fb_split *split, fb_part part, const fb_weight_stats *stats, uint64_t most_rows,
                           double rate[FB_N_PROCESS])
{
    double rows[FB_N_PROCESS], sum[2] = {0.0, 0.0}; /* with a weight; of backgrounds and signal */
    for (int process = 0; process < FB_N_PROCESS; process++) {
        rows[process] = (double)(stats->process[process].n - stats->process[process].n_zero);
        sum[fb_process_label(process)] += rows[process];
    }
    for (int process = 0; process < FB_N_PROCESS; process++) {
        const double own = sum[fb_process_label(process)], other = sum[!fb_process_label(process)];
        const double most_own = fmax(0.5 * (double)most_rows, (double)most_rows - other);
        rate[process] = INFINITY;
        if (own > most_own && rows[process] > 0.0) {
            rate[process] = find_rate(&stats->process[process], most_own / own * rows[process]);
            rate[process] /= split->factor[part][process];
        }
    }
}

/* The weights of the rows of a part. Rows of other parts get an unknown process, which fb_weight_stats_add skips. */
static fb_status sum_weights(fb_source *source, const fb_split *split, fb_part part, fb_weight_stats *stats,
                             fb_error *error)
{
    fb_events *piece = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_events_create(FB_READ_ROWS, &piece, error));
    FB_TRY(fb_source_rewind_for(source, true, error));
    do {
        FB_TRY(fb_interrupt_check(error));
        FB_TRY(fb_source_read(source, piece, error));
        for (size_t i = 0; i < piece->n; i++) {
            const bool own = fb_split_part(split, piece->first_row + i) == part;
            piece->process[i] = own ? piece->process[i] : FB_PROCESS_UNKNOWN;
        }
        fb_weight_stats_add(stats, piece);
    } while (piece->n > 0);
    FB_TRY(fb_source_rewind_for(source, false, error));
cleanup:
    fb_events_free(piece);
    return status;
}

static fb_status append_block(void *context, int slot, fb_block *block, fb_error *error)
{
    fb_train_sample *sample = context;
    const fb_events *events = block->events;
    const size_t n = sample->n + events->n, n_inputs = (size_t)fb_conditioning_n_inputs(sample->conditioned);
    const fb_conditioning conditioning = {sample->conditioned, block->nuisances};
    fb_status status = FB_OK;
    (void)slot;
    FB_TRY(fb_memory_grow(&sample->matrix, &sample->matrix_capacity, n * n_inputs, sizeof(float), error));
    FB_TRY(fb_memory_grow(&sample->label, &sample->label_capacity, n, sizeof(float), error));
    FB_TRY(fb_memory_grow(&sample->weight, &sample->weight_capacity, n, sizeof(float), error));
    fb_pack(block, &conditioning, sample->matrix + sample->n * n_inputs);
    for (size_t i = 0; i < events->n; i++) {
        sample->label[sample->n + i] = (float)fb_process_label(events->process[i]);
        sample->weight[sample->n + i] = events->weight[i];
    }
    sample->n = n;
cleanup:
    return status;
}

/* Room for all that will come, at once: growing would copy, and need up to three times as much for a moment. */
static fb_status reserve(const fb_split *split, fb_part part, uint64_t most_rows, uint64_t n_copies,
                         fb_train_sample *sample, fb_error *error)
{
    const size_t n_inputs = (size_t)fb_conditioning_n_inputs(sample->conditioned);
    uint64_t n = 0;
    fb_status status = FB_OK;
    for (int process = 0; process < FB_N_PROCESS; process++) {
        n += n_copies * split->n_rows[part][process];
    }
    n = n < most_rows ? n : most_rows + (uint64_t)(10.0 * sqrt((double)most_rows)); /* ten standard deviations */
    FB_TRY(fb_memory_allocate(n * n_inputs, sizeof(float), &sample->matrix, error));
    sample->matrix_capacity = n * n_inputs;
    FB_TRY(fb_memory_allocate(n, sizeof(float), &sample->label, error));
    sample->label_capacity = n;
    FB_TRY(fb_memory_allocate(n, sizeof(float), &sample->weight, error));
    sample->weight_capacity = n;
cleanup:
    return status;
}

fb_status fb_train_sample_collect(fb_source *source, const fb_split *split, fb_part part, uint64_t most_rows,
                                  const fb_augmentation *augmentation, uint64_t seed, fb_train_sample *out,
                                  fb_error *error)
{
    const uint64_t n = 1 + augmentation->n_copies;
    double rate[FB_N_PROCESS];
    fb_weight_stats *stats = NULL;
    fb_pipeline pipeline = fb_pipeline_default();
    fb_noise noise;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(1, sizeof *stats, &stats, error));
    FB_TRY(sum_weights(source, split, part, stats, error));
    fb_train_sample_rates(split, part, stats, most_rows / n, rate);
    pipeline.split = split;
    pipeline.part = part;
    pipeline.rows_per_weight = rate;
    pipeline.share_seed = seed;
    pipeline.stages.noise = &noise;
    pipeline.collect = append_block;
    pipeline.context = out;
    out->conditioned = augmentation->conditioned;
    FB_TRY(reserve(split, part, most_rows, n, out, error));
    for (uint64_t copy = 0; copy < n; copy++) { /* copy 0 is the nominal one */
        const uint64_t copy_seed = fb_random_derive_seed(seed, FB_STREAM_AUGMENT_COPY, copy);
        const fb_pipeline_draw draw = {augmentation->widening, copy_seed};
        fb_noise_init_streams(&noise, copy_seed);
        pipeline.draw = copy > 0 ? &draw : NULL;
        FB_TRY(fb_source_rewind(source, error));
        FB_TRY(fb_pipeline_run(&pipeline, source, error));
    }
    for (size_t i = 0; i < out->n; i++) {
        out->weight[i] /= (float)n;
    }
cleanup:
    free(stats);
    return status;
}

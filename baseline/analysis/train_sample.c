#include "baseline/analysis/train_sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/pipeline/pack.h"
#include "holdout/pipeline/pipeline.h"
#include "holdout/templates/hardening.h"
#include "models/common/interrupt.h"
#include "models/common/memory.h"

void fb_train_sample_clear(fb_train_sample *sample)
{
    free(sample->matrix);
    free(sample->label);
    free(sample->weight);
    free(sample->process);
    free(sample->head);
    *sample = (fb_train_sample){0};
}

fb_sample fb_train_sample_view(const fb_train_sample *sample)
{
    return (fb_sample){.n = sample->n_plain,
                       .n_features = fb_conditioning_n_inputs(sample->conditioned),
                       .matrix = sample->matrix,
                       .label = sample->label,
                       .weight = sample->weight};
}

fb_status fb_train_sample_view_heads(const fb_train_sample *sample, const fb_heads *heads, float **label,
                                     fb_sample *out, fb_error *error)
{
    const fb_status status = fb_memory_allocate(sample->n, sizeof **label, label, error);
    if (status != FB_OK) {
        return status;
    }
    for (size_t i = 0; i < sample->n; i++) {
        (*label)[i] = i < sample->n_plain ? (float)sample->process[i] : sample->label[i];
    }
    *out = fb_train_sample_view(sample);
    out->n = sample->n;
    out->label = *label;
    out->heads = heads;
    out->head = sample->head;
    return FB_OK;
}

void fb_train_sample_yields(const fb_train_sample *sample, double yield[FB_N_PROCESS])
{
    memset(yield, 0, FB_N_PROCESS * sizeof *yield);
    for (size_t i = 0; i < sample->n_plain; i++) {
        yield[sample->process[i]] += (double)sample->weight[i];
    }
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
    FB_TRY(fb_memory_grow(&sample->process, &sample->process_capacity, n, 1, error));
    fb_pack(block, &conditioning, sample->matrix + sample->n * n_inputs);
    for (size_t i = 0; i < events->n; i++) {
        sample->label[sample->n + i] = (float)fb_process_label(events->process[i]);
        sample->weight[sample->n + i] = events->weight[i];
        sample->process[sample->n + i] = events->process[i];
    }
    sample->n = n;
cleanup:
    return status;
}

/* Room for all that will come, at once: growing would copy, and need up to three times as much for a moment. */
static fb_status reserve(const fb_split *split, fb_part part, uint64_t most_rows, uint64_t n_copies, bool derivatives,
                         fb_train_sample *sample, fb_error *error)
{
    const size_t n_inputs = (size_t)fb_conditioning_n_inputs(sample->conditioned);
    uint64_t n = 0;
    fb_status status = FB_OK;
    for (int process = 0; process < FB_N_PROCESS; process++) {
        n += n_copies * split->n_rows[part][process];
    }
    n = n < most_rows ? n : most_rows + (uint64_t)(10.0 * sqrt((double)most_rows)); /* ten standard deviations */
    if (derivatives) {
        n += most_rows + (uint64_t)(10.0 * sqrt((double)most_rows));
    }
    FB_TRY(fb_memory_allocate(n * n_inputs, sizeof(float), &sample->matrix, error));
    sample->matrix_capacity = n * n_inputs;
    FB_TRY(fb_memory_allocate(n, sizeof(float), &sample->label, error));
    sample->label_capacity = n;
    FB_TRY(fb_memory_allocate(n, sizeof(float), &sample->weight, error));
    sample->weight_capacity = n;
    FB_TRY(fb_memory_allocate(n, 1, &sample->process, error));
    sample->process_capacity = n;
cleanup:
    return status;
}

static fb_status run_copy(fb_pipeline *pipeline, fb_source *source, uint64_t copy_seed, fb_error *error)
{
    fb_status status = FB_OK;
    fb_noise_init_streams(pipeline->stages.noise, copy_seed);
    FB_TRY(fb_source_rewind(source, error));
    FB_TRY(fb_pipeline_run(pipeline, source, error));
cleanup:
    return status;
}

/* --- rows moved down and up --------------------------------------------------------------------------------------- */

/* What is appended, with the row of the source that it comes from. */
typedef struct moved_rows {
    fb_train_sample *sample;
    uint64_t *row; /* [number of moved rows] */
    size_t n, capacity;
} moved_rows;

static fb_status append_moved(void *context, int slot, fb_block *block, fb_error *error)
{
    moved_rows *moved = context;
    const size_t n = block->events->n;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_grow(&moved->row, &moved->capacity, moved->n + n, sizeof *moved->row, error));
    for (size_t i = 0; i < n; i++) {
        moved->row[moved->n + i] = block->events->first_row + block->origin[i];
    }
    moved->n += n;
    FB_TRY(append_block(moved->sample, slot, block, error));
cleanup:
    return status;
}

/* The order of two lists of rising rows, [n_down] and behind them [n_up], that begins with the pairs of equal ones and
 * ends with the others. */
static void find_pairs(size_t n_down, size_t n_up, const uint64_t *row, size_t *order)
{
    const size_t end = n_down + n_up;
    size_t down = 0, up = n_down, n_paired = 0, last = end;
    while (down < n_down || up < end) {
        if (down < n_down && up < end && row[down] == row[up]) {
            order[n_paired++] = down++;
            order[n_paired++] = up++;
        } else if (up == end || (down < n_down && row[down] < row[up])) {
            order[--last] = down++;
        } else {
            order[--last] = up++;
        }
    }
}

/* Brings rows [first, sample->n) into an order. */
static fb_status reorder(fb_train_sample *sample, size_t first, const size_t *order, fb_error *error)
{
    const size_t n = sample->n - first, d = (size_t)fb_conditioning_n_inputs(sample->conditioned);
    float *copy = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(n, (d + 2) * sizeof *copy, &copy, error));
    float *label = copy + n * d, *weight = label + n;
    memcpy(copy, sample->matrix + first * d, n * d * sizeof *copy);
    memcpy(label, sample->label + first, n * sizeof *label);
    memcpy(weight, sample->weight + first, n * sizeof *weight);
    for (size_t i = 0; i < n; i++) {
        memcpy(sample->matrix + (first + i) * d, copy + order[i] * d, d * sizeof *copy);
        sample->label[first + i] = label[order[i]];
        sample->weight[first + i] = weight[order[i]];
    }
cleanup:
    free(copy);
    return status;
}

/* The same rows moved down and up by one shape parameter, with the same soft-MET numbers, in pairs. They come from the
 * same rows of the source: which are kept depends on the row alone. The process is not kept in this order. */
static fb_status collect_pair(fb_pipeline *pipeline, fb_source *source, fb_prior_set priors, fb_nuisance which,
                              uint64_t copy_seed, fb_train_sample *out, fb_error *error)
{
    moved_rows moved = {.sample = out};
    double point[2];
    const size_t first = out->n;
    size_t n_down = 0, *order = NULL;
    fb_status status = FB_OK;
    pipeline->context = &moved;
    fb_hardening_points(priors, which, point);
    for (int side = 0; side < 2; side++) {
        const size_t begin = out->n;
        pipeline->stages.nuisances = fb_hardening_central(priors);
        pipeline->stages.nuisances.value[which] = point[side];
        FB_TRY(run_copy(pipeline, source, copy_seed, error));
        for (size_t i = begin; i < out->n; i++) {
            out->label[i] = (float)side;
        }
        n_down = side == 0 ? moved.n : n_down;
    }
    FB_TRY(fb_memory_allocate(moved.n, sizeof *order, &order, error));
    find_pairs(n_down, moved.n - n_down, moved.row, order);
    FB_TRY(reorder(out, first, order, error));
cleanup:
    free(moved.row);
    free(order);
    return status;
}

static fb_status collect_moved(fb_pipeline *pipeline, fb_source *source, const fb_augmentation *augmentation,
                               uint64_t seed, fb_train_sample *out, fb_error *error)
{
    size_t end[FB_N_SHAPE], first = out->n_plain;
    fb_status status = FB_OK;
    pipeline->draw = NULL;
    pipeline->collect = append_moved;
    for (int which = 0; which < FB_N_SHAPE; which++) {
        const uint64_t copy_seed = fb_random_derive_seed(seed, FB_STREAM_MOVED_COPY, UINT64_MAX - (uint64_t)which);
        FB_TRY(collect_pair(pipeline, source, augmentation->priors, (fb_nuisance)which, copy_seed, out, error));
        end[which] = out->n;
    }
    FB_TRY(fb_memory_allocate(out->n, 1, &out->head, error));
    for (int which = 0; which < FB_N_SHAPE; which++) {
        for (; first < end[which]; first++) {
            out->head[first] = (uint8_t)(1 + which);
        }
    }
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
    FB_TRY(reserve(split, part, most_rows, n, augmentation->derivatives, out, error));
    for (uint64_t copy = 0; copy < n; copy++) { /* copy 0 is the nominal one */
        const uint64_t copy_seed = fb_random_derive_seed(seed, FB_STREAM_AUGMENT_COPY, copy);
        const fb_pipeline_draw draw = {augmentation->widening, copy_seed};
        pipeline.draw = copy > 0 ? &draw : NULL;
        FB_TRY(run_copy(&pipeline, source, copy_seed, error));
    }
    for (size_t i = 0; i < out->n; i++) {
        out->weight[i] /= (float)n;
    }
    out->n_plain = out->n;
    if (augmentation->derivatives) {
        fb_train_sample_rates(split, part, stats, most_rows / (FB_N_SHAPE * 2), rate);
        FB_TRY(collect_moved(&pipeline, source, augmentation, seed, out, error));
    }
cleanup:
    free(stats);
    return status;
}

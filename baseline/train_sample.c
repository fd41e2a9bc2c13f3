#include "baseline/train_sample.h"

#include <math.h>
#include <stdlib.h>

#include "holdout/pipeline.h"
#include "models/ground/memory.h"

void fb_train_sample_clear(fb_train_sample *sample)
{
    free(sample->matrix);
    free(sample->label);
    free(sample->weight);
    *sample = (fb_train_sample){0};
}

fb_sample fb_train_sample_view(const fb_train_sample *sample)
{
    return (fb_sample){sample->n, FB_N_FEATURES, sample->matrix, sample->label, sample->weight};
}

void fb_train_sample_rates(const fb_split *split, fb_part part, uint64_t most_rows, double rate[FB_N_PROCESS])
{
    double rows[2] = {0.0, 0.0}; /* of backgrounds and signal */
    for (int process = 0; process < FB_N_PROCESS; process++) {
        rows[fb_process_label(process)] += (double)split->n_rows[part][process];
    }
    for (int process = 0; process < FB_N_PROCESS; process++) {
        const double own = rows[fb_process_label(process)];
        const double other = rows[!fb_process_label(process)];
        const double room = fmax(0.5 * (double)most_rows, (double)most_rows - other);
        const double yield = split->yield[part][process] * split->factor[part][process];
        const double wanted = room / own * (double)split->n_rows[part][process];
        rate[process] = own <= room ? INFINITY : yield > 0.0 ? wanted / yield : 0.0;
    }
}

static fb_status append_block(void *context, int slot, fb_block *block, fb_error *error)
{
    fb_train_sample *sample = context;
    const fb_events *events = block->events;
    const size_t n = sample->n + events->n;
    fb_status status = FB_OK;
    (void)slot;
    FB_TRY(fb_grow(&sample->matrix, &sample->matrix_capacity, n * FB_N_FEATURES, sizeof(float), error));
    FB_TRY(fb_grow(&sample->label, &sample->label_capacity, n, sizeof(float), error));
    FB_TRY(fb_grow(&sample->weight, &sample->weight_capacity, n, sizeof(float), error));
    fb_block_pack(block, sample->matrix + sample->n * FB_N_FEATURES);
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
    uint64_t n = 0;
    fb_status status = FB_OK;
    for (int process = 0; process < FB_N_PROCESS; process++) {
        n += n_copies * split->n_rows[part][process];
    }
    n = n < most_rows ? n : most_rows + (uint64_t)(10.0 * sqrt((double)most_rows)); /* ten standard deviations */
    FB_TRY(fb_allocate(n * FB_N_FEATURES, sizeof(float), &sample->matrix, error));
    sample->matrix_capacity = n * FB_N_FEATURES;
    FB_TRY(fb_allocate(n, sizeof(float), &sample->label, error));
    sample->label_capacity = n;
    FB_TRY(fb_allocate(n, sizeof(float), &sample->weight, error));
    sample->weight_capacity = n;
cleanup:
    return status;
}

/* One pass over the source for each copy; copy 0 is the nominal one. */
static fb_status collect_copy(fb_pipeline *pipeline, fb_source *source, const fb_augmentation *augmentation,
                              uint64_t copy, uint64_t seed, fb_error *error)
{
    const fb_pipeline_draw draw = {augmentation->widening, fb_random_derive_seed(seed, FB_STREAM_NUISANCE, copy)};
    fb_noise noise;
    fb_status status = FB_OK;
    fb_noise_init_streams(&noise, draw.seed);
    pipeline->noise = &noise;
    pipeline->draw = copy > 0 ? &draw : NULL;
    FB_TRY(fb_source_rewind(source, error));
    FB_TRY(fb_pipeline_run(pipeline, source, error));
cleanup:
    return status;
}

fb_status fb_train_sample_collect(fb_source *source, const fb_split *split, fb_part part, uint64_t most_rows,
                                  const fb_augmentation *augmentation, uint64_t seed, fb_train_sample *out,
                                  fb_error *error)
{
    const uint64_t n = 1 + augmentation->n_copies;
    double rate[FB_N_PROCESS];
    fb_pipeline pipeline = fb_pipeline_default();
    fb_status status = FB_OK;
    fb_train_sample_rates(split, part, most_rows / n, rate);
    pipeline.split = split;
    pipeline.part = part;
    pipeline.rows_per_weight = rate;
    pipeline.share_seed = seed;
    pipeline.collect = append_block;
    pipeline.context = out;
    FB_TRY(reserve(split, part, most_rows, n, out, error));
    for (uint64_t copy = 0; copy < n; copy++) {
        FB_TRY(collect_copy(&pipeline, source, augmentation, copy, seed, error));
    }
    for (size_t i = 0; i < out->n; i++) {
        out->weight[i] /= (float)n;
    }
cleanup:
    return status;
}

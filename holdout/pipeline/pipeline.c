#include "holdout/pipeline/pipeline.h"

#include <math.h>

#include "models/common/interrupt.h"

fb_pipeline fb_pipeline_default(void)
{
    return (fb_pipeline){.share = 1.0, .stages = fb_stages_default()};
}

/* The chance that a row is kept; the weights of kept rows are divided by it. */
static double downsample(const fb_pipeline *pipeline, fb_events *events, size_t i)
{
    double chance = pipeline->share;
    if (pipeline->rows_per_weight != NULL) {
        double heavy = pipeline->rows_per_weight[events->process[i]] * events->weight[i];
        chance *= fmin(1.0, heavy);
        events->weight[i] = heavy < 1.0 ? (float)(events->weight[i] / heavy) : events->weight[i];
    }
    return chance;
}

static void keep_some(const fb_pipeline *pipeline, fb_block *block)
{
    size_t kept = 0;
    for (size_t i = 0; i < block->events->n; i++) {
        uint64_t row = block->events->first_row + block->origin[i];
        fb_random random = fb_random_at(pipeline->share_seed, FB_STREAM_SUBSAMPLE, row);
        if (fb_random_uniform(&random) < downsample(pipeline, block->events, i)) {
            fb_block_move_row(block, kept++, i);
        }
    }
    block->events->n = kept;
}

static void choose_rows(const fb_pipeline *pipeline, fb_block *block)
{
    fb_stage_timer timer = fb_stage_timer_start(pipeline->stages.times);
    if (pipeline->split != NULL) {
        fb_split_keep(pipeline->split, pipeline->part, block);
    }
    if (pipeline->share < 1.0 || pipeline->rows_per_weight != NULL) {
        keep_some(pipeline, block);
    }
    fb_stage_timer_stop(&timer, FB_STAGE_DRAW);
}

static fb_nuisances draw_nuisances(const fb_pipeline_draw *draw, const fb_block *block)
{
    const fb_nuisance_mask shapes = (1U << FB_N_SHAPE) - 1U;
    fb_random random = fb_random_at(draw->seed, FB_STREAM_AUGMENT_BLOCK, block->events->first_row);
    const fb_nuisances drawn = fb_nuisance_draw(FB_PRIORS_OFFICIAL, shapes, &random);
    return fb_nuisance_widen(&drawn, draw->widening);
}

static fb_status run_block(const fb_pipeline *pipeline, int slot, fb_block *block, fb_error *error)
{
    fb_stages stages = pipeline->stages;
    choose_rows(pipeline, block);
    if (pipeline->draw != NULL) {
        stages.nuisances = draw_nuisances(pipeline->draw, block);
    }
    fb_stages_run(&stages, block);
    return pipeline->visit != NULL ? pipeline->visit(pipeline->context, slot, block, error) : FB_OK;
}

/* Numbers that follow one another must be drawn in row order, before the blocks are worked on in parallel. */
static bool has_noise_sequence(const fb_stages *stages)
{
    return stages->distort && stages->nuisances.value[FB_SOFT_MET] > 0.0 && stages->noise->kind == FB_NOISE_SEQUENCE;
}

/* One piece of the source: cut into blocks, worked on in parallel, collected in order. */
static fb_status run_piece(const fb_pipeline *pipeline, const fb_events *piece, fb_block *const *blocks,
                           fb_error *error)
{
    int n_blocks = (int)((piece->n + FB_BLOCK_ROWS - 1) / FB_BLOCK_ROWS);
    int failed = n_blocks; /* the first block in row order that failed: which thread was faster must not matter */
    fb_status worst = FB_OK;
    for (int k = 0; k < n_blocks; k++) {
        size_t first = (size_t)k * FB_BLOCK_ROWS;
        size_t n = piece->n - first < FB_BLOCK_ROWS ? piece->n - first : FB_BLOCK_ROWS;
        fb_block_load(blocks[k], piece, first, n);
        blocks[k]->position = pipeline->position;
        if (has_noise_sequence(&pipeline->stages)) {
            fb_block_fill_noise(blocks[k], pipeline->stages.noise);
        }
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (int k = 0; k < n_blocks; k++) {
        fb_error own = {0};
        fb_status status = run_block(pipeline, k, blocks[k], &own);
        if (status != FB_OK) {
#pragma omp critical(fb_pipeline)
            if (k < failed) {
                failed = k;
                worst = status;
                if (error != NULL) {
                    *error = own;
                }
            }
        }
    }
    for (int k = 0; k < n_blocks && worst == FB_OK && pipeline->collect != NULL; k++) {
        worst = pipeline->collect(pipeline->context, k, blocks[k], error);
    }
    return worst;
}

static fb_status create_tables(bool keeps_derived, fb_events **piece, fb_block **blocks, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_events_create((size_t)FB_PIPELINE_SLOTS * FB_BLOCK_ROWS, piece, error));
    FB_TRY(keeps_derived ? fb_events_keep_derived(*piece, error) : FB_OK);
    for (int k = 0; k < FB_PIPELINE_SLOTS; k++) {
        FB_TRY(fb_block_create(FB_BLOCK_ROWS, &blocks[k], error));
        FB_TRY(keeps_derived ? fb_events_keep_derived(blocks[k]->events, error) : FB_OK);
    }
cleanup:
    return status;
}

fb_status fb_pipeline_run(const fb_pipeline *pipeline, fb_source *source, fb_error *error)
{
    fb_block *blocks[FB_PIPELINE_SLOTS] = {NULL};
    fb_events *piece = NULL;
    uint64_t done = 0;
    fb_status status = FB_OK;
    FB_TRY(create_tables(pipeline->keeps_derived, &piece, blocks, error));
    for (;;) {
        FB_TRY(fb_interrupt_check(error));
        fb_stage_timer timer = fb_stage_timer_start(pipeline->stages.times);
        FB_TRY(fb_source_read(source, piece, error));
        fb_stage_timer_stop(&timer, FB_STAGE_READ);
        if (piece->n == 0) {
            break;
        }
        FB_TRY(run_piece(pipeline, piece, blocks, error));
        done += piece->n;
        if (pipeline->progress != NULL) {
            pipeline->progress(pipeline->progress_context, done);
        }
    }
cleanup:
    for (int k = 0; k < FB_PIPELINE_SLOTS; k++) {
        fb_block_free(blocks[k]);
    }
    fb_events_free(piece);
    return status;
}

typedef struct visit_context {
    const fb_visitor *visitor;
    uint64_t experiment;
} visit_context;

static fb_status visit_block(void *context, int slot, fb_block *block, fb_error *error)
{
    const visit_context *c = context;
    (void)slot;
    return c->visitor->visit(c->visitor->context, c->experiment, block, error);
}

fb_status fb_pipeline_visit(const fb_pipeline *pipeline, fb_source *source, uint64_t experiment,
                            const fb_visitor *visitor, fb_error *error)
{
    visit_context context = {visitor, experiment};
    fb_pipeline own = *pipeline;
    own.visit = visit_block;
    own.collect = NULL;
    own.context = &context;
    own.stages.times = visitor->times;
    return fb_pipeline_run(&own, source, error);
}

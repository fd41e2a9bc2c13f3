#include "baseline/experiments/evaluation_draw.h"

#include "holdout/pipeline/pipeline.h"
#include "holdout/pseudo/fresh_events.h"
#include "holdout/pseudo/official_sample.h"

static fb_status draw_fresh(const fb_truth *truth, uint64_t k, const fb_visitor *visitor, fb_error *error)
{
    fb_pipeline pipeline = fb_pipeline_default();
    fb_source *source = NULL;
    fb_noise noise;
    fb_status status = FB_OK;
    fb_noise_init_streams(&noise, truth->seed);
    FB_TRY(fb_fresh_events_source(truth, &source, error));
    pipeline.stages.nuisances = fb_truth_distortions(truth);
    pipeline.stages.noise = &noise;
    FB_TRY(fb_pipeline_visit(&pipeline, source, k, visitor, error));
cleanup:
    fb_source_free(source);
    return status;
}

/* The pool is the official one, the first rows, when the split follows the official rule; else the whole file would be
 * drawn from, events to train on included. */
static fb_status find_official_pool(const fb_evaluation_run *run, fb_official_pool *pool, fb_error *error)
{
    if (run->pool == NULL || run->split->settings.rule != FB_SPLIT_OFFICIAL) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "the official generator draws from the first 30 %% of the rows of a POOL: train with "
                       "--split-rule official");
    }
    *pool = fb_official_sample_pool(run->pool, run->split);
    return FB_OK;
}

static fb_status draw_official(const fb_official_pool *pool, fb_nuisance_mask drawn, const fb_truth *truth,
                               fb_noise_table *table, uint64_t k, const fb_visitor *visitor, fb_error *error)
{
    const fb_official_truth official = {truth->mu, truth->nuisances, drawn, (uint32_t)truth->seed};
    return fb_official_sample_visit(pool, &official, true, table, k, visitor, error);
}

/* A visitor behind one that says how many events there were. */
typedef struct counting_visitor {
    const fb_evaluation_run *run;
    const fb_visitor *visitor;
} counting_visitor;

static fb_status count_and_visit(void *context, uint64_t experiment, fb_block *block, fb_error *error)
{
    const counting_visitor *c = context;
    if (c->run->drawn != NULL) {
        c->run->drawn(c->run->context, block->events->n);
    }
    return c->visitor->visit(c->visitor->context, experiment, block, error);
}

fb_status fb_evaluation_draw(const fb_evaluation_run *run, const fb_evaluation_settings *settings, uint64_t n,
                             const fb_truth *truth, const fb_visitor *visitor, fb_error *error)
{
    counting_visitor counting = {run, visitor};
    const fb_visitor counted = {count_and_visit, &counting, visitor->times};
    const bool is_official = settings->generator == FB_GENERATOR_OFFICIAL;
    fb_official_pool pool;
    fb_noise_table table = {0};
    fb_status status = FB_OK;
    if (is_official) {
        FB_TRY(find_official_pool(run, &pool, error));
    } else if (run->pool != NULL) {
        return fb_pool_draw(run->pool, run->split, n, truth, &counted, error);
    }
    for (uint64_t k = 0; k < n; k++) {
        FB_TRY(is_official ? draw_official(&pool, settings->drawn, &truth[k], &table, k, &counted, error)
                           : draw_fresh(&truth[k], k, &counted, error));
    }
cleanup:
    fb_noise_table_clear(&table);
    return status;
}

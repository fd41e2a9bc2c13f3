#include "baseline/evaluate_participant.h"

#include <stdio.h>
#include <stdlib.h>

#include "baseline/evaluation_draw.h"
#include "models/ground/interrupt.h"
#include "models/ground/memory.h"

/* The experiments of one pass over the pool. */
typedef struct batch {
    const fb_evaluation_run *run;
    fb_participant *participant;
    const char *origin;
    fb_evaluation *evaluation;
    uint64_t n;
    uint64_t *index;       /* [run->batch] which ones */
    fb_truth *truth;       /* [run->batch] */
    fb_observed *observed; /* [run->batch] */
    uint64_t done;
} batch;

static void batch_clear(batch *b)
{
    for (uint64_t k = 0; k < b->run->batch && b->observed != NULL; k++) {
        fb_observed_clear(&b->observed[k]);
    }
    free(b->index);
    free(b->truth);
    free(b->observed);
}

static fb_status batch_prepare(batch *b, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_allocate(b->run->batch, sizeof *b->index, &b->index, error));
    FB_TRY(fb_allocate(b->run->batch, sizeof *b->truth, &b->truth, error));
    FB_TRY(fb_allocate(b->run->batch, sizeof *b->observed, &b->observed, error));
cleanup:
    return status;
}

static fb_status measure_one(batch *b, uint64_t k, fb_error *error)
{
    fb_experiment *x = &b->evaluation->experiment[b->index[k]];
    fb_error own = {0};
    fb_status status = FB_OK;
    FB_TRY(fb_observed_shuffle(&b->observed[k], b->truth[k].seed, error));
    x->n_events = b->observed[k].n;
    fb_stopwatch watch = fb_stopwatch_start(b->run->laps);
    x->status = fb_participant_measure(b->participant, &b->observed[k], b->origin, &x->result, &own);
    b->evaluation->fit_seconds += fb_stopwatch_lap(&watch, FB_LAP_FIT);
    fb_observed_clear(&b->observed[k]);
    if (x->status == FB_ERROR_NOT_CONVERGED) {
        snprintf(x->reason, sizeof x->reason, "%.*s", (int)sizeof x->reason - 1, own.text);
    } else if (x->status != FB_OK) {
        return fb_fail(error, x->status, "%s", own.text);
    }
    x->is_done = true;
    if (b->run->record != NULL) {
        FB_TRY(b->run->record(b->run->context, 0, b->index[k], x, error));
    }
    if (b->run->progress != NULL) {
        b->run->progress(b->run->context, ++b->done);
    }
cleanup:
    return status;
}

static fb_status run_batch(batch *b, fb_error *error)
{
    const fb_visitor visitor = {fb_observed_add, b->observed, b->run->laps};
    fb_status status = FB_OK;
    FB_TRY(fb_evaluation_draw(b->run, &b->evaluation->settings, b->n, b->truth, &visitor, error));
    for (uint64_t k = 0; k < b->n; k++) {
        FB_TRY(measure_one(b, k, error));
    }
    b->n = 0;
cleanup:
    return status;
}

fb_status fb_evaluate_participant(const fb_evaluation_run *run, fb_participant *participant, const char *origin,
                                  fb_evaluation *evaluation, fb_error *error)
{
    const fb_evaluation_settings *settings = &evaluation->settings;
    batch b = {.run = run, .participant = participant, .origin = origin, .evaluation = evaluation};
    fb_status status = FB_OK;
    FB_TRY(batch_prepare(&b, error));
    for (uint64_t k = 0; k < settings->n_sets * settings->n_experiments; k++) {
        if (k % run->n_shards != run->shard || evaluation->experiment[k].is_done) {
            continue;
        }
        FB_TRY(fb_interrupt_check(error));
        b.index[b.n] = k;
        b.truth[b.n++] = evaluation->experiment[k].truth;
        if (b.n == run->batch) {
            FB_TRY(run_batch(&b, error));
        }
    }
    if (b.n > 0) {
        FB_TRY(run_batch(&b, error));
    }
cleanup:
    batch_clear(&b);
    return status;
}

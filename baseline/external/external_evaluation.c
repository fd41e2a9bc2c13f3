#include "baseline/external/external_evaluation.h"

#include <stdio.h>
#include <stdlib.h>

#include "baseline/experiments/evaluation_draw.h"
#include "baseline/experiments/work_schedule.h"
#include "models/common/memory.h"

typedef struct trials {
    const fb_evaluation_run *run;
    fb_external_method *participant; /* of this rank alone */
    const char *origin;
    fb_evaluation *evaluation;
    fb_pseudo_data *observed; /* [run->batch] */
} trials;

static void trials_clear(trials *t)
{
    for (uint64_t k = 0; k < t->run->batch && t->observed != NULL; k++) {
        fb_pseudo_data_clear(&t->observed[k]);
    }
    free(t->observed);
}

static fb_status measure_one(trials *t, uint64_t index, fb_pseudo_data *observed, fb_error *error)
{
    fb_experiment *x = &t->evaluation->experiment[index];
    fb_error own = {0};
    fb_status status = FB_OK;
    FB_TRY(fb_pseudo_data_shuffle(observed, x->truth.seed, error));
    x->n_events = observed->n;
    fb_stage_timer timer = fb_stage_timer_start(t->run->laps);
    x->status = fb_external_method_measure(t->participant, observed, t->origin, &x->result, &own);
    t->evaluation->n_run++;
    t->evaluation->fit_seconds += fb_stage_timer_stop(&timer, FB_STAGE_FIT);
    fb_pseudo_data_clear(observed);
    if (x->status == FB_ERROR_NOT_CONVERGED) {
        snprintf(x->reason, sizeof x->reason, "%.*s", (int)sizeof x->reason - 1, own.text);
    } else if (x->status != FB_OK) {
        return fb_fail(error, x->status, "%s", own.text);
    }
    x->is_done = true;
    if (t->run->record != NULL) {
        FB_TRY(t->run->record(t->run->context, 0, index, x, error));
    }
cleanup:
    return status;
}

static fb_status run_batch(void *context, const fb_batch *batch, fb_error *error)
{
    trials *t = context;
    const fb_visitor visitor = {fb_pseudo_data_add, t->observed, t->run->laps};
    fb_status status = FB_OK;
    FB_TRY(fb_evaluation_draw(t->run, &t->evaluation->settings, batch->n, batch->truth, &visitor, error));
    for (uint64_t k = 0; k < batch->n; k++) {
        FB_TRY(measure_one(t, batch->index[k], &t->observed[k], error));
        if (t->run->progress != NULL) {
            t->run->progress(t->run->context, batch->before + k + 1);
        }
    }
cleanup:
    return status;
}

fb_status fb_external_evaluation_run(const fb_evaluation_run *run, fb_external_method *participant, const char *origin,
                                     fb_evaluation *evaluation, fb_error *error)
{
    trials t = {.run = run, .participant = participant, .origin = origin, .evaluation = evaluation};
    fb_status status = FB_OK;
    FB_TRY(fb_communicator_agree(run->team, fb_memory_allocate(run->batch, sizeof *t.observed, &t.observed, error),
                                 error));
    FB_TRY(fb_work_schedule_run(run, 1, &evaluation, run_batch, &t, error));
cleanup:
    trials_clear(&t);
    return status;
}

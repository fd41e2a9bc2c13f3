#include "baseline/external/external_evaluation.h"

#include <stdio.h>
#include <stdlib.h>

#include "baseline/experiments/evaluation_draw.h"
#include "baseline/experiments/work_schedule.h"
#include "models/common/memory.h"

typedef struct external_work {
    const fb_evaluation_run *run;
    fb_external_method *method; /* of this rank alone */
    const char *origin;
    fb_evaluation *evaluation;
    fb_pseudo_data *observed; /* [run->batch] */
} external_work;

static fb_status measure_one(external_work *w, uint64_t index, fb_pseudo_data *observed, fb_error *error)
{
    fb_experiment *x = &w->evaluation->experiment[index];
    fb_error own = {0};
    fb_status status = FB_OK;
    FB_TRY(fb_pseudo_data_arrange(observed, x->truth.seed, error));
    x->n_events = observed->n;
    fb_stage_timer timer = fb_stage_timer_start(w->run->times);
    x->status = fb_external_method_measure(w->method, observed, w->origin, &x->result, &own);
    fb_evaluation_need_events(x, &own);
    w->evaluation->times.n_experiments++;
    w->evaluation->times.fit += fb_stage_timer_stop(&timer, FB_STAGE_FIT);
    fb_pseudo_data_clear(observed);
    if (x->status == FB_ERROR_NOT_CONVERGED) {
        snprintf(x->reason, sizeof x->reason, "%.*s", (int)sizeof x->reason - 1, own.text);
    } else if (x->status != FB_OK) {
        return fb_fail(error, x->status, "%s", own.text);
    }
    x->is_done = true;
    if (w->run->record != NULL) {
        FB_TRY(w->run->record(w->run->context, 0, index, x, error));
    }
cleanup:
    return status;
}

static fb_status run_batch(void *context, const fb_batch *batch, fb_error *error)
{
    external_work *w = context;
    const fb_visitor visitor = {fb_pseudo_data_add, w->observed, w->run->times};
    fb_status status = FB_OK;
    FB_TRY(fb_evaluation_draw(w->run, &w->evaluation->settings, batch->n, batch->truth, &visitor, error));
    for (uint64_t k = 0; k < batch->n; k++) {
        FB_TRY(measure_one(w, batch->index[k], &w->observed[k], error));
        if (w->run->progress != NULL) {
            w->run->progress(w->run->context, batch->before + k + 1);
        }
    }
cleanup:
    return status;
}

static fb_status run_method(void *method, const fb_evaluation_run *run, const char *origin, fb_evaluation *evaluation,
                            fb_error *error)
{
    external_work w = {.run = run, .method = method, .origin = origin, .evaluation = evaluation};
    fb_status status = FB_OK;
    FB_TRY(fb_communicator_agree(run->communicator,
                                 fb_memory_allocate(run->batch, sizeof *w.observed, &w.observed, error), error));
    FB_TRY(fb_work_schedule_run(run, 1, &evaluation, run_batch, &w, error));
cleanup:
    for (uint64_t k = 0; k < run->batch && w.observed != NULL; k++) {
        fb_pseudo_data_clear(&w.observed[k]);
    }
    free(w.observed);
    return status;
}

fb_runner_external fb_external_evaluation_of(fb_external_method *method)
{
    /* Four tables of experiments, about 120 MB each. */
    return (fb_runner_external){.method = method, .run = run_method, .batch = 4};
}

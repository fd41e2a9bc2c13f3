#include "baseline/experiments/analysis_methods.h"

#include <stdio.h>
#include <stdlib.h>

#include "baseline/analysis/bin_counts.h"
#include "baseline/experiments/evaluation_draw.h"
#include "baseline/experiments/work_schedule.h"
#include "models/common/memory.h"
#include "nll/mu_limits.h"

typedef struct counted_fits {
    const fb_evaluation_run *run;
    int n_methods;
    fb_evaluation *const *evaluation; /* [n_methods] */
    fb_likelihood **likelihood;       /* [n_methods] */
    fb_bin_counts *counts;            /* of one batch */
} counted_fits;

static fb_status counted_fits_prepare(counted_fits *w, fb_error *error)
{
    const fb_analysis **analyses = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate((size_t)w->n_methods, sizeof(fb_analysis *), &analyses, error));
    FB_TRY(fb_memory_allocate((size_t)w->n_methods, sizeof(fb_likelihood *), &w->likelihood, error));
    for (int m = 0; m < w->n_methods; m++) {
        const fb_method *method = w->evaluation[m]->method;
        analyses[m] = method->analysis;
        FB_TRY(fb_mu_limits_likelihood_create(method->analysis->template_set->templates, &method->fit,
                                              &w->likelihood[m], error));
    }
    FB_TRY(fb_bin_counts_create(w->n_methods, analyses, w->run->batch, w->run->times, &w->counts, error));
cleanup:
    free(analyses);
    return status;
}

/* Fits experiment `k` of the batch, number `index`, with method `m`. That a fit fails is a result. */
static fb_status fit_one(counted_fits *w, uint64_t k, uint64_t index, int m, fb_error *error)
{
    fb_experiment *x = &w->evaluation[m]->experiment[index];
    const int n_bins = w->evaluation[m]->method->analysis->template_set->binning.n_bins;
    double counts[FB_MAX_BINS];
    fb_error own = {0};
    fb_bin_counts_get(w->counts, k, m, counts);
    x->n_events = fb_bin_counts_events(w->counts, k);
    fb_stage_timer timer = fb_stage_timer_start(w->run->times);
    x->status = fb_fit_counts(w->likelihood[m], n_bins, counts, &x->result, &own);
    fb_evaluation_need_events(x, &own);
    w->evaluation[m]->times.n_experiments++;
    w->evaluation[m]->times.fit += fb_stage_timer_stop(&timer, FB_STAGE_FIT);
    if (x->status == FB_ERROR_NOT_CONVERGED) {
        snprintf(x->reason, sizeof x->reason, "%.*s", (int)sizeof x->reason - 1, own.text);
    } else if (x->status != FB_OK) {
        return fb_fail(error, x->status, "%s", own.text);
    }
    x->is_done = true;
    return w->run->record != NULL ? w->run->record(w->run->context, m, index, x, error) : FB_OK;
}

static fb_status run_batch(void *context, const fb_batch *batch, fb_error *error)
{
    counted_fits *w = context;
    const fb_visitor visitor = {fb_bin_counts_add, w->counts, w->run->times};
    fb_status status = FB_OK;
    fb_bin_counts_reset(w->counts);
    FB_TRY(fb_evaluation_draw(w->run, &w->evaluation[0]->settings, batch->n, batch->truth, &visitor, error));
    for (uint64_t k = 0; k < batch->n; k++) {
        for (int m = 0; m < w->n_methods; m++) {
            if (!w->evaluation[m]->experiment[batch->index[k]].is_done) {
                FB_TRY(fit_one(w, k, batch->index[k], m, error));
            }
        }
        if (w->run->progress != NULL) {
            w->run->progress(w->run->context, batch->before + k + 1);
        }
    }
cleanup:
    return status;
}

fb_status fb_analysis_methods_run(const fb_evaluation_run *run, int n_methods, fb_evaluation *const *evaluations,
                                  fb_error *error)
{
    counted_fits w = {.run = run, .n_methods = n_methods, .evaluation = evaluations};
    fb_status status = FB_OK;
    FB_TRY(fb_communicator_agree(run->communicator, counted_fits_prepare(&w, error), error));
    FB_TRY(fb_work_schedule_run(run, n_methods, evaluations, run_batch, &w, error));
    for (int m = 0; m < n_methods; m++) {
        evaluations[m]->times.scoring = fb_bin_counts_seconds(w.counts, m);
    }
cleanup:
    for (int m = 0; m < n_methods && w.likelihood != NULL; m++) {
        fb_likelihood_free(w.likelihood[m]);
    }
    free(w.likelihood);
    fb_bin_counts_free(w.counts);
    return status;
}

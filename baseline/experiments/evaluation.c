#include "baseline/experiments/evaluation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/bin_counts.h"
#include "baseline/experiments/evaluation_draw.h"
#include "baseline/experiments/work_schedule.h"
#include "holdout/pseudo/official_truth.h"
#include "models/common/memory.h"
#include "nll/asimov.h"

/* --- truths --------------------------------------------------------------------------------------------------------
 */

const char *const fb_evaluation_generator_names[] = {
    [FB_GENERATOR_STREAMS] = "streams", [FB_GENERATOR_OFFICIAL] = "official", NULL};

static fb_official_run official_run(const fb_evaluation_settings *s)
{
    return (fb_official_run){(uint32_t)s->seed, (uint32_t)s->n_sets, (uint32_t)s->n_experiments, s->drawn};
}

fb_status fb_evaluation_settings_check(const fb_evaluation_settings *settings, fb_error *error)
{
    if (settings->generator != FB_GENERATOR_OFFICIAL) {
        return FB_OK;
    }
    if (settings->seed > UINT32_MAX || settings->n_sets > UINT32_MAX || settings->n_experiments > UINT32_MAX) {
        return fb_fail(error, FB_ERROR_USAGE, "the official generator: seed and numbers go up to 2^32 - 1");
    }
    const fb_official_run run = official_run(settings);
    return fb_official_truth_check_run(&run, error);
}

/* A function of (seed, s, e) only. */
static fb_truth stream_truth(const fb_evaluation_settings *settings, uint64_t s, uint64_t e)
{
    const uint64_t index = s << 32 | e;
    fb_random of_set = fb_random_at(settings->seed, FB_STREAM_TRUE_MU, s);
    fb_random of_experiment = fb_random_at(settings->seed, FB_STREAM_NUISANCE, index);
    return (fb_truth){.mu = 0.1 + 2.9 * fb_random_uniform(&of_set),
                      .nuisances = fb_nuisance_draw(FB_PRIORS_OFFICIAL, settings->drawn, &of_experiment),
                      .seed = fb_random_derive_seed(settings->seed, FB_STREAM_EXPERIMENT, index)};
}

static void find_truths(fb_evaluation *evaluation)
{
    const fb_evaluation_settings *settings = &evaluation->settings;
    const fb_official_run run = official_run(settings);
    if (settings->generator == FB_GENERATOR_OFFICIAL) {
        fb_official_truth_mus(&run, evaluation->mu);
    }
    for (uint64_t k = 0; k < settings->n_sets * settings->n_experiments; k++) {
        const uint64_t s = k / settings->n_experiments, e = k % settings->n_experiments;
        fb_truth *truth = &evaluation->experiment[k].truth;
        if (settings->generator == FB_GENERATOR_OFFICIAL) {
            const fb_official_truth official = fb_official_truth_of(&run, evaluation->mu[s], (uint32_t)s, (uint32_t)e);
            *truth = (fb_truth){official.mu, official.nuisances, official.seed};
        } else {
            *truth = stream_truth(settings, s, e);
            evaluation->mu[s] = truth->mu;
        }
    }
}

fb_status fb_evaluation_create(const fb_evaluation_settings *settings, fb_evaluation **out, fb_error *error)
{
    fb_evaluation *evaluation = NULL;
    const uint64_t n = settings->n_sets * settings->n_experiments;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *evaluation, &evaluation, error));
    evaluation->settings = *settings;
    evaluation->template_events = evaluation->pool_events = NAN;
    FB_TRY(fb_memory_allocate(settings->n_sets, sizeof(double), &evaluation->mu, error));
    FB_TRY(fb_memory_allocate(settings->n_sets, sizeof(double), &evaluation->shift, error));
    FB_TRY(fb_memory_allocate(n, sizeof(fb_experiment), &evaluation->experiment, error));
    find_truths(evaluation);
    for (uint64_t s = 0; s < settings->n_sets; s++) {
        evaluation->shift[s] = NAN;
    }
    *out = evaluation;
    evaluation = NULL;
cleanup:
    fb_evaluation_free(evaluation);
    return status;
}

void fb_evaluation_free(fb_evaluation *evaluation)
{
    if (evaluation != NULL) {
        free(evaluation->mu);
        free(evaluation->shift);
        free(evaluation->experiment);
        free(evaluation);
    }
}

/* Variance of the weighted background of a part, its weights scaled to the whole, and their sum squared over that. */
static double variance_of(const fb_split *split, fb_part part, double *effective)
{
    double sum = 0.0, variance = 0.0;
    for (int process = FB_ZTAUTAU; process < FB_N_PROCESS; process++) {
        const fb_weight_sums sums = fb_split_sums(split, part, process);
        sum += split->factor[part][process] * sums.sum;
        variance += split->factor[part][process] * split->factor[part][process] * sums.square;
    }
    *effective = sum * sum / variance;
    return variance;
}

/* The shift depends on mu (more signal, more of its variance), so it is taken at the truth of each set. A diagnostic
 * that cannot be had is no reason to refuse the experiments. */
static fb_status find_shifts(fb_evaluation *evaluation, double pool_variance, fb_error *error)
{
    const fb_method *method = evaluation->method;
    const fb_templates *templates = method->analysis->measurement->templates;
    fb_status status = FB_OK;
    for (uint64_t s = 0; s < evaluation->settings.n_sets; s++) {
        fb_point point;
        double shift = NAN;
        FB_TRY(fb_asimov_central(&method->fit, evaluation->mu[s], &point, error));
        status = fb_asimov_template_shift(templates, &method->fit, &point, &shift, error);
        if (status != FB_ERROR_NOT_CONVERGED && status != FB_ERROR_DATA) {
            FB_TRY(status);
            evaluation->shift[s] = shift * sqrt(1.0 + pool_variance);
        }
    }
    status = FB_OK;
cleanup:
    return status;
}

fb_status fb_evaluation_prepare(fb_evaluation *evaluation, const fb_method *method, const fb_split *pool_split,
                                fb_error *error)
{
    double pool = 0.0;
    evaluation->method = method;
    evaluation->pool_events = INFINITY;
    if (pool_split != NULL) {
        pool = variance_of(pool_split, FB_POOL, &evaluation->pool_events);
    }
    if (method->analysis == NULL) {
        return FB_OK;
    }
    const double holdout = variance_of(&method->analysis->split, FB_HOLDOUT, &evaluation->template_events);
    return find_shifts(evaluation, holdout > 0.0 ? pool / holdout : 0.0, error);
}

uint64_t fb_evaluation_done(const fb_evaluation *evaluation)
{
    uint64_t n = 0;
    for (uint64_t k = 0; k < evaluation->settings.n_sets * evaluation->settings.n_experiments; k++) {
        n += evaluation->experiment[k].is_done;
    }
    return n;
}

/* --- running them --------------------------------------------------------------------------------------------------
 */

typedef struct workshop {
    const fb_evaluation_run *run;
    int n_methods;
    fb_evaluation *const *evaluation; /* [n_methods] */
    fb_likelihood **likelihood;       /* [n_methods] */
    fb_bin_counts *counting;          /* of one batch */
    uint64_t n;                       /* experiments of the batch */
    const uint64_t *index;            /* [n] which ones */
    const fb_truth *truth;            /* [n] theirs */
} workshop;

static void workshop_clear(workshop *w)
{
    for (int m = 0; m < w->n_methods && w->likelihood != NULL; m++) {
        fb_likelihood_free(w->likelihood[m]);
    }
    free(w->likelihood);
    fb_bin_counts_free(w->counting);
}

static fb_status workshop_prepare(workshop *w, fb_error *error)
{
    const fb_analysis **analyses = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate((size_t)w->n_methods, sizeof(fb_analysis *), &analyses, error));
    FB_TRY(fb_memory_allocate((size_t)w->n_methods, sizeof(fb_likelihood *), &w->likelihood, error));
    for (int m = 0; m < w->n_methods; m++) {
        const fb_method *method = w->evaluation[m]->method;
        analyses[m] = method->analysis;
        FB_TRY(fb_likelihood_create(method->analysis->measurement->templates, &method->fit, &w->likelihood[m], error));
    }
    FB_TRY(fb_bin_counts_create(w->n_methods, analyses, w->run->batch, w->run->laps, &w->counting, error));
cleanup:
    free(analyses);
    return status;
}

static fb_status count_batch(workshop *w, fb_error *error)
{
    const fb_visitor visitor = {fb_bin_counts_add, w->counting, w->run->laps};
    fb_bin_counts_reset(w->counting);
    return fb_evaluation_draw(w->run, &w->evaluation[0]->settings, w->n, w->truth, &visitor, error);
}

/* Fits experiment `k` of the batch with method `m`. That a fit fails is a result. */
static fb_status fit_one(workshop *w, uint64_t k, int m, fb_error *error)
{
    fb_experiment *x = &w->evaluation[m]->experiment[w->index[k]];
    const int n_bins = w->evaluation[m]->method->analysis->measurement->binning.n_bins;
    double counts[FB_MAX_BINS];
    fb_error own = {0};
    fb_bin_counts_get(w->counting, k, m, counts);
    x->n_events = fb_bin_counts_events(w->counting, k);
    fb_stage_timer watch = fb_stage_timer_start(w->run->laps);
    x->status = fb_fit_counts(w->likelihood[m], n_bins, counts, &x->result, NULL, &own);
    w->evaluation[m]->n_run++;
    w->evaluation[m]->fit_seconds += fb_stage_timer_stop(&watch, FB_STAGE_FIT);
    if (x->status == FB_ERROR_NOT_CONVERGED) {
        snprintf(x->reason, sizeof x->reason, "%.*s", (int)sizeof x->reason - 1, own.text);
    } else if (x->status != FB_OK) {
        return fb_fail(error, x->status, "%s", own.text);
    }
    x->is_done = true;
    return w->run->record != NULL ? w->run->record(w->run->context, m, w->index[k], x, error) : FB_OK;
}

static fb_status run_batch(void *context, const fb_batch *batch, fb_error *error)
{
    workshop *w = context;
    fb_status status = FB_OK;
    w->n = batch->n;
    w->index = batch->index;
    w->truth = batch->truth;
    FB_TRY(count_batch(w, error));
    for (uint64_t k = 0; k < w->n; k++) {
        for (int m = 0; m < w->n_methods; m++) {
            if (!w->evaluation[m]->experiment[w->index[k]].is_done) {
                FB_TRY(fit_one(w, k, m, error));
            }
        }
        if (w->run->progress != NULL) {
            w->run->progress(w->run->context, batch->before + k + 1);
        }
    }
cleanup:
    return status;
}

fb_status fb_evaluation_execute(const fb_evaluation_run *run, int n_methods, fb_evaluation *const *evaluations,
                                fb_error *error)
{
    workshop w = {.run = run, .n_methods = n_methods, .evaluation = evaluations};
    fb_status status = FB_OK;
    FB_TRY(fb_communicator_agree(run->team, workshop_prepare(&w, error), error));
    FB_TRY(fb_work_schedule_run(run, n_methods, evaluations, run_batch, &w, error));
    for (int m = 0; m < n_methods; m++) {
        evaluations[m]->scoring_seconds = fb_bin_counts_seconds(w.counting, m);
    }
cleanup:
    workshop_clear(&w);
    return status;
}

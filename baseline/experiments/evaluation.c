#include "baseline/experiments/evaluation.h"

#include <math.h>
#include <stdlib.h>

#include "holdout/events/truth.h"
#include "holdout/pseudo/official_truth.h"
#include "models/common/memory.h"
#include "nll/asimov.h"

/* --- truths ------------------------------------------------------------------------------------------------------- */

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
    return (fb_truth){.mu = FB_TRUE_MU_LOW + (FB_TRUE_MU_HIGH - FB_TRUE_MU_LOW) * fb_random_uniform(&of_set),
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
    for (uint64_t k = 0; k < evaluation->n; k++) {
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
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *evaluation, &evaluation, error));
    evaluation->settings = *settings;
    evaluation->n = settings->n_sets * settings->n_experiments;
    evaluation->simulation.template_events = evaluation->simulation.pool_events = NAN;
    FB_TRY(fb_memory_allocate(settings->n_sets, sizeof(double), &evaluation->mu, error));
    FB_TRY(fb_memory_allocate(settings->n_sets, sizeof(double), &evaluation->simulation.shared_error, error));
    FB_TRY(fb_memory_allocate(evaluation->n, sizeof(fb_experiment), &evaluation->experiment, error));
    find_truths(evaluation);
    for (uint64_t s = 0; s < settings->n_sets; s++) {
        evaluation->simulation.shared_error[s] = NAN;
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
        free(evaluation->simulation.shared_error);
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

/* The error depends on mu (more signal, more of its variance), so it is taken at the truth of each set. A diagnostic
 * that cannot be had is no reason to refuse the experiments. */
static fb_status find_shared_errors(fb_evaluation *evaluation, double pool_variance, fb_error *error)
{
    const fb_method *method = evaluation->method;
    const fb_templates *templates = method->analysis->template_set->templates;
    fb_status status = FB_OK;
    for (uint64_t s = 0; s < evaluation->settings.n_sets; s++) {
        fb_point point;
        double shared = NAN;
        FB_TRY(fb_asimov_central(&method->fit, evaluation->mu[s], &point, error));
        status = fb_asimov_shared_error(templates, &method->fit, &point, &shared, error);
        if (status != FB_ERROR_NOT_CONVERGED && status != FB_ERROR_DATA) {
            FB_TRY(status);
            evaluation->simulation.shared_error[s] = shared * sqrt(1.0 + pool_variance);
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
    evaluation->simulation.pool_events = INFINITY;
    if (pool_split != NULL) {
        pool = variance_of(pool_split, FB_POOL, &evaluation->simulation.pool_events);
    }
    if (method->analysis == NULL) {
        return FB_OK;
    }
    const double holdout = variance_of(&method->analysis->split, FB_HOLDOUT, &evaluation->simulation.template_events);
    return find_shared_errors(evaluation, holdout > 0.0 ? pool / holdout : 0.0, error);
}

uint64_t fb_evaluation_n_done(const fb_evaluation *evaluation)
{
    uint64_t n = 0;
    for (uint64_t k = 0; k < evaluation->n; k++) {
        n += evaluation->experiment[k].is_done;
    }
    return n;
}

void fb_evaluation_need_events(fb_experiment *experiment, fb_error *error)
{
    if (experiment->n_events == 0 && experiment->status == FB_OK) {
        experiment->result.is_valid = false;
        experiment->status = fb_fail(error, FB_ERROR_NOT_CONVERGED, "no event was drawn that passes the selection");
    }
}

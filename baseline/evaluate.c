#include "baseline/evaluate.h"

#include <math.h>
#include <stdlib.h>

#include "models/ground/interrupt.h"
#include "models/ground/memory.h"
#include "nll/asimov.h"

fb_truth fb_evaluation_truth(const fb_evaluation_settings *settings, uint64_t s, uint64_t e)
{
    const uint64_t index = s << 32 | e;
    fb_random of_set = fb_random_at(settings->seed, FB_STREAM_TRUE_MU, s);
    fb_random of_experiment = fb_random_at(settings->seed, FB_STREAM_NUISANCE, index);
    return (fb_truth){.mu = 0.1 + 2.9 * fb_random_uniform(&of_set),
                      .nuisances = fb_nuisances_draw(FB_PRIORS_OFFICIAL, settings->drawn, &of_experiment),
                      .seed = fb_random_derive_seed(settings->seed, FB_STREAM_EXPERIMENT, index)};
}

/* The raw events of one experiment as a source; `*drawn` holds them when they come from a pool. */
static fb_status make_events(const fb_truth *truth, fb_source *pool, const fb_split *split, fb_events **drawn,
                             fb_source **out, fb_error *error)
{
    if (pool == NULL) {
        return fb_pseudo_simulate(truth, out, error);
    }
    fb_status status = fb_pseudo_draw(pool, split, truth, drawn, error);
    return status == FB_OK ? fb_source_from_events(*drawn, "drawn events", out, error) : status;
}

static fb_status run_experiment(const fb_analysis *analysis, fb_likelihood *likelihood, double *counts, fb_source *pool,
                                const fb_split *split, fb_experiment *experiment, fb_error *error)
{
    const int n_bins = analysis->measurement->binning.n_bins;
    fb_events *drawn = NULL;
    fb_source *source = NULL;
    fb_status status = FB_OK;
    FB_TRY(make_events(&experiment->truth, pool, split, &drawn, &source, error));
    FB_TRY(fb_pseudo_count(analysis, source, &experiment->truth, counts, &experiment->n_events, error));
    experiment->status = fb_fit_counts(likelihood, n_bins, counts, &experiment->result, NULL, error);
    if (experiment->status != FB_OK && experiment->status != FB_ERROR_NOT_CONVERGED) {
        status = experiment->status;
    }
cleanup:
    fb_source_free(source);
    fb_events_free(drawn);
    return status;
}

fb_status fb_evaluate(const fb_analysis *analysis, const fb_evaluation_settings *settings, fb_source *pool,
                      const fb_split *split, void (*progress)(void *context, uint64_t done), void *context,
                      fb_evaluation **out, fb_error *error)
{
    fb_evaluation *evaluation = NULL;
    fb_likelihood *likelihood = NULL;
    double *counts = NULL;
    const uint64_t n = settings->n_sets * settings->n_experiments;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_likelihood_create(analysis->measurement->templates, &settings->fit, &likelihood, error));
    FB_TRY(fb_allocate((size_t)analysis->measurement->binning.n_bins, sizeof(double), &counts, error));
    FB_TRY(fb_allocate(1, sizeof *evaluation, &evaluation, error));
    evaluation->settings = *settings;
    FB_TRY(fb_allocate(settings->n_sets, sizeof(double), &evaluation->mu, error));
    FB_TRY(fb_allocate(n, sizeof(fb_experiment), &evaluation->experiment, error));
    for (uint64_t k = 0; k < n; k++) {
        fb_experiment *experiment = &evaluation->experiment[k];
        FB_TRY(fb_interrupt_check(error));
        experiment->truth = fb_evaluation_truth(settings, k / settings->n_experiments, k % settings->n_experiments);
        evaluation->mu[k / settings->n_experiments] = experiment->truth.mu;
        FB_TRY(run_experiment(analysis, likelihood, counts, pool, split, experiment, error));
        if (progress != NULL) {
            progress(context, k + 1);
        }
    }
    *out = evaluation;
    evaluation = NULL;
cleanup:
    fb_evaluation_free(evaluation);
    fb_likelihood_free(likelihood);
    free(counts);
    return status;
}

void fb_evaluation_free(fb_evaluation *evaluation)
{
    if (evaluation != NULL) {
        free(evaluation->mu);
        free(evaluation->experiment);
        free(evaluation);
    }
}

/* --- summary -------------------------------------------------------------------------------------------------------
 */

/* The experiments that converged, set by set, as the score wants them. */
typedef struct gathered {
    fb_result_set *set; /* [n_sets] those with at least one result */
    size_t n_sets;
    double *value; /* [4][n]: mu_hat, delta, p16, p84 */
} gathered;

static fb_status gather(const fb_evaluation *evaluation, gathered *g, fb_evaluation_summary *summary, fb_error *error)
{
    const size_t n_all = evaluation->settings.n_sets * evaluation->settings.n_experiments;
    fb_status status = FB_OK;
    size_t n = 0;
    FB_TRY(fb_allocate(evaluation->settings.n_sets, sizeof *g->set, &g->set, error));
    FB_TRY(fb_allocate(4 * n_all, sizeof(double), &g->value, error));
    double *mu_hat = g->value, *delta = mu_hat + n_all, *p16 = delta + n_all, *p84 = p16 + n_all;
    for (size_t s = 0; s < evaluation->settings.n_sets; s++) {
        fb_result_set set = {evaluation->mu[s], 0, mu_hat + n, delta + n, p16 + n, p84 + n};
        for (size_t e = 0; e < evaluation->settings.n_experiments; e++) {
            const fb_experiment *x = &evaluation->experiment[s * evaluation->settings.n_experiments + e];
            if (x->status != FB_OK) {
                summary->n_failed++;
                continue;
            }
            summary->n_at_limit += x->result.at_limit != 0;
            mu_hat[n] = x->result.mu_hat;
            delta[n] = x->result.delta_mu_hat;
            p16[n] = x->result.p16;
            p84[n] = x->result.p84;
            set.n++;
            n++;
        }
        if (set.n > 0) {
            g->set[g->n_sets++] = set;
        }
    }
    summary->n = n;
cleanup:
    return status;
}

static void add_pulls(const fb_evaluation *evaluation, fb_evaluation_summary *summary)
{
    const size_t n_all = evaluation->settings.n_sets * evaluation->settings.n_experiments;
    double sum = 0.0, sum2 = 0.0;
    for (size_t k = 0; k < n_all; k++) {
        const fb_experiment *x = &evaluation->experiment[k];
        if (x->status == FB_OK) {
            double pull = (x->result.mu_hat - x->truth.mu) / x->result.sigma;
            sum += pull;
            sum2 += pull * pull;
        }
    }
    const double n = (double)summary->n;
    summary->mean_pull = sum / n;
    summary->pull_width = n > 1.0 ? sqrt(fmax(0.0, (sum2 - sum * sum / n) / (n - 1.0))) : NAN;
}

/* The shift depends on mu (more signal, more of its variance), so it is taken at the truth of each set. */
static fb_status add_common(const fb_evaluation *evaluation, const fb_analysis *analysis, double pool_variance,
                            fb_evaluation_summary *summary, fb_error *error)
{
    const uint64_t per_set = evaluation->settings.n_experiments;
    double sum = 0.0;
    fb_status status = FB_OK;
    for (uint64_t s = 0; s < evaluation->settings.n_sets; s++) {
        fb_point point;
        double shift = NAN;
        FB_TRY(fb_asimov_central(&evaluation->settings.fit, evaluation->mu[s], &point, error));
        status = fb_asimov_template_shift(analysis->measurement->templates, &evaluation->settings.fit, &point, &shift,
                                          error);
        if (status == FB_ERROR_NOT_CONVERGED || status == FB_ERROR_DATA) {
            /* A diagnostic that cannot be had is no reason to lose the experiments. */
            summary->common = summary->allowed = NAN;
            return FB_OK;
        }
        FB_TRY(status);
        for (uint64_t e = 0; e < per_set; e++) {
            const fb_experiment *x = &evaluation->experiment[s * per_set + e];
            if (x->status == FB_OK) {
                sum += shift * shift * (1.0 + pool_variance) / (x->result.sigma * x->result.sigma);
            }
        }
    }
    summary->common = sqrt(sum / (double)summary->n);
    summary->allowed = 3.0 * sqrt(1.0 / (double)summary->n + summary->common * summary->common);
cleanup:
    return status;
}

fb_status fb_evaluation_summarise(const fb_evaluation *evaluation, const fb_analysis *analysis, double pool_variance,
                                  fb_evaluation_summary *summary, fb_error *error)
{
    gathered g = {0};
    fb_status status = FB_OK;
    *summary = (fb_evaluation_summary){0};
    FB_TRY(gather(evaluation, &g, summary, error));
    if (summary->n == 0) {
        status = fb_fail(error, FB_ERROR_NOT_CONVERGED, "none of the fits converged");
        goto cleanup;
    }
    summary->scores = fb_score_sets(g.set, g.n_sets, FB_SCORE_EPSILON);
    add_pulls(evaluation, summary);
    FB_TRY(add_common(evaluation, analysis, pool_variance, summary, error));
cleanup:
    free(g.set);
    free(g.value);
    return status;
}

#include "baseline/scores/score_set.h"

#include <math.h>
#include <stdlib.h>

#include "models/common/memory.h"

fb_score_set_options fb_score_set_options_default(void)
{
    return (fb_score_set_options){.formula = FB_SCORE_OFFICIAL, .n_replicas = 1000, .allow_failed = false};
}

static fb_status check_failed(const fb_results *r, const fb_score_set_options *options, const char *folder,
                              fb_error *error)
{
    if (r->n_failed == r->n) {
        return fb_fail(error, FB_ERROR_DATA, "%s: all %zu fits failed: their numbers are null or NaN", folder, r->n);
    }
    if (r->n_failed > 0 && !options->allow_failed) {
        const fb_failed_fit *first = &r->failed[0];
        return fb_fail(error, FB_ERROR_DATA,
                       "%s/result_%zu.json: set %zu, experiment %zu: '%s' is null or NaN, a failed fit; there are %zu "
                       "among %zu experiments, and --allow-failed leaves them out",
                       folder, first->set, first->set, first->experiment, first->key, r->n_failed, r->n);
    }
    return FB_OK;
}

static void note(fb_flaw *flaw, size_t set, size_t experiment, double p16, double p84)
{
    if (flaw->n++ == 0) {
        *flaw = (fb_flaw){1, set, experiment, p16, p84};
    }
}

/* Copies what did not fail, and looks at the intervals. */
static void keep(fb_score_set *scored)
{
    const fb_results *results = scored->results;
    double *next = scored->values;
    for (size_t s = 0; s < results->n_sets; s++) {
        const fb_result_set *from = &results->set[s];
        double *mu_hat = next, *delta = mu_hat + from->n, *p16 = delta + from->n, *p84 = p16 + from->n;
        size_t n = 0;
        for (size_t e = 0; e < from->n; e++) {
            if (isnan(from->mu_hat[e])) {
                continue;
            }
            mu_hat[n] = from->mu_hat[e];
            delta[n] = from->delta_mu_hat[e];
            p16[n] = from->p16[e];
            p84[n] = from->p84[e];
            if (p84[n] < p16[n]) {
                note(&scored->negative, s, e, p16[n], p84[n]);
            } else if (p84[n] == p16[n]) {
                note(&scored->empty, s, e, p16[n], p84[n]);
            }
            n++;
        }
        scored->set[s] = (fb_result_set){from->mu, n, mu_hat, delta, p16, p84};
        scored->n += n;
        scored->n_kept += n > 0;
        next = p84 + from->n;
    }
}

/* Mean and standard deviation of the replicas, with n, not n - 1, as the official program has it. */
static void spread(fb_score_set *scored, const fb_scores *replica, size_t n)
{
    for (int k = 0; k < FB_N_SCORES; k++) {
        double sum = 0.0, sum2 = 0.0;
        for (size_t i = 0; i < n; i++) {
            sum += replica[i].value[k] / (double)n;
        }
        for (size_t i = 0; i < n; i++) {
            const double d = replica[i].value[k] - sum;
            sum2 += d * d;
        }
        const bool is_known = n > 1 && scored->n_kept > 1;
        scored->mean.value[k] = is_known ? sum : NAN;
        scored->error.value[k] = is_known ? sqrt(sum2 / (double)n) : NAN;
    }
}

static fb_status resample(fb_score_set *scored, const fb_result_set *kept, fb_error *error)
{
    const fb_score_resampling resampling = {scored->options.n_replicas, scored->n_kept, FB_SCORE_BOOTSTRAP_SEED};
    fb_scores *replica = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(resampling.n_replicas, sizeof *replica, &replica, error));
    FB_TRY(fb_score_formula_bootstrap(kept, scored->n_kept, &resampling, scored->options.formula, replica, error));
    spread(scored, replica, resampling.n_replicas);
cleanup:
    free(replica);
    return status;
}

fb_status fb_score_set_create(const fb_results *results, const fb_score_set_options *options, const char *folder,
                              fb_score_set **out, fb_error *error)
{
    static const fb_scores none = {{NAN, NAN, NAN, NAN, NAN}};
    fb_score_set *scored = NULL;
    fb_result_set *kept = NULL; /* [n_kept] */
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(check_failed(results, options, folder, error));
    FB_TRY(fb_memory_allocate(1, sizeof *scored, &scored, error));
    scored->options = *options;
    scored->results = results;
    FB_TRY(fb_memory_allocate(results->n_sets, sizeof *scored->set, &scored->set, error));
    FB_TRY(fb_memory_allocate(results->n_sets, sizeof *scored->of_set, &scored->of_set, error));
    FB_TRY(fb_memory_allocate(4 * results->n, sizeof(double), &scored->values, error));
    FB_TRY(fb_memory_allocate(results->n_sets, sizeof *kept, &kept, error));
    keep(scored);
    for (size_t s = 0, k = 0; s < results->n_sets; s++) {
        const bool has_any = scored->set[s].n > 0;
        scored->of_set[s] = has_any ? fb_score_formula_of_sets(&scored->set[s], 1, options->formula) : none;
        if (has_any) {
            kept[k++] = scored->set[s];
        }
    }
    scored->scores = fb_score_formula_of_sets(kept, scored->n_kept, options->formula);
    FB_TRY(resample(scored, kept, error));
    *out = scored;
    scored = NULL;
cleanup:
    free(kept);
    fb_score_set_free(scored);
    return status;
}

void fb_score_set_free(fb_score_set *scored)
{
    if (scored != NULL) {
        free(scored->set);
        free(scored->values);
        free(scored->of_set);
        free(scored);
    }
}

#include "baseline/scores/score_formula.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/math/numpy_random.h"
#include "models/common/memory.h"

const char *const fb_score_formula_keys[FB_N_SCORES] = {"rmse", "mae", "interval", "coverage", "quantiles_score"};

fb_status fb_score_formula_find(const char *name, fb_score_formula *formula, fb_error *error)
{
    const fb_score_formula known[] = {FB_SCORE_OFFICIAL, FB_SCORE_WHITE_PAPER};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        if (strcmp(name, known[k].name) == 0) {
            *formula = known[k];
            return FB_OK;
        }
    }
    return fb_fail(error, FB_ERROR_USAGE, "unknown formula '%s'; there are official and white-paper", name);
}

static double penalty(double c, double n, double level)
{
    const double sigma68 = sqrt(level * (1.0 - level) / n);
    const double low = level - 2.0 * sigma68;
    const double high = level + 2.0 * sigma68;
    if (c < low) {
        return 1.0 + pow(fabs((c - low) / sigma68), 4.0);
    }
    if (c > high) {
        return 1.0 + pow(fabs((c - high) / sigma68), 3.0);
    }
    return 1.0;
}

double fb_score_formula_quantiles(double w, double c, double n, fb_score_formula formula)
{
    return -log((w + formula.epsilon) * penalty(c, n, formula.level));
}

fb_scores fb_score_formula_of_sets(const fb_result_set *sets, size_t n_sets, fb_score_formula formula)
{
    fb_scores scores = {0};
    double n = 0.0, width = 0.0, covered = 0.0;
    for (const fb_result_set *set = sets; set < sets + n_sets; set++) {
        double rmse = 0.0, mae = 0.0;
        for (size_t k = 0; k < set->n; k++) {
            const double d = set->mu_hat[k] - set->mu, delta = set->delta_mu_hat[k];
            const double excess = d * d - delta * delta;
            rmse += sqrt(d * d + excess * excess) / (double)set->n;
            mae += (fabs(d) + fabs(fabs(d) - delta)) / (double)set->n;
            width += fabs(set->p84[k] - set->p16[k]);
            covered += set->p16[k] <= set->mu && set->mu <= set->p84[k];
        }
        scores.rmse += rmse / (double)n_sets;
        scores.mae += mae / (double)n_sets;
        n += (double)set->n;
    }
    scores.interval = width / n;
    scores.coverage = covered / n;
    scores.quantiles_score = fb_score_formula_quantiles(scores.interval, scores.coverage, n, formula);
    return scores;
}

static fb_scores replica(const fb_result_set *sets, const fb_scores *of_set, size_t n_sets, size_t n_chosen,
                         uint32_t seed, fb_score_formula formula)
{
    fb_scores scores = {0};
    double n_experiments = 0.0;
    const double n = (double)n_chosen;
    fb_numpy_random random;
    fb_numpy_random_init(&random, seed);
    for (size_t k = 0; k < n_chosen; k++) {
        const size_t s = fb_numpy_random_up_to(&random, (uint32_t)(n_sets - 1));
        scores.rmse += of_set[s].rmse / n;
        scores.mae += of_set[s].mae / n;
        scores.interval += of_set[s].interval / n;
        scores.coverage += of_set[s].coverage / n;
        n_experiments += (double)sets[s].n;
    }
    scores.quantiles_score = fb_score_formula_quantiles(scores.interval, scores.coverage, n_experiments, formula);
    return scores;
}

fb_status fb_score_formula_bootstrap(const fb_result_set *sets, size_t n_sets, const fb_score_resampling *resampling,
                                     fb_score_formula formula, fb_scores *out, fb_error *error)
{
    fb_scores *of_set = NULL;
    fb_status status = fb_memory_allocate(n_sets, sizeof *of_set, &of_set, error);
    if (status != FB_OK) {
        return status;
    }
    for (size_t s = 0; s < n_sets; s++) {
        of_set[s] = fb_score_formula_of_sets(&sets[s], 1, formula);
    }
    for (size_t i = 0; i < resampling->n_replicas; i++) {
        out[i] = replica(sets, of_set, n_sets, resampling->n_chosen, resampling->seed + (uint32_t)i, formula);
    }
    free(of_set);
    return FB_OK;
}

#include "baseline/score.h"

#include <math.h>

double fb_score_penalty(double c, double n)
{
    const double sigma68 = sqrt(FB_SCORE_LEVEL * (1.0 - FB_SCORE_LEVEL) / n);
    const double low = FB_SCORE_LEVEL - 2.0 * sigma68;
    const double high = FB_SCORE_LEVEL + 2.0 * sigma68;
    if (c < low) {
        return 1.0 + pow(fabs((c - low) / sigma68), 4.0);
    }
    if (c > high) {
        return 1.0 + pow(fabs((c - high) / sigma68), 3.0);
    }
    return 1.0;
}

double fb_score_quantiles(double w, double c, double n, double epsilon)
{
    return -log((w + epsilon) * fb_score_penalty(c, n));
}

static void add_intervals(const fb_result_set *set, double *width, double *covered)
{
    for (size_t k = 0; k < set->n; k++) {
        *width += fabs(set->p84[k] - set->p16[k]);
        *covered += set->p16[k] <= set->mu && set->mu <= set->p84[k];
    }
}

fb_scores fb_score_set(const fb_result_set *set, double epsilon)
{
    fb_scores scores = {0};
    const double n = (double)set->n;
    double width = 0.0, covered = 0.0;
    for (size_t k = 0; k < set->n; k++) {
        double d = set->mu_hat[k] - set->mu;
        double delta = set->delta_mu_hat[k];
        double excess = d * d - delta * delta;
        scores.rmse += sqrt(d * d + excess * excess) / n;
        scores.mae += (fabs(d) + fabs(fabs(d) - delta)) / n;
    }
    add_intervals(set, &width, &covered);
    scores.interval = width / n;
    scores.coverage = covered / n;
    scores.quantiles_score = fb_score_quantiles(scores.interval, scores.coverage, n, epsilon);
    return scores;
}

fb_scores fb_score_sets(const fb_result_set *sets, size_t n_sets, double epsilon)
{
    fb_scores scores = {0};
    double n = 0.0, width = 0.0, covered = 0.0;
    for (size_t s = 0; s < n_sets; s++) {
        fb_scores one = fb_score_set(&sets[s], epsilon);
        scores.rmse += one.rmse / (double)n_sets;
        scores.mae += one.mae / (double)n_sets;
        add_intervals(&sets[s], &width, &covered);
        n += (double)sets[s].n;
    }
    scores.interval = width / n;
    scores.coverage = covered / n;
    scores.quantiles_score = fb_score_quantiles(scores.interval, scores.coverage, n, epsilon);
    return scores;
}

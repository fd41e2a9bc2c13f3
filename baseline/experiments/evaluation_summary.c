#include "baseline/experiments/evaluation_summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "baseline/reports/score_report.h"
#include "models/common/coverage.h"
#include "models/common/memory.h"

/* Counts the experiments and scores those that converged. */
static fb_status score(const fb_evaluation *evaluation, fb_evaluation_summary *summary, fb_error *error)
{
    const size_t n_sets = evaluation->settings.n_sets, per_set = evaluation->settings.n_experiments;
    fb_result_set *sets = NULL; /* those with at least one result */
    double *value = NULL;       /* [4][evaluation->n] */
    size_t n = 0, n_kept = 0;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(n_sets, sizeof *sets, &sets, error));
    FB_TRY(fb_memory_allocate(4 * evaluation->n, sizeof(double), &value, error));
    double *mu_hat = value, *delta = mu_hat + evaluation->n, *p16 = delta + evaluation->n;
    double *p84 = p16 + evaluation->n;
    for (size_t s = 0; s < n_sets; s++) {
        fb_result_set set = {evaluation->mu[s], 0, mu_hat + n, delta + n, p16 + n, p84 + n};
        for (size_t e = 0; e < per_set; e++) {
            const fb_experiment *x = &evaluation->experiment[s * per_set + e];
            if (!x->is_done || x->status != FB_OK) {
                summary->n_failed += x->is_done;
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
            sets[n_kept++] = set;
        }
    }
    summary->n = n;
    summary->scores = fb_score_formula_of_sets(sets, n_kept, FB_SCORE_OFFICIAL);
cleanup:
    free(sets);
    free(value);
    return status;
}

static void add_pulls(const fb_evaluation *evaluation, fb_evaluation_summary *summary)
{
    const uint64_t per_set = evaluation->settings.n_experiments;
    const double n = (double)summary->n;
    double sum = 0.0, sum2 = 0.0, shared2 = 0.0;
    for (uint64_t k = 0; k < evaluation->n; k++) {
        const fb_experiment *x = &evaluation->experiment[k];
        if (x->is_done && x->status == FB_OK) {
            const double pull = (x->result.mu_hat - x->truth.mu) / x->result.sigma;
            const double shared = evaluation->simulation.shared_error[k / per_set] / x->result.sigma;
            sum += pull;
            sum2 += pull * pull;
            shared2 += shared * shared;
        }
    }
    summary->mean_pull = sum / n;
    summary->pull_width = n > 1.0 ? sqrt(fmax(0.0, (sum2 - sum * sum / n) / (n - 1.0))) : NAN;
    summary->shared_error = sqrt(shared2 / n);
    summary->allowed = 3.0 * sqrt(1.0 / n + summary->shared_error * summary->shared_error);
}

static const char *first_reason(const fb_evaluation *evaluation)
{
    for (uint64_t k = 0; k < evaluation->n; k++) {
        if (evaluation->experiment[k].is_done && evaluation->experiment[k].reason[0] != '\0') {
            return evaluation->experiment[k].reason;
        }
    }
    return "not done";
}

fb_status fb_evaluation_summary_make(const fb_evaluation *evaluation, fb_evaluation_summary *summary, fb_error *error)
{
    *summary = (fb_evaluation_summary){0};
    fb_status status = score(evaluation, summary, error);
    if (status == FB_OK && summary->n == 0) {
        status = fb_fail(error, FB_ERROR_NOT_CONVERGED, "none of the experiments has a result; the first one: %s",
                         first_reason(evaluation));
    }
    if (status == FB_OK) {
        add_pulls(evaluation, summary);
    }
    return status;
}

void fb_evaluation_summary_print(const fb_evaluation *evaluation, const fb_evaluation_summary *s)
{
    const uint64_t per_set = evaluation->settings.n_experiments;
    const fb_simulation_statistics *simulation = &evaluation->simulation;
    char text[FB_SIMULATION_TEXT_SIZE];
    printf("  %-4s %7s | %6s %6s %8s %6s %8s %8s | %8s %8s %8s %7s %s\n", "set", "mu", "tes", "jes", "soft_met",
           "ttbar", "diboson", "bkg", "mu_hat", "p16", "p84", "pull", "covered");
    for (uint64_t k = 0; k < evaluation->n; k++) {
        const fb_experiment *x = &evaluation->experiment[k];
        const double *v = x->truth.nuisances.value;
        printf("  %-4llu %7.3f | %6.3f %6.3f %8.3f %6.3f %8.3f %8.4f |", (unsigned long long)(k / per_set), x->truth.mu,
               v[FB_TES], v[FB_JES], v[FB_SOFT_MET], v[FB_TTBAR_SCALE], v[FB_DIBOSON_SCALE], v[FB_BKG_SCALE]);
        if (x->status != FB_OK) {
            printf(" %s\n", x->reason);
            continue;
        }
        const fb_fit_result *r = &x->result;
        printf(" %8.3f %8.3f %8.3f %7.2f %s\n", r->mu_hat, r->p16, r->p84, (r->mu_hat - x->truth.mu) / r->sigma,
               r->p16 <= x->truth.mu && x->truth.mu <= r->p84 ? "yes" : "no");
    }
    printf("\n  experiments        %zu converged, %zu failed, %zu with a parameter at a limit\n", s->n, s->n_failed,
           s->n_at_limit);
    printf("  coverage           %.4f   (68.27 %% wanted; its error is %.4f)\n", s->scores.coverage,
           fb_coverage_error((double)s->n));
    printf("  mean width         %.4f\n  score              %.4f\n  pull               mean %.3f", s->scores.interval,
           s->scores.quantiles_score, s->mean_pull);
    if (isfinite(s->pull_width)) { /* of one experiment there is none */
        printf(", width %.3f", s->pull_width);
    }
    printf("\n");
    if (isfinite(s->shared_error)) {
        printf("  shared template error %.3f sigma: the statistics of the templates move all experiments together,\n"
               "                     |mean pull| may be up to 3 sqrt(1/N + shared^2) = %.3f\n",
               s->shared_error, s->allowed);
    }
    fb_score_report_simulation(simulation->template_events, simulation->pool_events, NAN, text);
    printf("  simulation         %s\n", text);
}

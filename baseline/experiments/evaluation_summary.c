#include "baseline/experiments/evaluation_summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/common/coverage.h"
#include "models/common/memory.h"

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
    FB_TRY(fb_memory_allocate(evaluation->settings.n_sets, sizeof *g->set, &g->set, error));
    FB_TRY(fb_memory_allocate(4 * n_all, sizeof(double), &g->value, error));
    double *mu_hat = g->value, *delta = mu_hat + n_all, *p16 = delta + n_all, *p84 = p16 + n_all;
    for (size_t s = 0; s < evaluation->settings.n_sets; s++) {
        fb_result_set set = {evaluation->mu[s], 0, mu_hat + n, delta + n, p16 + n, p84 + n};
        for (size_t e = 0; e < evaluation->settings.n_experiments; e++) {
            const fb_experiment *x = &evaluation->experiment[s * evaluation->settings.n_experiments + e];
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
        if (x->is_done && x->status == FB_OK) {
            double pull = (x->result.mu_hat - x->truth.mu) / x->result.sigma;
            sum += pull;
            sum2 += pull * pull;
        }
    }
    const double n = (double)summary->n;
    summary->mean_pull = sum / n;
    summary->pull_width = n > 1.0 ? sqrt(fmax(0.0, (sum2 - sum * sum / n) / (n - 1.0))) : NAN;
}

static void add_shared_error(const fb_evaluation *evaluation, fb_evaluation_summary *summary)
{
    const uint64_t per_set = evaluation->settings.n_experiments;
    double sum = 0.0;
    for (uint64_t k = 0; k < evaluation->settings.n_sets * per_set; k++) {
        const fb_experiment *x = &evaluation->experiment[k];
        if (x->is_done && x->status == FB_OK) {
            const double shared = evaluation->simulation.shared_error[k / per_set] / x->result.sigma;
            sum += shared * shared;
        }
    }
    summary->shared_error = sqrt(sum / (double)summary->n);
    summary->allowed = 3.0 * sqrt(1.0 / (double)summary->n + summary->shared_error * summary->shared_error);
}

static const char *first_reason(const fb_evaluation *evaluation)
{
    const uint64_t n = evaluation->settings.n_sets * evaluation->settings.n_experiments;
    for (uint64_t k = 0; k < n; k++) {
        if (evaluation->experiment[k].is_done && evaluation->experiment[k].reason[0] != '\0') {
            return evaluation->experiment[k].reason;
        }
    }
    return "not done";
}

fb_status fb_evaluation_summary_make(const fb_evaluation *evaluation, fb_evaluation_summary *summary, fb_error *error)
{
    gathered g = {0};
    fb_status status = FB_OK;
    *summary = (fb_evaluation_summary){0};
    FB_TRY(gather(evaluation, &g, summary, error));
    if (summary->n == 0) {
        status = fb_fail(error, FB_ERROR_NOT_CONVERGED, "none of the experiments has a result; the first one: %s",
                         first_reason(evaluation));
        goto cleanup;
    }
    summary->scores = fb_score_formula_of_sets(g.set, g.n_sets, FB_SCORE_OFFICIAL);
    add_pulls(evaluation, summary);
    add_shared_error(evaluation, summary);
cleanup:
    free(g.set);
    free(g.value);
    return status;
}

void fb_evaluation_summary_print(FILE *stream, const fb_evaluation *evaluation, const fb_evaluation_summary *s)
{
    const uint64_t per_set = evaluation->settings.n_experiments;
    fprintf(stream, "  %-4s %7s | %6s %6s %8s %6s %8s %8s | %8s %8s %8s %7s %s\n", "set", "mu", "tes", "jes",
            "soft_met", "ttbar", "diboson", "bkg", "mu_hat", "p16", "p84", "pull", "covered");
    for (uint64_t k = 0; k < evaluation->settings.n_sets * per_set; k++) {
        const fb_experiment *x = &evaluation->experiment[k];
        const double *v = x->truth.nuisances.value;
        fprintf(stream, "  %-4llu %7.3f | %6.3f %6.3f %8.3f %6.3f %8.3f %8.4f |", (unsigned long long)(k / per_set),
                x->truth.mu, v[FB_TES], v[FB_JES], v[FB_SOFT_MET], v[FB_TTBAR_SCALE], v[FB_DIBOSON_SCALE],
                v[FB_BKG_SCALE]);
        if (x->status != FB_OK) {
            fprintf(stream, " %s\n", x->reason);
            continue;
        }
        const fb_fit_result *r = &x->result;
        fprintf(stream, " %8.3f %8.3f %8.3f %7.2f %s\n", r->mu_hat, r->p16, r->p84,
                (r->mu_hat - x->truth.mu) / r->sigma, r->p16 <= x->truth.mu && x->truth.mu <= r->p84 ? "yes" : "no");
    }
    fprintf(stream, "\n  experiments        %zu converged, %zu failed, %zu with a parameter at a limit\n", s->n,
            s->n_failed, s->n_at_limit);
    fprintf(stream, "  coverage           %.4f   (68.27 %% wanted; its error is %.4f)\n", s->scores.coverage,
            fb_coverage_error((double)s->n));
    fprintf(stream, "  mean width         %.4f\n  score              %.4f\n  pull               mean %.3f",
            s->scores.interval, s->scores.quantiles_score, s->mean_pull);
    if (isfinite(s->pull_width)) { /* of one experiment there is none */
        fprintf(stream, ", width %.3f", s->pull_width);
    }
    fprintf(stream, "\n");
    if (isfinite(s->shared_error)) {
        fprintf(stream,
                "  shared template error %.3f sigma: the statistics of the templates move all experiments together,\n"
                "                     |mean pull| may be up to 3 sqrt(1/N + shared^2) = %.3f\n",
                s->shared_error, s->allowed);
    }
    fprintf(stream, "  simulation         ");
    if (isfinite(evaluation->simulation.template_events)) {
        fprintf(stream, "%.0f effective background events in the templates, ", evaluation->simulation.template_events);
    }
    if (isfinite(evaluation->simulation.pool_events)) {
        fprintf(stream, "%.0f %sin the pool\n", evaluation->simulation.pool_events,
                isfinite(evaluation->simulation.template_events) ? "" : "effective background events ");
    } else {
        fprintf(stream, "fresh ones in every experiment\n");
    }
}

#include "baseline/leaderboard/leaderboard_result.h"

#include <math.h>

#include "baseline/scores/score_formula.h"
#include "baseline/support/json_output.h"

/* The draws are the same for all methods and runs: only differences between replicas matter. */
enum { SEED = 42 };

const char *const fb_leaderboard_result_metrics[FB_N_METRIC] = {"score", "interval", "coverage", "bias"};

/* Sums over the experiments of a sample. */
typedef struct sums {
    double n, width, covered, difference;
} sums;

static void add(sums *s, const fb_experiment *x)
{
    if (x->is_done && x->status == FB_OK) {
        s->n += 1.0;
        s->width += fabs(x->result.p84 - x->result.p16);
        s->covered += x->result.p16 <= x->truth.mu && x->truth.mu <= x->result.p84;
        s->difference += x->result.mu_hat - x->truth.mu;
    }
}

static void find_values(const sums *s, double value[FB_N_METRIC])
{
    value[FB_METRIC_INTERVAL] = s->width / s->n;
    value[FB_METRIC_COVERAGE] = s->covered / s->n;
    value[FB_METRIC_BIAS] = s->difference / s->n;
    value[FB_METRIC_SCORE] = fb_score_formula_quantiles(s->width / s->n, s->covered / s->n, s->n, FB_SCORE_OFFICIAL);
}

/* What is drawn from: each set by itself. Sets of one experiment, which would always be drawn, are taken together. */
typedef struct strata {
    uint64_t n, size;
} strata;

static strata strata_of(const fb_evaluation_settings *settings)
{
    return settings->n_experiments > 1 ? (strata){settings->n_sets, settings->n_experiments}
                                       : (strata){1, settings->n_sets};
}

static void find_replica(const fb_evaluation *evaluation, uint64_t k, double value[FB_N_METRIC])
{
    const strata from = strata_of(&evaluation->settings);
    sums s = {0};
    for (uint64_t set = 0; set < from.n; set++) {
        fb_random random = fb_random_at(SEED, FB_STREAM_BOOTSTRAP, k << 32 | set);
        for (uint64_t i = 0; i < from.size; i++) {
            const uint64_t e = (uint64_t)(fb_random_uniform(&random) * (double)from.size);
            add(&s, &evaluation->experiment[set * from.size + e]);
        }
    }
    find_values(&s, value);
}

/* Standard deviation over the replicas, of one result or of the difference of two. A replica without results (all of
 * its experiments failed) says nothing. */
static double spread(const fb_leaderboard_result *a, const fb_leaderboard_result *b, fb_metric metric)
{
    double n = 0.0, sum = 0.0, sum2 = 0.0;
    for (int k = 0; k < FB_LEADERBOARD_REPLICAS; k++) {
        double x = a->replica[k][metric];
        x -= b != NULL ? b->replica[k][metric] : 0.0;
        if (isfinite(x)) {
            n += 1.0;
            sum += x;
            sum2 += x * x;
        }
    }
    return n > 1.0 ? a->small_sample * sqrt(fmax(0.0, (sum2 - sum * sum / n) / (n - 1.0))) : NAN;
}

/* How bad a value is: lower is better. */
static double badness(double value, fb_metric metric)
{
    switch (metric) {
    case FB_METRIC_SCORE:
        return -value;
    case FB_METRIC_COVERAGE:
        return fabs(value - FB_SCORE_OFFICIAL.level);
    case FB_METRIC_BIAS:
        return fabs(value);
    default:
        return value;
    }
}

void fb_leaderboard_result_find(const fb_evaluation *evaluation, fb_leaderboard_result *result)
{
    const double size = (double)strata_of(&evaluation->settings).size;
    sums all = {0};
    *result = (fb_leaderboard_result){.small_sample = size > 1.0 ? sqrt(size / (size - 1.0)) : NAN};
    for (uint64_t k = 0; k < evaluation->n; k++) {
        add(&all, &evaluation->experiment[k]);
        result->n_failed += evaluation->experiment[k].is_done && evaluation->experiment[k].status != FB_OK;
    }
    result->n = (size_t)all.n;
    find_values(&all, result->value);
#pragma omp parallel for schedule(static)
    for (int k = 0; k < FB_LEADERBOARD_REPLICAS; k++) {
        find_replica(evaluation, (uint64_t)k, result->replica[k]);
    }
    for (int metric = 0; metric < FB_N_METRIC; metric++) {
        result->error[metric] = spread(result, NULL, (fb_metric)metric);
    }
}

bool fb_leaderboard_result_is_worse(const fb_leaderboard_result *now, const fb_leaderboard_result *before,
                                    fb_metric metric, double *loss, double *tolerance)
{
    /* Of the values themselves: of two distances from 0 the difference can spread more, though it cannot be larger. */
    const double paired = spread(now, before, metric);
    *loss = badness(now->value[metric], metric) - badness(before->value[metric], metric);
    *tolerance = hypot(3.0 * paired, 0.1 * before->error[metric]);
    if (isnan(now->value[metric])) {
        return !isnan(before->value[metric]); /* all experiments failed, and not all did before */
    }
    return *loss > *tolerance;
}

bool fb_leaderboard_result_fails_more(const fb_leaderboard_result *now, const fb_leaderboard_result *before)
{
    return (double)now->n_failed > (double)before->n_failed + 3.0 * sqrt((double)before->n_failed);
}

/* --- kept results ------------------------------------------------------------------------------------------------- */

json_t *fb_leaderboard_result_json(const fb_evaluation *evaluation)
{
    json_t *list = json_array();
    for (uint64_t k = 0; k < evaluation->n; k++) {
        const fb_experiment *x = &evaluation->experiment[k];
        const double values[3] = {x->result.mu_hat, x->result.p16, x->result.p84};
        json_array_append_new(list, x->is_done && x->status == FB_OK ? fb_json_output_numbers(values, 3) : json_null());
    }
    return list;
}

fb_status fb_leaderboard_result_read(const json_t *results, const char *path, fb_evaluation *evaluation,
                                     fb_error *error)
{
    if (json_array_size(results) != evaluation->n) {
        return fb_fail(error, FB_ERROR_DATA, "%s: a method has %zu results, expected are %zu", path,
                       json_array_size(results), (size_t)evaluation->n);
    }
    for (size_t k = 0; k < evaluation->n; k++) {
        const json_t *one = json_array_get(results, k);
        fb_experiment *x = &evaluation->experiment[k];
        double *const value[3] = {&x->result.mu_hat, &x->result.p16, &x->result.p84};
        x->is_done = true;
        x->status = json_is_null(one) ? FB_ERROR_NOT_CONVERGED : FB_OK;
        for (size_t i = 0; i < 3 && x->status == FB_OK; i++) {
            if (!json_is_number(json_array_get(one, i))) {
                return fb_fail(error, FB_ERROR_DATA, "%s: result %zu of a method is not [mu_hat, p16, p84]", path, k);
            }
            *value[i] = json_number_value(json_array_get(one, i));
        }
    }
    return FB_OK;
}

/* Whole runs of the official program, from the random seed to the scores, with its trivial model: mu_hat is a 500th of
 * the number of events, delta_mu_hat a 500th of the mean of DER_sum_pt, p16 and p84 are mu_hat -/+ delta_mu_hat. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "baseline/scores/score_formula.h"
#include "holdout/formats/event_file.h"
#include "holdout/pipeline/pipeline.h"
#include "holdout/pseudo/official_sample.h"
#include "tests/support/official_table.h"
#include "tests/support/reference.h"
#include "tests/support/support.h"

enum { N_SETS = 3, N_EXPERIMENTS = 5, MAX_ROWS = 4096, N_REPLICAS = 10 };

static json_t *reference;
static fb_source *source;
static fb_official_pool pool;
static fb_noise_table noise_table;
static long n_identical, n_near;

static void load(void)
{
    fb_error error = {0};
    reference = fb_reference_load(FB_TEST_DATA "/official/end_to_end.json");
    FB_ASSERT_OK(fb_event_file_open(FB_TEST_DATA "/synthetic_events.csv", &source, &error));
    pool = (fb_official_pool){.source = source, .n_rows = FB_ROWS_UNKNOWN};
}

static void release(void)
{
    json_decref(reference);
    fb_source_free(source);
    fb_noise_table_clear(&noise_table);
}

static void assert_identical(const char *what, double ours, double theirs)
{
    ck_assert_msg(ours == theirs, "%s is %.17g, officially %.17g", what, ours, theirs);
    n_identical++;
}

static void assert_near(const char *what, double ours, double theirs)
{
    ck_assert_msg(fabs(ours - theirs) <= 1e-12 * fmax(1.0, fabs(theirs)), "%s is %.17g, officially %.17g", what, ours,
                  theirs);
    n_near++;
}

/* --- the model ---------------------------------------------------------------------------------------------------- */

typedef struct sums {
    double value[MAX_ROWS]; /* DER_sum_pt */
    size_t n;
} sums;

static fb_status collect_sum_pt(void *context, int slot, fb_block *block, fb_error *error)
{
    sums *s = context;
    (void)slot;
    (void)error;
    for (size_t i = 0; i < block->events->n; i++) {
        ck_assert_uint_lt(s->n, MAX_ROWS);
        s->value[s->n++] = block->derived[FB_DER_SUM_PT - FB_N_PRIMARY][i];
    }
    return FB_OK;
}

/* numpy's order of summation: halves down to 128 values, there eight sums side by side. The last bit depends on it. */
static double numpy_sum(const double *value, size_t n)
{
    if (n < 8) {
        double sum = 0.0;
        for (size_t i = 0; i < n; i++) {
            sum += value[i];
        }
        return sum;
    }
    if (n <= 128) {
        double r[8];
        size_t i;
        for (i = 0; i < 8; i++) {
            r[i] = value[i];
        }
        for (; i < n - n % 8; i += 8) {
            for (size_t j = 0; j < 8; j++) {
                r[j] += value[i + j];
            }
        }
        double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
        for (; i < n; i++) {
            sum += value[i];
        }
        return sum;
    }
    const size_t half = n / 2 - n / 2 % 8;
    return numpy_sum(value, half) + numpy_sum(value + half, n - half);
}

/* The experiment's events in the official order through the pipeline. */
static void run_experiment(const fb_official_truth *truth, double *mu_hat, double *delta)
{
    static sums s;
    fb_error error = {0};
    fb_official_draw *draw = NULL;
    fb_events *events = NULL;
    fb_source *drawn = NULL;
    fb_noise noise;
    fb_pipeline pipeline = fb_pipeline_default();
    s.n = 0;
    FB_ASSERT_OK(fb_official_sample_draw(&pool, truth, true, &draw, &error));
    FB_ASSERT_OK(fb_official_table_events(&pool, draw, &events, &error));
    FB_ASSERT_OK(fb_official_table_noise(draw, &noise_table, &noise, &error));
    FB_ASSERT_OK(fb_source_from_events(events, "drawn", &drawn, &error));
    pipeline.stages.noise = &noise;
    pipeline.collect = collect_sum_pt;
    pipeline.context = &s;
    for (int k = 0; k < FB_N_SHAPE; k++) {
        pipeline.stages.nuisances.value[k] = truth->nuisances.value[k];
    }
    FB_ASSERT_OK(fb_pipeline_run(&pipeline, drawn, &error));
    *mu_hat = (double)s.n / 500.0;
    *delta = numpy_sum(s.value, s.n) / (double)s.n / 500.0;
    fb_source_free(drawn);
    fb_events_free(events);
    fb_official_draw_free(draw);
}

/* --- a run -------------------------------------------------------------------------------------------------------- */

typedef struct run {
    fb_official_run settings;
    double mu[N_SETS];
    double mu_hat[N_SETS][N_EXPERIMENTS], delta[N_SETS][N_EXPERIMENTS];
    double p16[N_SETS][N_EXPERIMENTS], p84[N_SETS][N_EXPERIMENTS];
} run;

static void ingest(const json_t *one, run *r)
{
    const json_t *settings = json_object_get(one, "test_settings");
    const json_t *on = json_object_get(settings, "systematics");
    fb_error error = {0};
    r->settings = (fb_official_run){.seed = (uint32_t)fb_reference_number(one, "random_seed"),
                                    .n_sets = (uint32_t)fb_reference_number(settings, "num_of_sets"),
                                    .n_experiments = (uint32_t)fb_reference_number(settings, "num_pseudo_experiments")};
    ck_assert(r->settings.n_sets == N_SETS && r->settings.n_experiments == N_EXPERIMENTS);
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        if (json_is_true(json_object_get(on, fb_nuisance_describe((fb_nuisance)k)->name))) {
            r->settings.drawn |= 1U << k;
        }
    }
    ck_assert_uint_eq(r->settings.drawn, FB_ALL_NUISANCES);
    FB_ASSERT_OK(fb_official_truth_check_run(&r->settings, &error));
    fb_official_truth_mus(&r->settings, r->mu);
    for (uint32_t s = 0; s < N_SETS; s++) {
        for (uint32_t e = 0; e < N_EXPERIMENTS; e++) {
            const fb_official_truth truth = fb_official_truth_of(&r->settings, r->mu[s], s, e);
            run_experiment(&truth, &r->mu_hat[s][e], &r->delta[s][e]);
            r->p16[s][e] = r->mu_hat[s][e] - r->delta[s][e];
            r->p84[s][e] = r->mu_hat[s][e] + r->delta[s][e];
        }
    }
}

static void compare_list(const json_t *object, const char *key, const double *ours, size_t n,
                         void (*compare)(const char *what, double ours, double theirs))
{
    size_t m = 0;
    double *theirs = fb_reference_list(object, key, &m);
    ck_assert_uint_eq(n, m);
    for (size_t k = 0; k < n; k++) {
        compare(key, ours[k], theirs[k]);
    }
    free(theirs);
}

START_TEST(results_are_official)
{
    ck_assert_uint_eq(json_array_size(reference), 2);
    for (size_t k = 0; k < 2; k++) {
        const json_t *one = json_array_get(reference, k);
        const json_t *results = json_object_get(one, "results");
        run r = {0};
        ingest(one, &r);
        compare_list(json_object_get(one, "test_settings"), "ground_truth_mus", r.mu, N_SETS, assert_identical);
        ck_assert_uint_eq(json_array_size(results), N_SETS);
        for (size_t s = 0; s < N_SETS; s++) {
            const json_t *set = json_array_get(results, s);
            compare_list(set, "mu_hats", r.mu_hat[s], N_EXPERIMENTS, assert_identical);
            compare_list(set, "delta_mu_hats", r.delta[s], N_EXPERIMENTS, assert_identical);
            compare_list(set, "p16", r.p16[s], N_EXPERIMENTS, assert_identical);
            compare_list(set, "p84", r.p84[s], N_EXPERIMENTS, assert_identical);
        }
    }
    printf("end_to_end.json: %ld numbers of the ingestion compared, all identical\n", n_identical);
}
END_TEST

static void compare_sets(const json_t *official, const fb_result_set *set)
{
    double column[6][N_SETS];
    for (size_t s = 0; s < N_SETS; s++) {
        const fb_scores one = fb_score_formula_of_sets(&set[s], 1, FB_SCORE_OFFICIAL);
        column[0][s] = one.rmse;
        column[1][s] = one.mae;
        column[2][s] = one.interval;
        column[3][s] = one.coverage;
        column[4][s] = one.quantiles_score;
        column[5][s] = (double)set[s].n;
    }
    static const char *const key[6] = {"rmse", "mae", "interval", "coverage", "quantiles_score", "set_size"};
    for (int k = 0; k < 6; k++) {
        compare_list(official, key[k], column[k], N_SETS, assert_near);
    }
}

static void compare_bootstrap(const json_t *official, const fb_result_set *set)
{
    const fb_score_resampling resampling = {.n_replicas = N_REPLICAS, .n_chosen = 3, .seed = FB_SCORE_BOOTSTRAP_SEED};
    fb_error error = {0};
    fb_scores scores[N_REPLICAS];
    double interval[N_REPLICAS], coverage[N_REPLICAS], score[N_REPLICAS];
    FB_ASSERT_OK(fb_score_formula_bootstrap(set, N_SETS, &resampling, FB_SCORE_OFFICIAL, scores, &error));
    for (int k = 0; k < N_REPLICAS; k++) {
        interval[k] = scores[k].interval;
        coverage[k] = scores[k].coverage;
        score[k] = scores[k].quantiles_score;
    }
    compare_list(official, "interval", interval, N_REPLICAS, assert_near);
    compare_list(official, "coverage", coverage, N_REPLICAS, assert_near);
    compare_list(official, "quantiles_score", score, N_REPLICAS, assert_near);
}

START_TEST(scores_are_official)
{
    for (size_t k = 0; k < json_array_size(reference); k++) {
        const json_t *one = json_array_get(reference, k);
        const json_t *official = json_object_get(one, "scores");
        fb_result_set set[N_SETS];
        run r = {0};
        ingest(one, &r);
        for (size_t s = 0; s < N_SETS; s++) {
            set[s] = (fb_result_set){r.mu[s], N_EXPERIMENTS, r.mu_hat[s], r.delta[s], r.p16[s], r.p84[s]};
        }
        const fb_scores all = fb_score_formula_of_sets(set, N_SETS, FB_SCORE_OFFICIAL);
        assert_near("rmse", all.rmse, fb_reference_number(official, "rmse"));
        assert_near("mae", all.mae, fb_reference_number(official, "mae"));
        assert_near("interval", all.interval, fb_reference_number(official, "interval"));
        assert_near("coverage", all.coverage, fb_reference_number(official, "coverage"));
        assert_near("quantiles_score", all.quantiles_score, fb_reference_number(official, "quantiles_score"));
        compare_sets(json_object_get(one, "set_scores"), set);
        compare_bootstrap(json_object_get(one, "bootstraped_scores_10x3_seed42"), set);
    }
    printf("end_to_end.json: %ld numbers of the scoring compared, equal to 1e-12\n", n_near);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline/official");
    TCase *tests = tcase_create("end to end");
    suite_add_tcase(suite, tests);
    tcase_add_unchecked_fixture(tests, load, release);
    tcase_add_test(tests, results_are_official);
    tcase_add_test(tests, scores_are_official);
    return fb_run_suite(suite);
}

/* Methods compared on the same experiments: the errors are those of the number of experiments, what got worse is found,
 * and what did not is left alone. */
#include <math.h>
#include <string.h>

#include "baseline/experiments/method_file.h"
#include "baseline/leaderboard/leaderboard_result.h"
#include "baseline/scores/score_formula.h"
#include "tests/support/support.h"

enum { N_SETS = 10, N = 100 };

/* Measurements with error `sigma` that quote `quoted`, all shifted by `bias`; the same luck for all methods. */
static fb_evaluation *measure(double sigma, double quoted, double bias)
{
    const fb_evaluation_settings settings = {N_SETS, N, 5, FB_ALL_NUISANCES, FB_GENERATOR_STREAMS};
    fb_evaluation *evaluation = NULL;
    fb_error error = {0};
    FB_ASSERT_OK(fb_evaluation_create(&settings, &evaluation, &error));
    for (uint64_t k = 0; k < N_SETS * N; k++) {
        fb_experiment *x = &evaluation->experiment[k];
        fb_random random = fb_random_at(7, FB_STREAM_TOY, k);
        x->is_done = true;
        x->result.mu_hat = x->truth.mu + bias + sigma * fb_random_normal(&random);
        x->result.p16 = x->result.mu_hat - quoted;
        x->result.p84 = x->result.mu_hat + quoted;
    }
    return evaluation;
}

static fb_leaderboard_result judge(double sigma, double quoted, double bias)
{
    fb_evaluation *evaluation = measure(sigma, quoted, bias);
    fb_leaderboard_result result;
    fb_leaderboard_result_find(evaluation, &result);
    fb_evaluation_free(evaluation);
    return result;
}

static bool is_worse(const fb_leaderboard_result *now, const fb_leaderboard_result *before, fb_metric metric)
{
    double loss, tolerance;
    return fb_leaderboard_result_is_worse(now, before, metric, &loss, &tolerance);
}

/* What the luck of all experiments comes to. */
static double judge_bias(void)
{
    fb_leaderboard_result s = judge(0.3, 0.3, 0.0);
    const double bias = s.value[FB_METRIC_BIAS];
    return bias;
}

/* A good method, sigma 0.3 and widths that fluctuate, on `n_sets` sets of `n`, with luck of its own. */
static fb_evaluation *measure_shape(uint64_t n_sets, uint64_t n, uint64_t luck)
{
    const fb_evaluation_settings settings = {n_sets, n, 5, FB_ALL_NUISANCES, FB_GENERATOR_STREAMS};
    fb_evaluation *evaluation = NULL;
    fb_error error = {0};
    FB_ASSERT_OK(fb_evaluation_create(&settings, &evaluation, &error));
    for (uint64_t k = 0; k < n_sets * n; k++) {
        fb_experiment *x = &evaluation->experiment[k];
        fb_random random = fb_random_at(8, FB_STREAM_TOY, luck << 32 | k);
        x->is_done = true;
        x->result.mu_hat = x->truth.mu + 0.3 * fb_random_normal(&random);
        const double quoted = 0.3 + 0.02 * fb_random_normal(&random);
        x->result.p16 = x->result.mu_hat - quoted;
        x->result.p84 = x->result.mu_hat + quoted;
    }
    return evaluation;
}

START_TEST(values_and_errors)
{
    fb_leaderboard_result s = judge(0.3, 0.3, 0.05);
    const double n = N_SETS * N;
    ck_assert_uint_eq(s.n, (size_t)n);
    FB_ASSERT_NEAR(s.value[FB_METRIC_INTERVAL], 0.6, 1e-12);
    FB_ASSERT_NEAR(s.error[FB_METRIC_INTERVAL], 0.0, 1e-12);
    FB_ASSERT_NEAR(s.value[FB_METRIC_BIAS], 0.05, 4.0 * 0.3 / sqrt(n));
    FB_ASSERT_NEAR(s.error[FB_METRIC_BIAS], 0.3 / sqrt(n), 0.1 * 0.3 / sqrt(n));
    FB_ASSERT_NEAR(s.error[FB_METRIC_COVERAGE], sqrt(0.68 * 0.32 / n), 0.1 * sqrt(0.68 * 0.32 / n));
    FB_ASSERT_NEAR(
        s.value[FB_METRIC_SCORE],
        fb_score_formula_quantiles(s.value[FB_METRIC_INTERVAL], s.value[FB_METRIC_COVERAGE], n, FB_SCORE_OFFICIAL),
        1e-12);
}
END_TEST

START_TEST(the_same_is_not_worse)
{
    fb_leaderboard_result before = judge(0.3, 0.3, 0.0);
    fb_leaderboard_result same = judge(0.3, 0.3, 0.0), rounded = judge(0.3, 0.3 + 1e-6, 1e-6),
                          down = judge(0.3, 0.3, -1e-6);
    for (int metric = 0; metric < FB_N_METRIC; metric++) {
        double loss, tolerance;
        ck_assert(!fb_leaderboard_result_is_worse(&same, &before, (fb_metric)metric, &loss, &tolerance));
        ck_assert(loss == 0.0);
        if (metric != FB_METRIC_INTERVAL && metric != FB_METRIC_SCORE) { /* here all widths are equal, without error */
            ck_assert(!is_worse(&rounded, &before, (fb_metric)metric));
            ck_assert(!is_worse(&down, &before, (fb_metric)metric));
        }
    }
}
END_TEST

START_TEST(damage_is_found)
{
    fb_leaderboard_result good = judge(0.3, 0.3, 0.0);
    fb_leaderboard_result wide = judge(0.3, 0.4, 0.0), biased = judge(0.3, 0.3, 0.1), narrow = judge(0.3, 0.2, 0.0);
    ck_assert(is_worse(&wide, &good, FB_METRIC_INTERVAL));
    ck_assert(is_worse(&wide, &good, FB_METRIC_SCORE));
    ck_assert(is_worse(&biased, &good, FB_METRIC_BIAS));
    ck_assert(!is_worse(&biased, &good, FB_METRIC_INTERVAL));
    ck_assert(is_worse(&narrow, &good, FB_METRIC_COVERAGE));
    ck_assert(is_worse(&narrow, &good, FB_METRIC_SCORE)); /* the penalty */
    ck_assert(!is_worse(&good, &wide, FB_METRIC_SCORE));  /* better is fine */
    ck_assert(!is_worse(&good, &biased, FB_METRIC_BIAS));
}
END_TEST

/* A shift that single experiments hide is seen on the same experiments: only the difference fluctuates. */
START_TEST(pairs_see_more)
{
    fb_leaderboard_result before = judge(0.3, 0.3, 0.02), now = judge(0.3, 0.3, 0.028);
    double loss, tolerance;
    ck_assert(0.008 < before.error[FB_METRIC_BIAS]);
    ck_assert(fb_leaderboard_result_is_worse(&now, &before, FB_METRIC_BIAS, &loss, &tolerance));
    ck_assert(tolerance < loss);
}
END_TEST

/* Coverage and bias that were right before: their distances from what is right, which cannot get smaller, tell no
 * difference of pairs. */
START_TEST(pairs_see_more_where_all_was_well)
{
    const double unbiased = -judge_bias();
    fb_leaderboard_result before = judge(0.3, 0.3, unbiased), now = judge(0.3, 0.3, unbiased + 0.008);
    FB_ASSERT_NEAR(before.value[FB_METRIC_BIAS], 0.0, 1e-12);
    ck_assert(0.008 < before.error[FB_METRIC_BIAS]);
    ck_assert(is_worse(&now, &before, FB_METRIC_BIAS));
}
END_TEST

/* The error does not depend on how the same experiments are called sets, and one experiment has none. */
START_TEST(small_sets_have_errors)
{
    const uint64_t shapes[4][2] = {{1, 60}, {30, 2}, {20, 3}, {60, 1}};
    fb_leaderboard_result one;
    for (int k = 0; k < 4; k++) {
        double mean = 0.0;
        for (uint64_t luck = 0; luck < 20; luck++) {
            fb_evaluation *evaluation = measure_shape(shapes[k][0], shapes[k][1], luck);
            fb_leaderboard_result s;
            fb_leaderboard_result_find(evaluation, &s);
            mean += s.error[FB_METRIC_BIAS] * s.error[FB_METRIC_BIAS] / 20.0;
            fb_evaluation_free(evaluation);
        }
        FB_ASSERT_NEAR(mean, 0.09 / 60.0, 0.15 * 0.09 / 60.0);
    }
    fb_evaluation *evaluation = measure_shape(1, 1, 0);
    fb_leaderboard_result_find(evaluation, &one);
    for (int metric = 0; metric < FB_N_METRIC; metric++) {
        ck_assert(isnan(one.error[metric]));
        ck_assert(!is_worse(&one, &one, (fb_metric)metric));
    }
    fb_evaluation_free(evaluation);
}
END_TEST

/* The same method with other luck: three standard deviations are rarely passed, whatever the shape of the run. */
START_TEST(false_alarms_are_rare)
{
    enum { N_TRIALS = 200 };
    const uint64_t shapes[2][2] = {{30, 2}, {60, 1}};
    for (int k = 0; k < 2; k++) {
        int n_alarms[FB_N_METRIC] = {0};
        for (uint64_t trial = 0; trial < N_TRIALS; trial++) {
            fb_leaderboard_result result[2];
            for (uint64_t i = 0; i < 2; i++) {
                fb_evaluation *evaluation = measure_shape(shapes[k][0], shapes[k][1], 100 + 2 * trial + i);
                fb_leaderboard_result_find(evaluation, &result[i]);
                fb_evaluation_free(evaluation);
            }
            for (int metric = 0; metric < FB_N_METRIC; metric++) {
                n_alarms[metric] += is_worse(&result[0], &result[1], (fb_metric)metric);
            }
        }
        for (int metric = 0; metric < FB_N_METRIC; metric++) { /* 0.3 expected, if all were normal */
            ck_assert_msg(n_alarms[metric] <= 3, "%s: %d alarms in sets of %d", fb_leaderboard_result_metrics[metric],
                          n_alarms[metric], (int)shapes[k][1]);
        }
    }
}
END_TEST

START_TEST(failures_count)
{
    fb_evaluation *evaluation = measure(0.3, 0.3, 0.0);
    fb_leaderboard_result all = judge(0.3, 0.3, 0.0), some, none;
    for (int k = 0; k < 40; k++) {
        evaluation->experiment[k].status = FB_ERROR_NOT_CONVERGED;
    }
    fb_leaderboard_result_find(evaluation, &some);
    ck_assert_uint_eq(some.n_failed, 40);
    ck_assert_uint_eq(some.n, N_SETS * N - 40);
    ck_assert(fb_leaderboard_result_fails_more(&some, &all));
    ck_assert(!fb_leaderboard_result_fails_more(&all, &some));
    ck_assert(!fb_leaderboard_result_fails_more(&(fb_leaderboard_result){.n_failed = 58},
                                                &some)); /* 40 + 3 sqrt(40) = 58.97 */
    ck_assert(fb_leaderboard_result_fails_more(&(fb_leaderboard_result){.n_failed = 59}, &some));
    for (int k = 0; k < N_SETS * N; k++) {
        evaluation->experiment[k].status = FB_ERROR_NOT_CONVERGED;
    }
    fb_leaderboard_result_find(evaluation, &none);
    ck_assert(isnan(none.value[FB_METRIC_SCORE]));
    ck_assert(is_worse(&none, &all, FB_METRIC_SCORE));
    ck_assert(!is_worse(&none, &none, FB_METRIC_SCORE)); /* nothing changed */
    ck_assert(!is_worse(&all, &none, FB_METRIC_SCORE));
    fb_evaluation_free(evaluation);
}
END_TEST

START_TEST(results_come_back)
{
    fb_evaluation *evaluation = measure(0.3, 0.3, 0.0), *back = measure(0.5, 0.1, 1.0);
    fb_leaderboard_result before, after;
    fb_error error = {0};
    evaluation->experiment[3].status = FB_ERROR_NOT_CONVERGED;
    json_t *results = fb_leaderboard_result_json(evaluation);
    FB_ASSERT_OK(fb_leaderboard_result_read(results, "file", back, &error));
    fb_leaderboard_result_find(evaluation, &before);
    fb_leaderboard_result_find(back, &after);
    ck_assert_mem_eq(before.value, after.value, sizeof before.value);
    json_array_remove(results, 0);
    ck_assert_int_eq(fb_leaderboard_result_read(results, "file", back, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, "999 results") != NULL, "%s", error.text);
    json_array_append_new(results, json_string("no"));
    ck_assert_int_eq(fb_leaderboard_result_read(results, "file", back, &error), FB_ERROR_DATA);
    json_decref(results);
    fb_evaluation_free(evaluation);
    fb_evaluation_free(back);
}
END_TEST

/* A classifier is trained again when anything differs that it depends on, and not for other bins. */
START_TEST(classifiers_are_shared)
{
    const fb_method_file like = {.train = fb_train_settings_default()};
    fb_method_file other[9];
    fb_error error = {0};
    for (int k = 0; k < 9; k++) {
        other[k] = like;
    }
    other[1].train.model = "dense";
    other[2].train.calibrate = FB_CALIBRATION_ISOTONIC;
    other[3].train.set = (fb_text_list){.n = 1, .item = {"depth=3"}};
    other[4].train.train_rows += 1;
    other[5].train.augmentation.n_copies += 1;
    other[6].train.augmentation.widening += 1.0;
    FB_ASSERT_OK(fb_conditioning_add(&other[7].train.templates.conditioning, "tes", &error));
    FB_ASSERT_OK(fb_conditioning_add(&other[8].train.templates.conditioning, "jes=1.01", &error));
    for (int k = 0; k < 9; k++) {
        ck_assert_msg(fb_method_file_same_classifier(&like, &other[k]) == (k == 0), "difference %d", k);
        ck_assert(fb_method_file_same_classifier(&other[k], &other[k]));
    }
    other[0].train.templates.n_bins = 3;
    ck_assert(fb_method_file_same_classifier(&like, &other[0]));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("leaderboard");
    TCase *tests = tcase_create("leaderboard");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, values_and_errors);
    tcase_add_test(tests, the_same_is_not_worse);
    tcase_add_test(tests, damage_is_found);
    tcase_add_test(tests, pairs_see_more);
    tcase_add_test(tests, pairs_see_more_where_all_was_well);
    tcase_add_test(tests, small_sets_have_errors);
    tcase_add_test(tests, false_alarms_are_rare);
    tcase_add_test(tests, failures_count);
    tcase_add_test(tests, results_come_back);
    tcase_add_test(tests, classifiers_are_shared);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}

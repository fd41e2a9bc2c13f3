/* Scores against those of the official scoring program (tests/data/scoring.json). */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "baseline/score.h"
#include "tests/support.h"

/* Sums of a thousand doubles in another order than numpy's; relative where numbers exceed 1. */
static const double SAME = 1e-12;

static json_t *reference;

static void load_reference(void)
{
    json_error_t why;
    reference = json_load_file(FB_TEST_DATA "/scoring.json", 0, &why);
    ck_assert_msg(reference != NULL, "scoring.json: %s", why.text);
}

static void free_reference(void)
{
    json_decref(reference);
}

static double number_of(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    ck_assert_msg(json_is_number(value), "scoring.json: '%s' is missing", key);
    return json_number_value(value);
}

/* A list as an array; release with free(). */
static double *list_of(const json_t *object, const char *key, size_t *n)
{
    json_t *list = json_object_get(object, key);
    ck_assert_msg(json_is_array(list), "scoring.json: '%s' is missing", key);
    *n = json_array_size(list);
    double *values = malloc((*n + 1) * sizeof *values);
    for (size_t k = 0; k < *n; k++) {
        ck_assert(json_is_number(json_array_get(list, k)));
        values[k] = json_number_value(json_array_get(list, k));
    }
    return values;
}

#define ASSERT_SAME(name, what, ours, official)                                                                        \
    ck_assert_msg(fabs((ours) - (official)) <= SAME * fmax(1.0, fabs(official)), "%s: %s is %.17g, officially %.17g",  \
                  name, what, ours, official)

/* One set per experiment, since mu varies within some cases. The sets score what pools experiments; rmse and mae are
 * compared for the first experiment. */
static void check_case(const json_t *one)
{
    const char *name = json_string_value(json_object_get(one, "name"));
    size_t n = 0, m = 0;
    double *mu = list_of(one, "mu", &n), *mu_hat = list_of(one, "mu_hat", &m), *delta, *p16, *p84;
    ck_assert_uint_eq(n, m);
    delta = list_of(one, "delta_mu_hat", &m);
    ck_assert_uint_eq(n, m);
    p16 = list_of(one, "p16", &m);
    ck_assert_uint_eq(n, m);
    p84 = list_of(one, "p84", &m);
    ck_assert_uint_eq(n, m);
    ck_assert_uint_gt(n, 0);
    fb_result_set *set = calloc(n, sizeof *set);
    for (size_t k = 0; k < n; k++) {
        set[k] = (fb_result_set){mu[k], 1, mu_hat + k, delta + k, p16 + k, p84 + k};
    }
    fb_scores first = fb_score_set(&set[0], FB_SCORE_EPSILON);
    fb_scores all = fb_score_sets(set, n, FB_SCORE_EPSILON);
    ASSERT_SAME(name, "rmse", first.rmse, number_of(one, "rmse_first"));
    ASSERT_SAME(name, "mae", first.mae, number_of(one, "mae_first"));
    ASSERT_SAME(name, "interval", all.interval, number_of(one, "interval"));
    ASSERT_SAME(name, "coverage", all.coverage, number_of(one, "coverage"));
    ASSERT_SAME(name, "quantiles_score", all.quantiles_score, number_of(one, "quantiles_score"));
    free(set);
    free(mu);
    free(mu_hat);
    free(delta);
    free(p16);
    free(p84);
}

START_TEST(cases)
{
    const json_t *list = json_object_get(reference, "cases");
    ck_assert_uint_eq(json_array_size(list), 19);
    for (size_t k = 0; k < json_array_size(list); k++) {
        check_case(json_array_get(list, k));
    }
}
END_TEST

static void check_set(const char *name, const json_t *official, size_t s, const fb_result_set *set)
{
    const fb_scores ours = fb_score_set(set, FB_SCORE_EPSILON);
    const struct {
        const char *key;
        double value;
    } pairs[] = {{"rmse", ours.rmse},
                 {"mae", ours.mae},
                 {"interval", ours.interval},
                 {"coverage", ours.coverage},
                 {"quantiles_score", ours.quantiles_score},
                 {"set_size", (double)set->n}};
    for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
        size_t n = 0;
        double *list = list_of(official, pairs[k].key, &n);
        ck_assert_uint_lt(s, n);
        ASSERT_SAME(name, pairs[k].key, pairs[k].value, list[s]);
        free(list);
    }
}

static void check_run(const json_t *run)
{
    enum { MAX_SETS = 64 };
    const char *name = json_string_value(json_object_get(run, "name"));
    const json_t *results = json_object_get(run, "ingestion_results");
    const json_t *scores = json_object_get(run, "scores");
    fb_result_set set[MAX_SETS];
    size_t n_sets = 0, m = 0;
    double *mu = list_of(run, "ground_truth_mus", &n_sets);
    ck_assert(n_sets > 0 && n_sets <= MAX_SETS && n_sets == json_array_size(results));
    for (size_t s = 0; s < n_sets; s++) {
        const json_t *one = json_array_get(results, s);
        set[s] = (fb_result_set){.mu = mu[s]};
        set[s].mu_hat = list_of(one, "mu_hats", &set[s].n);
        set[s].delta_mu_hat = list_of(one, "delta_mu_hats", &m);
        set[s].p16 = list_of(one, "p16", &m);
        set[s].p84 = list_of(one, "p84", &m);
        ck_assert_uint_eq(set[s].n, m);
        check_set(name, json_object_get(run, "set_scores"), s, &set[s]);
    }
    const fb_scores ours = fb_score_sets(set, n_sets, FB_SCORE_EPSILON);
    ASSERT_SAME(name, "rmse", ours.rmse, number_of(scores, "rmse"));
    ASSERT_SAME(name, "mae", ours.mae, number_of(scores, "mae"));
    ASSERT_SAME(name, "interval", ours.interval, number_of(scores, "interval"));
    ASSERT_SAME(name, "coverage", ours.coverage, number_of(scores, "coverage"));
    ASSERT_SAME(name, "quantiles_score", ours.quantiles_score, number_of(scores, "quantiles_score"));
    for (size_t s = 0; s < n_sets; s++) {
        free((void *)set[s].mu_hat);
        free((void *)set[s].delta_mu_hat);
        free((void *)set[s].p16);
        free((void *)set[s].p84);
    }
    free(mu);
}

START_TEST(whole_runs)
{
    const json_t *list = json_object_get(reference, "compute_scores");
    ck_assert_uint_eq(json_array_size(list), 3);
    for (size_t k = 0; k < json_array_size(list); k++) {
        check_run(json_array_get(list, k));
    }
}
END_TEST

/* The formula by hand, at its edges: N = 100 has sigma68 = 0.046543. */
START_TEST(penalty_by_hand)
{
    const double sigma = sqrt(0.6827 * 0.3173 / 100.0);
    ck_assert_double_eq(fb_score_penalty(0.6827, 100.0), 1.0);
    ck_assert_double_eq(fb_score_penalty(0.6827 + 1.999 * sigma, 100.0), 1.0);
    ck_assert_double_eq(fb_score_penalty(0.6827 - 1.999 * sigma, 100.0), 1.0);
    FB_ASSERT_NEAR(fb_score_penalty(0.6827 + 5.0 * sigma, 100.0), 1.0 + 27.0, 1e-9);
    FB_ASSERT_NEAR(fb_score_penalty(0.6827 - 5.0 * sigma, 100.0), 1.0 + 81.0, 1e-9);
    FB_ASSERT_NEAR(fb_score_quantiles(0.5, 0.6827, 100.0, 1e-2), -log(0.51), SAME);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline/score");
    TCase *tests = tcase_create("score");
    suite_add_tcase(suite, tests);
    tcase_add_unchecked_fixture(tests, load_reference, free_reference);
    tcase_add_test(tests, cases);
    tcase_add_test(tests, whole_runs);
    tcase_add_test(tests, penalty_by_hand);
    return fb_run_suite(suite);
}

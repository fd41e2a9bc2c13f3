/* Scores against those of the official scoring program (tests/data/scoring.json). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/scores/score_formula.h"
#include "tests/support/reference.h"
#include "tests/support/support.h"

/* Sums of a thousand doubles in another order than numpy's; relative where numbers exceed 1. */
static const double SAME = 1e-12;

static json_t *reference;
static int n_bootstrapped;

static void load_reference(void)
{
    reference = fb_reference_load(FB_TEST_DATA "/scoring.json");
}

static void free_reference(void)
{
    json_decref(reference);
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
    double *mu = fb_reference_list(one, "mu", &n), *mu_hat = fb_reference_list(one, "mu_hat", &m), *delta, *p16, *p84;
    ck_assert_uint_eq(n, m);
    delta = fb_reference_list(one, "delta_mu_hat", &m);
    ck_assert_uint_eq(n, m);
    p16 = fb_reference_list(one, "p16", &m);
    ck_assert_uint_eq(n, m);
    p84 = fb_reference_list(one, "p84", &m);
    ck_assert_uint_eq(n, m);
    ck_assert_uint_gt(n, 0);
    fb_result_set *set = calloc(n, sizeof *set);
    for (size_t k = 0; k < n; k++) {
        set[k] = (fb_result_set){mu[k], 1, mu_hat + k, delta + k, p16 + k, p84 + k};
    }
    fb_scores first = fb_score_formula_of_sets(&set[0], 1, FB_SCORE_OFFICIAL);
    fb_scores all = fb_score_formula_of_sets(set, n, FB_SCORE_OFFICIAL);
    ASSERT_SAME(name, "rmse", first.rmse, fb_reference_number(one, "rmse_first"));
    ASSERT_SAME(name, "mae", first.mae, fb_reference_number(one, "mae_first"));
    ASSERT_SAME(name, "interval", all.interval, fb_reference_number(one, "interval"));
    ASSERT_SAME(name, "coverage", all.coverage, fb_reference_number(one, "coverage"));
    ASSERT_SAME(name, "quantiles_score", all.quantiles_score, fb_reference_number(one, "quantiles_score"));
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
    const fb_scores ours = fb_score_formula_of_sets(set, 1, FB_SCORE_OFFICIAL);
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
        double *list = fb_reference_list(official, pairs[k].key, &n);
        ck_assert_uint_lt(s, n);
        ASSERT_SAME(name, pairs[k].key, pairs[k].value, list[s]);
        free(list);
    }
}

/* "n20_size6_seed42": 20 replicas of 6 sets each, from seed 42 on. */
static void check_bootstrap(const char *name, const json_t *run, const fb_result_set *set, size_t n_sets)
{
    enum { MAX_REPLICAS = 32 };
    json_t *all = json_object_get(run, "bootstraped");
    const char *key;
    json_t *official;
    ck_assert_uint_eq(json_object_size(all), 3);
    json_object_foreach(all, key, official)
    {
        fb_error error = {0};
        fb_score_resampling resampling;
        fb_scores ours[MAX_REPLICAS];
        size_t n[3] = {0};
        ck_assert_int_eq(
            sscanf(key, "n%zu_size%zu_seed%u", &resampling.n_replicas, &resampling.n_chosen, &resampling.seed), 3);
        ck_assert_uint_le(resampling.n_replicas, MAX_REPLICAS);
        FB_ASSERT_OK(fb_score_formula_bootstrap(set, n_sets, &resampling, FB_SCORE_OFFICIAL, ours, &error));
        double *interval = fb_reference_list(official, "interval", &n[0]);
        double *coverage = fb_reference_list(official, "coverage", &n[1]);
        double *score = fb_reference_list(official, "quantiles_score", &n[2]);
        for (size_t k = 0; k < resampling.n_replicas; k++) {
            ASSERT_SAME(name, "bootstrapped interval", ours[k].interval, interval[k]);
            ASSERT_SAME(name, "bootstrapped coverage", ours[k].coverage, coverage[k]);
            ASSERT_SAME(name, "bootstrapped score", ours[k].quantiles_score, score[k]);
            n_bootstrapped += 3;
        }
        for (int k = 0; k < 3; k++) {
            ck_assert_uint_eq(n[k], resampling.n_replicas);
        }
        free(interval);
        free(coverage);
        free(score);
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
    double *mu = fb_reference_list(run, "ground_truth_mus", &n_sets);
    ck_assert(n_sets > 0 && n_sets <= MAX_SETS && n_sets == json_array_size(results));
    for (size_t s = 0; s < n_sets; s++) {
        const json_t *one = json_array_get(results, s);
        set[s] = (fb_result_set){.mu = mu[s]};
        set[s].mu_hat = fb_reference_list(one, "mu_hats", &set[s].n);
        set[s].delta_mu_hat = fb_reference_list(one, "delta_mu_hats", &m);
        set[s].p16 = fb_reference_list(one, "p16", &m);
        set[s].p84 = fb_reference_list(one, "p84", &m);
        ck_assert_uint_eq(set[s].n, m);
        check_set(name, json_object_get(run, "set_scores"), s, &set[s]);
    }
    const fb_scores ours = fb_score_formula_of_sets(set, n_sets, FB_SCORE_OFFICIAL);
    ASSERT_SAME(name, "rmse", ours.rmse, fb_reference_number(scores, "rmse"));
    ASSERT_SAME(name, "mae", ours.mae, fb_reference_number(scores, "mae"));
    ASSERT_SAME(name, "interval", ours.interval, fb_reference_number(scores, "interval"));
    ASSERT_SAME(name, "coverage", ours.coverage, fb_reference_number(scores, "coverage"));
    ASSERT_SAME(name, "quantiles_score", ours.quantiles_score, fb_reference_number(scores, "quantiles_score"));
    check_bootstrap(name, run, set, n_sets);
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
    printf("scoring.json: %d bootstrapped numbers agree to 1e-12\n", n_bootstrapped);
    ck_assert_int_eq(n_bootstrapped, 3 * 3 * (10 + 20 + 5));
}
END_TEST

/* One set: no choice, so each replica is the set itself, but counted n_chosen times. */
START_TEST(bootstrap_of_one_set)
{
    static const double mu_hat[4] = {1.0, 1.1, 0.9, 1.3}, delta[4] = {0.1, 0.1, 0.1, 0.1};
    static const double p16[4] = {0.9, 1.0, 0.8, 1.2}, p84[4] = {1.1, 1.2, 1.0, 1.4};
    const fb_result_set set = {1.0, 4, mu_hat, delta, p16, p84};
    const fb_scores whole = fb_score_formula_of_sets(&set, 1, FB_SCORE_OFFICIAL);
    fb_error error = {0};
    fb_scores ours[2];
    fb_score_resampling resampling = {.n_replicas = 2, .n_chosen = 5, .seed = UINT32_MAX - 1};
    FB_ASSERT_OK(fb_score_formula_bootstrap(&set, 1, &resampling, FB_SCORE_OFFICIAL, ours, &error));
    for (int k = 0; k < 2; k++) {
        FB_ASSERT_NEAR(ours[k].rmse, whole.rmse, SAME);
        FB_ASSERT_NEAR(ours[k].mae, whole.mae, SAME);
        FB_ASSERT_NEAR(ours[k].interval, 0.2, SAME);
        FB_ASSERT_NEAR(ours[k].coverage, 0.75, SAME);
        FB_ASSERT_NEAR(ours[k].quantiles_score, fb_score_formula_quantiles(0.2, 0.75, 20.0, FB_SCORE_OFFICIAL), SAME);
    }
}
END_TEST

/* f(c) of 100 experiments, where w + epsilon is 1. */
static double penalty(double c)
{
    return exp(-fb_score_formula_quantiles(1.0 - 1e-3, c, 100.0, FB_SCORE_OFFICIAL));
}

/* The formula by hand, at its edges: N = 100 has sigma68 = 0.046543. */
START_TEST(penalty_by_hand)
{
    const double sigma = sqrt(0.6827 * 0.3173 / 100.0);
    ck_assert_double_eq(penalty(0.6827), 1.0);
    ck_assert_double_eq(penalty(0.6827 + 1.999 * sigma), 1.0);
    ck_assert_double_eq(penalty(0.6827 - 1.999 * sigma), 1.0);
    FB_ASSERT_NEAR(penalty(0.6827 + 5.0 * sigma), 1.0 + 27.0, 1e-9);
    FB_ASSERT_NEAR(penalty(0.6827 - 5.0 * sigma), 1.0 + 81.0, 1e-9);
    FB_ASSERT_NEAR(fb_score_formula_quantiles(0.5, 0.6827, 100.0, FB_SCORE_WHITE_PAPER), -log(0.51), SAME);
}
END_TEST

/* 0.6827 is above 0.68, and so is the upper edge of its band: 100 experiments cannot tell, a million can. */
START_TEST(formulas_have_names)
{
    fb_error error = {0};
    fb_score_formula formula;
    FB_ASSERT_OK(fb_score_formula_find("official", &formula, &error));
    ck_assert(formula.level == 0.6827 && formula.epsilon == 1e-3);
    FB_ASSERT_OK(fb_score_formula_find("white-paper", &formula, &error));
    ck_assert(formula.level == 0.68 && formula.epsilon == 1e-2);
    const double d = (0.6827 - 0.68) / sqrt(0.68 * 0.32 / 1e6) - 2.0;
    FB_ASSERT_NEAR(fb_score_formula_quantiles(0.5, 0.6827, 1e6, formula), -log(0.51 * (1.0 + d * d * d)), SAME);
    ck_assert_int_eq(fb_score_formula_find("slides", &formula, &error), FB_ERROR_USAGE);
    ck_assert_ptr_ne(strstr(error.text, "'slides'; there are official and white-paper"), NULL);
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
    tcase_add_test(tests, bootstrap_of_one_set);
    tcase_add_test(tests, penalty_by_hand);
    tcase_add_test(tests, formulas_have_names);
    return fb_run_suite(suite);
}

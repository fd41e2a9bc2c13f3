/* True signal strengths, nuisance parameters, seeds and order against the official ingestion program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/math/numpy_random.h"
#include "holdout/pseudo/official_truth.h"
#include "tests/support/reference.h"
#include "tests/support/support.h"

static fb_official_run run_of(const json_t *one)
{
    const json_t *on = json_object_get(one, "systematics_on");
    fb_official_run run = {.seed = (uint32_t)fb_reference_number(one, "initial_seed"),
                           .n_sets = (uint32_t)fb_reference_number(one, "num_of_sets"),
                           .n_experiments = (uint32_t)fb_reference_number(one, "num_pseudo_experiments")};
    for (size_t k = 0; k < json_array_size(on); k++) {
        const int which = fb_nuisance_find(json_string_value(json_array_get(on, k)));
        ck_assert_int_ge(which, 0);
        run.drawn |= 1U << which;
    }
    return run;
}

/* The `k`th call that the program made; a normalisation that is off is null there and nominal here. */
static int check_call(const fb_official_run *run, const double *mu, uint32_t flat, const json_t *call)
{
    const uint32_t s = flat / run->n_experiments, e = flat % run->n_experiments;
    const fb_official_truth truth = fb_official_truth_of(run, mu[s], s, e);
    ck_assert_uint_eq(s, (uint32_t)fb_reference_number(call, "set"));
    ck_assert_uint_eq(e, (uint32_t)fb_reference_number(call, "experiment"));
    ck_assert_uint_eq(truth.seed, (uint32_t)fb_reference_number(call, "seed"));
    ck_assert(truth.mu == fb_reference_number(call, "set_mu"));
    ck_assert_uint_eq(truth.drawn, run->drawn);
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_nuisance_info *info = fb_nuisance_describe((fb_nuisance)k);
        const json_t *value = json_object_get(call, info->name);
        ck_assert_msg(value != NULL, "%s is missing", info->name);
        const double theirs = json_is_null(value) ? info->nominal : json_number_value(value);
        ck_assert_msg(truth.nuisances.value[k] == theirs, "set %u, experiment %u: %s is %.17g, officially %.17g", s, e,
                      info->name, truth.nuisances.value[k], theirs);
    }
    return 4 + FB_N_NUISANCE;
}

/* The order in which the program works on its experiments: a permutation from a fresh RandomState(seed). Results are
 * stored by set and experiment and do not depend on it, so the code has no need of it. */
static void official_order(const fb_official_run *run, uint32_t *order)
{
    fb_numpy_random random;
    fb_numpy_random_init(&random, run->seed);
    fb_numpy_random_permutation(&random, run->n_sets * run->n_experiments, order);
}

START_TEST(truths_are_official)
{
    json_t *reference = fb_reference_load(FB_TEST_DATA "/official/nuisance_draws.json");
    fb_error error = {0};
    long n_compared = 0;
    ck_assert_uint_eq(json_array_size(reference), 6);
    for (size_t r = 0; r < json_array_size(reference); r++) {
        const json_t *one = json_array_get(reference, r);
        const json_t *calls = json_object_get(one, "calls_in_order");
        const fb_official_run run = run_of(one);
        double mu[16];
        uint32_t order[64];
        size_t n = 0;
        double *theirs = fb_reference_list(one, "ground_truth_mus", &n);
        ck_assert(n == run.n_sets && n <= 16 && json_array_size(calls) == n * run.n_experiments);
        FB_ASSERT_OK(fb_official_truth_check_run(&run, &error));
        fb_official_truth_mus(&run, mu);
        official_order(&run, order);
        for (size_t s = 0; s < n; s++, n_compared++) {
            ck_assert_msg(mu[s] == theirs[s], "set %zu: mu is %.17g, officially %.17g", s, mu[s], theirs[s]);
        }
        for (size_t k = 0; k < json_array_size(calls); k++) {
            n_compared += check_call(&run, mu, order[k], json_array_get(calls, k));
        }
        free(theirs);
    }
    printf("nuisance_draws.json: %ld numbers compared, all identical\n", n_compared);
    json_decref(reference);
}
END_TEST

/* bkg_scale reaches ttbar and diboson only through their own scales. */
START_TEST(background_scale_needs_the_own_scale)
{
    fb_official_truth truth = {.mu = 2.0, .nuisances = fb_nuisance_nominal(), .drawn = 1U << FB_BKG_SCALE};
    double factor[FB_N_PROCESS];
    truth.nuisances.value[FB_BKG_SCALE] = 1.5;
    fb_official_truth_factors(&truth, factor);
    ck_assert(factor[FB_HTAUTAU] == 2.0);
    ck_assert(factor[FB_ZTAUTAU] == 1.5);
    ck_assert(factor[FB_TTBAR] == 1.0);
    ck_assert(factor[FB_DIBOSON] == 1.0);
    truth.drawn |= 1U << FB_TTBAR_SCALE; /* on, though at its nominal value */
    fb_official_truth_factors(&truth, factor);
    ck_assert(factor[FB_TTBAR] == 1.5);
    ck_assert(factor[FB_DIBOSON] == 1.0);
    truth.drawn |= 1U << FB_DIBOSON_SCALE;
    truth.nuisances.value[FB_DIBOSON_SCALE] = 0.5;
    fb_official_truth_factors(&truth, factor);
    ck_assert(factor[FB_DIBOSON] == 0.75);
}
END_TEST

START_TEST(impossible_runs_are_refused)
{
    fb_error error = {0};
    fb_official_run run = {.seed = UINT32_MAX - 15 + 1 - FB_OFFICIAL_SEED_REACH, .n_sets = 3, .n_experiments = 5};
    FB_ASSERT_OK(fb_official_truth_check_run(&run, &error));
    run.seed++;
    ck_assert_int_eq(fb_official_truth_check_run(&run, &error), FB_ERROR_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "4294967296"));
    run = (fb_official_run){.seed = 0, .n_sets = 0, .n_experiments = 5};
    ck_assert_int_eq(fb_official_truth_check_run(&run, &error), FB_ERROR_USAGE);
    run = (fb_official_run){.seed = 0, .n_sets = 65536, .n_experiments = 65536};
    ck_assert_int_eq(fb_official_truth_check_run(&run, &error), FB_ERROR_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "65536 sets of 65536"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/official_truth");
    TCase *tests = tcase_create("official");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, truths_are_official);
    tcase_add_test(tests, background_scale_needs_the_own_scale);
    tcase_add_test(tests, impossible_runs_are_refused);
    return fb_run_suite(suite);
}

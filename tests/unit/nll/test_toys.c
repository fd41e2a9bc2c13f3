/* Many fits of a realistic model: each one converged, no second minimum unnoticed, pulls and coverage as they should
 * be. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "nll/fit.h"
#include "tests/support/nll_model.h"
#include "tests/support/support.h"

enum { N_BINS = 25, N_TOYS = 1000 };

/* Strongly curved models: how many bins and toys. */
static const int strong[][2] = {{N_BINS, 200}, {300, 60}};
enum { MOST_BINS = 300 };

/* Largest gradient norm of a fit that calls itself converged. */
static const double GRADIENT_LIMIT = 1e-6;
/* Statistical bounds are 4 standard errors (one failure in 16 000 seeds; the seed is fixed). */
static const double N_SIGMA = 4.0;
/* Curvature and limits make the profile interval's coverage differ from 68.27 % by up to about 1 %. */
static const double COVERAGE_SYSTEMATIC = 0.01;
/* The same for the width of the pulls. */
static const double WIDTH_SYSTEMATIC = 0.02;

static void check_health(const fb_fit_result *result, int toy)
{
    char health[300];
    fb_fit_describe_health(result, health, sizeof health);
    ck_assert_msg(result->is_valid, "toy %d: %s", toy, health);
    ck_assert_msg(result->gradient_norm < GRADIENT_LIMIT, "toy %d: gradient norm %g", toy, result->gradient_norm);
    ck_assert_msg(result->n_failed_starts == 0, "toy %d: %s", toy, health);
    ck_assert_msg(result->n_disagreeing > 0 || result->largest_difference <= FB_SAME_MINIMUM, "toy %d: %s", toy,
                  health);
    ck_assert_msg((result->at_limit & 1U) == 0, "toy %d: %s", toy, health);
}

/* Draws the truth of toy number `toy`, and its data. */
static fb_point draw_toy(const fb_templates *templates, int toy, double *counts)
{
    fb_random random = fb_random_at(21, FB_STREAM_TOY, (uint64_t)toy);
    fb_point truth = {.mu = 0.1 + 2.9 * fb_random_uniform(&random)};
    truth.nuisances = fb_nuisance_draw(FB_PRIORS_OFFICIAL, FB_ALL_NUISANCES, &random);
    model_toy(templates, &truth, true, &random, counts);
    return truth;
}

START_TEST(toys_are_fitted)
{
    fb_error error = {0};
    fb_templates *templates = model_realistic((fb_combination)_i, 1.0);
    fb_fit_settings settings = fb_fit_settings_default();
    fb_likelihood *likelihood = NULL;
    FB_ASSERT_OK(fb_likelihood_create(templates, &settings, &likelihood, &error));
    double sum = 0.0, sum2 = 0.0, sigma = 0.0;
    int n_covered = 0, n_limit = 0, n_disagreeing = 0;
    for (int toy = 0; toy < N_TOYS; toy++) {
        double counts[N_BINS];
        fb_fit_result result;
        fb_point truth = draw_toy(templates, toy, counts);
        FB_ASSERT_OK(fb_fit_counts(likelihood, N_BINS, counts, &result, &error));
        check_health(&result, toy);
        double pull = (result.mu_hat - truth.mu) / result.sigma;
        sum += pull;
        sum2 += pull * pull;
        sigma += result.sigma / N_TOYS;
        n_covered += result.p16 <= truth.mu && truth.mu <= result.p84;
        n_limit += result.at_limit != 0;
        n_disagreeing += result.n_disagreeing > 0;
    }
    double mean = sum / N_TOYS, width = sqrt(sum2 / N_TOYS - mean * mean), coverage = (double)n_covered / N_TOYS;
    printf("%s: sigma %.4f, pull %.3f +- %.3f, coverage %.3f, at a limit %d, several minima %d\n",
           fb_templates_combination_names[_i], sigma, mean, width, coverage, n_limit, n_disagreeing);
    FB_ASSERT_NEAR(mean, 0.0, N_SIGMA / sqrt(N_TOYS));
    FB_ASSERT_NEAR(width, 1.0, N_SIGMA / sqrt(2.0 * N_TOYS) + WIDTH_SYSTEMATIC);
    FB_ASSERT_NEAR(coverage, 0.6827, N_SIGMA * sqrt(0.6827 * 0.3173 / N_TOYS) + COVERAGE_SYSTEMATIC);
    fb_likelihood_free(likelihood);
    fb_templates_free(templates);
}
END_TEST

/* A likelihood per thread, and the same bits on any thread. */
START_TEST(threads_do_not_matter)
{
    enum { N = 64 };
    fb_templates *templates = model_realistic(FB_COMBINE_PRODUCT, 1.0);
    fb_fit_settings settings = fb_fit_settings_default();
    double counts[N][N_BINS], mu_hat[2][N], p84[2][N];
    fb_status status[2][N];
    for (int toy = 0; toy < N; toy++) {
        draw_toy(templates, toy, counts[toy]);
    }
    for (int pass = 0; pass < 2; pass++) {
#pragma omp parallel for num_threads(pass == 0 ? 1 : 2) schedule(dynamic)
        for (int toy = 0; toy < N; toy++) {
            fb_fit_result result;
            status[pass][toy] = fb_fit(templates, &settings, N_BINS, counts[toy], &result, NULL);
            mu_hat[pass][toy] = result.mu_hat;
            p84[pass][toy] = result.p84;
        }
    }
    for (int toy = 0; toy < N; toy++) {
        ck_assert_int_eq(status[0][toy], FB_OK);
        ck_assert_int_eq(status[1][toy], FB_OK);
        ck_assert_double_eq(mu_hat[0][toy], mu_hat[1][toy]);
        ck_assert_double_eq(p84[0][toy], p84[1][toy]);
    }
    fb_templates_free(templates);
}
END_TEST

/* The deepest minimum from a dense grid of starts in the three shape parameters: 5 x 5 x 5. */
static double brute_force_minimum(const fb_likelihood *likelihood)
{
    static const double pulls[] = {-3.0, -1.5, 0.0, 1.5, 3.0};
    fb_objective objective = fb_minimize_objective(likelihood);
    double deepest = INFINITY;
    for (int grid = 0; grid < 125; grid++) {
        double start[FB_N_PARAMETER] = {1.0};
        start[1 + FB_TES] = pulls[grid % 5];
        start[1 + FB_JES] = pulls[grid / 5 % 5];
        start[1 + FB_SOFT_MET] = pulls[grid / 25];
        fb_minimum found;
        fb_minimize(&objective, start, &found);
        if (found.status == FB_FIT_CONVERGED) {
            deepest = fmin(deepest, found.t);
        }
    }
    return deepest;
}

/* With strongly curved templates a few per cent of the toys have a deeper minimum than the one that the nominal start
 * leads to; several starts find it. */
START_TEST(deeper_minima_are_found)
{
    fb_error error = {0};
    const int n_bins = strong[_i][0], n_toys = strong[_i][1];
    fb_templates *templates = model_of_bins(n_bins, FB_COMBINE_PRODUCT, 2.0);
    fb_fit_settings several = fb_fit_settings_default();
    fb_fit_settings single = several;
    single.multistart = false;
    fb_likelihood *likelihood[2] = {NULL, NULL};
    FB_ASSERT_OK(fb_likelihood_create(templates, &several, &likelihood[0], &error));
    FB_ASSERT_OK(fb_likelihood_create(templates, &single, &likelihood[1], &error));
    int n_missed_by_one = 0, n_missed_by_several = 0, n_several_minima = 0;
    for (int toy = 0; toy < n_toys; toy++) {
        double counts[MOST_BINS];
        fb_minima minima[2];
        draw_toy(templates, toy, counts);
        for (int k = 0; k < 2; k++) {
            FB_ASSERT_OK(fb_likelihood_set_counts(likelihood[k], n_bins, counts, &error));
            fb_multistart_find(likelihood[k], &minima[k]);
            ck_assert_int_eq(minima[k].minimum[0].status, FB_FIT_CONVERGED);
        }
        double deepest = brute_force_minimum(likelihood[0]);
        n_missed_by_several += minima[0].minimum[0].t > deepest + FB_SAME_MINIMUM;
        n_missed_by_one += minima[1].minimum[0].t > deepest + FB_SAME_MINIMUM;
        n_several_minima += minima[0].n_disagreeing > 0;
        ck_assert_int_eq(minima[0].n > 1, minima[0].n_disagreeing > 0);
    }
    printf("%d bins, of %d: deepest minimum missed by one start %d, by several %d; several minima seen %d\n", n_bins,
           n_toys, n_missed_by_one, n_missed_by_several, n_several_minima);
    ck_assert_int_gt(n_missed_by_one, n_toys / 100);
    ck_assert_int_eq(n_missed_by_several, 0);
    ck_assert_int_ge(n_several_minima, n_missed_by_one);
    for (int k = 0; k < 2; k++) {
        fb_likelihood_free(likelihood[k]);
    }
    fb_templates_free(templates);
}
END_TEST

/* Toys of the strongly curved model that have another minimum close by: the ends of the interval are where the
 * brute-force profile rises by one. */
START_TEST(interval_ends_where_the_profile_rises_by_one)
{
    fb_error error = {0};
    fb_templates *templates = model_realistic(FB_COMBINE_PRODUCT, 2.0);
    fb_fit_settings settings = fb_fit_settings_default();
    settings.interval = FB_INTERVAL_PROFILE;
    fb_likelihood *likelihood = NULL;
    FB_ASSERT_OK(fb_likelihood_create(templates, &settings, &likelihood, &error));
    int n_close = 0;
    for (int toy = 0; toy < N_TOYS && n_close < 30; toy++) {
        double counts[N_BINS];
        fb_fit_result result;
        fb_minima minima;
        draw_toy(templates, toy, counts);
        FB_ASSERT_OK(fb_fit_counts(likelihood, N_BINS, counts, &result, &error));
        fb_multistart_find(likelihood, &minima);
        if (minima.n < 2 || minima.minimum[1].t > minima.minimum[0].t + 2.0) {
            continue;
        }
        n_close++;
        double ends[] = {result.p16, result.p84};
        for (int side = 0; side < 2; side++) {
            fb_fit_settings held = settings;
            held.mu_is_fixed = true;
            held.mu_fixed_at = ends[side];
            fb_likelihood *conditional = NULL;
            FB_ASSERT_OK(fb_likelihood_create(templates, &held, &conditional, &error));
            FB_ASSERT_OK(fb_likelihood_set_counts(conditional, N_BINS, counts, &error));
            /* 1e-6 in sqrt(Delta t), so 2e-6 in Delta t. */
            FB_ASSERT_NEAR(brute_force_minimum(conditional) - result.t, 1.0, 1e-5);
            fb_likelihood_free(conditional);
        }
    }
    ck_assert_int_ge(n_close, 20);
    fb_likelihood_free(likelihood);
    fb_templates_free(templates);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nll/toys");
    TCase *tests = tcase_create("toys");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 200);
    tcase_add_loop_test(tests, toys_are_fitted, 0, 2);
    tcase_add_test(tests, threads_do_not_matter);
    tcase_add_loop_test(tests, deeper_minima_are_found, 0, 2);
    tcase_add_test(tests, interval_ends_where_the_profile_rises_by_one);
    return fb_run_suite(suite);
}

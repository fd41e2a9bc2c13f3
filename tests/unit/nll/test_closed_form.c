/* Models small enough to solve by hand. */
#include <math.h>
#include <string.h>

#include "nll/asimov.h"
#include "nll/mu_limits.h"
#include "tests/support/support.h"

/* The minimiser stops where sqrt(g^T H^-1 g) < 1e-7, that is 1e-7 sigma from the minimum or nearer. */
static const double FIT_TOLERANCE = 1e-6; // sigma
/* The end points of an interval are exact to 1e-6 in sqrt(Delta t). */
static const double INTERVAL_TOLERANCE = 3e-6; // sigma

static fb_templates *two_bins(double signal, double first, double second)
{
    fb_error error = {0};
    fb_templates *templates = NULL;
    FB_ASSERT_OK(fb_templates_create(2, &templates, &error));
    templates->yield[FB_HTAUTAU * 2] = signal;
    templates->yield[FB_ZTAUTAU * 2] = first;
    templates->yield[FB_ZTAUTAU * 2 + 1] = second;
    return templates;
}

/* What a bin of two expects at the minimum. */
static double expected_in(const fb_templates *templates, const fb_fit_result *result, int bin)
{
    fb_error error = {0};
    fb_expectation *expectation = NULL;
    fb_point point = {.mu = result->mu_hat};
    double nu[2];
    memcpy(point.nuisances.value, result->nuisance, sizeof point.nuisances.value);
    FB_ASSERT_OK(fb_expectation_create(templates, &expectation, &error));
    fb_expectation_counts(expectation, &point, nu, NULL);
    fb_expectation_free(expectation);
    return nu[bin];
}

/* Distance of sqrt(2 [m - n - n ln(m/n)]) from 1. */
static double off_by(double n, double m)
{
    return sqrt(2.0 * (m - n - n * log(m / n))) - 1.0;
}

/* Statistics only, signal in bin 1 alone: t depends on mu through nu_1 = mu S + B_1 only, so nu_1 = n_1 at the minimum
 * and mu_hat = (n_1 - B_1) / S; d2t/dmu2 = 2 S^2 / n_1, so sigma_hesse = sqrt(n_1) / S; the interval's ends solve
 * 2 [m - n_1 - n_1 ln(m/n_1)] = 1 with m = mu S + B_1. */
START_TEST(statistics_only_is_solved)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(50.0, 200.0, 1000.0);
    const double counts[] = {273.0, 990.0};
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 0;
    settings.interval = FB_INTERVAL_PROFILE;
    fb_fit_result result;
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    double sigma = sqrt(273.0) / 50.0;
    FB_ASSERT_NEAR(result.mu_hat, 73.0 / 50.0, FIT_TOLERANCE * sigma);
    FB_ASSERT_NEAR(result.sigma_hesse, sigma, FIT_TOLERANCE * sigma);
    FB_ASSERT_NEAR(off_by(273.0, 50.0 * result.p16 + 200.0), 0.0, INTERVAL_TOLERANCE);
    FB_ASSERT_NEAR(off_by(273.0, 50.0 * result.p84 + 200.0), 0.0, INTERVAL_TOLERANCE);
    ck_assert(result.p16 < result.mu_hat && result.mu_hat < result.p84);
    FB_ASSERT_NEAR(result.delta_mu_hat, 0.5 * (result.p84 - result.p16), 1e-12);
    FB_ASSERT_NEAR(expected_in(templates, &result, 0), 273.0, 273.0 * FIT_TOLERANCE);
    FB_ASSERT_NEAR(expected_in(templates, &result, 1), 1000.0, 0.0);
    FB_ASSERT_NEAR(result.t, 2.0 * (1000.0 - 990.0 - 990.0 * log(1000.0 / 990.0)), 1e-9);
    /* One bin is left for chi^2: the probability of a larger t is that of a normal number beyond sqrt(t). */
    FB_ASSERT_NEAR(result.p_value, erfc(sqrt(0.5 * result.t)), 1e-9);
    fb_fit_result symmetric;
    settings.interval = FB_INTERVAL_SYMMETRIC;
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &symmetric, &error));
    FB_ASSERT_NEAR(symmetric.sigma, 0.5 * (result.p84 - result.p16), 1e-9);
    FB_ASSERT_NEAR(symmetric.p84 - symmetric.mu_hat, symmetric.sigma, 1e-12);
    settings.interval = FB_INTERVAL_HESSIAN;
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &symmetric, &error));
    FB_ASSERT_NEAR(symmetric.p16, result.mu_hat - sigma, FIT_TOLERANCE * sigma);
    fb_templates_free(templates);
}
END_TEST

/* One nuisance parameter, b = bkg_scale, prior 1 +- w with w = 0.001. dt/dmu = 0 gives mu S + b B_1 = n_1; with it
 * dt/db = 2 B_2 - 2 n_2 / b + 2 (b - 1) / w^2 = 0, so b^2 + (w^2 B_2 - 1) b - w^2 n_2 = 0. With bin 1 solved exactly,
 * b knows bin 2 and its prior: 1/var_b = n_2/b^2 + 1/w^2, and mu = (n_1 - b B_1) / S inherits
 * sigma^2 = (n_1 + B_1^2 var_b) / S^2. */
START_TEST(one_nuisance_is_solved)
{
    fb_error error = {0};
    const double signal = 900.0, b1 = 40000.0, b2 = 1.2e6, w = 0.001;
    const double counts[] = {41500.0, 1.2025e6};
    fb_templates *templates = two_bins(signal, b1, b2);
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 1U << FB_BKG_SCALE;
    settings.interval = FB_INTERVAL_HESSIAN;
    fb_fit_result result;
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    double p = w * w * b2 - 1.0;
    double b = 0.5 * (-p + sqrt(p * p + 4.0 * w * w * counts[1]));
    double variance = 1.0 / (counts[1] / (b * b) + 1.0 / (w * w));
    double sigma = sqrt(counts[0] + b1 * b1 * variance) / signal;
    FB_ASSERT_NEAR(result.nuisance[FB_BKG_SCALE], b, FIT_TOLERANCE * sqrt(variance));
    FB_ASSERT_NEAR(result.pull[FB_BKG_SCALE], (b - 1.0) / w, FIT_TOLERANCE);
    FB_ASSERT_NEAR(result.error[FB_BKG_SCALE], sqrt(variance), FIT_TOLERANCE * sqrt(variance));
    FB_ASSERT_NEAR(result.mu_hat, (counts[0] - b * b1) / signal, FIT_TOLERANCE * sigma);
    FB_ASSERT_NEAR(result.sigma, sigma, FIT_TOLERANCE * sigma);
    FB_ASSERT_NEAR(result.constraint[FB_BKG_SCALE], sqrt(variance) / w, FIT_TOLERANCE);
    FB_ASSERT_NEAR(fb_fit_mu_error(&result), sigma, FIT_TOLERANCE * sigma);
    /* mu and b move against each other: cov = -B_1 var_b / S. */
    const double correlation = -b1 * sqrt(variance) / (signal * sigma);
    FB_ASSERT_NEAR(fb_fit_correlation(&result, FB_MU, 1 + FB_BKG_SCALE), correlation, 1e-6);
    FB_ASSERT_NEAR(fb_fit_correlation(&result, 1 + FB_BKG_SCALE, FB_MU), correlation, 1e-6);
    ck_assert_double_eq(fb_fit_correlation(&result, FB_MU, FB_MU), 1.0);
    ck_assert(isnan(fb_fit_correlation(&result, FB_MU, 1 + FB_TES))); // held
    ck_assert(isnan(fb_fit_correlation(&result, 1 + FB_TES, 1 + FB_TES)));
    fb_templates_free(templates);
}
END_TEST

/* What a failed fit does not know has no error and no correlation; one without an interval still has both. */
START_TEST(a_failed_fit_has_no_correlations)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(1.0, 10000.0, 1000.0);
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 1U << FB_BKG_SCALE;
    settings.mu_limits_follow = false;
    fb_fit_result result;
    ck_assert_int_eq(fb_fit(templates, &settings, 2, (const double[]){10007.0, 1000.0}, &result, &error),
                     FB_ERROR_NOT_CONVERGED);
    ck_assert_int_eq(result.status, FB_FIT_INTERVAL_OPEN);
    ck_assert(isnan(result.sigma_hesse));
    /* As above, with S = 1: sigma^2 = n_1 + B_1^2 var_b. */
    const double b = result.nuisance[FB_BKG_SCALE], variance = 1.0 / (1000.0 / (b * b) + 1e6);
    const double sigma = sqrt(10007.0 + 1e8 * variance);
    FB_ASSERT_NEAR(fb_fit_mu_error(&result), sigma, FIT_TOLERANCE * sigma);
    FB_ASSERT_NEAR(fb_fit_correlation(&result, FB_MU, 1 + FB_BKG_SCALE), -1e4 * sqrt(variance) / sigma, 1e-6);
    ck_assert_int_eq(fb_fit(templates, &settings, 2, (const double[]){20000.0, 1000.0}, &result, &error),
                     FB_ERROR_NOT_CONVERGED);
    ck_assert_int_eq(result.status, FB_FIT_MU_AT_LIMIT);
    ck_assert(isnan(fb_fit_mu_error(&result)) && isnan(fb_fit_correlation(&result, FB_MU, 1 + FB_BKG_SCALE)));
    fb_templates_free(templates);
}
END_TEST

/* Monte-Carlo uncertainty, signal in bin 1 alone: at the minimum b = 0 and nu_1 = n_1, so mu_hat is as before; there
 * d2t/dnu2 = 2 / (n_1 + v_1) and v depends on mu too little to matter if only the background has variance:
 * sigma_hesse = sqrt(n_1 + V) / S. */
START_TEST(monte_carlo_uncertainty_adds_its_variance)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(50.0, 200.0, 1000.0);
    templates->variance[FB_ZTAUTAU * 2] = 120.0;
    const double counts[] = {273.0, 1000.0};
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 0;
    settings.interval = FB_INTERVAL_HESSIAN;
    fb_fit_result result;
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    double sigma = sqrt(273.0 + 120.0) / 50.0;
    FB_ASSERT_NEAR(result.mu_hat, 73.0 / 50.0, FIT_TOLERANCE * sigma);
    FB_ASSERT_NEAR(result.sigma, sigma, FIT_TOLERANCE * sigma);
    settings.monte_carlo_uncertainty = false;
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    FB_ASSERT_NEAR(result.sigma, sqrt(273.0) / 50.0, FIT_TOLERANCE * sigma);
    fb_templates_free(templates);
}
END_TEST

START_TEST(fixed_parameters_stay)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(50.0, 200.0, 1000.0);
    const double counts[] = {273.0, 990.0};
    fb_fit_settings settings = fb_fit_settings_default();
    settings.fixed = 1U << FB_BKG_SCALE;
    settings.fixed_at.value[FB_BKG_SCALE] = 1.005;
    fb_fit_result result;
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    ck_assert_double_eq(result.nuisance[FB_BKG_SCALE], 1.005);
    FB_ASSERT_NEAR(result.mu_hat, (273.0 - 201.0) / 50.0, FIT_TOLERANCE);
    /* The penalty of a parameter fixed at 5 prior widths is part of t. */
    FB_ASSERT_NEAR(result.t, 25.0 + 2.0 * (1005.0 - 990.0 - 990.0 * log(1005.0 / 990.0)), 1e-8);
    settings.mu_is_fixed = true;
    settings.mu_fixed_at = 1.0;
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    ck_assert_double_eq(result.mu_hat, 1.0);
    ck_assert(isnan(result.p16) && isnan(result.delta_mu_hat) && result.is_valid);
    fb_templates_free(templates);
}
END_TEST

START_TEST(asimov_gives_back_the_truth)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(50.0, 200.0, 1000.0);
    fb_point truth = {.mu = 1.7, .nuisances = fb_nuisance_nominal()};
    truth.nuisances.value[FB_SOFT_MET] = 1.3;
    truth.nuisances.value[FB_BKG_SCALE] = 1.002;
    fb_fit_settings settings = fb_fit_settings_default();
    fb_fit_result result;
    FB_ASSERT_OK(fb_asimov_fit(templates, &settings, &truth, &result, &error));
    FB_ASSERT_NEAR(result.mu_hat, 1.7, FIT_TOLERANCE);
    FB_ASSERT_NEAR(result.nuisance[FB_SOFT_MET], 1.3, FIT_TOLERANCE);
    FB_ASSERT_NEAR(result.nuisance[FB_BKG_SCALE], 1.002, FIT_TOLERANCE * 0.001);
    FB_ASSERT_NEAR(result.t, 0.0, 1e-10);
    truth.mu = -10.0;
    ck_assert_int_eq(fb_asimov_fit(templates, &settings, &truth, &result, &error), FB_ERROR_DATA);
    fb_templates_free(templates);
}
END_TEST

START_TEST(asimov_has_a_central_point)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(50.0, 200.0, 1000.0);
    fb_fit_settings settings = fb_fit_settings_default();
    fb_point point;
    fb_fit_result result;
    FB_ASSERT_OK(fb_asimov_central(&settings, 0.5, &point, &error));
    FB_ASSERT_NEAR(point.nuisances.value[FB_SOFT_MET], 1.0, 1e-15);
    ck_assert_double_eq(point.mu, 0.5);
    settings.systematics = 0;
    FB_ASSERT_OK(fb_asimov_central(&settings, 0.5, &point, &error));
    ck_assert_double_eq(point.nuisances.value[FB_SOFT_MET], 0.0);
    /* soft_met = 0 has no pull: its auxiliary measurement stays at 1 GeV. */
    settings = fb_fit_settings_default();
    FB_ASSERT_OK(fb_asimov_fit(templates, &settings, &point, &result, &error));
    FB_ASSERT_NEAR(result.nuisance[FB_SOFT_MET], 1.0, FIT_TOLERANCE);
    ck_assert_uint_eq(result.at_limit, 0);
    fb_templates_free(templates);
}
END_TEST

/* Counts where nothing is ever expected are left out, and the result says so. */
START_TEST(impossible_counts_are_reported)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(50.0, 200.0, 0.0);
    const double counts[] = {273.0, 4.0};
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 0;
    fb_fit_result result;
    char health[200];
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    FB_ASSERT_NEAR(result.mu_hat, 73.0 / 50.0, FIT_TOLERANCE);
    FB_ASSERT_NEAR(result.t, 0.0, 1e-10); // bin 1 is fitted perfectly
    ck_assert_int_eq(result.n_impossible_bins, 1);
    ck_assert_double_eq(result.impossible_counts, 4.0);
    fb_fit_describe_health(&result, health, sizeof health);
    ck_assert_ptr_nonnull(strstr(health, "4 counts in 1 bins"));
    fb_templates_free(templates);
}
END_TEST

/* Data beyond every mu in range: no number, and the reason. */
START_TEST(mu_at_its_limit_is_not_a_result)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(1.0, 200.0, 1000.0);
    const double counts[] = {400.0, 1000.0};
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 0;
    settings.mu_limits_follow = false;
    fb_fit_result result;
    ck_assert_int_eq(fb_fit(templates, &settings, 2, counts, &result, &error), FB_ERROR_NOT_CONVERGED);
    ck_assert_int_eq(result.status, FB_FIT_MU_AT_LIMIT);
    ck_assert(!result.is_valid && isnan(result.mu_hat) && isnan(result.p16));
    ck_assert_ptr_nonnull(strstr(error.text, "mu is at its limit"));
    ck_assert_ptr_nonnull(strstr(error.text, "mu is limited to -50 to 50"));
    /* mu_hat within the limits, but not its upper error. */
    const double near[] = {248.0, 1000.0};
    ck_assert_int_eq(fb_fit(templates, &settings, 2, near, &result, &error), FB_ERROR_NOT_CONVERGED);
    ck_assert_int_eq(result.status, FB_FIT_INTERVAL_OPEN);
    ck_assert_int_eq(result.low_side, FB_SIDE_FOUND);
    ck_assert_int_eq(result.high_side, FB_SIDE_AT_LIMIT);
    ck_assert_ptr_nonnull(strstr(error.text, "mu is limited to -50 to 50"));
    fb_templates_free(templates);
}
END_TEST

/* Signal in bin 1 alone: sigma(mu = 1) = sqrt(S + B_1) / S from its counts, and the limits are 20 of it around 1. So data
 * give the same numbers whatever unit the signal is counted in. */
START_TEST(limits_of_mu_follow_the_expected_error)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(1.0, 200.0, 1000.0);
    const double counts[] = {400.0, 1000.0};
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 0;
    fb_fit_result result;
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    const double sigma = sqrt(201.0);
    FB_ASSERT_NEAR(result.mu_low, 1.0 - 20.0 * sigma, 1e-9);
    FB_ASSERT_NEAR(result.mu_high, 1.0 + 20.0 * sigma, 1e-9);
    FB_ASSERT_NEAR(result.mu_hat, 200.0, FIT_TOLERANCE * 20.0);
    ck_assert_uint_eq(result.at_limit, 0);
    const double beyond[] = {500.0, 1000.0};
    ck_assert_int_eq(fb_fit(templates, &settings, 2, beyond, &result, &error), FB_ERROR_NOT_CONVERGED);
    ck_assert_int_eq(result.status, FB_FIT_MU_AT_LIMIT);
    ck_assert_ptr_nonnull(strstr(error.text, "mu is limited to -282.5"));
    /* Limits that are given stay. */
    FB_ASSERT_OK(fb_fit_settings_limit(&settings, "-1e3,1e3", &error));
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, beyond, &result, &error));
    FB_ASSERT_NEAR(result.mu_hat, 300.0, FIT_TOLERANCE * 25.0);
    ck_assert(result.mu_low == -1e3 && result.mu_high == 1e3);
    FB_ASSERT_OK(fb_fit_settings_limit(&settings, "-3,199", &error));
    ck_assert_int_eq(fb_fit(templates, &settings, 2, counts, &result, &error), FB_ERROR_NOT_CONVERGED);
    ck_assert_int_eq(result.status, FB_FIT_MU_AT_LIMIT);
    fb_templates_free(templates);
    /* Where mu is well measured, they are the usual ones. */
    templates = two_bins(50.0, 200.0, 1000.0);
    settings = fb_fit_settings_default();
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    ck_assert(result.mu_low == -50.0 && result.mu_high == 50.0);
    fb_templates_free(templates);
}
END_TEST

/* A nuisance parameter that acts as the signal does: the variances of B_1 ttbar_scale and of the counts add. */
START_TEST(expected_error_without_a_fit)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(1.0, 0.0, 1000.0);
    templates->yield[FB_TTBAR * 2] = 5000.0;
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 1U << FB_TTBAR_SCALE;
    fb_likelihood *likelihood = NULL;
    FB_ASSERT_OK(fb_likelihood_create(templates, &settings, &likelihood, &error));
    const double width = fb_nuisance_prior(FB_PRIORS_OFFICIAL, FB_TTBAR_SCALE).width;
    const double expected = sqrt(5001.0 + 5000.0 * width * 5000.0 * width);
    FB_ASSERT_NEAR(fb_mu_limits_expected_error(likelihood), expected, 1e-9 * expected);
    fb_likelihood_free(likelihood);
    settings.mu_is_fixed = true;
    FB_ASSERT_OK(fb_likelihood_create(templates, &settings, &likelihood, &error));
    ck_assert(isnan(fb_mu_limits_expected_error(likelihood)));
    fb_likelihood_free(likelihood);
    fb_templates_free(templates);
}
END_TEST

/* One signal event on a background of 10 000: the error of mu is 100, beyond its limits of +-50, so Delta t = 1 is not
 * reached; mu_hat itself is as in the first test. */
START_TEST(an_open_interval_leaves_the_minimum)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(1.0, 10000.0, 1000.0);
    const double counts[] = {10007.0, 1000.0};
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 0;
    settings.mu_limits_follow = false;
    fb_fit_result result;
    ck_assert_int_eq(fb_fit(templates, &settings, 2, counts, &result, &error), FB_ERROR_NOT_CONVERGED);
    ck_assert_msg(strstr(error.text, "does not rise by 1") != NULL, "%s", error.text);
    ck_assert(!result.is_valid && isnan(result.p16) && isnan(result.p84) && isnan(result.sigma));
    FB_ASSERT_NEAR(result.mu_hat, 7.0, FIT_TOLERANCE * 100.0);
    FB_ASSERT_NEAR(expected_in(templates, &result, 0), 10007.0, 1e-2);
    fb_templates_free(templates);
}
END_TEST

/* As in the first test, mu's sides solve 2 [m - n_1 - n_1 ln(m/n_1)] = 1. With mu free bin 1 is always fitted exactly,
 * so that the profile of b = bkg_scale is 2 [b B_2 - n_2 - n_2 ln(b B_2 / n_2)] + ((b - 1) / w)^2: its own sides are
 * where that has risen by 1. */
START_TEST(all_sides_are_solved)
{
    fb_error error = {0};
    const double b1 = 200.0, b2 = 900.0, w = 0.001;
    fb_templates *templates = two_bins(50.0, b1, b2);
    const double counts[] = {273.0, 990.0};
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 1U << FB_BKG_SCALE | 1U << FB_TES;
    settings.all_sides = true;
    settings.interval = (fb_interval_kind)_i;
    fb_fit_result result;
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    const int tes = 1 + FB_TES, bkg = 1 + FB_BKG_SCALE;
    for (int high = 0; high < 2; high++) {
        const fb_fit_side *side = high ? result.high : result.low;
        const double sign = high ? 1.0 : -1.0;
        ck_assert_int_eq(side[bkg].status, FB_SIDE_FOUND);
        ck_assert_double_gt(side[bkg].error, 0.0);
        double rise = 0.0;
        for (int at = 0; at < 2; at++) {
            const double b = result.nuisance[FB_BKG_SCALE] + (at ? sign * side[bkg].error : 0.0), pull = (b - 1.0) / w;
            const double t = 2.0 * (b * b2 - 990.0 - 990.0 * log(b * b2 / 990.0)) + pull * pull;
            rise += at ? t : -t;
        }
        FB_ASSERT_NEAR(sqrt(rise), 1.0, INTERVAL_TOLERANCE);
        /* Nothing depends on tes: its profile is its prior. */
        ck_assert_int_eq(side[tes].status, FB_SIDE_FOUND);
        FB_ASSERT_NEAR(side[tes].error, 0.01, 0.01 * INTERVAL_TOLERANCE);
        /* Held. */
        ck_assert_int_eq(side[1 + FB_JES].status, FB_SIDE_NOT_SOUGHT);
        ck_assert(isnan(side[1 + FB_JES].error));
    }
    ck_assert_double_ne(result.low[bkg].error, result.high[bkg].error);
    ck_assert_int_eq(result.low[FB_MU].status, FB_SIDE_FOUND);
    if (settings.interval == FB_INTERVAL_PROFILE) {
        FB_ASSERT_NEAR(result.low[FB_MU].error, result.mu_hat - result.p16, 1e-12);
        FB_ASSERT_NEAR(result.high[FB_MU].error, result.p84 - result.mu_hat, 1e-12);
    }
    settings.all_sides = false;
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    ck_assert(result.low[bkg].status == FB_SIDE_NOT_SOUGHT && isnan(result.high[FB_MU].error));
    fb_templates_free(templates);
}
END_TEST

/* The kit's soft_met is a Gaussian around 0 with a width of 3 GeV on [0, 5]: without an effect on the templates it is
 * fitted to 0, its limit, and has an error on the upper side only. Where its auxiliary measurement is less than a width
 * above 0, the limit comes before the lower side, and at 0.75 widths that of 5 GeV before the upper one, too. */
START_TEST(sides_at_a_limit_have_no_number)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(50.0, 200.0, 1000.0);
    const double counts[] = {273.0, 990.0};
    fb_fit_settings settings = fb_fit_settings_kit();
    const fb_prior prior = fb_nuisance_prior(settings.priors, FB_SOFT_MET);
    ck_assert(prior.shape == FB_PRIOR_NORMAL && prior.centre == 0.0 && prior.low == 0.0);
    settings.systematics = 1U << FB_SOFT_MET;
    settings.all_sides = true;
    settings.observed[FB_SOFT_MET] = _i * 0.25;
    fb_fit_result result;
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    const fb_fit_side *low = &result.low[1 + FB_SOFT_MET], *high = &result.high[1 + FB_SOFT_MET];
    FB_ASSERT_NEAR(result.nuisance[FB_SOFT_MET], _i * 0.25 * prior.width, FIT_TOLERANCE * prior.width);
    ck_assert_int_eq(low->status, FB_SIDE_AT_LIMIT);
    ck_assert(isnan(low->error));
    const bool is_within = (1.0 + _i * 0.25) * prior.width < prior.high;
    ck_assert_int_eq(high->status, is_within ? FB_SIDE_FOUND : FB_SIDE_AT_LIMIT);
    if (is_within) {
        FB_ASSERT_NEAR(high->error, prior.width, INTERVAL_TOLERANCE * prior.width);
    }
    fb_templates_free(templates);
}
END_TEST

/* mu's own sides may end at its limits too; those of the others are still found. */
START_TEST(sides_without_an_interval)
{
    fb_error error = {0};
    fb_templates *templates = two_bins(1.0, 200.0, 1000.0);
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 1U << FB_JES;
    settings.all_sides = true;
    settings.mu_limits_follow = false;
    fb_fit_result result;
    ck_assert_int_eq(fb_fit(templates, &settings, 2, (const double[]){248.0, 1000.0}, &result, &error),
                     FB_ERROR_NOT_CONVERGED);
    ck_assert_int_eq(result.low[FB_MU].status, FB_SIDE_FOUND);
    FB_ASSERT_NEAR(off_by(248.0, 248.0 - result.low[FB_MU].error), 0.0, INTERVAL_TOLERANCE);
    ck_assert_int_eq(result.high[FB_MU].status, FB_SIDE_AT_LIMIT);
    ck_assert_int_eq(result.low[1 + FB_JES].status, FB_SIDE_FOUND);
    ck_assert_int_eq(fb_fit(templates, &settings, 2, (const double[]){400.0, 1000.0}, &result, &error),
                     FB_ERROR_NOT_CONVERGED);
    ck_assert(result.low[FB_MU].status == FB_SIDE_NOT_SOUGHT && isnan(result.low[1 + FB_JES].error));
    fb_templates_free(templates);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nll/closed_form");
    TCase *tests = tcase_create("closed_form");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, statistics_only_is_solved);
    tcase_add_test(tests, one_nuisance_is_solved);
    tcase_add_test(tests, a_failed_fit_has_no_correlations);
    tcase_add_test(tests, monte_carlo_uncertainty_adds_its_variance);
    tcase_add_test(tests, fixed_parameters_stay);
    tcase_add_test(tests, asimov_gives_back_the_truth);
    tcase_add_test(tests, asimov_has_a_central_point);
    tcase_add_test(tests, impossible_counts_are_reported);
    tcase_add_test(tests, mu_at_its_limit_is_not_a_result);
    tcase_add_test(tests, limits_of_mu_follow_the_expected_error);
    tcase_add_test(tests, expected_error_without_a_fit);
    tcase_add_test(tests, an_open_interval_leaves_the_minimum);
    tcase_add_loop_test(tests, all_sides_are_solved, 0, 3);
    tcase_add_loop_test(tests, sides_at_a_limit_have_no_number, 0, 4);
    tcase_add_test(tests, sides_without_an_interval);
    return fb_run_suite(suite);
}

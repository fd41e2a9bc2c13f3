/* t, its gradient and its Hessian, against the formula written down literally and against differences. */
#include <math.h>
#include <string.h>

#include "nll/bin_term.inc"
#include "nll/coordinates.h"
#include "nll/pair.inc"
#include "tests/support/nll_model.h"
#include "tests/support/nll_twin.h"
#include "tests/support/support.h"

enum { N_BINS = 12, N_MODELS = 20 };

/* Rounding of t, a sum of N_BINS terms of order n ~ 1e3 each with an error of 1e-16 n in the literal form, and the
 * golden section, whose error in t is of the order of rounding too. */
static const double TWIN_TOLERANCE = 1e-12;
/* Five-point differences with step 1e-3 in coordinates of order 1: truncation ~ step^4, rounding ~ 1e-13 / step of the
 * largest entry. */
static const double DIFFERENCE_STEP = 1e-3;
static const double DIFFERENCE_TOLERANCE = 2e-8;

typedef struct sample {
    fb_templates *templates;
    fb_likelihood *likelihood;
    fb_point point;
    double x[FB_N_PARAMETER];
    double counts[N_BINS];
} sample;

static sample sample_create(fb_random *random, fb_combination combination, const fb_fit_settings *settings)
{
    fb_error error = {0};
    sample made = {.templates = model_random(random, combination, N_BINS), .point = model_random_point(random)};
    FB_ASSERT_OK(fb_likelihood_create(made.templates, settings, &made.likelihood, &error));
    fb_point truth = model_random_point(random);
    model_toy(made.templates, &truth, true, random, made.counts);
    FB_ASSERT_OK(fb_likelihood_set_counts(made.likelihood, N_BINS, made.counts, &error));
    fb_coordinates_from_point(fb_likelihood_coordinates(made.likelihood), &made.point, made.x);
    fb_coordinates_to_point(fb_likelihood_coordinates(made.likelihood), made.x, &made.point, NULL, NULL);
    return made;
}

static void sample_free(sample *made)
{
    fb_likelihood_free(made->likelihood);
    fb_templates_free(made->templates);
}

/* Variant 0..11: Monte-Carlo uncertainty on and off, soft_met on and off, the three combinations. */
static fb_fit_settings variant(int which, fb_combination *combination)
{
    fb_fit_settings settings = fb_fit_settings_default();
    settings.monte_carlo_uncertainty = which % 2 == 0;
    settings.systematics = which / 2 % 2 == 0 ? FB_ALL_NUISANCES : FB_ALL_NUISANCES & ~(1U << FB_SOFT_MET);
    settings.observed[FB_JES] = 0.4;
    *combination = (fb_combination)(which / 4);
    return settings;
}

START_TEST(t_is_the_formula)
{
    fb_random random = fb_random_at(11, FB_STREAM_TOY, (uint64_t)_i);
    fb_combination combination;
    fb_fit_settings settings = variant(_i, &combination);
    for (int m = 0; m < N_MODELS; m++) {
        sample made = sample_create(&random, combination, &settings);
        fb_nll_value fast;
        fb_likelihood_evaluate(made.likelihood, made.x, FB_VALUE, &fast);
        double slow = model_literal_t(made.templates, &settings, &made.point, made.counts);
        FB_ASSERT_NEAR(fast.value, slow, TWIN_TOLERANCE * (fabs(slow) + 1e3));
        sample_free(&made);
    }
}
END_TEST

/* The sum over processes is the expectation, and each process is what the formula gives when the others are not there.
 */
START_TEST(processes_add_up)
{
    fb_random random = fb_random_at(12, FB_STREAM_TOY, (uint64_t)_i);
    fb_combination combination;
    fb_fit_settings settings = variant(_i, &combination);
    sample made = sample_create(&random, combination, &settings);
    const fb_expectation *expectation = fb_likelihood_expectation(made.likelihood);
    double all[N_BINS], variance[N_BINS], single[FB_N_PROCESS][N_BINS], single_variance[FB_N_PROCESS][N_BINS], v;
    fb_expectation_counts(expectation, &made.point, all, variance);
    fb_expectation_processes(expectation, &made.point, &single[0][0], &single_variance[0][0]);
    for (int bin = 0; bin < N_BINS; bin++) {
        double sum = 0.0, variance_sum = 0.0;
        for (int p = 0; p < FB_N_PROCESS; p++) {
            double kept[FB_N_PROCESS], alone;
            for (int q = 0; q < FB_N_PROCESS; q++) {
                kept[q] = made.templates->yield[q * N_BINS + bin];
                made.templates->yield[q * N_BINS + bin] = q == p ? kept[q] : 0.0;
            }
            model_expectation(made.templates, &made.point, bin, &alone, &v);
            FB_ASSERT_NEAR(single[p][bin], alone, 1e-12 * (fabs(alone) + 1.0));
            for (int q = 0; q < FB_N_PROCESS; q++) {
                made.templates->yield[q * N_BINS + bin] = kept[q];
            }
            sum += single[p][bin];
            variance_sum += single_variance[p][bin];
        }
        FB_ASSERT_NEAR(variance_sum, variance[bin], 1e-12 * (variance[bin] + 1.0));
        FB_ASSERT_NEAR(sum, all[bin], 1e-12 * (fabs(all[bin]) + 1.0));
    }
    sample_free(&made);
}
END_TEST

/* f'(0) from f(-2h), f(-h), f(h), f(2h). */
static double five_points(const double *f, double h)
{
    return (f[0] - 8.0 * f[1] + 8.0 * f[2] - f[3]) / (12.0 * h);
}

START_TEST(derivatives_are_those_of_t)
{
    static const double steps[] = {-2.0, -1.0, 1.0, 2.0};
    fb_random random = fb_random_at(12, FB_STREAM_TOY, (uint64_t)_i);
    fb_combination combination;
    fb_fit_settings settings = variant(_i, &combination);
    for (int m = 0; m < N_MODELS; m++) {
        sample made = sample_create(&random, combination, &settings);
        fb_nll_value centre;
        fb_likelihood_evaluate(made.likelihood, made.x, FB_HESSIAN, &centre);
        for (int a = 0; a < FB_N_PARAMETER; a++) {
            if (fb_likelihood_coordinates(made.likelihood)->of[a].is_held) {
                ck_assert_double_eq(centre.gradient[a], 0.0);
                continue;
            }
            double value[4], gradient[FB_N_PARAMETER][4];
            for (int s = 0; s < 4; s++) {
                double x[FB_N_PARAMETER];
                fb_nll_value near;
                memcpy(x, made.x, sizeof x);
                x[a] += steps[s] * DIFFERENCE_STEP;
                fb_likelihood_evaluate(made.likelihood, x, FB_GRADIENT, &near);
                value[s] = near.value;
                for (int b = 0; b < FB_N_PARAMETER; b++) {
                    gradient[b][s] = near.gradient[b];
                }
            }
            double scale = 1.0 + fabs(centre.hessian[fb_pair(a, a)]) + fabs(centre.value);
            FB_ASSERT_NEAR(centre.gradient[a], five_points(value, DIFFERENCE_STEP), DIFFERENCE_TOLERANCE * scale);
            for (int b = 0; b <= a; b++) {
                double other = 1.0 + fabs(centre.hessian[fb_pair(b, b)]) + fabs(centre.value);
                FB_ASSERT_NEAR(centre.hessian[fb_pair(a, b)], five_points(gradient[b], DIFFERENCE_STEP),
                               DIFFERENCE_TOLERANCE * (scale + other));
            }
        }
        sample_free(&made);
    }
}
END_TEST

/* One bin's term, as the vectors compute it. */
static twin_term term_at(double n, double nu, double v, fb_floor_kind kind, double floor)
{
    const fb_bin_vector none = {0.0};
    const double inverse = n > 0.0 ? 1.0 / n : 0.0;
    const fb_bin_term all = fb_bin_term_at(none + n, none + inverse, none + nu, none + v, kind == FB_FLOOR_CLIP, floor);
    const double u = v > 0.0 ? all.u[1] : 0.0, c = all.c[1]; // without v nothing depends on it
    return (twin_term){.t = all.t[1],
                       .t_nu = all.t_nu[1],
                       .t_v = all.t_v[1],
                       .t_nunu = c,
                       .t_nuv = -c * u,
                       .t_vv = c * u * u,
                       .fisher = all.fisher[1]};
}

/* n, nu, v over many orders of magnitude: the value is the minimum over b, and no b does better. */
START_TEST(bin_term_is_the_minimum_over_the_shift)
{
    fb_random random = fb_random_at(13, FB_STREAM_TOY, 0);
    for (int trial = 0; trial < 20000; trial++) {
        double n = trial % 5 == 0 ? 0.0 : floor(exp(14.0 * fb_random_uniform(&random)));
        double nu = exp(18.0 * fb_random_uniform(&random) - 4.0);
        double v = nu * nu * exp(-20.0 * fb_random_uniform(&random));
        twin_term term = term_at(n, nu, v, FB_FLOOR_QUADRATIC, 1e-3);
        double m_hat = n == 0.0 ? fmax(nu - v, 0.0) : n / (1.0 - 0.5 * term.t_nu); /* t_nu = 2 (1 - n/m) */
        for (int k = -20; k <= 20; k++) {
            double m = m_hat + k * 0.02 * (m_hat + sqrt(n + 1.0));
            if (m < 0.0 || (m == 0.0 && n > 0.0)) {
                continue;
            }
            double b = m - nu;
            double t = (n > 0.0 ? 2.0 * (m - n - n * log(m / n)) : 2.0 * m) + b * b / v;
            ck_assert_msg(t >= term.t - 1e-10 * (1.0 + fabs(t) + n), "n %g nu %g v %g: b = %g gives %.15g < %.15g", n,
                          nu, v, b, t, term.t);
        }
    }
}
END_TEST

/* Where two forms of the term meet, value and first derivatives agree (and the second, at the floor). */
START_TEST(bin_term_is_smooth_where_its_forms_meet)
{
    const double floor_at = 1e-3, tiny = 1e-9;
    for (int n = 0; n <= 3; n++) {
        twin_term above = term_at(n, floor_at * (1.0 + tiny), 0.0, FB_FLOOR_QUADRATIC, floor_at);
        twin_term below = term_at(n, floor_at * (1.0 - tiny), 0.0, FB_FLOOR_QUADRATIC, floor_at);
        FB_ASSERT_NEAR(above.t, below.t, 1e-7);
        FB_ASSERT_NEAR(above.t_nu, below.t_nu, 1e-7 * (1.0 + fabs(above.t_nu)));
        FB_ASSERT_NEAR(above.t_nunu, below.t_nunu, 1e-7 * (1.0 + above.t_nunu));
        twin_term positive = term_at(n, tiny * floor_at, 0.0, FB_FLOOR_QUADRATIC, floor_at);
        twin_term negative = term_at(n, -tiny * floor_at, 0.0, FB_FLOOR_QUADRATIC, floor_at);
        FB_ASSERT_NEAR(positive.t, negative.t, 1e-7);
        FB_ASSERT_NEAR(positive.t_nu, negative.t_nu, 1e-7 * (1.0 + fabs(positive.t_nu)));
        /* Far below zero t must rise, whatever the counts. */
        ck_assert(term_at(n, -5.0, 0.0, FB_FLOOR_QUADRATIC, floor_at).t > 100.0);
        ck_assert(term_at(n, -5.0, 0.5, FB_FLOOR_QUADRATIC, floor_at).t > 10.0);
    }
    twin_term zero = term_at(0.0, 2.0, 2.0, FB_FLOOR_QUADRATIC, floor_at);
    twin_term next = term_at(0.0, 2.0 + 1e-9, 2.0, FB_FLOOR_QUADRATIC, floor_at);
    FB_ASSERT_NEAR(zero.t, next.t, 1e-8);
    FB_ASSERT_NEAR(zero.t_nu, next.t_nu, 1e-8);
    FB_ASSERT_NEAR(zero.t_v, next.t_v, 1e-8);
    /* An infinitesimal variance changes nothing. */
    twin_term plain = term_at(7.0, 5.0, 0.0, FB_FLOOR_QUADRATIC, floor_at);
    twin_term almost = term_at(7.0, 5.0, 1e-13, FB_FLOOR_QUADRATIC, floor_at);
    FB_ASSERT_NEAR(plain.t, almost.t, 1e-12);
    FB_ASSERT_NEAR(plain.t_nunu, almost.t_nunu, 1e-12);
}
END_TEST

/* All five derivatives of the term against central differences, in each of its forms. */
START_TEST(bin_term_derivatives_are_its_own)
{
    const double floor_at = 1e-3;
    static const double n_of[] = {0.0, 0.5, 3.0, 400.0};
    static const double nu_of[] = {-2e-3, 4e-4, 0.3, 5.0, 380.0, -1.0}; // the last with v > 0 only
    static const double v_of[] = {0.0, 0.2, 9.0};
    for (int k = 0; k < 4 * 6 * 3; k++) {
        double n = n_of[k % 4], nu = nu_of[k / 4 % 6], v = v_of[k / 24];
        if (v == 0.0 && nu == -1.0) {
            continue;
        }
        twin_term at = term_at(n, nu, v, FB_FLOOR_QUADRATIC, floor_at);
        double h = 1e-5 * fabs(nu); // truncation 1e-10, rounding 1e-16 / 1e-5 of the largest entry
        twin_term up = term_at(n, nu + h, v, FB_FLOOR_QUADRATIC, floor_at);
        twin_term down = term_at(n, nu - h, v, FB_FLOOR_QUADRATIC, floor_at);
        FB_ASSERT_NEAR(at.t_nu, (up.t - down.t) / (2.0 * h), 1e-6 * (fabs(at.t_nu) + fabs(at.t / nu)));
        FB_ASSERT_NEAR(at.t_nunu, (up.t_nu - down.t_nu) / (2.0 * h), 1e-6 * (at.t_nunu + fabs(at.t_nu / nu)));
        FB_ASSERT_NEAR(at.t_nuv, (up.t_v - down.t_v) / (2.0 * h), 1e-6 * (fabs(at.t_nuv) + fabs(at.t_v / nu)));
        if (v == 0.0) {
            ck_assert(at.t_v == 0.0 && at.t_vv == 0.0);
            continue;
        }
        double g = 1e-5 * v;
        up = term_at(n, nu, v + g, FB_FLOOR_QUADRATIC, floor_at);
        down = term_at(n, nu, v - g, FB_FLOOR_QUADRATIC, floor_at);
        FB_ASSERT_NEAR(at.t_v, (up.t - down.t) / (2.0 * g), 1e-6 * (fabs(at.t_v) + at.t / v));
        FB_ASSERT_NEAR(at.t_vv, (up.t_v - down.t_v) / (2.0 * g), 1e-6 * (at.t_vv + fabs(at.t_v / v)));
        FB_ASSERT_NEAR(at.t_nuv, (up.t_nu - down.t_nu) / (2.0 * g), 1e-6 * (fabs(at.t_nuv) + fabs(at.t_nu / v)));
    }
}
END_TEST

START_TEST(bad_input_rejected)
{
    fb_error error = {0};
    fb_random random = fb_random_at(14, FB_STREAM_TOY, 0);
    fb_fit_settings good = fb_fit_settings_default();
    fb_templates *templates = model_random(&random, FB_COMBINE_PRODUCT, N_BINS);
    fb_likelihood *likelihood = NULL;
    FB_ASSERT_OK(fb_likelihood_create(templates, &good, &likelihood, &error));
    double counts[N_BINS] = {0.0};
    ck_assert_int_eq(fb_likelihood_set_counts(likelihood, N_BINS - 1, counts, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "11 counts for templates of 12 bins"));
    static const double bad[] = {-1.0, NAN, INFINITY};
    for (int k = 0; k < 3; k++) {
        counts[4] = bad[k];
        ck_assert_int_eq(fb_likelihood_set_counts(likelihood, N_BINS, counts, &error), FB_ERROR_DATA);
        ck_assert_ptr_nonnull(strstr(error.text, "bin 4"));
    }
    fb_likelihood_free(likelihood);

    double kept = templates->yield[N_BINS + 3];
    templates->yield[N_BINS + 3] = -1.0;
    ck_assert_int_eq(fb_likelihood_create(templates, &good, &likelihood, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "ztautau in bin 3"));
    ck_assert_ptr_null(likelihood);
    templates->yield[N_BINS + 3] = kept;
    templates->variance[1] = NAN;
    ck_assert_int_eq(fb_likelihood_create(templates, &good, &likelihood, &error), FB_ERROR_DATA);
    templates->variance[1] = 0.0;
    templates->shape[FB_TES].coefficient[0] = INFINITY;
    ck_assert_int_eq(fb_likelihood_create(templates, &good, &likelihood, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "tes"));
    templates->shape[FB_TES].coefficient[0] = 1.0;
    FB_ASSERT_OK(fb_templates_set_shape(templates, FB_BKG_SCALE, 1, 0.01, &error));
    ck_assert_int_eq(fb_likelihood_create(templates, &good, &likelihood, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "bkg_scale"));
    fb_templates_free(templates);

    FB_ASSERT_OK(fb_templates_create(3, &templates, &error));
    ck_assert_int_eq(fb_likelihood_create(templates, &good, &likelihood, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "all yields are zero"));
    templates->yield[FB_ZTAUTAU * 3] = 5.0;
    ck_assert_int_eq(fb_likelihood_create(templates, &good, &likelihood, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "no bin expects signal"));
    fb_templates_free(templates);
}
END_TEST

START_TEST(bad_settings_rejected)
{
    fb_error error = {0};
    fb_fit_settings settings = fb_fit_settings_default();
    FB_ASSERT_OK(fb_fit_settings_check(&settings, &error));
    settings = fb_fit_settings_kit();
    FB_ASSERT_OK(fb_fit_settings_check(&settings, &error));
#define REJECTED(change, word)                                                                                         \
    do {                                                                                                               \
        settings = fb_fit_settings_default();                                                                          \
        change;                                                                                                        \
        ck_assert_int_eq(fb_fit_settings_check(&settings, &error), FB_ERROR_USAGE);                                    \
        ck_assert_msg(strstr(error.text, word) != NULL, "'%s' does not contain '%s'", error.text, word);               \
    } while (0)
    REJECTED(settings.mu_low = 60.0, "[60, 50]");
    REJECTED(settings.mu_high = NAN, "mu is limited");
    REJECTED(settings.mu_is_fixed = true; settings.mu_fixed_at = 51.0; settings.mu_limits_follow = false, "51");
    REJECTED(settings.mu_is_fixed = true; settings.mu_fixed_at = NAN, "mu cannot be fixed at nan");
    REJECTED(settings.fixed = 1U << FB_TES; settings.fixed_at.value[FB_TES] = 1.2, "tes cannot be fixed at 1.2");
    REJECTED(settings.systematics = 1U << 6, "0x40");
    REJECTED(settings.floor = 0.0, "floor");
    REJECTED(settings.tolerance = -1.0, "tolerance");
    REJECTED(settings.max_iterations = 0, "iterations");
    REJECTED(settings.delta_in_sigmas = INFINITY, "sigmas");
    REJECTED(settings.observed[FB_JES] = NAN, "jes");
    REJECTED(settings.interval = (fb_interval_kind)7, "7");
#undef REJECTED
}
END_TEST

START_TEST(parameters_are_fixed_by_text)
{
    fb_error error = {0};
    fb_fit_settings settings = fb_fit_settings_default();
    FB_ASSERT_OK(fb_fit_settings_fix(&settings, "mu=1.5", &error));
    FB_ASSERT_OK(fb_fit_settings_fix(&settings, "soft-met=0", &error));
    FB_ASSERT_OK(fb_fit_settings_fix(&settings, "tes=1.02", &error));
    ck_assert(settings.mu_is_fixed && settings.mu_fixed_at == 1.5);
    ck_assert_uint_eq(settings.fixed, 1U << FB_SOFT_MET | 1U << FB_TES);
    ck_assert_double_eq(settings.fixed_at.value[FB_TES], 1.02);
    static const char *const texts[] = {"mu=1.5", "tes=1.02", "soft_met=0"};
    char text[64];
    for (int k = 0; k < 3; k++) {
        ck_assert(fb_fit_settings_fixed_text(&settings, k, text, sizeof text));
        ck_assert_str_eq(text, texts[k]);
    }
    ck_assert(!fb_fit_settings_fixed_text(&settings, 3, text, sizeof text));
    static const char *const bad[] = {"tes",    "tes=", "tes=1x", "tes=nan", "tes=1.3",
                                      "mass=1", "=1",   "mu=inf", "tes 1.",  "soft_met_and_a_name_much_too_long=1"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        fb_fit_settings before = settings;
        ck_assert_msg(fb_fit_settings_fix(&settings, bad[k], &error) == FB_ERROR_USAGE, "%s", bad[k]);
        ck_assert_mem_eq(&before, &settings, sizeof before);
    }
}
END_TEST

START_TEST(mu_is_limited_by_text)
{
    fb_error error = {0};
    fb_fit_settings settings = fb_fit_settings_default();
    FB_ASSERT_OK(fb_fit_settings_limit(&settings, "-3,1e3", &error));
    ck_assert(settings.mu_low == -3.0 && settings.mu_high == 1000.0 && !settings.mu_limits_follow);
    static const char *const bad[] = {"", "3", "3,", "3,3", "4,3", "-inf,3", "1,2,3", "1, 2", "a,b"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        ck_assert_msg(fb_fit_settings_limit(&settings, bad[k], &error) == FB_ERROR_USAGE, "%s", bad[k]);
        ck_assert(settings.mu_low == -3.0 && settings.mu_high == 1000.0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nll/likelihood");
    TCase *tests = tcase_create("likelihood");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, t_is_the_formula, 0, 12);
    tcase_add_loop_test(tests, processes_add_up, 0, 12);
    tcase_add_loop_test(tests, derivatives_are_those_of_t, 0, 12);
    tcase_add_test(tests, bin_term_is_the_minimum_over_the_shift);
    tcase_add_test(tests, bin_term_is_smooth_where_its_forms_meet);
    tcase_add_test(tests, bin_term_derivatives_are_its_own);
    tcase_add_test(tests, bad_input_rejected);
    tcase_add_test(tests, bad_settings_rejected);
    tcase_add_test(tests, parameters_are_fixed_by_text);
    tcase_add_test(tests, mu_is_limited_by_text);
    return fb_run_suite(suite);
}

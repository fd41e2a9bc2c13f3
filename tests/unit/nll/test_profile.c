/* The profile of t: against models solved by hand, the sides of an interval, and fits with a parameter held. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "nll/interval.h"
#include "nll/profile.h"
#include "tests/support/nll_model.h"
#include "tests/support/support.h"

enum { N_BINS = 25, N_SCAN = 21 };

/* A conditional fit ends within 1e-7 sigma of its minimum, 1e-14 in t; t itself is a sum of terms of order 10. */
static const double T_TOLERANCE = 1e-9;

static void spread(double low, double high, double *mu)
{
    for (int k = 0; k < N_SCAN; k++) {
        mu[k] = low + (high - low) * k / (N_SCAN - 1);
    }
}

/* A likelihood of two bins with signal in the first, filled, and its minima. */
static fb_likelihood *two_bins(const fb_fit_settings *settings, const double yield[3], const double counts[2],
                               fb_minima *minima)
{
    fb_error error = {0};
    fb_templates *templates = NULL;
    fb_likelihood *likelihood = NULL;
    FB_ASSERT_OK(fb_templates_create(2, &templates, &error));
    templates->yield[FB_HTAUTAU * 2] = yield[0];
    templates->yield[FB_ZTAUTAU * 2] = yield[1];
    templates->yield[FB_ZTAUTAU * 2 + 1] = yield[2];
    FB_ASSERT_OK(fb_likelihood_create(templates, settings, &likelihood, &error));
    FB_ASSERT_OK(fb_likelihood_set_counts(likelihood, 2, counts, &error));
    fb_multistart_find(likelihood, minima);
    fb_templates_free(templates);
    return likelihood;
}

/* Statistics only: t(mu) - t_min = 2 [m - n - n ln(m/n)] with m = mu S + B of the bin with signal. */
START_TEST(statistics_only_is_solved)
{
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 0;
    const double counts[] = {273.0, 990.0};
    fb_minima minima;
    fb_likelihood *likelihood = two_bins(&settings, (const double[]){50.0, 200.0, 1000.0}, counts, &minima);
    double mu[N_SCAN];
    fb_minimum found[N_SCAN];
    spread(-0.5, 4.0, mu);
    fb_profile_scan(likelihood, &minima, FB_MU, N_SCAN, mu, found);
    for (int k = 0; k < N_SCAN; k++) {
        const double m = 50.0 * mu[k] + 200.0;
        ck_assert_int_eq(found[k].status, FB_FIT_CONVERGED);
        ck_assert_double_eq(found[k].x[FB_MU], mu[k]);
        FB_ASSERT_NEAR(found[k].t - minima.minimum[0].t, 2.0 * (m - 273.0 - 273.0 * log(m / 273.0)), T_TOLERANCE);
    }
    fb_likelihood_free(likelihood);
}
END_TEST

/* One nuisance parameter b = bkg_scale, prior 1 +- w: at given mu dt/db = 2 B_1 (1 - n_1/nu_1) + 2 B_2 (1 - n_2/nu_2)
 * + 2 (b - 1) / w^2 rises with b, so bisection finds its zero. */
START_TEST(one_nuisance_is_solved)
{
    const double signal = 900.0, b1 = 40000.0, b2 = 1.2e6, w = 0.001;
    const double counts[] = {41500.0, 1.2025e6};
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 1U << FB_BKG_SCALE;
    fb_minima minima;
    fb_likelihood *likelihood = two_bins(&settings, (const double[]){signal, b1, b2}, counts, &minima);
    double mu[N_SCAN];
    fb_minimum found[N_SCAN];
    spread(0.5, 2.5, mu);
    fb_profile_scan(likelihood, &minima, FB_MU, N_SCAN, mu, found);
    for (int k = 0; k < N_SCAN; k++) {
        double low = 0.9, high = 1.1;
        for (int step = 0; step < 100; step++) {
            const double b = 0.5 * (low + high), nu = mu[k] * signal + b * b1;
            const double slope = b1 * (1.0 - counts[0] / nu) + b2 - counts[1] / b + (b - 1.0) / (w * w);
            *(slope > 0.0 ? &high : &low) = b;
        }
        const double nu[] = {mu[k] * signal + low * b1, low * b2}, pull = (low - 1.0) / w;
        double t = pull * pull;
        for (int bin = 0; bin < 2; bin++) {
            t += 2.0 * (nu[bin] - counts[bin] - counts[bin] * log(nu[bin] / counts[bin]));
        }
        FB_ASSERT_NEAR(found[k].x[1 + FB_BKG_SCALE], pull, 1e-6);
        /* The literal form takes t from numbers of order 10^6. */
        FB_ASSERT_NEAR(found[k].t, t, 1e-8);
    }
    fb_likelihood_free(likelihood);
}
END_TEST

typedef struct toy_fit {
    fb_templates *templates;
    fb_likelihood *likelihood;
    double counts[N_BINS];
    fb_minima minima;
    fb_interval interval;
} toy_fit;

static void toy_fit_create(double curvature, uint64_t seed, toy_fit *out)
{
    fb_error error = {0};
    fb_random random = fb_random_at(5, FB_STREAM_TOY, seed);
    fb_fit_settings settings = fb_fit_settings_default();
    settings.interval = FB_INTERVAL_PROFILE;
    out->templates = model_realistic(FB_COMBINE_PRODUCT, curvature);
    const fb_point truth = model_random_point(&random);
    model_toy(out->templates, &truth, true, &random, out->counts);
    FB_ASSERT_OK(fb_likelihood_create(out->templates, &settings, &out->likelihood, &error));
    FB_ASSERT_OK(fb_likelihood_set_counts(out->likelihood, N_BINS, out->counts, &error));
    fb_multistart_find(out->likelihood, &out->minima);
    ck_assert_int_eq(fb_interval_find(out->likelihood, &out->minima, &out->interval), FB_FIT_CONVERGED);
}

static void toy_fit_free(toy_fit *made)
{
    fb_likelihood_free(made->likelihood);
    fb_templates_free(made->templates);
}

/* t with a parameter held at a value of its coordinate, and all the starts of a fit. */
static double held_fit(const toy_fit *made, int parameter, double x)
{
    fb_error error = {0};
    fb_likelihood *conditional = NULL;
    fb_minima minima;
    fb_point point;
    double all[FB_N_PARAMETER] = {0};
    fb_fit_settings held = *fb_likelihood_settings(made->likelihood);
    all[parameter] = x;
    fb_coordinates_to_point(fb_likelihood_coordinates(made->likelihood), all, &point, NULL, NULL);
    if (parameter == FB_MU) {
        held.mu_is_fixed = true;
        held.mu_fixed_at = x;
    } else {
        held.fixed = 1U << (parameter - 1);
        held.fixed_at = point.nuisances;
    }
    FB_ASSERT_OK(fb_likelihood_create(made->templates, &held, &conditional, &error));
    FB_ASSERT_OK(fb_likelihood_set_counts(conditional, N_BINS, made->counts, &error));
    fb_multistart_find(conditional, &minima);
    ck_assert_int_eq(minima.minimum[0].status, FB_FIT_CONVERGED);
    fb_likelihood_free(conditional);
    return minima.minimum[0].t;
}

/* Of every parameter: zero at the best value, one where its sides are, and elsewhere what a fit with it held finds. */
START_TEST(profile_agrees_with_sides_and_fit)
{
    const int parameter = _i % FB_N_PARAMETER;
    toy_fit made;
    toy_fit_create(1.0, (uint64_t)(_i / FB_N_PARAMETER), &made);
    fb_side low, high;
    ck_assert_int_eq(fb_interval_sides(made.likelihood, &made.minima, parameter, &low, &high), FB_FIT_CONVERGED);
    if (parameter == FB_MU) {
        ck_assert(low.x == made.interval.p16 && high.x == made.interval.p84);
    }
    const double fitted = made.minima.minimum[0].x[parameter], sigma = 0.5 * (high.x - low.x);
    const double marks[] = {low.x, fitted, high.x};
    fb_minimum at_marks[3], found[N_SCAN];
    fb_profile_scan(made.likelihood, &made.minima, parameter, 3, marks, at_marks);
    FB_ASSERT_NEAR(at_marks[0].t - made.minima.minimum[0].t, 1.0, 1e-5); // 1e-6 in its root, and rounding
    FB_ASSERT_NEAR(at_marks[1].t - made.minima.minimum[0].t, 0.0, T_TOLERANCE);
    FB_ASSERT_NEAR(at_marks[2].t - made.minima.minimum[0].t, 1.0, 1e-5);
    const fb_coordinate *limits = &fb_likelihood_coordinates(made.likelihood)->of[parameter];
    double x[N_SCAN];
    /* A hair inside the limits: a fixed value is refused outside. */
    spread(fmax(fitted - 4.0 * sigma, limits->low + 1e-9), fmin(fitted + 3.0 * sigma, limits->high - 1e-9), x);
    fb_profile_scan(made.likelihood, &made.minima, parameter, N_SCAN, x, found);
    for (int k = 0; k < N_SCAN; k++) {
        ck_assert_int_eq(found[k].status, FB_FIT_CONVERGED);
        ck_assert_double_eq(found[k].x[parameter], x[k]);
        FB_ASSERT_NEAR(found[k].t, held_fit(&made, parameter, x[k]), T_TOLERANCE);
    }
    toy_fit_free(&made);
}
END_TEST

/* Strongly curved templates: the lowest conditional minimum changes its valley on the way, and the scan with it. */
START_TEST(other_valleys_are_followed)
{
    int n_other = 0, n_missed = 0, n_points = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        toy_fit made;
        fb_minimum all[N_SCAN], one;
        double mu[N_SCAN];
        toy_fit_create(2.0, seed, &made);
        if (made.minima.n > 1) {
            const double mu_hat = made.minima.minimum[0].x[FB_MU];
            spread(mu_hat - 2.0 * made.interval.sigma, mu_hat + 2.0 * made.interval.sigma, mu);
            fb_profile_branches deepest;
            fb_profile_scan(made.likelihood, &made.minima, FB_MU, N_SCAN, mu, all);
            for (int k = 0; k < N_SCAN; k++) {
                fb_profile_branches_start(&made.minima, FB_MU, &deepest);
                deepest.n = 1;
                fb_profile_at(made.likelihood, &deepest, mu[k], &one);
                ck_assert_double_le(all[k].t, one.t + T_TOLERANCE);
                n_other += all[k].t < one.t - FB_SAME_MINIMUM;
                n_missed += all[k].t > held_fit(&made, FB_MU, mu[k]) + FB_SAME_MINIMUM;
                n_points++;
            }
        }
        toy_fit_free(&made);
    }
    printf("of %d points: in another valley %d, missed %d\n", n_points, n_other, n_missed);
    ck_assert_int_gt(n_other, 20);
    ck_assert_int_eq(n_missed, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nll/profile");
    TCase *tests = tcase_create("profile");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, statistics_only_is_solved);
    tcase_add_test(tests, one_nuisance_is_solved);
    tcase_add_loop_test(tests, profile_agrees_with_sides_and_fit, 0, 3 * FB_N_PARAMETER);
    tcase_add_test(tests, other_valleys_are_followed);
    return fb_run_suite(suite);
}

/* The sums over bins against their slow twin, for any number of bins and in every corner; the same bits from each set
 * of instructions. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nll/bin_term.inc"
#include "nll/coordinates.h"
#include "nll/pair.inc"
#include "tests/support/nll_model.h"
#include "tests/support/nll_twin.h"
#include "tests/support/support.h"

enum { MOST_BINS = 1024 };

/* Relative to the sizes of all numbers that an entry is the sum of. Each is a product of a dozen rounded ones, 1e-16
 * apiece, but for u = 1 - n/m, which the twin has to 1e-16 of 1 and not of itself: 1e-13 of it where a bin fits its data
 * to 1e-3, as those that weigh most hardly ever do all. */
static const double TOLERANCE = 1e-12;

static void compare(const char *what, const double *fast, const double *slow, const double *size, int n, double least)
{
    for (int k = 0; k < n; k++) {
        ck_assert_msg(fabs(fast[k] - slow[k]) <= TOLERANCE * (size[k] + least), "%s, entry %d: %.17g, twin %.17g", what,
                      k, fast[k], slow[k]);
    }
}

/* Evaluates both, to all orders. */
static void compare_at(const fb_templates *templates, const fb_fit_settings *settings, const double *counts,
                       const double *x)
{
    fb_error error = {0};
    fb_likelihood *likelihood = NULL;
    FB_ASSERT_OK(fb_likelihood_create(templates, settings, &likelihood, &error));
    FB_ASSERT_OK(fb_likelihood_set_counts(likelihood, templates->n_bins, counts, &error));
    fb_nll_value slow, size;
    twin_evaluate(templates, settings, counts, x, &slow, &size);
    for (int order = FB_VALUE; order <= FB_HESSIAN; order++) {
        fb_nll_value fast;
        fb_likelihood_evaluate(likelihood, x, (fb_order)order, &fast);
        compare("t", &fast.value, &slow.value, &size.value, 1, 1.0);
        if (order >= FB_GRADIENT) {
            compare("gradient", fast.gradient, slow.gradient, size.gradient, FB_N_PARAMETER, 1.0);
        }
        if (order >= FB_HESSIAN) {
            compare("Hessian", fast.hessian, slow.hessian, size.hessian, FB_N_PAIR, 1.0);
            compare("metric", fast.metric, slow.metric, size.metric, FB_N_PAIR, 1.0);
        }
    }
    fb_likelihood_free(likelihood);
}

/* Variant 0 .. 11: the three combinations, Monte-Carlo uncertainty on and off, clipped or continued. */
static fb_fit_settings variant(int which, fb_combination *combination)
{
    fb_fit_settings settings = fb_fit_settings_default();
    *combination = (fb_combination)(which % 3);
    settings.monte_carlo_uncertainty = which / 3 % 2 == 0;
    settings.floor_kind = which / 6 == 0 ? FB_FLOOR_QUADRATIC : FB_FLOOR_CLIP;
    settings.observed[FB_JES] = 0.4;
    return settings;
}

static const int sizes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 25, 300, MOST_BINS};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

/* The model, data and a place of one test. */
typedef struct sample {
    fb_templates *templates;
    double counts[MOST_BINS];
    double x[FB_N_PARAMETER];
} sample;

static void draw(fb_random *random, const fb_fit_settings *settings, fb_combination combination, int n_bins,
                 sample *out)
{
    fb_error error = {0};
    fb_coordinates coordinates;
    out->templates = model_random(random, combination, n_bins);
    const fb_point truth = model_random_point(random), point = model_random_point(random);
    model_toy(out->templates, &truth, true, random, out->counts);
    FB_ASSERT_OK(fb_coordinates_create(settings, &coordinates, &error));
    fb_coordinates_from_point(&coordinates, &point, out->x);
}

START_TEST(sums_are_those_of_the_twin)
{
    fb_random random = fb_random_at(41, FB_STREAM_TOY, (uint64_t)_i);
    fb_combination combination;
    fb_fit_settings settings = variant(_i, &combination);
    for (int k = 0; k < N_SIZES; k++) {
        sample made;
        draw(&random, &settings, combination, sizes[k], &made);
        compare_at(made.templates, &settings, made.counts, made.x);
        fb_templates_free(made.templates);
    }
}
END_TEST

/* Bins without counts, with some where nothing is ever expected, without variance, with a variance larger than the
 * expectation, with fractions of a count, and expectations below the floor and below 0. */
START_TEST(corners_are_those_of_the_twin)
{
    fb_random random = fb_random_at(42, FB_STREAM_TOY, (uint64_t)_i);
    fb_combination combination;
    fb_fit_settings settings = variant(_i, &combination);
    int n_floored = 0, n_impossible = 0;
    for (int trial = 0; trial < 40; trial++) {
        enum { N_BINS = 21 };
        sample made;
        draw(&random, &settings, combination, N_BINS, &made);
        made.x[FB_MU] = trial % 4 == 0 ? 0.0 : trial % 4 == 1 ? -2.0 : made.x[FB_MU];
        for (int bin = 1; bin < N_BINS; bin++) {
            const int kind = (int)(7.0 * fb_random_uniform(&random));
            for (int p = 0; p < FB_N_PROCESS; p++) {
                double *yield = &made.templates->yield[p * N_BINS + bin];
                double *variance = &made.templates->variance[p * N_BINS + bin];
                *yield = kind == 2 || (kind == 3 && p != FB_HTAUTAU) ? 0.0 : kind == 4 ? 1e-5 : *yield;
                *variance = kind == 2 || kind == 3 || kind == 5 ? 0.0 : kind == 6 ? 100.0 * *yield * *yield : *variance;
            }
            made.counts[bin] = kind == 0 ? 0.0 : kind == 1 ? 0.5 : made.counts[bin];
        }
        settings.mu_low = -5.0;
        compare_at(made.templates, &settings, made.counts, made.x);
        fb_error error = {0};
        fb_likelihood *likelihood = NULL;
        double in_them;
        FB_ASSERT_OK(fb_likelihood_create(made.templates, &settings, &likelihood, &error));
        FB_ASSERT_OK(fb_likelihood_set_counts(likelihood, N_BINS, made.counts, &error));
        n_floored += fb_likelihood_floored(likelihood, made.x);
        n_impossible += fb_likelihood_impossible(likelihood, &in_them);
        fb_likelihood_free(likelihood);
        fb_templates_free(made.templates);
    }
    ck_assert_int_gt(n_floored, 20);
    ck_assert_int_gt(n_impossible, 20);
}
END_TEST

/* Where t is not finite, it says so. */
START_TEST(not_finite_stays_not_finite)
{
    fb_error error = {0};
    fb_random random = fb_random_at(43, FB_STREAM_TOY, 0);
    fb_fit_settings settings = fb_fit_settings_default();
    for (int k = 0; k < 4; k++) {
        sample made;
        settings.monte_carlo_uncertainty = k % 2 == 0;
        draw(&random, &settings, FB_COMBINE_PRODUCT, 19, &made);
        fb_likelihood *likelihood = NULL;
        fb_nll_value out;
        FB_ASSERT_OK(fb_likelihood_create(made.templates, &settings, &likelihood, &error));
        FB_ASSERT_OK(fb_likelihood_set_counts(likelihood, 19, made.counts, &error));
        made.x[FB_MU] = k < 2 ? 1e200 : INFINITY;
        made.x[1 + FB_TES] = 1e200;
        fb_likelihood_evaluate(likelihood, made.x, FB_HESSIAN, &out);
        ck_assert(!isfinite(out.value));
        fb_likelihood_free(likelihood);
        fb_templates_free(made.templates);
    }
}
END_TEST

/* n over twelve orders, m/n near 1 and far from it: the term against one in long double. */
START_TEST(difference_to_the_logarithm_is_exact)
{
    fb_random random = fb_random_at(44, FB_STREAM_TOY, 0);
    const fb_bin_vector none = {0.0};
    for (int trial = 0; trial < 200000; trial++) {
        const double n = exp(30.0 * fb_random_uniform(&random) - 3.0);
        const double away = exp(-30.0 * fb_random_uniform(&random)) * (trial % 2 == 0 ? 1.0 : -0.999);
        const double m = trial % 3 == 0 ? n * exp(60.0 * fb_random_uniform(&random) - 30.0) : n * (1.0 + away);
        const double inverse = 1.0 / n, e = m - n;
        const double fast = fb_bin_less_log(none + n, none + e, none + e * inverse, none + m * inverse)[1];
        const long double d = ((long double)m - n) / n;
        long double slow = n * (d - logl((long double)m / n));
        if (fabsl(d) < 0.01L) { // d^2/2 - d^3/3 + ...
            slow = 0.0L;
            for (int k = 12; k >= 2; k--) {
                slow = 1.0L / k - d * slow;
            }
            slow *= n * d * d;
        }
        /* Some roundings of 1.1e-16 of d, at most six times the difference where both formulas meet. */
        ck_assert_msg(fabsl(fast - slow) <= 5e-15L * slow, "n %g, m/n - 1 = %g: %.17g, not %.17Lg", n, (double)d, fast,
                      slow);
    }
}
END_TEST

/* All numbers at one place. */
static void evaluate_with(const char *set, const sample *made, const fb_fit_settings *settings, fb_nll_value *out,
                          double *nu, double *v)
{
    fb_error error = {0};
    fb_likelihood *likelihood = NULL;
    fb_point point;
    ck_assert_int_eq(setenv("FB_INSTRUCTION_SET", set, 1), 0);
    FB_ASSERT_OK(fb_likelihood_create(made->templates, settings, &likelihood, &error));
    FB_ASSERT_OK(fb_likelihood_set_counts(likelihood, made->templates->n_bins, made->counts, &error));
    fb_likelihood_evaluate(likelihood, made->x, FB_HESSIAN, out);
    fb_coordinates_to_point(fb_likelihood_coordinates(likelihood), made->x, &point, NULL, NULL);
    fb_expectation_counts(fb_likelihood_expectation(likelihood), &point, nu, v);
    fb_likelihood_free(likelihood);
    unsetenv("FB_INSTRUCTION_SET");
}

START_TEST(all_sets_give_the_same_bits)
{
    fb_random random = fb_random_at(45, FB_STREAM_TOY, (uint64_t)_i);
    fb_combination combination;
    fb_fit_settings settings = variant(_i, &combination);
    for (int k = 0; k < N_SIZES; k++) {
        sample made;
        fb_nll_value plain, other;
        double nu[2][MOST_BINS], v[2][MOST_BINS];
        const size_t n_bytes = (size_t)sizes[k] * sizeof(double);
        draw(&random, &settings, combination, sizes[k], &made);
        evaluate_with("plain", &made, &settings, &plain, nu[0], v[0]);
        for (int set = 0; set < FB_N_INSTRUCTION_SETS; set++) {
            if (!fb_instruction_set_has((fb_instruction_set)set)) {
                continue;
            }
            const char *name = fb_instruction_set_name((fb_instruction_set)set);
            evaluate_with(name, &made, &settings, &other, nu[1], v[1]);
            ck_assert_msg(memcmp(&plain, &other, sizeof plain) == 0, "%s, %d bins: t", name, sizes[k]);
            ck_assert_msg(memcmp(nu[0], nu[1], n_bytes) == 0, "%s, %d bins: nu", name, sizes[k]);
            ck_assert_msg(memcmp(v[0], v[1], n_bytes) == 0, "%s, %d bins: v", name, sizes[k]);
        }
        fb_templates_free(made.templates);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nll/bin_sums");
    TCase *tests = tcase_create("bin_sums");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, sums_are_those_of_the_twin, 0, 12);
    tcase_add_loop_test(tests, corners_are_those_of_the_twin, 0, 12);
    tcase_add_test(tests, not_finite_stays_not_finite);
    tcase_add_test(tests, difference_to_the_logarithm_is_exact);
    tcase_add_loop_test(tests, all_sets_give_the_same_bits, 0, 12);
    return fb_run_suite(suite);
}

/* Templates: their polynomials, and the fit that makes them. */
#include <math.h>

#include "holdout/templates/templates.h"
#include "models/common/text.h"
#include "tests/support/support.h"

enum { N_BINS = 3, N_CELLS = FB_N_PROCESS * N_BINS, N_POINTS = 10 };

/* Least squares of a noiseless polynomial, condition number below 1e4 in units of the range. */
static const double EXACT = 1e-11;

static const double alphas[N_POINTS] = {0.90, 0.92, 0.94, 0.96, 0.98, 1.02, 1.04, 1.06, 1.08, 1.10};

static double truth(int cell, double alpha)
{
    double x = (alpha - 1.0) / 0.05;
    return 1.0 + 0.03 * (cell - 4) * x - 0.01 * cell * x * x + 0.002 * x * x * x;
}

static void fill(double *ratio, double *weight)
{
    for (int point = 0; point < N_POINTS; point++) {
        for (int cell = 0; cell < N_CELLS; cell++) {
            ratio[point * N_CELLS + cell] = truth(cell, alphas[point]);
            weight[point * N_CELLS + cell] = 1.0 + cell;
        }
    }
}

START_TEST(fit_recovers_the_polynomial)
{
    fb_error error = {0};
    fb_templates *templates = NULL;
    double ratio[N_POINTS * N_CELLS], weight[N_POINTS * N_CELLS];
    fill(ratio, weight);
    FB_ASSERT_OK(fb_templates_create(N_BINS, &templates, &error));
    FB_ASSERT_OK(fb_templates_set_shape(templates, FB_JES, 3, 0.05, &error));
    ck_assert_double_eq(fb_templates_ratio(templates, FB_JES, FB_TTBAR, 1, 1.07), 1.0);
    FB_ASSERT_OK(fb_templates_fit_shape(templates, FB_JES, N_POINTS, alphas, ratio, weight, &error));
    for (int cell = 0; cell < N_CELLS; cell++) {
        for (double alpha = 0.9; alpha < 1.1; alpha += 0.01) {
            FB_ASSERT_NEAR(fb_templates_ratio(templates, FB_JES, cell / N_BINS, cell % N_BINS, alpha),
                           truth(cell, alpha), EXACT);
        }
        ck_assert_double_eq(templates->shape[FB_JES].coefficient[cell * 4], 1.0);
        FB_ASSERT_NEAR(templates->shape[FB_JES].coefficient[cell * 4 + 1], 0.03 * (cell - 4), EXACT);
    }
    /* Another parameter has no shape. */
    ck_assert_double_eq(fb_templates_ratio(templates, FB_TES, 0, 0, 1.05), 1.0);
    fb_templates_free(templates);
}
END_TEST

/* A straight line through (nominal, 1) with weights w: slope = sum w x (r - 1) / sum w x^2. */
START_TEST(weights_count)
{
    fb_error error = {0};
    fb_templates *templates = NULL;
    FB_ASSERT_OK(fb_templates_create(1, &templates, &error));
    FB_ASSERT_OK(fb_templates_set_shape(templates, FB_SOFT_MET, 1, 2.0, &error));
    const double alpha[] = {1.0, 2.0, 4.0}; // x = 0.5, 1, 2
    double ratio[3 * FB_N_PROCESS], weight[3 * FB_N_PROCESS];
    for (int p = 0; p < FB_N_PROCESS; p++) {
        const double r[] = {1.1, 1.5, NAN}, w[] = {4.0, 1.0, 0.0}; // a point without weight may be anything
        for (int point = 0; point < 3; point++) {
            ratio[point * FB_N_PROCESS + p] = r[point];
            weight[point * FB_N_PROCESS + p] = w[point];
        }
    }
    weight[0 * FB_N_PROCESS + FB_TTBAR] = weight[1 * FB_N_PROCESS + FB_TTBAR] = 0.0;
    FB_ASSERT_OK(fb_templates_fit_shape(templates, FB_SOFT_MET, 3, alpha, ratio, weight, &error));
    double slope = (4.0 * 0.5 * 0.1 + 1.0 * 1.0 * 0.5) / (4.0 * 0.25 + 1.0);
    FB_ASSERT_NEAR(fb_templates_ratio(templates, FB_SOFT_MET, FB_HTAUTAU, 0, 2.0), 1.0 + slope, EXACT);
    /* No usable points: no dependence. */
    ck_assert_double_eq(fb_templates_ratio(templates, FB_SOFT_MET, FB_TTBAR, 0, 2.0), 1.0);
    fb_templates_free(templates);
}
END_TEST

START_TEST(bad_input_rejected)
{
    fb_error error = {0};
    fb_templates *templates = NULL;
    double ratio[N_POINTS * N_CELLS], weight[N_POINTS * N_CELLS];
    fill(ratio, weight);
    ck_assert_int_eq(fb_templates_create(0, &templates, &error), FB_ERROR_USAGE);
    ck_assert_ptr_null(templates);
    FB_ASSERT_OK(fb_templates_create(N_BINS, &templates, &error));
    ck_assert_int_eq(fb_templates_set_shape(templates, FB_TES, 0, 0.05, &error), FB_ERROR_USAGE);
    ck_assert_int_eq(fb_templates_set_shape(templates, FB_TES, FB_MAX_DEGREE + 1, 0.05, &error), FB_ERROR_USAGE);
    ck_assert_int_eq(fb_templates_set_shape(templates, FB_TES, 2, 0.0, &error), FB_ERROR_USAGE);
    FB_ASSERT_OK(fb_templates_set_shape(templates, FB_TES, 4, 0.05, &error));
    ck_assert_int_eq(fb_templates_fit_shape(templates, FB_TES, 3, alphas, ratio, weight, &error), FB_ERROR_USAGE);
    fb_templates_free(templates);
    fb_templates_free(NULL);
}
END_TEST

START_TEST(combinations_have_names)
{
    for (int k = FB_COMBINE_PRODUCT; k <= FB_COMBINE_AVERAGE; k++) {
        ck_assert_int_eq(fb_text_find(fb_templates_combination_names[k], fb_templates_combination_names), k);
    }
    ck_assert_ptr_null(fb_templates_combination_names[FB_COMBINE_AVERAGE + 1]);
    ck_assert_int_eq(fb_text_find("sum", fb_templates_combination_names), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/templates");
    TCase *tests = tcase_create("templates");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, fit_recovers_the_polynomial);
    tcase_add_test(tests, weights_count);
    tcase_add_test(tests, bad_input_rejected);
    tcase_add_test(tests, combinations_have_names);
    return fb_run_suite(suite);
}

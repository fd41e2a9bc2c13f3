/* The minimiser on functions whose minima are known. */
#include <math.h>
#include <string.h>

#include "nll/minimize.h"
#include "nll/pair.inc"
#include "tests/support/support.h"

/* Minimum in a box of f; the metric is the identity. */
static fb_objective in_box(void (*evaluate)(const double *, fb_order, fb_nll_value *, const void *), int n, double low,
                           double high)
{
    fb_objective objective = {.n = n, .evaluate = evaluate, .tolerance = 1e-8, .max_iterations = 200};
    for (int a = 0; a < n; a++) {
        objective.low[a] = low;
        objective.high[a] = high;
    }
    return objective;
}

static void identity_metric(int n, fb_nll_value *out)
{
    memset(out, 0, sizeof *out);
    for (int a = 0; a < n; a++) {
        out->metric[fb_pair(a, a)] = 1.0;
    }
}

/* Rosenbrock's valley: 100 (y - x^2)^2 + (1 - x)^2, minimum 0 at (1, 1). */
static void rosenbrock(const double *x, fb_order order, fb_nll_value *out, const void *context)
{
    (void)order;
    (void)context;
    identity_metric(2, out);
    double valley = x[1] - x[0] * x[0];
    out->value = 100.0 * valley * valley + (1.0 - x[0]) * (1.0 - x[0]);
    out->gradient[0] = -400.0 * x[0] * valley - 2.0 * (1.0 - x[0]);
    out->gradient[1] = 200.0 * valley;
    out->hessian[fb_pair(0, 0)] = -400.0 * valley + 800.0 * x[0] * x[0] + 2.0;
    out->hessian[fb_pair(1, 0)] = -400.0 * x[0];
    out->hessian[fb_pair(1, 1)] = 200.0;
}

START_TEST(valley_is_followed)
{
    static const double starts[][2] = {{-1.2, 1.0}, {0.0, 0.0}, {5.0, -5.0}, {-8.0, 8.0}};
    fb_objective objective = in_box(rosenbrock, 2, -10.0, 10.0);
    for (int s = 0; s < 4; s++) {
        fb_minimum found;
        fb_minimize(&objective, starts[s], &found);
        ck_assert_int_eq(found.status, FB_FIT_CONVERGED);
        FB_ASSERT_NEAR(found.x[0], 1.0, 1e-7);
        FB_ASSERT_NEAR(found.x[1], 1.0, 1e-7);
        ck_assert_uint_eq(found.at_limit, 0);
        ck_assert_int_le(found.evaluations, 120);
        /* H = [[802, -400], [-400, 200]], determinant 400: 2 H^-1 = [[1, 2], [2, 4.01]]. */
        FB_ASSERT_NEAR(found.covariance[fb_pair(0, 0)], 1.0, 1e-5);
        FB_ASSERT_NEAR(found.covariance[fb_pair(1, 0)], 2.0, 1e-5);
        FB_ASSERT_NEAR(found.covariance[fb_pair(1, 1)], 4.01, 1e-5);
    }
}
END_TEST

/* With x <= 0.5 the minimum is on the limit, at y = x^2 = 0.25; the covariance is that of y alone. */
START_TEST(limit_is_respected)
{
    fb_objective objective = in_box(rosenbrock, 2, -10.0, 10.0);
    objective.high[0] = 0.5;
    fb_minimum found;
    fb_minimize(&objective, (double[]){-1.2, 1.0}, &found);
    ck_assert_int_eq(found.status, FB_FIT_CONVERGED);
    ck_assert_double_eq(found.x[0], 0.5);
    FB_ASSERT_NEAR(found.x[1], 0.25, 1e-9);
    ck_assert_uint_eq(found.at_limit, 1);
    ck_assert_double_eq(found.covariance[fb_pair(0, 0)], 0.0);
    FB_ASSERT_NEAR(found.covariance[fb_pair(1, 1)], 2.0 / 200.0, 1e-12);
    /* A start on the limit leaves it when the minimum is inside. */
    objective.high[0] = 2.0;
    fb_minimize(&objective, (double[]){2.0, -10.0}, &found);
    ck_assert_int_eq(found.status, FB_FIT_CONVERGED);
    FB_ASSERT_NEAR(found.x[0], 1.0, 1e-7);
}
END_TEST

START_TEST(held_coordinate_stays)
{
    fb_objective objective = in_box(rosenbrock, 2, -10.0, 10.0);
    objective.held = 1U;
    fb_minimum found;
    fb_minimize(&objective, (double[]){3.0, 0.0}, &found);
    ck_assert_int_eq(found.status, FB_FIT_CONVERGED);
    ck_assert_double_eq(found.x[0], 3.0);
    FB_ASSERT_NEAR(found.x[1], 9.0, 1e-9);
}
END_TEST

START_TEST(iterations_are_bounded)
{
    fb_objective objective = in_box(rosenbrock, 2, -10.0, 10.0);
    objective.max_iterations = 2;
    fb_minimum found;
    fb_minimize(&objective, (double[]){-1.2, 1.0}, &found);
    ck_assert_int_eq(found.status, FB_FIT_OUT_OF_ITERATIONS);
    ck_assert(isnan(found.covariance[0]));
    ck_assert_int_eq(found.iterations, 2);
}
END_TEST

/* x^2 - y^2 has a saddle at 0. */
static void saddle(const double *x, fb_order order, fb_nll_value *out, const void *context)
{
    (void)order;
    (void)context;
    identity_metric(2, out);
    out->value = x[0] * x[0] - x[1] * x[1];
    out->gradient[0] = 2.0 * x[0];
    out->gradient[1] = -2.0 * x[1];
    out->hessian[fb_pair(0, 0)] = 2.0;
    out->hessian[fb_pair(1, 1)] = -2.0;
}

START_TEST(saddle_is_not_a_minimum)
{
    fb_objective objective = in_box(saddle, 2, -3.0, 3.0);
    fb_minimum found;
    fb_minimize(&objective, (double[]){0.0, 0.0}, &found);
    ck_assert_int_eq(found.status, FB_FIT_SADDLE);
    fb_minimize(&objective, (double[]){1.0, 1e-3}, &found);
    ck_assert_int_eq(found.status, FB_FIT_CONVERGED);
    ck_assert_double_eq(found.x[1], 3.0);
    ck_assert_uint_eq(found.at_limit, 2);
}
END_TEST

/* A gradient that points the wrong way: no step lowers the function. */
static void liar(const double *x, fb_order order, fb_nll_value *out, const void *context)
{
    (void)order;
    (void)context;
    identity_metric(1, out);
    out->value = fabs(x[0]);
    out->gradient[0] = x[0] < 0.0 ? 1.0 : -1.0;
    out->hessian[0] = 1.0;
}

static void nowhere(const double *x, fb_order order, fb_nll_value *out, const void *context)
{
    (void)x;
    (void)order;
    (void)context;
    identity_metric(1, out);
    out->value = NAN;
}

/* A value, but no way to go. */
static void lost(const double *x, fb_order order, fb_nll_value *out, const void *context)
{
    (void)order;
    (void)context;
    identity_metric(1, out);
    out->value = x[0] * x[0];
    out->gradient[0] = NAN;
    out->hessian[0] = 2.0;
}

START_TEST(hopeless_functions_are_reported)
{
    fb_objective objective = in_box(liar, 1, -10.0, 10.0);
    fb_minimum found;
    fb_minimize(&objective, (double[]){1.0}, &found);
    ck_assert_int_eq(found.status, FB_FIT_STALLED);
    objective.evaluate = lost;
    fb_minimize(&objective, (double[]){3.0}, &found);
    ck_assert_msg(found.status != FB_FIT_CONVERGED, "converged at %g", found.x[0]);
    objective.evaluate = nowhere;
    fb_minimize(&objective, (double[]){1.0}, &found);
    ck_assert_int_eq(found.status, FB_FIT_NOT_FINITE);
    ck_assert(isnan(found.gradient_norm) && isnan(found.edm));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nll/minimize");
    TCase *tests = tcase_create("minimize");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, valley_is_followed);
    tcase_add_test(tests, limit_is_respected);
    tcase_add_test(tests, held_coordinate_stays);
    tcase_add_test(tests, iterations_are_bounded);
    tcase_add_test(tests, saddle_is_not_a_minimum);
    tcase_add_test(tests, hopeless_functions_are_reported);
    return fb_run_suite(suite);
}

/* The inputs of the net: what is learned from columns, and what becomes of rows, with every set of instructions. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/random.h"
#include "models/dense/dense_features_internal.h"
#include "models/dense/dense_features_math.inc"
#include "tests/support/support.h"

enum { N_ROWS = 4000, N_COLUMNS = 6 };

/* Columns: normal; exponential, undefined in a third of the rows; normal, undefined in the same; constant; has -25 and
 * -24.5; undefined in every other row. */
static void make_columns(float *matrix, float *weight)
{
    for (int i = 0; i < N_ROWS; i++) {
        fb_random random = fb_random_at(9, FB_STREAM_TOY, (uint64_t)i);
        float *x = matrix + i * N_COLUMNS;
        x[0] = (float)(5.0 + 2.0 * fb_random_normal(&random));
        x[1] = i % 3 == 0 ? -25.0f : (float)(-40.0 * log(fb_random_uniform(&random)));
        x[2] = i % 3 == 0 ? -25.0f : (float)fb_random_normal(&random);
        x[3] = 7.3f;
        x[4] = i % 5 == 0 ? -25.0f : -24.5f;
        x[5] = i % 2 == 0 ? -25.0f : (float)fb_random_normal(&random);
        weight[i] = (float)(0.5 + fb_random_uniform(&random));
    }
}

static void assert_mean_and_width(const float *out, int stride, const float *weight, int column, int period)
{
    double sum[3] = {0.0, 0.0, 0.0};
    for (int i = 0; i < N_ROWS; i++) {
        if (period == 0 || i % period != 0) {
            const double w = (double)weight[i], x = (double)out[i * stride + column];
            sum[0] += w;
            sum[1] += w * x;
            sum[2] += w * x * x;
        }
    }
    /* Mean and width are stored in float32. */
    FB_ASSERT_NEAR(sum[1] / sum[0], 0.0, 1e-5);
    FB_ASSERT_NEAR(sum[2] / sum[0], 1.0, 1e-5);
}

START_TEST(features_are_learned)
{
    enum { STRIDE = 16 };
    static float matrix[N_ROWS * N_COLUMNS], weight[N_ROWS], out[N_ROWS * STRIDE];
    fb_error error = {0};
    fb_dense_features f;
    make_columns(matrix, weight);
    const fb_sample sample = {
        .n = N_ROWS, .n_features = N_COLUMNS, .matrix = matrix, .label = weight, .weight = weight};
    FB_ASSERT_OK(fb_dense_features_learn(FB_DENSE_AUTO, &sample, &f, &error));
    ck_assert_int_eq(f.n_groups, 2);
    ck_assert_int_eq(f.group[0], 1);
    ck_assert_int_eq(f.group[1], 5);
    ck_assert(isnan(f.marker[0]) && f.marker[1] == -25.0f && f.marker[2] == -25.0f && isnan(f.marker[4]));
    ck_assert(f.compression[0] == 0.0f && f.compression[1] > 0.0f && f.compression[2] == 0.0f);
    fb_dense_features_apply(&f, matrix, NULL, N_ROWS, STRIDE, out);
    assert_mean_and_width(out, STRIDE, weight, 0, 0);
    assert_mean_and_width(out, STRIDE, weight, 1, 3);
    assert_mean_and_width(out, STRIDE, weight, 2, 3);
    assert_mean_and_width(out, STRIDE, weight, 4, 0);
    assert_mean_and_width(out, STRIDE, weight, 5, 2);
    assert_mean_and_width(out, STRIDE, weight, 6, 0);
    assert_mean_and_width(out, STRIDE, weight, 7, 0);
    for (int i = 0; i < N_ROWS; i++) {
        const float *x = matrix + i * N_COLUMNS, *y = out + i * STRIDE;
        ck_assert(i % 3 != 0 || (y[1] == 0.0f && y[2] == 0.0f));
        ck_assert_float_eq(y[3], 0.0f);
        ck_assert(i % 3 == 0 ? y[6] > 1.0f : y[6] < 0.0f);
        const double literal = log1p((double)x[1] * (double)f.compression[1]);
        if (i % 3 != 0) {
            FB_ASSERT_NEAR((double)y[1], (literal - (double)f.mean[1]) * (double)f.scale[1], 2e-6);
        }
    }
    /* Rows in another order. */
    const uint32_t order[] = {17, 3, 17};
    float some[3 * STRIDE] = {0};
    fb_dense_features_apply(&f, matrix, order, 3, STRIDE, some);
    for (int k = 0; k < 3; k++) {
        ck_assert_int_eq(memcmp(some + k * STRIDE, out + order[k] * STRIDE, 8 * sizeof(float)), 0);
    }
    fb_dense_features_clear(&f);
    FB_ASSERT_OK(fb_dense_features_learn(FB_DENSE_STANDARD, &sample, &f, &error));
    ck_assert_int_eq(f.n_groups, 0);
    fb_dense_features_apply(&f, matrix, NULL, N_ROWS, STRIDE, out);
    for (int column = 0; column < N_COLUMNS; column++) {
        ck_assert(isnan(f.marker[column]) && f.compression[column] == 0.0f);
        if (column != 3) {
            assert_mean_and_width(out, STRIDE, weight, column, 0);
        }
    }
    fb_dense_features_clear(&f);
}
END_TEST

/* The last values are such as no rule was learned from. */
START_TEST(kernels_agree)
{
    enum { STRIDE = 16 };
    static fb_dense_features_kernel *const kernels[FB_N_INSTRUCTION_SETS] = FB_KERNELS(fb_dense_features_kernel);
    static const float strange[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f, -0.0f, 1e-40f, -25.0f};
    static float matrix[N_ROWS * N_COLUMNS], weight[N_ROWS], out[FB_N_INSTRUCTION_SETS][N_ROWS * STRIDE];
    uint32_t order[N_ROWS];
    fb_error error = {0};
    fb_dense_features f;
    make_columns(matrix, weight);
    const fb_sample sample = {
        .n = N_ROWS, .n_features = N_COLUMNS, .matrix = matrix, .label = weight, .weight = weight};
    FB_ASSERT_OK(fb_dense_features_learn(FB_DENSE_AUTO, &sample, &f, &error));
    for (int k = 0; k < 8 * N_COLUMNS; k++) {
        matrix[k] = strange[k % 8];
    }
    for (uint32_t i = 0; i < N_ROWS; i++) {
        order[i] = i * 7 % N_ROWS;
    }
    for (int set = 0; set < FB_N_INSTRUCTION_SETS; set++) {
        if (fb_instruction_set_has((fb_instruction_set)set)) {
            kernels[set](&f, matrix, order, N_ROWS, STRIDE, out[set]);
            ck_assert_msg(memcmp(out[set], out[0], sizeof out[0]) == 0, "set %d", set);
        }
    }
    fb_dense_features_clear(&f);
}
END_TEST

START_TEST(the_logarithm_is_that_of_the_library)
{
    double worst = 0.0;
    for (double x = 1e-12; x < 1e30; x *= 1.001) {
        const double expected = log1p((double)(float)x);
        worst = fmax(worst, fabs((double)fb_dense_log1p((float)x) - expected) / fmax(expected, 1.0));
    }
    printf("error of the logarithm: %.2g\n", worst);
    ck_assert_double_lt(worst, 2e-7);
    ck_assert_float_eq(fb_dense_log1p(0.0f), 0.0f);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models/dense_features");
    TCase *tests = tcase_create("dense_features");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, features_are_learned);
    tcase_add_test(tests, kernels_agree);
    tcase_add_test(tests, the_logarithm_is_that_of_the_library);
    return fb_run_suite(suite);
}

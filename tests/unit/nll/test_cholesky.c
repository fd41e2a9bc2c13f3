/* Cholesky's factors: a matrix solved by hand, GSL's solutions of random ones, and what is not positive definite. */
#include <float.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

#include "models/common/random.h"
#include "nll/cholesky.h"
#include "tests/support/support.h"

enum { MOST = 7 };

/* The smallest eigenvalue of B B^T + 1 is at least 1 and the largest about 30: rounding is multiplied by 30 at most,
 * through sums of seven terms. */
static const double TOLERANCE = 30.0 * MOST * DBL_EPSILON;

START_TEST(by_hand)
{
    /* [4 2; 2 5] = [2 0; 1 2] [2 1; 0 2]; 4 x + 2 y = 8 and 2 x + 5 y = 12 have the solution 1, 2. */
    double matrix[4] = {4.0, NAN, 2.0, 5.0}, right[2] = {8.0, 12.0};
    ck_assert(fb_cholesky_factorise(2, matrix));
    ck_assert_double_eq(matrix[0], 2.0);
    ck_assert_double_eq(matrix[2], 1.0);
    ck_assert_double_eq(matrix[3], 2.0);
    fb_cholesky_solve(2, matrix, right);
    ck_assert_double_eq(right[0], 1.0);
    ck_assert_double_eq(right[1], 2.0);
}
END_TEST

/* B B^T + 1 with random B, [n][n]. */
static void draw(fb_random *random, int n, double *matrix)
{
    double b[MOST * MOST];
    for (int k = 0; k < n * n; k++) {
        b[k] = fb_random_normal(random);
    }
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            matrix[i * n + j] = i == j ? 1.0 : 0.0;
            for (int k = 0; k < n; k++) {
                matrix[i * n + j] += b[i * n + k] * b[j * n + k];
            }
        }
    }
}

START_TEST(another_library_agrees)
{
    fb_random random = fb_random_at(11, FB_STREAM_NET_WEIGHTS, (uint64_t)_i);
    const int n = 1 + _i % MOST;
    double mine[MOST * MOST], other[MOST * MOST], solution[MOST], right[MOST];
    draw(&random, n, mine);
    memcpy(other, mine, sizeof other);
    for (int k = 0; k < n; k++) {
        solution[k] = right[k] = fb_random_normal(&random);
    }
    gsl_matrix_view matrix = gsl_matrix_view_array(other, (size_t)n, (size_t)n);
    gsl_vector_view vector = gsl_vector_view_array(right, (size_t)n);
    ck_assert_int_eq(gsl_linalg_cholesky_decomp1(&matrix.matrix), 0);
    ck_assert_int_eq(gsl_linalg_cholesky_svx(&matrix.matrix, &vector.vector), 0);
    ck_assert(fb_cholesky_factorise(n, mine));
    fb_cholesky_solve(n, mine, solution);
    for (int i = 0; i < n; i++) {
        FB_ASSERT_NEAR(solution[i], right[i], TOLERANCE * 10.0);
        for (int j = 0; j <= i; j++) {
            FB_ASSERT_NEAR(mine[i * n + j], other[i * n + j], TOLERANCE * 10.0);
        }
    }
}
END_TEST

START_TEST(others_are_refused)
{
    double indefinite[4] = {1.0, 2.0, 2.0, 1.0}, singular[4] = {1.0, 1.0, 1.0, 1.0}, zero[1] = {0.0};
    double unknown[4] = {1.0, NAN, NAN, 1.0}, endless[1] = {INFINITY};
    ck_assert(!fb_cholesky_factorise(2, indefinite));
    ck_assert(!fb_cholesky_factorise(2, singular));
    ck_assert(!fb_cholesky_factorise(1, zero));
    ck_assert(!fb_cholesky_factorise(2, unknown));
    ck_assert(!fb_cholesky_factorise(1, endless));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nll/cholesky");
    TCase *tests = tcase_create("cholesky");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, by_hand);
    tcase_add_loop_test(tests, another_library_agrees, 0, 10 * MOST);
    tcase_add_test(tests, others_are_refused);
    return fb_run_suite(suite);
}

/* Which BLAS computes: OpenBLAS, opened when a net asks for it and not before, with one thread, and beside it the plain
 * one of GSL for GSL. */
#include <dlfcn.h>
#include <gsl/gsl_blas.h>
#include <stdlib.h>
#include <string.h>

#include "models/dense/openblas_internal.h"
#include "tests/support/support.h"

static bool is_loaded(void)
{
    void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_NOLOAD);
    return library != NULL && dlclose(library) == 0;
}

/* Ends of the path of the library from which calls of this name are answered. */
static void assert_comes_from(const char *name, const char *library)
{
    Dl_info where;
    void *function = dlsym(RTLD_DEFAULT, name);
    ck_assert_msg(function != NULL, "%s is not there", name);
    ck_assert_int_ne(dladdr(function, &where), 0);
    char *path = realpath(where.dli_fname, NULL);
    ck_assert_ptr_nonnull(path);
    ck_assert_msg(strstr(path, library) != NULL, "%s comes from %s", name, path);
    free(path);
}

/* Each test runs in a process of its own, in which nothing has been opened. */
START_TEST(it_is_opened_when_it_is_needed)
{
    fb_error error = {0};
    int n_threads = 1, (*threads)(void) = NULL;
    ck_assert(!is_loaded());
    assert_comes_from("cblas_dgemv", "gslcblas");
    setenv("OPENBLAS_NUM_THREADS", "5", 1);
    FB_ASSERT_OK(fb_openblas_open(&n_threads, &error));
    ck_assert_int_eq(n_threads, 1);
    ck_assert(is_loaded());
    ck_assert_str_eq(getenv("OPENBLAS_NUM_THREADS"), "5");
    assert_comes_from("cblas_dgemv", "gslcblas");
    void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_NOLOAD);
    *(void **)&threads = dlsym(library, "openblas_get_num_threads");
    ck_assert_int_eq(threads(), 1);
    ck_assert_int_ne(fb_openblas_kernel()[0], 0);
    n_threads = 2;
    FB_ASSERT_OK(fb_openblas_open(&n_threads, &error));
    ck_assert_int_eq(n_threads, 2);
}
END_TEST

START_TEST(gsl_computes_beside_it)
{
    double x[] = {1.0, 2.0, 3.0}, y[] = {4.0, 5.0, 6.0}, product = 0.0;
    gsl_vector_view left = gsl_vector_view_array(x, 3), right = gsl_vector_view_array(y, 3);
    ck_assert_int_eq(gsl_blas_ddot(&left.vector, &right.vector, &product), 0);
    ck_assert_double_eq(product, 32.0);
}
END_TEST

START_TEST(products_are_those_of_the_formula)
{
    enum { M = 3, N = 2, K = 4, STRIDE = 5 };
    fb_error error = {0};
    int n_threads = 1;
    float a[STRIDE * STRIDE], b[STRIDE * STRIDE], c[STRIDE * STRIDE];
    FB_ASSERT_OK(fb_openblas_open(&n_threads, &error));
    for (int k = 0; k < STRIDE * STRIDE; k++) {
        a[k] = (float)(k % 7 - 3);
        b[k] = (float)(k % 5 - 2);
    }
    static const char turns[] = {'-', 'A', 'B'};
    for (int t = 0; t < 3; t++) {
        const char turn = turns[t];
        memset(c, 0, sizeof c);
        fb_openblas_product(turn, M, N, K, a, STRIDE, b, STRIDE, c, STRIDE);
        for (int i = 0; i < M; i++) {
            for (int j = 0; j < N; j++) {
                float sum = 0.0f;
                for (int k = 0; k < K; k++) {
                    sum += (turn == 'A' ? a[k * STRIDE + i] : a[i * STRIDE + k]) *
                           (turn == 'B' ? b[j * STRIDE + k] : b[k * STRIDE + j]);
                }
                ck_assert_float_eq(c[i * STRIDE + j], sum); // small whole numbers, so exact
            }
        }
    }
    fb_openblas_transposed_times(K, M, a, STRIDE, b, c);
    for (int j = 0; j < M; j++) {
        ck_assert_float_eq(c[j],
                           a[j] * b[0] + a[STRIDE + j] * b[1] + a[2 * STRIDE + j] * b[2] + a[3 * STRIDE + j] * b[3]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models/blas");
    TCase *tests = tcase_create("blas");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, it_is_opened_when_it_is_needed);
    tcase_add_test(tests, gsl_computes_beside_it);
    tcase_add_test(tests, products_are_those_of_the_formula);
    return fb_run_suite(suite);
}

/* Who answers cblas_*: OpenBLAS, and not the slow reference library that GSL brings along under the same names. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/support.h"

/* Declared here: the point is what the names are bound to, whichever header declares them. */
double cblas_ddot(int n, const double *x, int step_x, const double *y, int step_y);

static void assert_from_openblas(const char *name)
{
    Dl_info where;
    /* In the order in which the program's own calls and those of GSL are bound. */
    void *function = dlsym(RTLD_DEFAULT, name);
    ck_assert_msg(function != NULL, "%s is not there", name);
    ck_assert_int_ne(dladdr(function, &where), 0);
    /* On Debian libblas.so.3 may be OpenBLAS under another name: the resolved path shows which. */
    char *path = realpath(where.dli_fname, NULL);
    ck_assert_ptr_nonnull(path);
    ck_assert_msg(strstr(path, "openblas") != NULL, "%s comes from %s", name, path);
    free(path);
}

START_TEST(cblas_is_openblas)
{
    static const char *const names[] = {"cblas_ddot", "cblas_dgemm", "cblas_sgemm", "cblas_dgemv",
                                        "openblas_get_config"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        assert_from_openblas(names[k]);
    }
}
END_TEST

START_TEST(a_call_works)
{
    const double x[] = {1.0, 2.0, 3.0}, y[] = {4.0, 5.0, 6.0};
    ck_assert_double_eq(cblas_ddot(3, x, 1, y, 1), 32.0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models/blas");
    TCase *tests = tcase_create("blas");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, cblas_is_openblas);
    tcase_add_test(tests, a_call_works);
    return fb_run_suite(suite);
}

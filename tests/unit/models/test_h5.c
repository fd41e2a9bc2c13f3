/* Why an HDF5 file cannot be read or written: the reason that the message gives is the one that there was. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>

#include "models/common/h5.h"
#include "tests/support/support.h"

#define FILE_NAME "test_models_h5.h5"

enum { N = 50000 };

/* What locking a file gives: this function takes the place of the C library's, for HDF5 too. */
static int lock_error;
static int n_refused;

int flock(int descriptor, int operation);

int flock(int descriptor, int operation)
{
    (void)descriptor;
    if (lock_error == 0 || operation == LOCK_UN) {
        return 0;
    }
    n_refused++;
    errno = lock_error;
    return -1;
}

static fb_status write_file(fb_error *error)
{
    fb_h5 *file = NULL;
    const size_t n = N;
    float *data = calloc(N, sizeof *data);
    ck_assert_ptr_nonnull(data);
    fb_status status = FB_OK;
    FB_TRY(fb_h5_create(FILE_NAME, &file, error));
    FB_TRY(fb_h5_array_write(file, "x", FB_H5_F32, 1, &n, data, error));
    FB_TRY(fb_h5_commit(file, error));
cleanup:
    fb_h5_free(file);
    free(data);
    return status;
}

static fb_status read_file(fb_error *error)
{
    fb_h5 *file = NULL;
    const size_t n = N;
    float *data = calloc(N, sizeof *data);
    ck_assert_ptr_nonnull(data);
    fb_status status = FB_OK;
    FB_TRY(fb_h5_open(FILE_NAME, &file, error));
    FB_TRY(fb_h5_array_read(file, "x", FB_H5_F32, 1, &n, data, error));
cleanup:
    fb_h5_free(file);
    free(data);
    return status;
}

START_TEST(a_file_system_without_locks_is_read_and_written)
{
    static const int errors[] = {ENOLCK, EOPNOTSUPP, EACCES, EINVAL, EIO};
    fb_error error = {0};
    for (size_t k = 0; k < sizeof errors / sizeof errors[0]; k++) {
        lock_error = errors[k];
        n_refused = 0;
        FB_ASSERT_OK(write_file(&error));
        ck_assert_int_eq(n_refused, 0);
        FB_ASSERT_OK(read_file(&error));
        ck_assert_int_eq(n_refused, 1);
    }
    lock_error = 0;
    remove(FILE_NAME);
}
END_TEST

START_TEST(a_file_that_is_written_elsewhere_is_not_damaged)
{
    fb_error error = {0};
    FB_ASSERT_OK(write_file(&error));
    lock_error = EWOULDBLOCK;
    ck_assert_int_eq(read_file(&error), FB_ERROR_FILE);
    lock_error = 0;
    ck_assert_msg(strstr(error.text, FILE_NAME ": another program has it open for writing") != NULL, "%s", error.text);
    ck_assert_msg(strstr(error.text, "HDF5_USE_FILE_LOCKING=FALSE") != NULL, "%s", error.text);
    ck_assert_msg(strstr(error.text, strerror(EWOULDBLOCK)) != NULL, "%s", error.text);
    FB_ASSERT_OK(read_file(&error));
    remove(FILE_NAME);
}
END_TEST

/* As on a full disk: the operating system refuses to write more. */
START_TEST(the_reason_of_a_failed_write_is_told)
{
    struct rlimit usual, little;
    fb_error error = {0};
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &usual), 0);
    little = usual;
    little.rlim_cur = N;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &little), 0);
    fb_status status = write_file(&error);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &usual), 0);
    ck_assert_int_eq(status, FB_ERROR_FILE);
    ck_assert_msg(strstr(error.text, FILE_NAME ": cannot ") == error.text, "%s", error.text);
    ck_assert_msg(strstr(error.text, strerror(EFBIG)) != NULL, "%s", error.text);
    ck_assert_ptr_null(fopen(FILE_NAME, "r"));
}
END_TEST

START_TEST(the_reason_why_it_is_not_hdf5_is_told)
{
    fb_error error = {0};
    FILE *text = fopen(FILE_NAME, "w");
    fputs("no HDF5\n", text);
    fclose(text);
    ck_assert_int_eq(read_file(&error), FB_ERROR_DATA);
    ck_assert_str_eq(error.text, FILE_NAME ": is not a whole HDF5 file (another format, or damaged: file signature not "
                                           "found)");
    remove(FILE_NAME);
}
END_TEST

/* What HDF5 says of a call is not said of the next. */
START_TEST(a_reason_is_given_once)
{
    fb_error error = {0};
    fb_h5 *file = NULL;
    double value = 0.0;
    FB_ASSERT_OK(write_file(&error));
    FB_ASSERT_OK(fb_h5_open(FILE_NAME, &file, &error));
    ck_assert_int_eq(fb_h5_array_shape(file, "/", 1, &(size_t){0}, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, "cannot open dataset /: not a dataset") != NULL, "%s", error.text);
    ck_assert_int_eq(fb_h5_get_number(file, "/x", "unit", &value, &error), FB_ERROR_DATA);
    ck_assert_str_eq(error.text, FILE_NAME ": /x has no attribute 'unit'");
    fb_h5_free(file);
    remove(FILE_NAME);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models/h5");
    TCase *tests = tcase_create("h5");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, a_file_system_without_locks_is_read_and_written);
    tcase_add_test(tests, a_file_that_is_written_elsewhere_is_not_damaged);
    tcase_add_test(tests, the_reason_of_a_failed_write_is_told);
    tcase_add_test(tests, the_reason_why_it_is_not_hdf5_is_told);
    tcase_add_test(tests, a_reason_is_given_once);
    return fb_run_suite(suite);
}

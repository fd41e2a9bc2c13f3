/* Temporary files of killed processes go, those of others stay. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "models/common/leftovers.h"
#include "models/common/output.h"
#include "tests/support/support.h"

#define NAME "leftovers.test"

enum { NAME_SIZE = 64 };

static const char *name_of(long process, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, NAME ".tmp%ld", process);
    return name;
}

static void put_file(const char *path)
{
    FILE *stream = fopen(path, "w");
    ck_assert_ptr_nonnull(stream);
    ck_assert_int_eq(fclose(stream), 0);
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* The number of a process that was there. */
static long gone(void)
{
    const pid_t process = fork();
    if (process == 0) {
        _exit(0);
    }
    ck_assert_int_eq(waitpid(process, NULL, 0), process);
    return process;
}

/* A child that begins to write, and stays. */
static pid_t start_writer(void)
{
    int ready[2];
    char byte = 0;
    ck_assert_int_eq(pipe(ready), 0);
    const pid_t process = fork();
    if (process == 0) {
        fb_output *output = NULL;
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* when the test has failed */
        if (fb_output_create(NAME, &output, NULL) == FB_OK && write(ready[1], "x", 1) == 1) {
            pause();
        }
        _exit(1);
    }
    close(ready[1]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return process;
}

static void write_name(void)
{
    fb_output *output = NULL;
    fb_error error = {0};
    FB_ASSERT_OK(fb_output_create(NAME, &output, &error));
    FB_ASSERT_OK(fb_output_commit(output, &error));
    fb_output_free(output);
}

START_TEST(the_next_writer_removes_them)
{
    char name[NAME_SIZE];
    const pid_t writer = start_writer();
    name_of(writer, name);
    write_name();
    ck_assert_msg(is_there(name), "the file of a live process was removed");
    kill(writer, SIGKILL);
    ck_assert_int_eq(waitpid(writer, NULL, 0), writer);
    ck_assert(is_there(name));
    write_name();
    ck_assert_msg(!is_there(name), "the file of a killed process was left");
    ck_assert(is_there(NAME));
    remove(NAME);
}
END_TEST

/* A process of another machine has no number here, but a lock. */
START_TEST(a_locked_file_stays)
{
    char name[NAME_SIZE];
    put_file(name_of(gone(), name));
    const int file = open(name, O_RDWR);
    ck_assert_int_eq(flock(file, LOCK_EX), 0);
    fb_leftovers_remove_files(NAME);
    ck_assert(is_there(name));
    close(file);
    fb_leftovers_remove_files("./" NAME);
    ck_assert(!is_there(name));
}
END_TEST

/* A writer has the lock, so that it is safe from other machines. */
START_TEST(a_writer_has_the_lock)
{
    char name[NAME_SIZE];
    const pid_t writer = start_writer();
    const int file = open(name_of(writer, name), O_RDWR);
    ck_assert_int_ge(file, 0);
    ck_assert_int_ne(flock(file, LOCK_EX | LOCK_NB), 0);
    close(file);
    kill(writer, SIGKILL);
    ck_assert_int_eq(waitpid(writer, NULL, 0), writer);
    remove(name);
}
END_TEST

START_TEST(other_names_stay)
{
    char own[NAME_SIZE], link[NAME_SIZE];
    const char *const others[] = {NAME ".tmp",   NAME ".tmpx",        NAME ".tmp1x",         NAME ".tmp0",
                                  NAME ".tmp-1", NAME "2.tmp9999999", "x" NAME ".tmp9999999"};
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
        put_file(others[k]);
    }
    put_file(name_of(getpid(), own));
    ck_assert_int_eq(symlink(NAME ".tmpx", name_of(gone(), link)), 0);
    fb_leftovers_remove_files(NAME);
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
        ck_assert_msg(is_there(others[k]), "%s is gone", others[k]);
    }
    ck_assert(is_there(own));
    ck_assert(is_there(link));
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
        remove(others[k]);
    }
    remove(own);
    remove(link);
}
END_TEST

START_TEST(folders_go_with_their_files)
{
    ck_assert_int_eq(mkdir(NAME ".tmp12", 0777), 0);
    put_file(NAME ".tmp12/result_7.json");
    put_file(NAME ".tmp13");
    fb_leftovers_remove_folders(NAME);
    ck_assert(!is_there(NAME ".tmp12"));
    ck_assert(is_there(NAME ".tmp13"));
    remove(NAME ".tmp13");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models_leftovers");
    TCase *tests = tcase_create("leftovers");
    tcase_add_test(tests, the_next_writer_removes_them);
    tcase_add_test(tests, a_locked_file_stays);
    tcase_add_test(tests, a_writer_has_the_lock);
    tcase_add_test(tests, other_names_stay);
    tcase_add_test(tests, folders_go_with_their_files);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}

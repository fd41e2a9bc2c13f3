/* One run at a time in a folder of results, however the run before ended. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "baseline/experiments/folder_lock.h"
#include "tests/support/support.h"

#define FOLDER "folder_lock.tmp"
#define FILE_IN_IT FOLDER "/" FB_FOLDER_LOCK_NAME

static void clear(void)
{
    remove(FILE_IN_IT);
    remove(FOLDER "/result");
    remove(FOLDER);
}

static void put_file(const char *path, const char *text)
{
    FILE *stream = fopen(path, "w");
    ck_assert_ptr_nonnull(stream);
    fputs(text, stream);
    ck_assert_int_eq(fclose(stream), 0);
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

START_TEST(a_second_run_is_kept_out)
{
    fb_folder_lock *first = NULL, *second = NULL;
    fb_error error = {0};
    char holder[64];
    clear();
    FB_ASSERT_OK(fb_folder_lock_make(FOLDER, &first, &error));
    ck_assert(fb_folder_lock_is_new(first));
    snprintf(holder, sizeof holder, "process %ld on ", (long)getpid());
    for (int k = 0; k < 2; k++) {
        ck_assert_int_eq(k == 0 ? fb_folder_lock_make(FOLDER, &second, &error)
                                : fb_folder_lock_take(FOLDER, &second, &error),
                         FB_ERROR_FILE);
        ck_assert_ptr_null(second);
        ck_assert_msg(strstr(error.text, FOLDER ": another run") != NULL, "%s", error.text);
        ck_assert_msg(strstr(error.text, holder) != NULL, "%s", error.text);
    }
    ck_assert(is_there(FILE_IN_IT));
    put_file(FOLDER "/result", "result");
    fb_folder_lock_free(first);
    ck_assert(!is_there(FILE_IN_IT) && is_there(FOLDER "/result"));

    FB_ASSERT_OK(fb_folder_lock_take(FOLDER, &second, &error));
    ck_assert(!fb_folder_lock_is_new(second));
    fb_folder_lock_free(second);
    clear();
}
END_TEST

START_TEST(only_a_new_folder_goes)
{
    fb_folder_lock *lock = NULL;
    fb_error error = {0};
    clear();
    FB_ASSERT_OK(fb_folder_lock_make(FOLDER, &lock, &error));
    fb_folder_lock_free(lock);
    ck_assert(!is_there(FOLDER));

    ck_assert_int_eq(fb_folder_lock_take(FOLDER, &lock, &error), FB_ERROR_FILE);
    ck_assert(!is_there(FOLDER));
    ck_assert_int_eq(fb_folder_lock_make(FOLDER "/none/none", &lock, &error), FB_ERROR_FILE);

    ck_assert_int_eq(mkdir(FOLDER, 0777), 0);
    FB_ASSERT_OK(fb_folder_lock_make(FOLDER, &lock, &error));
    fb_folder_lock_free(lock);
    ck_assert(is_there(FOLDER));
    fb_folder_lock_free(NULL);

    clear();
    put_file(FOLDER, "no folder");
    ck_assert_int_eq(fb_folder_lock_make(FOLDER, &lock, &error), FB_ERROR_FILE);
    ck_assert_msg(strstr(error.text, "a file of this name") != NULL, "%s", error.text);
    clear();
}
END_TEST

/* A folder that was removed and made again under the run belongs to whoever made it. */
START_TEST(a_folder_that_was_made_anew_is_left_alone)
{
    fb_folder_lock *first = NULL, *second = NULL;
    fb_error error = {0};
    clear();
    FB_ASSERT_OK(fb_folder_lock_make(FOLDER, &first, &error));
    clear();
    FB_ASSERT_OK(fb_folder_lock_make(FOLDER, &second, &error));
    fb_folder_lock_free(first);
    ck_assert(is_there(FILE_IN_IT));
    fb_folder_lock_free(second);
    ck_assert(!is_there(FOLDER));
}
END_TEST

START_TEST(a_killed_run_keeps_nobody_out)
{
    fb_folder_lock *lock = NULL;
    fb_error error = {0};
    int ready[2], how = 0;
    char byte = 0;
    clear();
    ck_assert_int_eq(pipe(ready), 0);
    const pid_t holder = fork();
    if (holder == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* when the test has failed */
        const bool taken = fb_folder_lock_make(FOLDER, &lock, &error) == FB_OK;
        if (write(ready[1], taken ? "y" : "n", 1) == 1) {
            pause();
        }
        _exit(1);
    }
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    ck_assert_int_eq(byte, 'y');
    ck_assert_int_eq(fb_folder_lock_make(FOLDER, &lock, &error), FB_ERROR_FILE);
    kill(holder, SIGKILL);
    ck_assert_int_eq(waitpid(holder, &how, 0), holder);
    ck_assert(is_there(FILE_IN_IT));
    FB_ASSERT_OK(fb_folder_lock_make(FOLDER, &lock, &error));
    fb_folder_lock_free(lock);
    ck_assert(is_there(FOLDER) && !is_there(FILE_IN_IT));
    close(ready[0]);
    close(ready[1]);
    clear();
}
END_TEST

/* Whoever has the lock makes a file that nobody else may have made; the folder comes and goes with the lock. */
static int compete(int rounds)
{
    int n = 0;
    for (int k = 0; k < rounds; k++) {
        fb_folder_lock *lock = NULL;
        if (fb_folder_lock_make(FOLDER, &lock, NULL) == FB_OK) {
            const int file = open(FOLDER "/result", O_CREAT | O_EXCL | O_WRONLY, 0666);
            if (file < 0 || close(file) != 0 || unlink(FOLDER "/result") != 0) {
                _exit(100);
            }
            n++;
            fb_folder_lock_free(lock);
        }
    }
    return n;
}

START_TEST(two_never_have_it_at_once)
{
    enum { N_PROCESSES = 4, ROUNDS = 2000 };
    pid_t child[N_PROCESSES];
    clear();
    for (int k = 0; k < N_PROCESSES; k++) {
        child[k] = fork();
        if (child[k] == 0) {
            _exit(compete(ROUNDS) > 0 ? 0 : 1);
        }
    }
    for (int k = 0; k < N_PROCESSES; k++) {
        int how = 0;
        ck_assert_int_eq(waitpid(child[k], &how, 0), child[k]);
        ck_assert_msg(WIFEXITED(how) && WEXITSTATUS(how) == 0, "process %d: %d", k, how);
    }
    clear();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline_folder_lock");
    TCase *tests = tcase_create("folder_lock");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_second_run_is_kept_out);
    tcase_add_test(tests, only_a_new_folder_goes);
    tcase_add_test(tests, a_folder_that_was_made_anew_is_left_alone);
    tcase_add_test(tests, a_killed_run_keeps_nobody_out);
    tcase_add_test(tests, two_never_have_it_at_once);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}

/* Folders in passing: they go with their process, or after it was killed with the next one; never while it lives. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "baseline/support/temp_dir.h"
#include "tests/support/support.h"

static char parent[] = "/tmp/fb-test-scratch.XXXXXX";

static void set_up(void)
{
    strcpy(parent + strlen(parent) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(parent));
    setenv("TMPDIR", parent, 1);
}

static int count_entries(const char *path)
{
    int n = 0;
    DIR *entries = opendir(path);
    ck_assert_ptr_nonnull(entries);
    for (const struct dirent *e; (e = readdir(entries)) != NULL;) {
        n += e->d_name[0] != '.';
    }
    closedir(entries);
    return n;
}

static void tear_down(void)
{
    ck_assert_int_eq(count_entries(parent), 0);
    ck_assert_int_eq(rmdir(parent), 0);
}

static void put_file(const char *folder, const char *name)
{
    char path[FB_TEMP_DIR_PATH_SIZE + 20];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs("an experiment", file);
    fclose(file);
}

static void make(fb_temp_dir *scratch)
{
    fb_error error = {0};
    FB_ASSERT_OK(fb_temp_dir_make(scratch, &error));
}

/* A child makes a folder with files, and stays. */
static pid_t start_maker(void)
{
    int ready[2];
    char byte = 0;
    ck_assert_int_eq(pipe(ready), 0);
    const pid_t pid = fork();
    if (pid == 0) {
        fb_temp_dir scratch;
        fb_error error = {0};
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* when the test has failed */
        if (fb_temp_dir_make(&scratch, &error) != FB_OK) {
            _exit(1);
        }
        put_file(scratch.path, "experiment.h5");
        put_file(scratch.path, "experiment.h5.tmp");
        if (write(ready[1], "x", 1) == 1) {
            pause();
        }
        _exit(1);
    }
    close(ready[1]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

static void kill_maker(pid_t pid)
{
    kill(pid, SIGKILL);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

START_TEST(goes_with_its_files)
{
    fb_temp_dir scratch;
    struct stat facts;
    make(&scratch);
    ck_assert_int_eq(strncmp(scratch.path, parent, strlen(parent)), 0);
    ck_assert_int_eq(stat(scratch.path, &facts), 0);
    ck_assert_uint_eq(facts.st_mode & 07777, 0700);
    put_file(scratch.path, "experiment.csv");
    fb_temp_dir_remove(&scratch);
    ck_assert_int_eq(count_entries(parent), 0);
    fb_temp_dir_remove(&scratch);
}
END_TEST

START_TEST(of_the_living_stay_and_of_the_killed_go)
{
    fb_temp_dir ours;
    const pid_t living = start_maker(), killed = start_maker();
    kill_maker(killed);
    ck_assert_int_eq(count_entries(parent), 2);
    make(&ours);
    ck_assert_int_eq(count_entries(parent), 2); /* ours and that of the living */
    kill_maker(living);
    fb_temp_dir again;
    make(&again);
    ck_assert_int_eq(count_entries(parent), 2); /* the two of this process */
    put_file(ours.path, "still-there");
    fb_temp_dir_remove(&again);
    fb_temp_dir_remove(&ours);
}
END_TEST

/* Whoever looks for what was left may find a folder between its making and its lock: makers must not come away with one
 * that is gone. */
START_TEST(makers_at_the_same_time)
{
    enum { N_MAKERS = 8, N_TIMES = 200 };
    pid_t maker[N_MAKERS];
    for (int k = 0; k < N_MAKERS; k++) {
        maker[k] = fork();
        for (int i = 0; maker[k] == 0 && i < N_TIMES; i++) {
            fb_temp_dir scratch;
            fb_error error = {0};
            if (fb_temp_dir_make(&scratch, &error) != FB_OK || access(scratch.path, F_OK) != 0) {
                _exit(1);
            }
            fb_temp_dir_remove(&scratch);
        }
        if (maker[k] == 0) {
            _exit(0);
        }
    }
    for (int k = 0; k < N_MAKERS; k++) {
        int how = 0;
        ck_assert_int_eq(waitpid(maker[k], &how, 0), maker[k]);
        ck_assert_msg(how == 0, "maker %d came away without a folder", k);
    }
}
END_TEST

START_TEST(other_things_stay)
{
    char path[200];
    fb_temp_dir scratch;
    put_file(parent, "fair-baseline-method.a-file");
    put_file(parent, "of-somebody");
    snprintf(path, sizeof path, "%s/fair-baseline-method.linked", parent);
    ck_assert_int_eq(symlink("/", path), 0);
    make(&scratch);
    ck_assert_int_eq(count_entries(parent), 4);
    fb_temp_dir_remove(&scratch);
    ck_assert_int_eq(count_entries(parent), 3);
    unlink(path);
    snprintf(path, sizeof path, "%s/fair-baseline-method.a-file", parent);
    unlink(path);
    snprintf(path, sizeof path, "%s/of-somebody", parent);
    unlink(path);
}
END_TEST

START_TEST(no_place)
{
    fb_temp_dir scratch;
    fb_error error = {0};
    setenv("TMPDIR", "/nowhere/at/all", 1);
    ck_assert_int_eq(fb_temp_dir_make(&scratch, &error), FB_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.text, "/nowhere/at/all"));
    fb_temp_dir_remove(&scratch);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline_scratch");
    TCase *tests = tcase_create("scratch");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, goes_with_its_files);
    tcase_add_test(tests, of_the_living_stay_and_of_the_killed_go);
    tcase_add_test(tests, makers_at_the_same_time);
    tcase_add_test(tests, other_things_stay);
    tcase_add_test(tests, no_place);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}

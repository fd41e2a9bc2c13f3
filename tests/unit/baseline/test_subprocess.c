/* A program of somebody else: asked and answered line by line, and gone when it should be. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "baseline/support/subprocess.h"
#include "tests/support/support.h"

/* Long enough for any machine: nothing here waits for it to pass. */
static const double LONG = 120.0;

static fb_subprocess start(const char *script, int table)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    fb_subprocess child;
    fb_error error = {0};
    FB_ASSERT_OK(fb_subprocess_start(&child, "/bin/sh", argv, table, &error));
    ck_assert_int_gt(child.pid, 0);
    return child;
}

/* No child of ours is left, not even one to be waited for. */
static void no_process_is_left(void)
{
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}

START_TEST(it_answers_line_by_line)
{
    fb_error error = {0};
    char question[32], answer[32];
    fb_subprocess child = start("echo hello; while read -r x; do echo \"<$x>\"; done; exit 3", -1);
    FB_ASSERT_OK(fb_subprocess_ask(&child, NULL, LONG, "limit", &error));
    ck_assert_str_eq(child.line, "hello");
    for (int k = 0; k < 100; k++) {
        snprintf(question, sizeof question, "a %d", k);
        snprintf(answer, sizeof answer, "<a %d>", k);
        FB_ASSERT_OK(fb_subprocess_ask(&child, question, LONG, "limit", &error));
        ck_assert_str_eq(child.line, answer);
    }
    fb_subprocess_stop(&child, LONG);
    ck_assert_int_eq(child.pid, 0);
    fb_subprocess_stop(&child, LONG);
    no_process_is_left();
}
END_TEST

START_TEST(it_gets_the_table)
{
    fb_error error = {0};
    const int table = memfd_create("table", MFD_CLOEXEC);
    ck_assert_int_ge(table, 0);
    ck_assert_int_eq(write(table, "from the table\n", 15), 15);
    ck_assert_int_eq(lseek(table, 0, SEEK_SET), 0);
    fb_subprocess child = start("cat <&3", table);
    FB_ASSERT_OK(fb_subprocess_ask(&child, NULL, LONG, "limit", &error));
    ck_assert_str_eq(child.line, "from the table");
    fb_subprocess_stop(&child, LONG);
    close(table);
}
END_TEST

/* The time to end by itself is granted: what it does at the end of its input is done. */
START_TEST(it_may_end_by_itself)
{
    static const char name[] = "child_test_end";
    fb_error error = {0};
    remove(name);
    fb_subprocess child = start("read -r x; echo \"$x\"; read -r x; echo done >child_test_end", -1);
    FB_ASSERT_OK(fb_subprocess_ask(&child, "x", LONG, "limit", &error));
    fb_subprocess_stop(&child, LONG);
    ck_assert_int_eq(remove(name), 0);
    no_process_is_left();
}
END_TEST

/* Asks `line` of a script, which must fail with the text; what is left must be nothing. */
static void fails(const char *script, const char *line, double seconds, const char *text)
{
    fb_error error = {0};
    fb_subprocess child = start(script, -1);
    ck_assert_int_eq(fb_subprocess_ask(&child, line, seconds, "--limit", &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, text) != NULL, "%s: '%s' and not '%s'", script, error.text, text);
    ck_assert_int_eq(child.pid, 0);
    no_process_is_left();
}

START_TEST(it_fails)
{
    fails("exit 7", NULL, LONG, "it ended with exit code 7 instead of an answer");
    fails("read -r x; exit 0", "x", LONG, "exit code 0");
    fails("kill -s SEGV $$", NULL, LONG, "it was ended by signal 11");
    fails("printf half; exit 1", NULL, LONG, "exit code 1");
    fails("printf 'a\\nb\\n'; sleep 1000", NULL, LONG, "more than one line");
    fails("yes x | tr -d '\\n'", NULL, LONG, "longer than 4096 bytes");
    fails("sleep 1000", NULL, 0.05, "no answer within 0.05 s (--limit)");
    fails("while :; do printf x; k=0; while [ $k -lt 2000 ]; do k=$((k+1)); done; done", NULL, 0.3,
          "no answer within 0.3 s (--limit)");
    fails("sleep 0.06; echo too late", NULL, 0.01, "no answer within 0.01 s");
    fails("exec >&-; sleep 1000", NULL, LONG, "it closed its output");
    /* What it started itself goes too, or the pipe would stay open. */
    fails("sleep 1000 & sleep 1000", NULL, 0.05, "no answer");
}
END_TEST

START_TEST(an_answer_too_many_is_not_taken_for_the_next)
{
    fb_error error = {0};
    fb_subprocess child = start("echo 1; read -r go; echo 2; sleep 1000", -1);
    FB_ASSERT_OK(fb_subprocess_ask(&child, NULL, LONG, "limit", &error));
    ck_assert_int_eq(write(child.to, "\n", 1), 1);
    struct pollfd answer = {.fd = child.from, .events = POLLIN};
    ck_assert_int_eq(poll(&answer, 1, -1), 1);
    ck_assert_int_eq(fb_subprocess_ask(&child, "question", LONG, "limit", &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "more than one line"));
    no_process_is_left();
}
END_TEST

/* A reader that is gone must not end us by SIGPIPE, nor leave the signal waiting. */
START_TEST(reader_is_gone)
{
    sigset_t pending;
    fb_error error = {0};
    fb_subprocess child = start("exec <&-; echo 1; sleep 1000", -1);
    FB_ASSERT_OK(fb_subprocess_ask(&child, NULL, LONG, "limit", &error));
    ck_assert_int_eq(fb_subprocess_ask(&child, "question", LONG, "limit", &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "it closed its input"));
    sigpending(&pending);
    ck_assert_int_eq(sigismember(&pending, SIGPIPE), 0);
    no_process_is_left();
}
END_TEST

START_TEST(a_program_that_is_not_there)
{
    const char *const argv[] = {"x", NULL};
    fb_subprocess child;
    fb_error error = {0};
    ck_assert_int_eq(fb_subprocess_start(&child, "/nowhere/x", argv, -1, &error), FB_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.text, "/nowhere/x"));
    ck_assert_int_eq(child.pid, 0);
    no_process_is_left();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline_child");
    TCase *tests = tcase_create("child");
    tcase_add_test(tests, it_answers_line_by_line);
    tcase_add_test(tests, it_gets_the_table);
    tcase_add_test(tests, it_may_end_by_itself);
    tcase_add_test(tests, it_fails);
    tcase_add_test(tests, an_answer_too_many_is_not_taken_for_the_next);
    tcase_add_test(tests, reader_is_gone);
    tcase_add_test(tests, a_program_that_is_not_there);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}

/* A program of somebody else: asked and answered, in lines or bytes, and gone when it should be. */
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
    char too_long[64];
    snprintf(too_long, sizeof too_long, "longer than %d bytes", FB_SUBPROCESS_LINE_SIZE);
    fails("exit 7", NULL, LONG, "it ended with exit code 7 instead of an answer");
    fails("read -r x; exit 0", "x", LONG, "exit code 0");
    fails("kill -s SEGV $$", NULL, LONG, "it was ended by signal 11");
    fails("printf half; exit 1", NULL, LONG, "exit code 1");
    fails("printf 'a\\nb\\n'; sleep 1000", NULL, LONG, "more than one line");
    fails("yes x | tr -d '\\n'", NULL, LONG, too_long);
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

/* --- bytes ---------------------------------------------------------------------------------------------------------- */

enum { MANY = 3 << 20 }; /* bytes: more than a pipe can be made to hold */
static char sent[MANY], received[MANY];

/* Neither waits for the other, whichever way the bytes go first: the first one writes while it reads, the second one
 * reads all before it writes, the third one writes all before it reads. */
START_TEST(more_than_a_pipe_holds_goes_both_ways)
{
    static const struct {
        const char *script;
        int n_rounds;
    } cases[] = {
        {"exec cat", 3},
        {"while head -c 3145728 >child_test_block && [ -s child_test_block ]; do cat child_test_block; done", 3},
        {"head -c 3145728 /dev/zero; cat >/dev/null", 1}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        fb_error error = {0};
        fb_subprocess child = start(cases[k].script, -1);
        for (int round = 0; round < cases[k].n_rounds; round++) {
            for (size_t i = 0; i < MANY; i++) {
                sent[i] = k == 2 ? 0 : (char)(i * 7 + i / 251 + (size_t)round);
            }
            memset(received, 1, sizeof received);
            FB_ASSERT_OK(fb_subprocess_exchange(&child, sent, MANY, received, MANY, LONG, "limit", &error));
            ck_assert_mem_eq(sent, received, MANY);
        }
        fb_subprocess_stop(&child, 0.0);
        no_process_is_left();
    }
    remove("child_test_block");
}
END_TEST

/* Exchanges a few bytes with a script, which must fail with the text at the second time at the latest. */
static void exchange_fails(const char *script, double seconds, const char *text)
{
    fb_error error = {0};
    fb_subprocess child = start(script, -1);
    fb_status status = fb_subprocess_exchange(&child, "question", 8, received, 4, seconds, "limit", &error);
    if (status == FB_OK) {
        /* It had the time to say more, and is at its end. */
        struct pollfd answer = {.fd = child.from, .events = POLLIN};
        ck_assert_int_eq(poll(&answer, 1, -1), 1);
        status = fb_subprocess_exchange(&child, "question", 8, received, 4, seconds, "limit", &error);
    }
    ck_assert_int_eq(status, FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, text) != NULL, "%s: '%s' and not '%s'", script, error.text, text);
    ck_assert_int_eq(child.pid, 0);
    no_process_is_left();
}

START_TEST(an_exchange_fails)
{
    exchange_fails("exit 3", LONG, "it ended with exit code 3 after 0 of 4 bytes of its answer");
    exchange_fails("printf ab; exit 0", LONG, "it ended with exit code 0 after 2 of 4 bytes of its answer");
    exchange_fails("kill -s SEGV $$", LONG, "it was ended by signal 11");
    exchange_fails("head -c 8 >/dev/null; printf abcd; exit 5", LONG, "exit code 5 after 0 of 4 bytes");
    exchange_fails("head -c 8 >/dev/null; printf abcde; exec sleep 1000", LONG, "more bytes than were asked for");
    exchange_fails("head -c 8 >/dev/null; printf abcd; sleep 0.1; printf e; exec sleep 1000", LONG,
                   "more bytes than were asked for");
    exchange_fails("head -c 8 >/dev/null; printf abc; exec sleep 1000", 0.3,
                   "no whole answer within 0.3 s (limit): 3 of 4 bytes");
    exchange_fails("exec sleep 1000", 0.05, "no whole answer within 0.05 s (limit): 0 of 4 bytes");
}
END_TEST

/* A reader that goes while we send must not end us either. */
START_TEST(reader_goes_in_the_middle)
{
    sigset_t pending;
    fb_error error = {0};
    fb_subprocess child = start("head -c 100 >/dev/null; exec <&-; exec sleep 1000", -1);
    ck_assert_int_eq(fb_subprocess_exchange(&child, sent, MANY, received, 4, LONG, "limit", &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "it closed its input"));
    sigpending(&pending);
    ck_assert_int_eq(sigismember(&pending, SIGPIPE), 0);
    no_process_is_left();
}
END_TEST

/* Lines and bytes may take turns. */
START_TEST(lines_and_bytes)
{
    fb_error error = {0};
    fb_subprocess child = start("while read -r x; do echo \"<$x>\"; head -c 5; done", -1);
    for (int k = 0; k < 3; k++) {
        FB_ASSERT_OK(fb_subprocess_ask(&child, "a", LONG, "limit", &error));
        ck_assert_str_eq(child.line, "<a>");
        FB_ASSERT_OK(fb_subprocess_exchange(&child, "bytes", 5, received, 5, LONG, "limit", &error));
        ck_assert_mem_eq(received, "bytes", 5);
    }
    fb_subprocess_stop(&child, LONG);
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
    tcase_add_test(tests, more_than_a_pipe_holds_goes_both_ways);
    tcase_add_test(tests, an_exchange_fails);
    tcase_add_test(tests, reader_goes_in_the_middle);
    tcase_add_test(tests, lines_and_bytes);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}

#include "baseline/support/subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "baseline/support/progress.h"
#include "models/common/interrupt.h"

extern char **environ;

enum { TABLE_NUMBER = 3, SLICE_MS = 100 };

/* --- start -------------------------------------------------------------------------------------------------------- */

/* The numbers are above 2, as these are open. The table comes last, since a pipe may have its number. */
static int spawn(long *out, const char *program, const char *const *argv, const int stream[3], int table)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid = 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int k = 0; k < 3; k++) {
        posix_spawn_file_actions_adddup2(&actions, stream[k], k);
    }
    if (table >= 0) {
        posix_spawn_file_actions_adddup2(&actions, table, TABLE_NUMBER);
    }
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    const int failed = posix_spawn(&pid, program, &actions, &attributes, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    *out = failed == 0 ? pid : 0;
    return failed;
}

fb_status fb_subprocess_start(fb_subprocess *child, const char *program, const char *const *argv, int table,
                              fb_error *error)
{
    const char *path = program != NULL ? program : "/proc/self/exe";
    int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}}; /* of its input, its output, its messages */
    int failed = 0;
    *child = (fb_subprocess){.messages = -1};
    for (int k = 0; k < 3 && failed == 0; k++) {
        const bool is_ours = k == STDERR_FILENO && !isatty(STDERR_FILENO);
        failed = is_ours || pipe2(pipes[k], O_CLOEXEC) == 0 ? 0 : errno;
    }
    if (failed == 0) {
        const int stream[] = {pipes[0][0], pipes[1][1], pipes[2][1] >= 0 ? pipes[2][1] : STDERR_FILENO};
        failed = spawn(&child->pid, path, argv, stream, table);
    }
    close(pipes[0][0]); /* those that are not open are -1, which closes nothing */
    close(pipes[1][1]);
    close(pipes[2][1]);
    if (failed != 0) {
        close(pipes[0][1]);
        close(pipes[1][0]);
        close(pipes[2][0]);
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be started: %s", path, strerror(failed));
    }
    child->to = pipes[0][1];
    child->from = pipes[1][0];
    child->messages = pipes[2][0];
    return FB_OK;
}

/* --- its messages ------------------------------------------------------------------------------------------------- */

static bool has_something_to_read(int number, int milliseconds)
{
    struct pollfd one = {.fd = number, .events = POLLIN};
    return poll(&one, 1, milliseconds) > 0;
}

/* Passes on what it wrote to stderr by now, in lines; what comes in pieces is cut where they end. */
static void pass_messages(fb_subprocess *child)
{
    char text[FB_SUBPROCESS_LINE_SIZE], *rest = text;
    while (child->messages >= 0 && has_something_to_read(child->messages, 0)) {
        const ssize_t n = read(child->messages, text, sizeof text - 1);
        if (n <= 0) { /* it closed it; what else it may say goes nowhere */
            close(child->messages);
            child->messages = -1;
            return;
        }
        text[n] = '\0';
        rest = text;
        for (const char *line = NULL; (line = strsep(&rest, "\n")) != NULL;) {
            if (line[0] != '\0') {
                fb_progress_print(line);
            }
        }
    }
}

/* --- stop --------------------------------------------------------------------------------------------------------- */

/* Whether it ended; it stays there to be waited for, so that its number is not given to another process yet. */
static bool has_ended(const fb_subprocess *child)
{
    siginfo_t facts = {0};
    return waitid(P_PID, (id_t)child->pid, &facts, WEXITED | WNOHANG | WNOWAIT) != 0 || facts.si_pid != 0;
}

static void wait_for_end(const fb_subprocess *child, double seconds)
{
    const struct timespec nap = {.tv_nsec = 2000000};
    for (const double end = fb_progress_seconds() + seconds; !has_ended(child) && fb_progress_seconds() < end;) {
        nanosleep(&nap, NULL);
    }
}

/* Ends the whole group, and returns what waitpid says. */
static int finish(fb_subprocess *child, double grace)
{
    int how = 0;
    close(child->to);
    wait_for_end(child, grace);
    kill((pid_t)-child->pid, SIGKILL);
    while (waitpid((pid_t)child->pid, &how, 0) < 0 && errno == EINTR) {
    }
    pass_messages(child);
    close(child->messages);
    close(child->from);
    child->pid = 0;
    return how;
}

void fb_subprocess_stop(fb_subprocess *child, double grace)
{
    if (child->pid != 0) {
        finish(child, grace);
    }
}

/* It closed one of its streams: most likely it ended, and then it says how. */
static fb_status describe_end(fb_subprocess *child, const char *stream, const char *when, fb_error *error)
{
    enum { GRACE = 2 };
    wait_for_end(child, GRACE);
    if (!has_ended(child)) {
        return fb_fail(error, FB_ERROR_DATA, "it closed its %s", stream);
    }
    const int how = finish(child, 0.0);
    child->exit_code = WIFEXITED(how) ? WEXITSTATUS(how) : -1;
    if (WIFSIGNALED(how)) {
        return fb_fail(error, FB_ERROR_DATA, "it was ended by signal %d (%s)", WTERMSIG(how), strsignal(WTERMSIG(how)));
    }
    return fb_fail(error, FB_ERROR_DATA, "it ended with exit code %d %s", WEXITSTATUS(how), when);
}

/* --- ask ---------------------------------------------------------------------------------------------------------- */

static const char no_answer[] = "instead of an answer";

/* Writes as write(2) does, but without dying of SIGPIPE when the reader is gone: the signal is held back for this thread,
 * and taken if it came. */
static ssize_t write_safely(int to, const void *data, size_t n)
{
    const struct timespec at_once = {0};
    sigset_t pipe_signal, before;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    const ssize_t written = write(to, data, n);
    const int reason = errno;
    if (written < 0 && reason == EPIPE) {
        sigtimedwait(&pipe_signal, NULL, &at_once);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = reason;
    return written;
}

static bool send_line(int to, const char *line)
{
    char text[FB_SUBPROCESS_LINE_SIZE + 2];
    const int n = snprintf(text, sizeof text, "%s\n", line);
    return n > 0 && (size_t)n < sizeof text && write_safely(to, text, (size_t)n) == n;
}

/* Reads more of the answer; `*n` bytes are there. The line is complete when `*whole` says so. */
static fb_status receive(fb_subprocess *child, size_t *n, bool *whole, fb_error *error)
{
    const ssize_t some = read(child->from, child->line + *n, FB_SUBPROCESS_LINE_SIZE - *n);
    if (some < 0 && errno == EINTR) {
        return FB_OK;
    }
    if (some <= 0) {
        return describe_end(child, "output", no_answer, error);
    }
    *n += (size_t)some;
    if (memchr(child->line, '\0', *n) != NULL) {
        return fb_fail(error, FB_ERROR_DATA, "its answer has a zero byte in it");
    }
    char *end = memchr(child->line, '\n', *n);
    *whole = end == child->line + *n - 1;
    if (end == NULL && *n == FB_SUBPROCESS_LINE_SIZE) {
        return fb_fail(error, FB_ERROR_DATA, "its answer is longer than %d bytes", FB_SUBPROCESS_LINE_SIZE);
    }
    if (end != NULL && !*whole) {
        return fb_fail(error, FB_ERROR_DATA, "it answered more than one line");
    }
    if (*whole) {
        *end = '\0';
    }
    return FB_OK;
}

/* Waits until it answers, or takes more if there is something to send, and passes on what it says meanwhile. */
static void wait_for_either(fb_subprocess *child, bool is_sending, int milliseconds, bool *takes, bool *answers)
{
    struct pollfd all[] = {{.fd = child->from, .events = POLLIN},
                           {.fd = child->messages, .events = POLLIN},
                           {.fd = is_sending ? child->to : -1, .events = POLLOUT}};
    const bool is_any = poll(all, 3, milliseconds) > 0;
    pass_messages(child);
    *answers = is_any && all[0].revents != 0;
    *takes = is_any && all[2].revents != 0;
}

static bool is_answering(fb_subprocess *child, int milliseconds)
{
    bool takes = false, answers = false;
    wait_for_either(child, false, milliseconds, &takes, &answers);
    return answers;
}

/* In milliseconds, rounded up; at most a slice, to look for an interrupt. */
static int wait_at_most(double seconds)
{
    return seconds < 1e-3 * SLICE_MS ? (int)ceil(1e3 * fmax(seconds, 0.0)) : SLICE_MS;
}

static fb_status wait_for_line(fb_subprocess *child, double seconds, const char *limit, fb_error *error)
{
    const double end = fb_progress_seconds() + seconds;
    size_t n = 0;
    bool whole = false;
    fb_status status = FB_OK;
    while (!whole) {
        FB_TRY(fb_interrupt_check(error));
        if (fb_progress_seconds() > end) {
            FB_TRY(fb_fail(error, FB_ERROR_DATA, "no answer within %g s (%s)", seconds, limit));
        }
        if (is_answering(child, wait_at_most(end - fb_progress_seconds()))) {
            FB_TRY(receive(child, &n, &whole, error));
        }
    }
cleanup:
    return status;
}

fb_status fb_subprocess_ask(fb_subprocess *child, const char *line, double seconds, const char *limit, fb_error *error)
{
    fb_status status = FB_OK;
    if (line != NULL && is_answering(child, 0)) {
        /* The end of the output is no answer too many. */
        size_t n = 0;
        bool whole = false;
        FB_TRY(receive(child, &n, &whole, error));
        FB_TRY(fb_fail(error, FB_ERROR_DATA, "it answered more than one line"));
    }
    if (line != NULL && !send_line(child->to, line)) {
        FB_TRY(describe_end(child, "input", no_answer, error));
    }
    FB_TRY(wait_for_line(child, seconds, limit, error));
cleanup:
    if (status != FB_OK) {
        fb_subprocess_stop(child, 0.0);
    }
    return status;
}

/* --- exchange ----------------------------------------------------------------------------------------------------- */

typedef struct exchange {
    const char *to;
    char *from;
    size_t n_to, n_from;       /* in all */
    size_t n_sent, n_received; /* so far */
} exchange;

static fb_status end_of_exchange(fb_subprocess *child, const char *stream, const exchange *x, fb_error *error)
{
    char when[96];
    snprintf(when, sizeof when, "after %zu of %zu bytes of its answer", x->n_received, x->n_from);
    return describe_end(child, stream, when, error);
}

static fb_status too_much(fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "it answered more bytes than were asked for");
}

static fb_status receive_some(fb_subprocess *child, exchange *x, fb_error *error)
{
    char more = 0;
    const bool is_whole = x->n_received == x->n_from; /* it answered before it read all */
    const ssize_t some =
        is_whole ? read(child->from, &more, 1) : read(child->from, x->from + x->n_received, x->n_from - x->n_received);
    if (some < 0 && errno == EINTR) {
        return FB_OK;
    }
    if (some <= 0) {
        return end_of_exchange(child, "output", x, error);
    }
    x->n_received += is_whole ? 0 : (size_t)some;
    return is_whole ? too_much(error) : FB_OK;
}

/* Whether it wrote nothing that it was not asked for. If it ended, the next exchange says so. */
static fb_status check_silence(fb_subprocess *child, fb_error *error)
{
    char more = 0;
    return is_answering(child, 0) && read(child->from, &more, 1) > 0 ? too_much(error) : FB_OK;
}

/* Sends as much as the pipe takes: our end of it does not block. */
static fb_status send_some(fb_subprocess *child, exchange *x, fb_error *error)
{
    const ssize_t some = write_safely(child->to, x->to + x->n_sent, x->n_to - x->n_sent);
    if (some < 0 && errno != EAGAIN && errno != EINTR) {
        return end_of_exchange(child, "input", x, error);
    }
    x->n_sent += some > 0 ? (size_t)some : 0;
    return FB_OK;
}

static fb_status run_exchange(fb_subprocess *child, exchange *x, double seconds, const char *limit, fb_error *error)
{
    const double end = fb_progress_seconds() + seconds;
    bool takes = false, answers = false;
    fb_status status = FB_OK;
    while (x->n_sent < x->n_to || x->n_received < x->n_from) {
        FB_TRY(fb_interrupt_check(error));
        if (fb_progress_seconds() > end) {
            FB_TRY(fb_fail(error, FB_ERROR_DATA, "no whole answer within %g s (%s): %zu of %zu bytes", seconds, limit,
                           x->n_received, x->n_from));
        }
        wait_for_either(child, x->n_sent < x->n_to, wait_at_most(end - fb_progress_seconds()), &takes, &answers);
        FB_TRY(answers ? receive_some(child, x, error) : FB_OK);
        FB_TRY(takes ? send_some(child, x, error) : FB_OK);
    }
cleanup:
    return status;
}

fb_status fb_subprocess_exchange(fb_subprocess *child, const void *to, size_t n_to, void *from, size_t n_from,
                                 double seconds, const char *limit, fb_error *error)
{
    exchange x = {.to = to, .from = from, .n_to = n_to, .n_from = n_from};
    const int flags = fcntl(child->to, F_GETFL);
    fb_status status = FB_OK;
    fcntl(child->to, F_SETFL, flags | O_NONBLOCK);
    FB_TRY(check_silence(child, error)); /* what is there now is of the answer before */
    FB_TRY(run_exchange(child, &x, seconds, limit, error));
    FB_TRY(check_silence(child, error));
    fcntl(child->to, F_SETFL, flags);
cleanup:
    if (status != FB_OK) {
        fb_subprocess_stop(child, 0.0);
    }
    return status;
}

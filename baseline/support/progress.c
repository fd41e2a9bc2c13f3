#include "baseline/support/progress.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Where stderr goes. */
typedef enum place { NOWHERE, TERMINAL, REGULAR_FILE } place;

/* The line there is one of: of a process, as stderr is. */
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    pthread_t thread;
    bool has_thread, is_stopping;
    place place;
    fb_progress *task; /* NULL: none is shown */
    bool is_on_screen;
    double drawn; /* when last */
    char step[64];
} display = {.mutex = PTHREAD_MUTEX_INITIALIZER};

double fb_progress_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* --- the text ----------------------------------------------------------------------------------------------------- */

/* 0.021, 987, 12.3 k, 4.56 M */
static const char *short_number(double number, char text[24])
{
    static const char *const units[] = {"", " k", " M", " G", " T"};
    int unit = 0;
    for (; number >= 999.5 && unit < 4; unit++) {
        number /= 1000.0;
    }
    if (number < 0.1) {
        snprintf(text, 24, "%.2g", number);
        return text;
    }
    snprintf(text, 24, "%.*f%s", unit == 0 && number >= 10.0 ? 0 : 2 - (number >= 9.995) - (number >= 99.95), number,
             units[unit]);
    return text;
}

/* A count is whole, and rounded when it has six digits or more. */
static const char *count_text(uint64_t count, char text[24])
{
    enum { READABLE = 100000 };
    if (count >= READABLE) {
        return short_number((double)count, text);
    }
    snprintf(text, 24, "%llu", (unsigned long long)count);
    return text;
}

/* 45 s, 1 min 20 s, 2 h 05 min */
static const char *duration(double seconds, char text[40])
{
    const unsigned long long s = seconds > 0.0 ? (unsigned long long)(seconds + 0.5) : 0;
    if (s < 60) {
        snprintf(text, 40, "%llu s", s);
    } else if (s < 3600) {
        snprintf(text, 40, "%llu min %02llu s", s / 60, s % 60);
    } else {
        snprintf(text, 40, "%llu h %02llu min", s / 3600, s / 60 % 60);
    }
    return text;
}

/* What this run has done, with what it has of the next one, going by the events that one takes. */
static double work_done(const fb_progress *p)
{
    const double almost = 0.95;
    const double whole = (double)(p->done - p->first);
    double part = 0.0;
    if (p->events_then > 0 && whole > 0.0) {
        const double of_next = (double)(p->events - p->events_then) * whole / (double)p->events_then;
        const double left = (double)p->total - (double)p->done;
        part = of_next < left ? of_next : almost * left;
    }
    return whole + part;
}

static size_t append(char *text, size_t used, const char *before, const char *what, const char *after)
{
    const int n = snprintf(text + used, FB_PROGRESS_SIZE - used, "%s%s%s", before, what, after);
    return used + (size_t)n < FB_PROGRESS_SIZE ? used + (size_t)n : FB_PROGRESS_SIZE - 1;
}

const char *fb_progress_text(const fb_progress *p, double now, char text[FB_PROGRESS_SIZE])
{
    const double least = 2.0; /* seconds, before which a speed is an accident */
    const double elapsed = now - p->started, done = work_done(p);
    char number[40];
    size_t used = append(text, 0, p->what, "", "");
    if (p->done > 0 || p->total > 0) {
        used = append(text, used, " ", count_text(p->done, number), "");
    }
    if (p->total > 0) {
        used = append(text, used, " of ", count_text(p->total, number), "");
        snprintf(number, sizeof number, "%.0f", 100.0 * (double)p->done / (double)p->total);
        used = append(text, used, " (", number, " %)");
    }
    if (p->events > 0) {
        used = append(text, used, ", ", short_number((double)p->events, number), " events");
    }
    if (elapsed >= least && (p->events > 0 || done > 0.0)) {
        used =
            append(text, used, ", ", short_number((p->events > 0 ? (double)p->events : done) / elapsed, number), "/s");
    }
    used = append(text, used, ", ", duration(elapsed, number), "");
    if (elapsed >= least && p->total > 0 && done > 0.0 && p->done < p->total) {
        const double left = (double)(p->total - p->first) - done;
        append(text, used, ", ", duration(left * elapsed / done, number), " to go");
    }
    return text;
}

/* --- the line; with the mutex ------------------------------------------------------------------------------------ */

static void wipe(void)
{
    if (display.is_on_screen) {
        fputs("\r\033[K", stderr);
        display.is_on_screen = false;
    }
}

/* A line that is longer than the terminal is wide could not be wiped. */
static size_t width_of_terminal(void)
{
    enum { USUAL = 80 };
    struct winsize size = {0};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U : USUAL - 1U;
}

static void draw(double now)
{
    char text[FB_PROGRESS_SIZE], line[FB_PROGRESS_SIZE + sizeof display.step];
    if (display.task == NULL) {
        return;
    }
    display.drawn = now;
    snprintf(line, sizeof line, "%s%s", display.step, fb_progress_text(display.task, now, text));
    if (display.place == TERMINAL) {
        fprintf(stderr, "\r\033[K%.*s", (int)width_of_terminal(), line);
        display.is_on_screen = true;
    } else {
        fprintf(stderr, "fair-baseline: %s\n", line);
    }
    fflush(stderr);
}

/* Draws once a second, or once a minute, whatever the task does, so that the last of what it said is shown, and time
 * goes on. */
static void *keep_drawing(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&display.mutex);
    while (!display.is_stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&display.wake, &display.mutex, &until);
        const double now = fb_progress_seconds();
        if (now - display.drawn >= (display.place == TERMINAL ? 0.9 : 60.0)) {
            draw(now);
        }
    }
    pthread_mutex_unlock(&display.mutex);
    return NULL;
}

/* Signals are for the thread that works. Without a thread the line is drawn when there is news. */
static void start_thread(void)
{
    pthread_condattr_t attributes;
    sigset_t all, before;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&display.wake, &attributes);
    pthread_condattr_destroy(&attributes);
    display.is_stopping = false;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    display.has_thread = pthread_create(&display.thread, NULL, keep_drawing, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void stop_thread(void)
{
    if (!display.has_thread) {
        return;
    }
    pthread_mutex_lock(&display.mutex);
    display.is_stopping = true;
    pthread_cond_signal(&display.wake);
    pthread_mutex_unlock(&display.mutex);
    pthread_join(display.thread, NULL);
    pthread_cond_destroy(&display.wake);
    display.has_thread = false;
}

static place find_place(void)
{
    struct stat facts;
    if (isatty(STDERR_FILENO)) {
        return TERMINAL;
    }
    return fstat(STDERR_FILENO, &facts) == 0 && S_ISREG(facts.st_mode) ? REGULAR_FILE : NOWHERE;
}

/* --- tasks -------------------------------------------------------------------------------------------------------- */

void fb_progress_start(fb_progress *progress, const char *what, uint64_t total, bool quiet)
{
    const double now = fb_progress_seconds();
    *progress = (fb_progress){.what = what, .total = total == UINT64_MAX ? 0 : total, .started = now};
    if (quiet || find_place() == NOWHERE) {
        return;
    }
    progress->is_shown = true;
    pthread_mutex_lock(&display.mutex);
    display.place = find_place();
    display.task = progress;
    display.drawn = now; /* what takes less than a second, or a minute, is not shown */
    pthread_mutex_unlock(&display.mutex);
    if (!display.has_thread) {
        start_thread();
    }
}

void fb_progress_resume(fb_progress *progress, uint64_t done)
{
    pthread_mutex_lock(&display.mutex);
    progress->first = done;
    progress->done = done;
    pthread_mutex_unlock(&display.mutex);
}

void fb_progress_show(void *progress, uint64_t done)
{
    const double often = 0.2; /* seconds between two drawings */
    fb_progress *p = progress;
    pthread_mutex_lock(&display.mutex);
    if (done != p->done) {
        p->done = done;
        p->events_then = p->events;
    }
    const double now = fb_progress_seconds();
    if (display.task == p && display.place == TERMINAL && now - display.drawn >= often) {
        draw(now);
    }
    pthread_mutex_unlock(&display.mutex);
}

void fb_progress_show_of(fb_progress *progress, uint64_t done, uint64_t total)
{
    pthread_mutex_lock(&display.mutex);
    progress->total = total;
    pthread_mutex_unlock(&display.mutex);
    fb_progress_show(progress, done);
}

void fb_progress_add_events(fb_progress *progress, uint64_t n)
{
    pthread_mutex_lock(&display.mutex);
    progress->events += n;
    pthread_mutex_unlock(&display.mutex);
}

void fb_progress_end(fb_progress *progress)
{
    if (!progress->is_shown) {
        return;
    }
    progress->is_shown = false;
    if (display.task != progress) { /* another one took its place */
        return;
    }
    stop_thread();
    wipe();
    display.task = NULL;
}

void fb_progress_set_step(int step, int n_steps, const char *name)
{
    pthread_mutex_lock(&display.mutex);
    display.step[0] = '\0';
    if (name != NULL) {
        snprintf(display.step, sizeof display.step, "[%d/%d] %.40s: ", step, n_steps, name);
    }
    pthread_mutex_unlock(&display.mutex);
}

void fb_progress_print(const char *line)
{
    pthread_mutex_lock(&display.mutex);
    wipe();
    fprintf(stderr, "%s\n", line);
    pthread_mutex_unlock(&display.mutex);
}

/** \file progress.h
 * Progress of a long task. On a terminal: one line that is always up to date, with what is done, rate, time spent and
 * time to go. Into a file: a line a minute. Nothing in a pipe and with --quiet.
 *
 * One task at a time is shown. What else is printed on a terminal must not be glued to its line: messages go through
 * fb_progress_print, and a task ends before results are printed.
 */
#ifndef FB_BASELINE_SUPPORT_PROGRESS_H
#define FB_BASELINE_SUPPORT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "models/common/status.h"

enum { FB_PROGRESS_SIZE = 256 };

/** A task. It must stay where it is between start and end. */
typedef struct fb_progress {
    const char *what; ///< borrowed
    uint64_t total;   ///< 0: not known
    uint64_t first;   ///< done before this run, which says nothing of its speed
    uint64_t done;
    uint64_t events, events_then; ///< that went through, and how many of them until `done` last changed
    double started;               ///< of fb_progress_seconds
    bool is_shown;
} fb_progress;

/** Begins to show a task; another one that is shown is not any more.
 *  \param total  in the unit that fb_progress_show counts; 0 or UINT64_MAX: not known */
void fb_progress_start(fb_progress *progress, const char *what, uint64_t total, bool quiet);
/** Says that `done` were done already, by an earlier run. */
void fb_progress_resume(fb_progress *progress, uint64_t done);
/** Says that `done` are done. `progress` is an fb_progress *. */
void fb_progress_show(void *progress, uint64_t done);
/** The same for a task whose total is known only now. */
void fb_progress_show_of(fb_progress *progress, uint64_t done, uint64_t total);
/** Says that `n` more events went through, whichever unit `done` has. From any thread. */
void fb_progress_add_events(fb_progress *progress, uint64_t n);
/** Wipes the line. Ending twice, or one that was zeroed, does nothing. */
void fb_progress_end(fb_progress *progress);

/** What the tasks from now on are part of: step `step` of `n_steps`, counted from 1, of `name`, which is copied. NULL:
 * no more. */
void fb_progress_set_step(int step, int n_steps, const char *name);

/** Prints a line to stderr, and sees to it that it is alone there. */
void fb_progress_print(const char *line);

/** The text that is shown for a task `now`, of fb_progress_seconds: "experiments 92 of 100 (92 %), 9.66 M events, ...".
 * There is no time to go before some of it was done, and not in the first two seconds. */
const char *fb_progress_text(const fb_progress *progress, double now, char text[FB_PROGRESS_SIZE]);

/** Seconds of a clock that only goes forward. */
double fb_progress_seconds(void);

#endif

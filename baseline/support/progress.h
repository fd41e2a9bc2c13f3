/** \file progress.h
 * Progress of a long task on a terminal: share, rate, time to go. Silent in a pipe and with --quiet.
 */
#ifndef FB_BASELINE_SUPPORT_PROGRESS_H
#define FB_BASELINE_SUPPORT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "models/common/status.h"

typedef struct fb_progress {
    const char *what;
    uint64_t total; ///< 0: not known
    double started, shown;
    bool active;
} fb_progress;

/** `total` in the unit that fb_progress_show counts; 0 or UINT64_MAX: not known. */
fb_progress fb_progress_start(const char *what, uint64_t total, bool quiet);
/** Shows that `done` are done, a few times a second at most. `progress` is an fb_progress *. */
void fb_progress_show(void *progress, uint64_t done);
/** Wipes the line. */
void fb_progress_end(fb_progress *progress);

/** Seconds of a clock that only goes forward. */
double fb_progress_seconds(void);

#endif

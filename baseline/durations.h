/** \file durations.h
 * How long the experiments of a folder took: ingestion_duration.json, in whole minutes as the official program has it,
 * and in keys of ours. The time of an evaluation that was stopped and resumed is that of all its runs, but for one that
 * was killed.
 */
#ifndef FB_BASELINE_DURATIONS_H
#define FB_BASELINE_DURATIONS_H

#include <stdbool.h>

#include "holdout/stopwatch.h"

typedef struct fb_durations {
    double seconds; ///< on the clock; of shards, added up
    bool has_laps;  ///< whether it is known where they went
    fb_laps laps;
} fb_durations;

/** What the file says; 0 seconds if there is none, or none of ours. */
FB_API fb_status fb_durations_read(const char *folder, fb_durations *out, fb_error *error) FB_MUST_USE;
FB_API void fb_durations_add(fb_durations *sum, const fb_durations *more);
/** Writes the file, in place of one that is there. */
FB_API fb_status fb_durations_write(const fb_durations *durations, const char *folder, fb_error *error) FB_MUST_USE;

#endif

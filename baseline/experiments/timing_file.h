/** \file timing_file.h
 * How long the experiments of a folder took: ingestion_duration.json, in whole minutes as the official program has it,
 * and in keys of ours. The time of an evaluation that was stopped and resumed is that of all its runs, but for one that
 * was killed.
 */
#ifndef FB_BASELINE_EXPERIMENTS_TIMING_FILE_H
#define FB_BASELINE_EXPERIMENTS_TIMING_FILE_H

#include <stdbool.h>

#include "holdout/pipeline/stage_timer.h"

typedef struct fb_timing_file {
    double seconds;  ///< on the clock; of shards, added up
    bool has_stages; ///< whether it is known where they went
    fb_stage_times times;
} fb_timing_file;

/** What the file says; 0 seconds if there is none, or none of ours. FB_ERROR_DATA for what are no seconds >= 0. */
fb_status fb_timing_file_read(const char *folder, fb_timing_file *out, fb_error *error) FB_MUST_USE;
void fb_timing_file_add(fb_timing_file *sum, const fb_timing_file *more);
/** Writes the file, in place of one that is there. */
fb_status fb_timing_file_write(const fb_timing_file *timing, const char *folder, fb_error *error) FB_MUST_USE;

#endif

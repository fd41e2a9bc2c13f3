/** \file stage_timer.h
 * Where the time of pseudo-experiments goes. Threads add to the same sums; the work on a block of events takes some
 * thousand times longer than reading the clock.
 */
#ifndef FB_HOLDOUT_PIPELINE_STAGE_TIMER_H
#define FB_HOLDOUT_PIPELINE_STAGE_TIMER_H

#include "models/common/status.h"

/** What an event goes through, in this order. */
typedef enum fb_stage {
    FB_STAGE_READ,    ///< reading the pool, or simulating events; one thread
    FB_STAGE_DRAW,    ///< random numbers, finding rows, copying them
    FB_STAGE_DISTORT, ///< with the numbers of the soft-MET noise
    FB_STAGE_SELECT,
    FB_STAGE_DERIVE,
    FB_STAGE_SCORE, ///< by all classifiers, with laying out what they read
    FB_STAGE_FILL,
    FB_STAGE_FIT,
    FB_N_STAGE
} fb_stage;

/** Seconds of each, of all threads together. */
typedef struct fb_stage_times {
    double seconds[FB_N_STAGE];
} fb_stage_times;

/** The timer of one thread. Start it before the first stage, and stop it after each. */
typedef struct fb_stage_timer {
    fb_stage_times *times;
    double since;
} fb_stage_timer;

/** "read", "draw" and so on. */
const char *fb_stage_timer_name(fb_stage stage);

/** \param times  borrowed; NULL: nothing is added up */
fb_stage_timer fb_stage_timer_start(fb_stage_times *times);

/** Adds the time since the start, or since the last stop, to `stage`, and returns it: seconds. */
double fb_stage_timer_stop(fb_stage_timer *timer, fb_stage stage);

#endif

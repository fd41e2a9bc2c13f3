/** \file stopwatch.h
 * Where the time of pseudo-experiments goes. Threads add to the same laps; a block of events is some thousand times
 * longer than a lap takes to be noted.
 */
#ifndef FB_HOLDOUT_STOPWATCH_H
#define FB_HOLDOUT_STOPWATCH_H

#include "models/ground/status.h"

/** What an event goes through, in this order. */
typedef enum fb_lap {
    FB_LAP_READ,    ///< reading the pool, or simulating events; one thread
    FB_LAP_DRAW,    ///< random numbers, finding rows, copying them
    FB_LAP_DISTORT, ///< with the numbers of the soft-MET noise
    FB_LAP_SELECT,
    FB_LAP_DERIVE,
    FB_LAP_SCORE, ///< by all classifiers, with laying out what they read
    FB_LAP_FILL,
    FB_LAP_FIT,
    FB_N_LAP
} fb_lap;

/** Seconds of each, of all threads together. */
typedef struct fb_laps {
    double seconds[FB_N_LAP];
} fb_laps;

/** One thread's. Start it where a lap begins, and end the laps as they follow one another. */
typedef struct fb_stopwatch {
    fb_laps *laps;
    double since;
} fb_stopwatch;

/** "read", "draw" and so on. */
FB_API const char *fb_lap_name(fb_lap lap);

/** \param laps  borrowed; NULL: nothing is added up */
FB_API fb_stopwatch fb_stopwatch_start(fb_laps *laps);

/** Adds the time since the start, or the lap before, to `lap`, and returns it: seconds. */
FB_API double fb_stopwatch_lap(fb_stopwatch *watch, fb_lap lap);

#endif

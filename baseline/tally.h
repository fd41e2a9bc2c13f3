/** \file tally.h
 * Numbers and weights of events per process, and how they are printed.
 */
#ifndef FB_BASELINE_TALLY_H
#define FB_BASELINE_TALLY_H

#include <jansson.h>

#include "holdout/events.h"

typedef struct fb_tally {
    uint64_t n_rows;
    double sum_weights; ///< of all rows, also those of unknown process
    uint64_t rows[FB_N_PROCESS];
    double weight[FB_N_PROCESS];
    bool has_weights, has_processes;
} fb_tally;

FB_API void fb_tally_add(fb_tally *tally, const fb_events *events);
/** "NAME: 1000 events" and one line per process. */
FB_API void fb_tally_print(const fb_tally *tally, const char *name);
/** {"rows": ..., "processes": {"htautau": {"rows": ..., "sum_of_weights": ...}, ...}}; a new reference. */
FB_API json_t *fb_tally_json(const fb_tally *tally);

#endif

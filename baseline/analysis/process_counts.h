/** \file process_counts.h
 * Numbers and weights of events per process, and how they are printed.
 */
#ifndef FB_BASELINE_ANALYSIS_PROCESS_COUNTS_H
#define FB_BASELINE_ANALYSIS_PROCESS_COUNTS_H

#include <jansson.h>
#include <stdio.h>

#include "holdout/events/events.h"

typedef struct fb_process_counts {
    uint64_t n_rows;
    double sum_weights; ///< of all rows, also those of unknown process
    uint64_t rows[FB_N_PROCESS];
    double weight[FB_N_PROCESS];
    bool has_weights, has_processes;
} fb_process_counts;

void fb_process_counts_add(fb_process_counts *counts, const fb_events *events);
/** "NAME: 1000 events" and one line per process. */
void fb_process_counts_print(FILE *stream, const fb_process_counts *counts, const char *name);
/** {"rows": ..., "processes": {"htautau": {"rows": ..., "sum_of_weights": ...}, ...}}; a new reference. */
json_t *fb_process_counts_json(const fb_process_counts *counts);

#endif

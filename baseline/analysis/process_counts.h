/** \file process_counts.h
 * Numbers and weights of events per process: counted while they are read, and printed.
 */
#ifndef FB_BASELINE_ANALYSIS_PROCESS_COUNTS_H
#define FB_BASELINE_ANALYSIS_PROCESS_COUNTS_H

#include <jansson.h>
#include <stdio.h>

#include "holdout/events/checksum.h"
#include "holdout/events/source.h"

typedef struct fb_process_counts {
    uint64_t n_rows;
    double sum_weights; ///< of all rows, also those of unknown process
    uint64_t rows[FB_N_PROCESS];
    double weight[FB_N_PROCESS];
    bool has_weights, has_processes;
} fb_process_counts;

void fb_process_counts_add(fb_process_counts *counts, const fb_events *events);

/** Gets the events that were read, piece by piece; the last piece is empty. */
typedef fb_status fb_process_counts_visitor(void *context, const fb_events *piece, fb_error *error);

/** Reads what is left of a source, with a line of progress that begins with `what`.
 *  \param keeps_derived  `visit` gets the derived columns too, which the source must have
 *  \param counts    to which the events are added
 *  \param checksum  of the events; set if all of them could be read */
fb_status fb_process_counts_read(fb_source *source, const char *what, bool quiet, bool keeps_derived,
                                 fb_process_counts_visitor *visit, void *context, fb_process_counts *counts,
                                 char checksum[FB_CHECKSUM_TEXT_SIZE], fb_error *error) FB_MUST_USE;

/** "NAME: 1000 events" and one line per process. */
void fb_process_counts_print(FILE *stream, const fb_process_counts *counts, const char *name);
/** {"rows": ..., "processes": {"htautau": {"rows": ..., "sum_of_weights": ...}, ...}}; a new reference. */
json_t *fb_process_counts_json(const fb_process_counts *counts);

#endif

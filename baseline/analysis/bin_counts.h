/** \file bin_counts.h
 * THE way to count data in the bins of analyses, of one experiment or many: every event is scored once by each
 * different classifier, and counted by all analyses that share it.
 */
#ifndef FB_BASELINE_ANALYSIS_BIN_COUNTS_H
#define FB_BASELINE_ANALYSIS_BIN_COUNTS_H

#include "baseline/analysis/analysis.h"
#include "holdout/pipeline/stage_timer.h"

typedef struct fb_bin_counts fb_bin_counts;

/** Counts of `n_experiments`, all 0. The analyses are borrowed.
 *  \param times  gets the time of scoring and filling; borrowed, may be NULL */
fb_status fb_bin_counts_create(int n_analyses, const fb_analysis *const *analyses, uint64_t n_experiments,
                               fb_stage_times *times, fb_bin_counts **out, fb_error *error) FB_MUST_USE;
void fb_bin_counts_free(fb_bin_counts *counts);

/** Sets all counts to 0 again. */
void fb_bin_counts_reset(fb_bin_counts *counts);

/** Scores and counts the rows of a finished block of observed events. `counts` is an fb_bin_counts *; may be called
 * from all threads of an OpenMP region at once, and the order of blocks does not matter: counts are whole numbers. */
fb_status fb_bin_counts_add(void *counts, uint64_t experiment, fb_block *block, fb_error *error) FB_MUST_USE;

/** How long the scoring for one analysis took so far, all threads together; shared with those that share its
 * classifier. */
double fb_bin_counts_seconds(const fb_bin_counts *counts, int analysis);

/** Events of an experiment. */
uint64_t fb_bin_counts_events(const fb_bin_counts *counts, uint64_t experiment);

/** Counts of an experiment for one analysis: `out` [n_bins of that analysis]. */
void fb_bin_counts_get(const fb_bin_counts *counts, uint64_t experiment, int analysis, double *out);

#endif

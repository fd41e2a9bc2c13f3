/** \file data_counts.h
 * Observed events as a file, counted in the bins of an analysis.
 */
#ifndef FB_BASELINE_ANALYSIS_DATA_COUNTS_H
#define FB_BASELINE_ANALYSIS_DATA_COUNTS_H

#include "baseline/analysis/analysis.h"

/** \param path      events as a participant gets them: distorted, selected, without weights
 *  \param counts    [n_bins] of the analysis
 *  \param n_events  after the selection; may be NULL
 *  \return FB_ERROR_DATA for simulation, for rows that the analysis was trained on, and when no event survives */
FB_API fb_status fb_data_counts(const fb_analysis *analysis, const char *path, double *counts, uint64_t *n_events,
                                fb_error *error) FB_MUST_USE;

#endif

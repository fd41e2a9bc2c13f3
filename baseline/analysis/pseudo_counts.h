/** \file pseudo_counts.h
 * Pseudo-experiments: Poisson draws from the pool of a file, or fresh simulated events.
 */
#ifndef FB_BASELINE_ANALYSIS_PSEUDO_COUNTS_H
#define FB_BASELINE_ANALYSIS_PSEUDO_COUNTS_H

#include "baseline/analysis/analysis.h"
#include "holdout/events/truth.h"

/** A source of fresh simulated raw events: of each process Poisson(scale * expected yield at 10 fb^-1). No event is
 * shared with any simulation that `simulate` writes, nor with that of another seed. */
FB_API fb_status fb_pseudo_counts_simulate(const fb_truth *truth, fb_source **out, fb_error *error) FB_MUST_USE;

/** Observed counts per bin of the analysis.
 *  \param source    observed events, or raw ones if `truth` says how to distort them (NULL: only select and derive)
 *  \param counts    [n_bins]
 *  \param n_events  events after the selection; may be NULL */
FB_API fb_status fb_pseudo_counts_of(const fb_analysis *analysis, fb_source *source, const fb_truth *truth,
                                     double *counts, uint64_t *n_events, fb_error *error) FB_MUST_USE;

#endif

/** \file binning.h
 * Bins of the score. Every score belongs to one of FB_SCORE_CELLS equal cells of [0, 1]; a bin is a run of cells.
 * Yields are collected per cell, so that the binning can be chosen, and changed, after the events were scored.
 */
#ifndef FB_HOLDOUT_TEMPLATES_BINNING_H
#define FB_HOLDOUT_TEMPLATES_BINNING_H

#include "holdout/events/events.h"

enum { FB_SCORE_CELLS = 65536, FB_MAX_BINS = 1000 };

/** Sums of weights and of squared weights per process and cell. */
typedef struct fb_score_histogram {
    double sum[FB_N_PROCESS][FB_SCORE_CELLS];
    double sum2[FB_N_PROCESS][FB_SCORE_CELLS];
} fb_score_histogram;

typedef enum fb_binning_kind {
    FB_BINNING_QUANTILE, ///< equal shares of the signal
    FB_BINNING_UNIFORM   ///< equal widths
} fb_binning_kind;

/** "quantile", "uniform"; NULL behind the last. */
FB_API extern const char *const fb_binning_kind_names[];

typedef struct fb_binning {
    int n_bins;
    int edge[FB_MAX_BINS +
             1]; ///< [n_bins + 1] bin i is the cells [edge[i], edge[i + 1]); the last edge is FB_SCORE_CELLS, the first
                 ///< one 0 unless bins were dropped: events below it are not counted
} fb_binning;

/** Cell of a score in [0, 1]; 1 belongs to the last cell. */
static inline int fb_score_cell(float score)
{
    int cell = (int)(score * (float)FB_SCORE_CELLS);
    return cell < 0 ? 0 : cell >= FB_SCORE_CELLS ? FB_SCORE_CELLS - 1 : cell;
}

/** `n_bins` (1 .. FB_MAX_BINS) equal bins. */
FB_API fb_status fb_binning_uniform(int n_bins, fb_binning *binning, fb_error *error) FB_MUST_USE;

/** Bins with equal shares of the signal, as nearly as cells allow; a bin that would have no cell of its own, or no
 * background, is merged with its neighbour, so there may be fewer than asked for (n_bins says how many). FB_ERROR_DATA
 * when there is no signal or no background. */
FB_API fb_status fb_binning_signal_quantiles(int n_bins, const fb_score_histogram *histogram, fb_binning *binning,
                                             fb_error *error) FB_MUST_USE;

/** Leaves out the lowest `n_dropped` bins. FB_ERROR_USAGE unless some are left. */
FB_API fb_status fb_binning_drop(int n_dropped, fb_binning *binning, fb_error *error) FB_MUST_USE;

/** Sums cells to bins: `out` [n_bins]. */
FB_API void fb_binning_rebin(const fb_binning *binning, const double *cells, double *out);

/** Lower edge of bin `i` in units of the score; i = n_bins gives 1. */
FB_API double fb_binning_edge(const fb_binning *binning, int i);

#endif

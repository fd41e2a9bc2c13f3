/** \file binning.h
 * Bins of the score: each is a run of the cells of score_histogram.h, so that the binning can be chosen, and changed,
 * after the events were scored.
 */
#ifndef FB_HOLDOUT_TEMPLATES_BINNING_H
#define FB_HOLDOUT_TEMPLATES_BINNING_H

#include "holdout/templates/score_histogram.h"

enum { FB_MAX_BINS = 1024 };

typedef enum fb_binning_kind {
    FB_BINNING_QUANTILE, ///< equal parts of signal and background in a chosen share
    FB_BINNING_UNIFORM,  ///< equal widths
    FB_BINNING_EDGES     ///< edges that are given
} fb_binning_kind;

/** "quantile", "uniform"; NULL for edges that are given: these speak for themselves. */
extern const char *const fb_binning_kind_names[];

typedef struct fb_binning {
    int n_bins;
    int edge[FB_MAX_BINS +
             1]; ///< [n_bins + 1] bin i is the cells [edge[i], edge[i + 1]); the last edge is FB_SCORE_CELLS, the first
                 ///< one 0 unless bins were dropped: events below it are not counted
} fb_binning;

/** `n_bins` (1 .. FB_MAX_BINS) equal bins. */
fb_status fb_binning_uniform(int n_bins, fb_binning *binning, fb_error *error) FB_MUST_USE;

/** Bins with equal parts, as nearly as cells allow, of the density
 *
 *   f s(score) + (1 - f) b(score),      s, b: the densities of signal and background, each of which integrates to 1.
 *
 * A bin that would have no cell of its own, or no background, is merged with its neighbour, so there may be fewer than
 * asked for (binning->n_bins says how many).
 *  \param n_bins        1 .. FB_MAX_BINS
 *  \param signal_share  f, from 0 (quantiles of the background) to 1 (of the signal)
 *  \return FB_ERROR_USAGE for other values, FB_ERROR_DATA when there is no signal or no background */
fb_status fb_binning_quantiles(int n_bins, double signal_share, const fb_score_histogram *histogram,
                               fb_binning *binning, fb_error *error) FB_MUST_USE;

/** Cuts the uppermost bin of a binning in two: of one bin (fb_binning_uniform) with edge after edge, from below, comes
 * any binning.
 *  \param edge  between the last inner edge and 1, in units of the score; rounded to a cell
 *  \return FB_ERROR_USAGE for an edge that does not rise by a cell at least, and for more than FB_MAX_BINS bins; the
 *          binning is then unchanged */
fb_status fb_binning_add_edge(double edge, fb_binning *binning, fb_error *error) FB_MUST_USE;

/** Leaves out the lowest `n_dropped` bins. FB_ERROR_USAGE unless some are left. */
fb_status fb_binning_drop(int n_dropped, fb_binning *binning, fb_error *error) FB_MUST_USE;

/** The bin of every cell: bin_of_cell [FB_SCORE_CELLS]; n_bins for the cells of bins that were dropped. */
void fb_binning_map(const fb_binning *binning, uint16_t *bin_of_cell);

/** Sums cells to bins: `out` [n_bins]. */
void fb_binning_rebin(const fb_binning *binning, const double *cells, double *out);

/** Lower edge of bin `i` in units of the score; i = n_bins gives 1. */
double fb_binning_edge(const fb_binning *binning, int i);

#endif

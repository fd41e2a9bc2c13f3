/** \file score_histogram.h
 * Scores counted in fine cells: every score belongs to one of FB_SCORE_CELLS equal cells of [0, 1], of which the bins
 * of an analysis are made (binning.h).
 */
#ifndef FB_HOLDOUT_TEMPLATES_SCORE_HISTOGRAM_H
#define FB_HOLDOUT_TEMPLATES_SCORE_HISTOGRAM_H

#include "holdout/events/events.h"

enum { FB_SCORE_CELLS = 65536 };

/** Sums of weights and of squared weights per process and cell. */
typedef struct fb_score_histogram {
    double sum[FB_N_PROCESS][FB_SCORE_CELLS];
    double sum2[FB_N_PROCESS][FB_SCORE_CELLS];
} fb_score_histogram;

/** The cells of `n` scores in [0, 1]: cell [n]; a score of 1 belongs to the last one. */
void fb_score_histogram_cells(size_t n, const float *score, uint16_t *cell);

/** Adds the weights of `events`, whose scores are score [events->n], in row order. Rows of unknown process are left
 * out. */
void fb_score_histogram_add(fb_score_histogram *histogram, const fb_events *events, const float *score);

#endif

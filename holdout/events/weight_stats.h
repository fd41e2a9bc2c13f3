/** \file weight_stats.h
 * How the weights of a set of events are distributed, process by process, in one pass and bounded memory.
 */
#ifndef FB_HOLDOUT_EVENTS_WEIGHT_STATS_H
#define FB_HOLDOUT_EVENTS_WEIGHT_STATS_H

#include "holdout/events/events.h"

/** What some weights add up to. */
typedef struct fb_weight_sums {
    double n;      ///< rows
    double sum;    ///< of the weights
    double square; ///< sum of the squared weights: the variance of `sum`
} fb_weight_sums;

/** The effective number of events, sum^2 / square: n for equal weights, 0 without weights. */
double fb_weight_stats_effective(const fb_weight_sums *sums);

/** Weights are called very unequal when their effective number is below this share of the rows: seven in ten are as
 * good as absent. */
#define FB_WEIGHT_STATS_UNEVEN 0.3
/** Whether there is any weight, and it is very unequal. */
bool fb_weight_stats_are_uneven(const fb_weight_sums *sums);

enum {
    FB_WEIGHT_STATS_CLASSES = 16, ///< so many distinct weights of a process are distinguished
    FB_WEIGHT_STATS_CELLS =
        2048 ///< of the histogram: the upper 11 bits below the sign of a float32, 8 cells per octave
};

/** Rows and weights in one cell of the histogram. */
typedef struct fb_weight_stats_cell {
    uint64_t n;
    double sum;
} fb_weight_stats_cell;

typedef struct fb_weight_stats_process {
    uint64_t n, n_zero;
    uint64_t first_zero; ///< row of the first weight 0
    double sum, square;
    int n_classes; ///< distinct weights; FB_WEIGHT_STATS_CLASSES + 1: more than that
    float class_weight[FB_WEIGHT_STATS_CLASSES];
    fb_weight_stats_cell cell[FB_WEIGHT_STATS_CELLS]; ///< ordered by weight
} fb_weight_stats_process;

/** Rows without a known process are not weighed. Start it zeroed (150 kB: not on the stack). */
typedef struct fb_weight_stats {
    fb_weight_stats_process process[FB_N_PROCESS];
} fb_weight_stats;

void fb_weight_stats_add(fb_weight_stats *stats, const fb_events *events);
fb_weight_sums fb_weight_stats_sums(const fb_weight_stats *stats, int process);
/** The least share of the process's rows, 0 .. 0.5, that carries half of its weight (.5 if all are equal); inside a
 * cell of the histogram the weights are taken as equal. NaN without weights. */
double fb_weight_stats_half(const fb_weight_stats *stats, int process);

#endif

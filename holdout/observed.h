/** \file observed.h
 * The finished events of one pseudo-experiment as a table, in an order that gives nothing away: what a participant
 * gets.
 */
#ifndef FB_HOLDOUT_OBSERVED_H
#define FB_HOLDOUT_OBSERVED_H

#include "holdout/block.h"
#include "holdout/sink.h"

/** Where a block of an experiment went. */
typedef struct fb_observed_part {
    uint64_t first_row; ///< of the block: its place among the others
    size_t at, n;       ///< rows of the matrix
} fb_observed_part;

/** Zeroed is empty. */
typedef struct fb_observed {
    size_t n;      ///< rows
    float *matrix; ///< [n][FB_N_FEATURES]
    fb_observed_part *part;
    size_t n_parts, matrix_capacity, part_capacity;
} fb_observed;

FB_API void fb_observed_clear(fb_observed *observed);

/** Adds a block to that of several experiments; `all` is an fb_observed * to the first of them. Several threads may add
 * at once, in any order. */
FB_API fb_status fb_observed_add(void *all, uint64_t experiment, fb_block *block, fb_error *error) FB_MUST_USE;

/** Puts the blocks into their order and shuffles the rows: a function of the events and `seed`. To be called once. */
FB_API fb_status fb_observed_shuffle(fb_observed *observed, uint64_t seed, fb_error *error) FB_MUST_USE;

/** Writes all rows, derived columns included. */
FB_API fb_status fb_observed_write(const fb_observed *observed, fb_sink *sink, fb_error *error) FB_MUST_USE;

#endif

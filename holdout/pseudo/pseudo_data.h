/** \file pseudo_data.h
 * The finished events of one pseudo-experiment as a table, in an order that gives nothing away, or that of the official
 * program: what a participant gets.
 */
#ifndef FB_HOLDOUT_PSEUDO_PSEUDO_DATA_H
#define FB_HOLDOUT_PSEUDO_PSEUDO_DATA_H

#include "holdout/events/sink.h"
#include "holdout/pipeline/block.h"

/** Where a block of an experiment went. */
typedef struct fb_pseudo_data_part {
    uint64_t first_row; ///< of the block: its place among the others
    size_t at, n;       ///< rows of the matrix
} fb_pseudo_data_part;

/** Zeroed is empty. */
typedef struct fb_pseudo_data {
    size_t n;           ///< rows
    float *matrix;      ///< [n][FB_N_FEATURES]
    uint32_t *position; ///< [n] of blocks that have positions, until they are in order
    fb_pseudo_data_part *part;
    size_t n_parts, matrix_capacity, position_capacity, part_capacity;
} fb_pseudo_data;

void fb_pseudo_data_clear(fb_pseudo_data *data);

/** Adds a block to that of several experiments; `all` is an fb_pseudo_data * to the first of them. Several threads may
 * add at once, in any order. */
fb_status fb_pseudo_data_add(void *all, uint64_t experiment, fb_block *block, fb_error *error) FB_MUST_USE;

/** Puts the rows in order, once all blocks are there: by their positions if the blocks had some, else the blocks follow
 * one another and their rows are shuffled, a function of the events and `seed`. To be called once. */
fb_status fb_pseudo_data_arrange(fb_pseudo_data *data, uint64_t seed, fb_error *error) FB_MUST_USE;

/** Writes all rows, derived columns included. */
fb_status fb_pseudo_data_write(const fb_pseudo_data *data, fb_sink *sink, fb_error *error) FB_MUST_USE;

#endif

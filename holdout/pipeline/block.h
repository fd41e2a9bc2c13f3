/** \file block.h
 * A block of events on its way through the stages: noise > distort > reweight > select > derive (stages.h).
 *
 * Each stage is a function over a block and has no state of its own. A block is small enough to stay in cache, belongs
 * to one thread, and is filled from a table or source again and again. Formulas: the data set's documentation (white
 * paper arXiv:2410.02867); precision and order of operations follow the official program, so that its numbers are
 * reproduced.
 */
#ifndef FB_HOLDOUT_PIPELINE_BLOCK_H
#define FB_HOLDOUT_PIPELINE_BLOCK_H

#include "holdout/events/events.h"
#include "holdout/events/nuisance.h"
#include "holdout/math/vector_math.h"
#include "holdout/pipeline/noise.h"

/** Rows of a block in the pipeline: 28 columns of it take half of a usual level-2 cache. */
enum { FB_BLOCK_ROWS = 4096 };

typedef struct fb_block {
    fb_events *events;                 ///< primaries, weights, processes
    uint32_t *origin;                  ///< [n] row k of the block was row origin[k] of what was loaded
    const uint32_t *position;          ///< by row of the source: its place among the others; borrowed; NULL: the row
    double *noise_x;                   ///< [n] standard normal numbers of the soft-MET noise
    double *noise_y;                   ///< [n]
    bool met_is_double;                ///< with soft-MET noise the official program carries the MET in float64 ...
    double *met;                       ///< [n] ... here; the column of `events` holds it rounded to float32
    double *met_phi;                   ///< [n]
    fb_nuisances nuisances;            ///< that the block was distorted with; nominal after loading
    const fb_vector_math *vector_math; ///< functions for this machine, from fb_block_create
    float *derived[FB_N_DERIVED];      ///< [n] after fb_derive; column FB_N_PRIMARY + k
} fb_block;

fb_status fb_block_create(size_t capacity, fb_block **out, fb_error *error) FB_MUST_USE;
void fb_block_free(fb_block *block);

/** Makes the block a copy of rows [first, first + n) of `events`; n must not exceed the block's capacity. */
void fb_block_load(fb_block *block, const fb_events *events, size_t first, size_t n);

/** Makes the block rows row[0], ..., row[n - 1] of `events`, each as often as it is named, as observed events: weight 1
 * and no process. `n` must not exceed the block's capacity. Row k gets the number `first_row` + k. */
void fb_block_gather(fb_block *block, const fb_events *events, size_t n, const uint32_t *row, uint64_t first_row);

/** Gives every row its two numbers of soft-MET noise, from the row number in the source that the block was loaded from.
 * With official noise: blocks in row order, nothing removed from them before. */
void fb_block_fill_noise(fb_block *block, fb_noise *noise);

/** Makes row `to` a copy of row `from`, all that a row has before fb_derive (to <= from). */
void fb_block_move_row(fb_block *block, size_t to, size_t from);

#endif

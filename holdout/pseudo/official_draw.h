/** \file official_draw.h
 * The official program's bootstrap: which rows of a pool are in a pseudo-experiment, how often, and in what order.
 *
 * Every row gets Poisson(factor * weight) copies, from a generator for each process that is consumed in row order. The
 * copies of ztautau, diboson, ttbar and htautau, in this order and each in row order, are then shuffled. Four
 * generators that each go through their own process's rows are as good as four tables, so one pass over the pool in the
 * order of its file suffices, and any number of experiments can share it. A draw keeps 12 bytes for each copy, and no
 * event.
 */
#ifndef FB_HOLDOUT_PSEUDO_OFFICIAL_DRAW_H
#define FB_HOLDOUT_PSEUDO_OFFICIAL_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include "holdout/events/events.h"
#include "holdout/math/numpy_random.h"
#include "holdout/pseudo/official_truth.h"

/** What the official loader makes of the weights of a pool: each is multiplied by the sum of weights that the metadata
 * file beside the data gives for all events, S, and divided by the sum of the pool's own, s, both rounded to float32:
 * w' = f32(f32(w f32(S)) / f32(s)). */
typedef struct fb_official_scaling {
    double sum_weights;      ///< S; 0: the weights stay as they are
    double pool_sum_weights; ///< s, of the rows that are drawn from; summed in double
} fb_official_scaling;

typedef struct fb_official_draw {
    size_t n;           ///< copies, that is events of the experiment before the selection; below 2^32
    uint64_t *row;      ///< [n] pool row of each copy, ascending
    uint32_t *position; ///< [n] its row in the official table, a permutation of 0 .. n-1; after _finish
    uint64_t n_rows;    ///< pool rows seen
    size_t n_copies[FB_N_PROCESS];
    // How it is made.
    uint32_t seed;
    bool is_poisson;
    fb_official_scaling scaling;
    float factor[FB_N_PROCESS];
    fb_numpy_random random[FB_N_PROCESS];
    uint8_t *process; // [n] of each copy, until _finish
    size_t row_capacity, process_capacity;
} fb_official_draw;

/** Starts the draw of one experiment.
 *  \param is_poisson  false: as the program's poisson=False, trunc(mean) copies
 *  \param out         release with fb_official_draw_free */
fb_status fb_official_draw_create(const fb_official_truth *truth, fb_official_scaling scaling, bool is_poisson,
                                  fb_official_draw **out, fb_error *error) FB_MUST_USE;
void fb_official_draw_free(fb_official_draw *draw);

/** Goes on with the first `n` rows of `events`, which follow those seen before (events->first_row says which they are);
 * weights and processes are used. The mean of a row is the float32 product of its scaled weight and of the factor of
 * its process (fb_official_truth_factors), which is rounded to float32 once.
 * FB_ERROR_DATA for a row out of turn, an unknown process, or a mean that is not from 0 to 1e9. */
fb_status fb_official_draw_add(fb_official_draw *draw, const fb_events *events, size_t n, fb_error *error) FB_MUST_USE;

/** After the last row: the shuffle, that is `position`. */
fb_status fb_official_draw_finish(fb_official_draw *draw, fb_error *error) FB_MUST_USE;

#endif

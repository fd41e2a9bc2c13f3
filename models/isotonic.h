/** \file isotonic.h
 * The rising sequence that is nearest to given values.
 */
#ifndef FB_MODELS_ISOTONIC_H
#define FB_MODELS_ISOTONIC_H

#include <stddef.h>

/** One observation (x, y) with a weight w, or a run of them that are fitted by one value, sum_y / weight. */
typedef struct fb_isotonic_block {
    double weight; ///< sum of w, > 0
    double sum_x;  ///< sum of w x
    double sum_y;  ///< sum of w y
} fb_isotonic_block;

/** Finds f_1 <= f_2 <= ... that minimise sum_i w_i (y_i - f_i)^2, by pooling adjacent violators (M. Ayer et al., Ann.
 * Math. Stat. 26 (1955) 641): a block whose value is not above that of the block before it is merged with it, until
 * none is left. Takes O(n) steps.
 *  \param n      blocks
 *  \param block  [n] in order of x, each one observation; those of the solution come first when it returns
 *  \return how many these are; their values rise strictly */
size_t fb_isotonic_pool(size_t n, fb_isotonic_block *block);

#endif

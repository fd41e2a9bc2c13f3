/** \file alias_table.h
 * Draws an index with a given distribution in constant time: the alias method of Walker (ACM Trans. Math. Softw. 3
 * (1977) 253), the table built as by Vose (IEEE Trans. Softw. Eng. 17 (1991) 972).
 */
#ifndef FB_HOLDOUT_MATH_ALIAS_TABLE_H
#define FB_HOLDOUT_MATH_ALIAS_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "models/common/status.h"

typedef struct fb_alias_table {
    size_t n;        ///< entries
    double total;    ///< sum of the weights
    double *keep;    ///< [capacity] chance to stay in an entry
    uint32_t *other; ///< [capacity] the entry to go to otherwise
    uint32_t *queue; ///< [capacity] workspace of fb_alias_table_build
} fb_alias_table;

/** Memory for `capacity` entries, at most 2^32. Release with fb_alias_table_clear, also after a failure. */
fb_status fb_alias_table_reserve(fb_alias_table *alias, size_t capacity, fb_error *error) FB_MUST_USE;
void fb_alias_table_clear(fb_alias_table *alias);

/** Builds the table for `n` weights >= 0, n at most the capacity. With a sum of 0 nothing may be drawn. */
void fb_alias_table_build(fb_alias_table *alias, size_t n, const float *weight);

/** The index for a uniform number `u` in (0, 1), of 52 bits: index i has the chance weight[i] / total, to 2^-52 n. */
uint32_t fb_alias_table_pick(const fb_alias_table *alias, double u);

#endif

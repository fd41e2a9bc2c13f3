/** \file noise.h
 * The standard normal numbers behind the soft-MET noise: two for each row.
 *
 * `official`: numpy's RandomState(seed), all x numbers of the table first, then all y numbers, in row order over all
 * rows before the selection, as in the official program (whose seed is always FB_NOISE_OFFICIAL_SEED). They are drawn
 * row after row, or `placed`: looked up in a table of these numbers, for rows that come in another order than the
 * official one. `streams`: counter-based, a function of (seed, row).
 */
#ifndef FB_HOLDOUT_PIPELINE_NOISE_H
#define FB_HOLDOUT_PIPELINE_NOISE_H

#include <stddef.h>

#include "holdout/math/numpy_random.h"
#include "holdout/math/vector_math.h"
#include "models/common/random.h"

enum { FB_NOISE_OFFICIAL_SEED = 31415 };

/** The first 2 n_rows numbers of the official stream. The stream is one and the same for all pseudo-experiments, so one
 * table serves them all: the x numbers of one with n rows are its first n, the y numbers the next n. Start it zeroed.
 */
typedef struct fb_noise_table {
    size_t n_rows; ///< of the largest experiment that it serves
    double *normal;
    size_t capacity;
    fb_numpy_random random; ///< continues behind the last number
} fb_noise_table;

/** Makes the table large enough for experiments of `n_rows` rows; what is there is kept. */
FB_API fb_status fb_noise_table_reserve(fb_noise_table *table, size_t n_rows, fb_error *error) FB_MUST_USE;
FB_API void fb_noise_table_clear(fb_noise_table *table);

typedef struct fb_noise {
    int is_official; ///< drawn row after row
    int is_mirrored; ///< streams: every number with the other sign
    uint64_t seed;
    fb_numpy_random x; ///< official: continues with the next row
    fb_numpy_random y;
    const double *placed;     ///< official numbers in a table; NULL: not looked up
    const uint32_t *position; ///< [n_placed] the official row of each row
    uint64_t n_placed;
} fb_noise;

/** The official noise of a table of `n_rows` rows; costs a pass over its x numbers. */
FB_API void fb_noise_init_official(fb_noise *noise, uint32_t seed, uint64_t n_rows);
FB_API void fb_noise_init_streams(fb_noise *noise, uint64_t seed);
/** The official noise of an experiment of `n_rows` rows, whose row k is row `position[k]` of the official table (NULL:
 * row k). Table and positions are borrowed; the table must have been reserved for so many rows. */
FB_API void fb_noise_init_placed(fb_noise *noise, const fb_noise_table *table, const uint32_t *position,
                                 uint64_t n_rows);

/** The two numbers of rows first_row + origin[i]: x [n], y [n]. Official noise must be asked for in row order, each row
 * once, and the rows' numbers are not looked at; placed noise and streams may be asked for by any thread in any order.
 */
FB_API void fb_noise_fill(fb_noise *noise, const fb_vector_math *elementary, size_t n, uint64_t first_row,
                          const uint32_t *origin, double *x, double *y);

#endif

/** \file noise.h
 * The standard normal numbers behind the soft-MET noise: two for each row.
 *
 * `official`: numpy's RandomState(seed), all x numbers of the table first, then all y numbers, in row order over all
 * rows before the selection, as in the official program (whose seed is always FB_NOISE_OFFICIAL_SEED). `streams`:
 * counter-based, a function of (seed, row).
 */
#ifndef FB_HOLDOUT_NOISE_H
#define FB_HOLDOUT_NOISE_H

#include "holdout/legacy_random.h"
#include "models/ground/random.h"

enum { FB_NOISE_OFFICIAL_SEED = 31415 };

typedef struct fb_noise {
    int is_official;
    int is_mirrored; ///< streams: every number with the other sign
    uint64_t seed;
    fb_legacy_random x; ///< official: continues with the next row
    fb_legacy_random y;
} fb_noise;

/** The official noise of a table of `n_rows` rows; costs a pass over its x numbers. */
FB_API void fb_noise_init_official(fb_noise *noise, uint32_t seed, uint64_t n_rows);
FB_API void fb_noise_init_streams(fb_noise *noise, uint64_t seed);

/** The two numbers of one row. Official noise must be asked for in row order, each row once, and `row` is not looked
 * at; streams may be asked for by any thread in any order. */
FB_API void fb_noise_draw(fb_noise *noise, uint64_t row, double *x, double *y);

#endif

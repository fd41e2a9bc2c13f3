/** \file legacy_random.h
 * The official program's random numbers: numpy.random.RandomState, reproduced bit for bit.
 *
 * Generator: the Mersenne Twister MT19937 (Matsumoto and Nishimura, ACM TOMACS 8 (1998) 3). Distributions: numpy's
 * "legacy" ones: 53-bit uniforms from two words, Marsaglia's polar method for normals with the second one kept. GSL has
 * the same generator, but its seed 0 means something else.
 */
#ifndef FB_HOLDOUT_LEGACY_RANDOM_H
#define FB_HOLDOUT_LEGACY_RANDOM_H

#include <stdint.h>

#include "models/ground/status.h"

enum { FB_TWISTER_WORDS = 624 };

/** The whole state. Plain data: copy it to remember a position. */
typedef struct fb_legacy_random {
    uint32_t word[FB_TWISTER_WORDS];
    int position; ///< of the next word; FB_TWISTER_WORDS: all are used
    int has_normal;
    double normal; ///< the second number of the last pair
} fb_legacy_random;

/** RandomState(seed). */
FB_API void fb_legacy_random_init(fb_legacy_random *random, uint32_t seed);
/** The next 32 bits. */
FB_API uint32_t fb_legacy_random_u32(fb_legacy_random *random);
/** random_sample(): uniform in [0, 1). */
FB_API double fb_legacy_random_uniform(fb_legacy_random *random);
/** standard_normal(). */
FB_API double fb_legacy_random_normal(fb_legacy_random *random);

#endif

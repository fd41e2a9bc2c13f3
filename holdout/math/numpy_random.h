/** \file numpy_random.h
 * The official program's random numbers: numpy.random.RandomState, reproduced bit for bit.
 *
 * Generator: the Mersenne Twister MT19937 (Matsumoto and Nishimura, ACM TOMACS 8 (1998) 3). Distributions: numpy's
 * "legacy" ones, which numpy promises never to change (numpy/random/src/legacy and src/distributions/distributions.c):
 * 53-bit uniforms from two words; Marsaglia's polar method for normals, the second one kept; Poisson by multiplication
 * below a mean of 10 and by Hoermann's PTRS from there; integers by rejection under a mask of ones. GSL has the same
 * generator, but its seed 0 means something else. numpy's default_rng is another family and is not used by the program.
 */
#ifndef FB_HOLDOUT_MATH_NUMPY_RANDOM_H
#define FB_HOLDOUT_MATH_NUMPY_RANDOM_H

#include <stdint.h>

#include "models/common/status.h"

enum { FB_TWISTER_WORDS = 624 };

/** The whole state. Plain data: copy it to remember a position. */
typedef struct fb_numpy_random {
    uint32_t word[FB_TWISTER_WORDS];
    int position; ///< of the next word; FB_TWISTER_WORDS: all are used
    int has_normal;
    double normal; ///< the second number of the last pair
} fb_numpy_random;

/** RandomState(seed). */
void fb_numpy_random_init(fb_numpy_random *random, uint32_t seed);
/** The next 32 bits. */
uint32_t fb_numpy_random_u32(fb_numpy_random *random);
/** random_sample(): uniform in [0, 1). */
double fb_numpy_random_uniform(fb_numpy_random *random);
/** standard_normal(). A kept second normal is returned even if other numbers were drawn in between. */
double fb_numpy_random_normal(fb_numpy_random *random);
/** poisson(mean), mean >= 0 and at most 1e15: a mean of 0 consumes nothing; below 10 as many uniforms as the result
 * plus one; else two uniforms for each attempt of PTRS (Hoermann, Insurance: Mathematics and Economics 12 (1993) 39).
 */
uint64_t fb_numpy_random_poisson(fb_numpy_random *random, double mean);
/** A uniform integer from 0 to `most`, both included: words under the smallest mask 2^k - 1 >= most until one is not
 * above it; 0 consumes nothing. numpy's randint(0, most + 1), a number of choice(most + 1, replace=True), and what its
 * shuffle swaps with. */
uint32_t fb_numpy_random_up_to(fb_numpy_random *random, uint32_t most);
/** permutation(n): `order` [n] gets the numbers 0 .. n-1 shuffled. Fisher and Yates from the end. */
void fb_numpy_random_permutation(fb_numpy_random *random, uint32_t n, uint32_t *order);

#endif

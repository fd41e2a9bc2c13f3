/* The soft-MET noise of one row. */
#ifndef FB_TESTS_SUPPORT_NOISE_H
#define FB_TESTS_SUPPORT_NOISE_H

#include "holdout/pipeline/noise.h"

static inline void noise_of_row(fb_noise *noise, uint64_t row, double *x, double *y)
{
    const uint32_t origin = 0;
    fb_noise_fill(noise, fb_vector_math_best(), 1, row, &origin, x, y);
}

#endif

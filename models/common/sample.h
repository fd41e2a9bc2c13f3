/** \file sample.h
 * Labelled rows of floats: what classifiers are trained on.
 */
#ifndef FB_MODELS_COMMON_SAMPLE_H
#define FB_MODELS_COMMON_SAMPLE_H

#include <stddef.h>

#include "models/common/status.h"

FB_BEGIN_DECLARATIONS

/** Labelled rows. All arrays are borrowed. */
typedef struct fb_sample {
    size_t n;            ///< rows
    int n_features;      ///< columns
    const float *matrix; ///< [n][n_features], feature fastest
    const float *label;  ///< [n] 0 (background) or 1 (signal)
    const float *weight; ///< [n] >= 0
} fb_sample;

/** A smaller sample of `n` of its rows (at most all), evenly spread, so that no process of a file in blocks and no
 * distorted copy of the events is left out.
 *  \param memory  what `out` points to, matrix first; release with free() */
FB_API fb_status fb_sample_downsample(const fb_sample *from, size_t n, float **memory, fb_sample *out,
                                      fb_error *error) FB_MUST_USE;

FB_END_DECLARATIONS

#endif

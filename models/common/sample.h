/** \file sample.h
 * Labelled rows of floats: what classifiers are trained on.
 */
#ifndef FB_MODELS_COMMON_SAMPLE_H
#define FB_MODELS_COMMON_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/common/status.h"

FB_BEGIN_DECLARATIONS

enum { FB_MAX_HEADS = 4, FB_MAX_CLASSES = 4 };

/** A head of a classifier answers one question: to which of its classes a row belongs. Two classes need one output, the
 * margin a with p_1 = 1 / (1 + exp(-a)); more of them one each, p_c = exp(a_c) / sum_d exp(a_d). */
typedef struct fb_head {
    int n_classes;   ///< 2 .. FB_MAX_CLASSES
    bool unbalanced; ///< the classes keep the ratio of their weights; false: all get the same weight
} fb_head;

/** The heads of a classifier, one after the other in its outputs. */
typedef struct fb_heads {
    int n; ///< 1 .. FB_MAX_HEADS
    fb_head head[FB_MAX_HEADS];
} fb_heads;

/** One head with two balanced classes, background and signal. */
FB_API fb_heads fb_sample_one_head(void);

/** Outputs of the first `n` heads: where those of head `n` begin. */
FB_API int fb_sample_n_outputs(const fb_heads *heads, int n);

/** Labelled rows. All arrays are borrowed. */
typedef struct fb_sample {
    size_t n;              ///< rows
    int n_features;        ///< columns
    const float *matrix;   ///< [n][n_features], feature fastest
    const float *label;    ///< [n] class of the row; of a single head 0 (background) or 1 (signal)
    const float *weight;   ///< [n] >= 0
    const fb_heads *heads; ///< NULL: fb_sample_one_head
    const uint8_t *head;   ///< [n] of the question that the label answers; NULL: 0
    int n_together;        ///< so many neighbouring rows come in the same mini-batch; 0: each by itself
} fb_sample;

/** A copy of the weights for training: every head gets the same sum and the mean of all is 1; the classes of a head have
 *  the same sum, unless it is unbalanced.
 *  \param name  of the sample, for errors
 *  \param out   [sample->n], release with free()
 *  \return FB_ERROR_DATA for a label or weight that is none, and for a class without weight */
fb_status fb_sample_balance(const fb_sample *sample, const char *name, float **out, fb_error *error) FB_MUST_USE;

/** A smaller sample of `n` of its rows (at most all), evenly spread, so that no process of a file in blocks and no
 * distorted copy of the events is left out.
 *  \param memory  what `out` points to, matrix first; release with free() */
FB_API fb_status fb_sample_downsample(const fb_sample *from, size_t n, float **memory, fb_sample *out,
                                      fb_error *error) FB_MUST_USE;

FB_END_DECLARATIONS

#endif

/* What the training of a dense net leaves, in memory and as bytes. */
#ifndef FB_MODELS_DENSE_DENSE_TRAINED_INTERNAL_H
#define FB_MODELS_DENSE_DENSE_TRAINED_INTERNAL_H

#include "models/common/sample.h"
#include "models/dense/dense_features_internal.h"
#include "models/dense/dense_net_internal.h"

enum { FB_DENSE_KERNEL_SIZE = 32 };

typedef struct fb_dense_trained {
    fb_dense_shape shape;
    fb_heads heads; /* that the outputs belong to */
    fb_dense_features features;
    float *parameter;                  /* [shape.n_parameters] */
    char kernel[FB_DENSE_KERNEL_SIZE]; /* "Haswell+fma": of the BLAS and of the layers, in the training */
} fb_dense_trained;

/* Frees it, and what it holds; NULL is allowed. */
void fb_dense_trained_free(fb_dense_trained *trained);

/* As bytes, little-endian whatever the machine, and back; `*bytes` is released with free(). FB_ERROR_DATA when lengths
 * or numbers make no sense. */
fb_status fb_dense_trained_write(const fb_dense_trained *trained, uint8_t **bytes, size_t *n_bytes,
                                 fb_error *error) FB_MUST_USE;
fb_status fb_dense_trained_read(const uint8_t *bytes, size_t n_bytes, fb_dense_trained **out,
                                fb_error *error) FB_MUST_USE;

#endif

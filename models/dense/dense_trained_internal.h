/* What the training of a dense net leaves. */
#ifndef FB_MODELS_DENSE_DENSE_TRAINED_INTERNAL_H
#define FB_MODELS_DENSE_DENSE_TRAINED_INTERNAL_H

#include "models/dense/dense_features_internal.h"
#include "models/dense/dense_net_internal.h"

enum { FB_DENSE_KERNEL_SIZE = 32 };

typedef struct fb_dense_trained {
    fb_dense_shape shape;
    fb_dense_features features;
    float *parameter;                  /* [shape.n_parameters] */
    char kernel[FB_DENSE_KERNEL_SIZE]; /* "Haswell+fma": of the BLAS and of the layers, in the training */
} fb_dense_trained;

/* Frees it, and what it holds; NULL is allowed. */
void fb_dense_trained_free(fb_dense_trained *trained);

#endif

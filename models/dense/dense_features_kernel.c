/* Makes the inputs of a net from rows of features; compiled for each set of instructions, which all do the same
 * operations in the same order and so give the same bits. */
#include "models/dense/dense_features_internal.h"
#include "models/dense/dense_features_math.inc"

#include "models/common/memory.h"

static inline float cut(float x)
{
    const float low = x < FB_DENSE_REACH ? x : FB_DENSE_REACH;
    return low > -FB_DENSE_REACH ? low : -FB_DENSE_REACH;
}

static inline void apply_to_row(int n_columns, const float *x, const float *marker, const float *compression,
                                const float *mean, const float *scale, float *out)
{
#pragma omp simd
    for (int j = 0; j < n_columns; j++) {
        /* |x| <= 3e38 is false of what is not a number. */
        const float finite = fabsf(x[j]) <= 3e38f ? x[j] : 0.0f;
        const float value = cut((fb_dense_compress(finite, compression[j]) - mean[j]) * scale[j]);
        const float defined = x[j] == marker[j] ? 0.0f : value;
        out[j] = x[j] == finite ? defined : 0.0f;
    }
}

static inline void indicate(const fb_dense_features *f, const float *x, float *out)
{
    for (int k = 0; k < f->n_groups; k++) {
        const int column = f->group[k], input = f->n_columns + k;
        const float value = x[column] == f->marker[column] ? 1.0f : 0.0f;
        out[input] = cut((value - f->mean[input]) * f->scale[input]);
    }
}

void FB_KERNEL(fb_dense_features_kernel)(const fb_dense_features *features, const float *matrix, const uint32_t *row,
                                         int n, int stride, float *out)
{
    enum { AHEAD = 8 }; /* rows in a random order are rarely in the cache */
    const size_t d = (size_t)features->n_columns;
    for (int i = 0; i < n; i++, out += stride) {
        const float *x = matrix + (row != NULL ? row[i] : (size_t)i) * d;
        if (row != NULL && i + AHEAD < n) {
            const float *later = matrix + row[i + AHEAD] * d;
            for (size_t j = 0; j < d; j += FB_ALIGNMENT / sizeof(float)) {
                __builtin_prefetch(later + j);
            }
            __builtin_prefetch(later + d - 1);
        }
        apply_to_row(features->n_columns, x, features->marker, features->compression, features->mean, features->scale,
                     out);
        indicate(features, x, out);
    }
}

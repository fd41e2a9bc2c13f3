/* The last layer for many rows; compiled for each set of instructions. */
#include "models/dense/dense_net_internal.h"

/* Sixteen sums side by side, then these in pairs: the same order, and the same bits, for any width of vectors. */
enum { LANES = 16 };

static inline float dot(int n, const float *a, const float *b)
{
    float sum[LANES] = {0.0f};
    for (int k = 0; k < n; k += LANES) {
#pragma omp simd
        for (int j = 0; j < LANES; j++) {
            sum[j] += a[k + j] * b[k + j];
        }
    }
#pragma GCC unroll 4
    for (int half = LANES / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
        for (int j = 0; j < half; j++) {
            sum[j] += sum[j + half];
        }
    }
    return sum[0];
}

void FB_KERNEL(fb_dense_margin_kernel)(int n_rows, int n_outputs, int stride, const float *x, const float *weight,
                                       const float *bias, float *margin)
{
    for (int i = 0; i < n_rows; i++, x += stride) {
        for (int k = 0; k < n_outputs; k++) {
            margin[k * FB_DENSE_BLOCK + i] = bias[k] + dot(stride, x, weight + (size_t)k * (size_t)stride);
        }
    }
}

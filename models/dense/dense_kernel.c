/* One hidden layer for many rows; compiled for each set of instructions. */
#include "models/dense/dense_net_internal.h"

/* LANES floats are a vector; AT_ONCE rows and two vectors are kept in registers. */
#if defined(__AVX512F__)
enum { LANES = 16, AT_ONCE = 8 };
#elif defined(__AVX2__)
enum { LANES = 8, AT_ONCE = 4 };
#else
enum { LANES = 4, AT_ONCE = 4 };
#endif

typedef float vector __attribute__((vector_size(LANES * sizeof(float))));
typedef int bits __attribute__((vector_size(LANES * sizeof(float))));

/* `n_vectors` is 1 or 2, known where this is inlined. */
static inline __attribute__((always_inline)) void tile(int n_vectors, int n_in, int in_stride, int out_stride,
                                                       const float *x, const float *weight, const float *bias,
                                                       float *out)
{
    vector sum[AT_ONCE][2], w[2];
#pragma GCC unroll 16
    for (int r = 0; r < AT_ONCE; r++) {
#pragma GCC unroll 2
        for (int v = 0; v < n_vectors; v++) {
            sum[r][v] = *(const vector *)(bias + v * LANES);
        }
    }
    for (int k = 0; k < n_in; k++, weight += out_stride) {
#pragma GCC unroll 2
        for (int v = 0; v < n_vectors; v++) {
            w[v] = *(const vector *)(weight + v * LANES);
        }
#pragma GCC unroll 16
        for (int r = 0; r < AT_ONCE; r++) {
            const float value = x[(size_t)r * (size_t)in_stride + (size_t)k];
#pragma GCC unroll 2
            for (int v = 0; v < n_vectors; v++) {
                sum[r][v] += value * w[v];
            }
        }
    }
#pragma GCC unroll 16
    for (int r = 0; r < AT_ONCE; r++) {
#pragma GCC unroll 2
        for (int v = 0; v < n_vectors; v++) {
            const vector z = sum[r][v], zero = {0.0f};
            /* Comparing vectors gives all bits or none. */
            *(vector *)(out + (size_t)r * (size_t)out_stride + v * LANES) = (vector)((bits)z & (z > zero));
        }
    }
}

void FB_KERNEL(fb_dense_kernel)(int n_rows, int n_in, int in_stride, int out_stride, const float *x,
                                const float *weight, const float *bias, float *out)
{
    for (int i = 0; i < n_rows; i += AT_ONCE) {
        const float *from = x + (size_t)i * (size_t)in_stride;
        float *to = out + (size_t)i * (size_t)out_stride;
        int j = 0;
        for (; j + 2 * LANES <= out_stride; j += 2 * LANES) {
            tile(2, n_in, in_stride, out_stride, from, weight + j, bias + j, to + j);
        }
        if (j < out_stride) {
            tile(1, n_in, in_stride, out_stride, from, weight + j, bias + j, to + j);
        }
    }
}

/* One hidden layer for many rows, max(0, x W + b), for one set of vector instructions.
 *
 * Every output is a chain of its own, b + x[0] W[0] + x[1] W[1] + ... in this order, whatever the width of the vectors
 * and however many rows there are: a row's result does not depend on its company, which no library of linear algebra
 * promises (OpenBLAS's kernel for Haswell gives the same row other last bits at another place of a matrix). With fused
 * multiply-add the chain is rounded once per term, so kernels with it agree with each other to the last bit, and
 * differ from the plain one. */
#ifndef FB_MODELS_DENSE_DENSE_KERNEL_INTERNAL_H
#define FB_MODELS_DENSE_DENSE_KERNEL_INTERNAL_H

#include <stddef.h>

enum { FB_DENSE_ROWS = 8 }; /* done at once; callers give a multiple */

/* x [n_rows][in_stride], weight [n_in][out_stride], bias [out_stride], out [n_rows][out_stride]; out_stride is a
 * multiple of 16. */
typedef void fb_dense_kernel(int n_rows, int n_in, int in_stride, int out_stride, const float *x, const float *weight,
                             const float *bias, float *out);

fb_dense_kernel fb_dense_kernel_plain, fb_dense_kernel_avx2, fb_dense_kernel_avx512;

typedef enum fb_dense_set { FB_DENSE_PLAIN, FB_DENSE_AVX2, FB_DENSE_AVX512, FB_DENSE_N_SETS } fb_dense_set;

/* The kernel for a set of instructions, or NULL where the machine does not have it. */
fb_dense_kernel *fb_dense_kernel_for(fb_dense_set set);

/* The fastest that the machine has. */
fb_dense_kernel *fb_dense_kernel_best(void);

#endif

/* --- the kernel itself: a file defines its name and shape and includes this --------------------------------------- */

#ifdef FB_DENSE_KERNEL

/* FB_DENSE_LANES floats are a vector; FB_DENSE_AT_ONCE rows and two vectors are kept in registers. */
typedef float vector __attribute__((vector_size(FB_DENSE_LANES * sizeof(float))));
typedef int bits __attribute__((vector_size(FB_DENSE_LANES * sizeof(float))));

/* `n_vectors` is 1 or 2, known where this is inlined. */
static inline __attribute__((always_inline)) void tile(int n_vectors, int n_in, int in_stride, int out_stride,
                                                       const float *x, const float *weight, const float *bias,
                                                       float *out)
{
    vector sum[FB_DENSE_AT_ONCE][2], w[2];
#pragma GCC unroll 16
    for (int r = 0; r < FB_DENSE_AT_ONCE; r++) {
#pragma GCC unroll 2
        for (int v = 0; v < n_vectors; v++) {
            sum[r][v] = *(const vector *)(bias + v * FB_DENSE_LANES);
        }
    }
    for (int k = 0; k < n_in; k++, weight += out_stride) {
#pragma GCC unroll 2
        for (int v = 0; v < n_vectors; v++) {
            w[v] = *(const vector *)(weight + v * FB_DENSE_LANES);
        }
#pragma GCC unroll 16
        for (int r = 0; r < FB_DENSE_AT_ONCE; r++) {
            const float value = x[(size_t)r * (size_t)in_stride + (size_t)k];
#pragma GCC unroll 2
            for (int v = 0; v < n_vectors; v++) {
                sum[r][v] += value * w[v];
            }
        }
    }
#pragma GCC unroll 16
    for (int r = 0; r < FB_DENSE_AT_ONCE; r++) {
#pragma GCC unroll 2
        for (int v = 0; v < n_vectors; v++) {
            const vector z = sum[r][v], zero = {0.0f};
            /* Comparing vectors gives all bits or none. */
            *(vector *)(out + (size_t)r * (size_t)out_stride + v * FB_DENSE_LANES) = (vector)((bits)z & (z > zero));
        }
    }
}

void FB_DENSE_KERNEL(int n_rows, int n_in, int in_stride, int out_stride, const float *x, const float *weight,
                     const float *bias, float *out)
{
    for (int i = 0; i < n_rows; i += FB_DENSE_AT_ONCE) {
        const float *from = x + (size_t)i * (size_t)in_stride;
        float *to = out + (size_t)i * (size_t)out_stride;
        int j = 0;
        for (; j + 2 * FB_DENSE_LANES <= out_stride; j += 2 * FB_DENSE_LANES) {
            tile(2, n_in, in_stride, out_stride, from, weight + j, bias + j, to + j);
        }
        if (j < out_stride) {
            tile(1, n_in, in_stride, out_stride, from, weight + j, bias + j, to + j);
        }
    }
}

#endif

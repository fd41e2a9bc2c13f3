/* OpenBLAS, opened when a net is trained and not before: it takes threads, a signal handler for forks and address space
 * when it is loaded, and looks for memory for ever where there is none. Every product is computed in the thread that
 * asks for it, because the calls themselves run in parallel. */
#ifndef FB_MODELS_DENSE_OPENBLAS_INTERNAL_H
#define FB_MODELS_DENSE_OPENBLAS_INTERNAL_H

#include "models/common/status.h"

/* Opens OpenBLAS, once for the process, and asks for the address space that `*n_threads` threads will need: each takes a
 * buffer of 128 MiB at its first product. Where not all can be had `*n_threads` becomes how many can. May be called any
 * number of times, from one thread at a time. FB_ERROR_LIBRARY when there is no OpenBLAS, FB_ERROR_MEMORY when there is
 * no memory for it and one thread. Sets OPENBLAS_NUM_THREADS while it is opened; a program that has OpenBLAS already gets
 * it set to one thread. */
fb_status fb_openblas_open(int *n_threads, fb_error *error) FB_MUST_USE;

/* The name of its kernels on this processor ("Haswell", "SkylakeX"); they round differently, so the name belongs to the
 * result of a training. Never NULL. This and the products: after fb_openblas_open. */
const char *fb_openblas_kernel(void);

/* C = A B, or A^T B (turn 'A'), or A B^T (turn 'B'), of float32, with the sums over k: C is [m][n], A is [k][m] or [m][k],
 * B is [k][n] or [n][k], with strides between rows, the last index fastest. */
void fb_openblas_product(char turn, int m, int n, int k, const float *a, int stride_a, const float *b, int stride_b,
                         float *c, int stride_c);

/* y = A^T x: A is [n_rows][n_columns] with a stride between rows, x [n_rows], y [n_columns]. */
void fb_openblas_transposed_times(int n_rows, int n_columns, const float *a, int stride, const float *x, float *y);

#endif

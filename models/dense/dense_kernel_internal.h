/* One hidden layer for many rows, max(0, x W + b).
 *
 * Every output is a sum of its own, b + x[0] W[0] + x[1] W[1] + ... in this order, whatever the width of the vectors
 * and however many rows there are: a row's result does not depend on the other rows, which no library of linear algebra
 * promises (OpenBLAS's kernel for Haswell gives the same row other last bits at another place of a matrix). With fused
 * multiply-add the sum is rounded once per term, so the kernels that have it agree with each other to the last bit and
 * differ from the plain one. */
#ifndef FB_MODELS_DENSE_DENSE_KERNEL_INTERNAL_H
#define FB_MODELS_DENSE_DENSE_KERNEL_INTERNAL_H

#include "models/common/instruction_set.h"

enum { FB_DENSE_ROWS = 8 }; /* done at once; callers give a multiple */

/* x [n_rows][in_stride], weight [n_in][out_stride], bias [out_stride], out [n_rows][out_stride]; out_stride is a
 * multiple of 16. */
typedef void fb_dense_kernel(int n_rows, int n_in, int in_stride, int out_stride, const float *x, const float *weight,
                             const float *bias, float *out);

fb_dense_kernel fb_dense_kernel_plain, fb_dense_kernel_avx2, fb_dense_kernel_avx512;

#endif

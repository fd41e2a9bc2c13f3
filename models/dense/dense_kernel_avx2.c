/* The layer kernel for machines with AVX2 and FMA. */
#define FB_DENSE_KERNEL fb_dense_kernel_avx2
#define FB_DENSE_LANES 8
#define FB_DENSE_AT_ONCE 4
#include "models/dense/dense_kernel_internal.h"

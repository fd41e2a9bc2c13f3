/* The layer kernel for machines with AVX-512. */
#define FB_DENSE_KERNEL fb_dense_kernel_avx512
#define FB_DENSE_LANES 16
#define FB_DENSE_AT_ONCE 8
#include "models/dense/dense_kernel_internal.h"

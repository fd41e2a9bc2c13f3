/* The layer kernel for any machine. */
#define FB_DENSE_KERNEL fb_dense_kernel_plain
#define FB_DENSE_LANES 4
#define FB_DENSE_AT_ONCE 4
#include "models/dense/dense_kernel_internal.h"

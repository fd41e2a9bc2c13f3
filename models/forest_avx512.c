/* The bit-sliced kernel for machines with AVX-512. */
#define FB_FOREST_KERNEL fb_forest_run_avx512
#include "models/forest_kernel_internal.h"

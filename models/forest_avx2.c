/* The bit-sliced kernel for machines with AVX2. */
#define FB_FOREST_KERNEL fb_forest_run_avx2
#include "models/forest_kernel_internal.h"

/* The bit-sliced kernel for machines with AVX2. */
#define FB_FOREST_KERNEL fb_forest_avx2_run
#include "models/bdt/forest_kernel_internal.h"

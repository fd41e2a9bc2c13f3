/* The bit-sliced kernel for machines with AVX-512. */
#define FB_FOREST_KERNEL fb_forest_avx512_run
#include "models/bdt/forest_kernel_internal.h"

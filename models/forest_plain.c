/* The bit-sliced kernel for any machine. */
#define FB_FOREST_KERNEL fb_forest_run_plain
#include "models/forest_kernel_internal.h"

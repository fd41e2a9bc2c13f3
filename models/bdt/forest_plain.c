/* The bit-sliced kernel for any machine. */
#define FB_FOREST_KERNEL fb_forest_plain_run
#include "models/bdt/forest_kernel_internal.h"

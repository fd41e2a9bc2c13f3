/* Elementary functions for AVX2. */
#define FB_ELEMENTARY fb_elementary_avx2
#define FB_ELEMENTARY_NAME "avx2"
#include "holdout/elementary_internal.h"

/* Elementary functions for AVX-512. */
#define FB_ELEMENTARY fb_elementary_avx512
#define FB_ELEMENTARY_NAME "avx512"
#include "holdout/elementary_internal.h"

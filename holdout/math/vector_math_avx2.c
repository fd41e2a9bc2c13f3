/* Elementary functions for AVX2. */
#define FB_VECTOR_MATH fb_vector_math_avx2
#define FB_VECTOR_MATH_NAME "avx2"
#include "holdout/math/vector_math_internal.h"

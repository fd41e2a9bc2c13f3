/* Elementary functions for AVX-512. */
#define FB_VECTOR_MATH fb_vector_math_avx512
#define FB_VECTOR_MATH_NAME "avx512"
#include "holdout/math/vector_math_internal.h"

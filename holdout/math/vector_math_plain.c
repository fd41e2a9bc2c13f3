/* Elementary functions for any machine. */
#define FB_VECTOR_MATH fb_vector_math_plain
#define FB_VECTOR_MATH_NAME "plain"
#include "holdout/math/vector_math_internal.h"

/* What is compiled for each set of instructions. */
#ifndef FB_HOLDOUT_MATH_VECTOR_MATH_INTERNAL_H
#define FB_HOLDOUT_MATH_VECTOR_MATH_INTERNAL_H

#include "holdout/math/vector_math.h"

extern const fb_vector_math fb_vector_math_kernel_plain, fb_vector_math_kernel_avx2, fb_vector_math_kernel_avx512;

#endif

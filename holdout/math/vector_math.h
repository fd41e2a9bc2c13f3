/** \file vector_math.h
 * Elementary functions of whole columns, for each set of vector instructions; all sets give the same bits.
 *
 * numpy_f32.inc, numpy_f32_hyperbolic.inc and math_f64.inc define the functions for one number, without branches; the
 * loops around them (vector_math_kernel.c) are compiled for each set of instructions. Numbers that need another
 * treatment, one in thousands, are given to the C library one by one.
 */
#ifndef FB_HOLDOUT_MATH_VECTOR_MATH_H
#define FB_HOLDOUT_MATH_VECTOR_MATH_H

#include <stddef.h>

#include "models/common/instruction_set.h"
#include "models/common/status.h"

/** All columns have n numbers, which must not overlap where one is read and another written. */
typedef struct fb_vector_math {
    /** x in radian, |x| < 7e4: numpy's. */
    void (*sincos_f32)(size_t n, const float *x, float *sine, float *cosine);
    /** x in radian, |x| < 1e5: within two units in the last place. */
    void (*sincos_f64)(size_t n, const double *x, double *sine, double *cosine);
    /** The GNU C library's sinhf and coshf. */
    void (*sinhcosh_f32)(size_t n, const float *x, float *sine, float *cosine);
    /** numpy's exponential. */
    void (*exp_f32)(size_t n, const float *x, float *y);
    /** Rounds to three decimals in place, as numpy does. */
    void (*round3_f32)(size_t n, float *x);
    void (*round3_f64)(size_t n, double *x);
    /** atan2(y, x) rounded to three decimals: exactly what the C library's atan2 and rounding give. */
    void (*azimuth3_f32)(size_t n, const float *x, const float *y, float *azimuth);
    void (*azimuth3_f64)(size_t n, const double *x, const double *y, double *azimuth);
    /** Two standard normal numbers from two uniform ones in (0, 1), after Box and Muller (Ann. Math. Stat. 29 (1958)
     * 610), in place. */
    void (*normal_f64)(size_t n, double *x, double *y);
} fb_vector_math;

/** They are compiled for each set of instructions (vector_math_kernel.c). */
extern const fb_vector_math fb_vector_math_kernel_plain, fb_vector_math_kernel_avx2, fb_vector_math_kernel_avx512;

/** The functions for a set that the machine has. */
const fb_vector_math *fb_vector_math_for(fb_instruction_set set);

/** The functions for fb_instruction_set_best. */
const fb_vector_math *fb_vector_math_best(void);

#endif

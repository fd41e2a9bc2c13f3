/** \file numpy_f32.h
 * Sine, cosine and exponential in float32, operation by operation as numpy evaluates them on whole arrays.
 *
 * The official program of the challenge works on float32 columns with numpy. Rounding to three decimals and cuts turn a
 * last-bit difference into another number or another set of rows, so agreement with it needs these exact functions: the
 * argument is reduced after Cody and Waite ("Software Manual for the Elementary Functions", 1980), then a minimax
 * polynomial (sine, cosine) or rational function (exponential) is evaluated with fused multiply-adds. The coefficients
 * are those of numpy 1.24. Within 1.5 units in the last place for |x| < 7e4 (sine, cosine).
 *
 * Nothing here branches, so compilers evaluate it for many numbers at once (vector_math.h).
 *
 * A fused multiply-add is written as a float64 product, which is exact, and a float64 sum: the same on any machine.
 */
#ifndef FB_HOLDOUT_MATH_NUMPY_F32_H
#define FB_HOLDOUT_MATH_NUMPY_F32_H

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline float fb_f32_multiply_add(float a, float b, float c)
{
    return (float)((double)a * b + c);
}

/** 2^k, -126 <= k <= 127. */
static inline float fb_f32_power_of_2(int k)
{
    const uint32_t bits = (uint32_t)(k + 127) << 23;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/** Nearest integer by adding and removing 1.5 * 2^23. */
static inline float fb_f32_round(float x)
{
    return (x + 0x1.8p23f) - 0x1.8p23f;
}

/** Sine and cosine of x (radian) at once. Not for |x| > 7e4 or values that are not finite. */
static inline void fb_f32_sincos(float x, float *sine, float *cosine)
{
    float quarter_turns = fb_f32_round(x * 0x1.45f306p-1f);
    float r = fb_f32_multiply_add(quarter_turns, -0x1.921fb0p+00f, x);
    r = fb_f32_multiply_add(quarter_turns, -0x1.5110b4p-22f, r);
    r = fb_f32_multiply_add(quarter_turns, -0x1.846988p-48f, r);
    float r2 = r * r;
    float c = fb_f32_multiply_add(0x1.98e616p-16f, r2, -0x1.6c06dcp-10f);
    c = fb_f32_multiply_add(c, r2, 0x1.55553cp-05f);
    c = fb_f32_multiply_add(c, r2, -0.5f);
    c = fb_f32_multiply_add(c, r2, 1.0f);
    float s = fb_f32_multiply_add(0x1.7d3bbcp-19f, r2, -0x1.a06bbap-13f);
    s = fb_f32_multiply_add(s, r2, 0x1.11119ap-07f);
    s = fb_f32_multiply_add(s, r2, -0x1.555556p-03f);
    s = s * r2;
    s = fb_f32_multiply_add(s, r, r);
    int quadrant = (int)quarter_turns;
    float at_sine = quadrant & 1 ? c : s;
    float at_cosine = quadrant & 1 ? s : c;
    *sine = quadrant & 2 ? -at_sine : at_sine;
    *cosine = (quadrant + 1) & 2 ? -at_cosine : at_cosine;
}

/** x less the multiple of y towards 0, exactly, for y > 0 and |x| < 2^29 y: fmodf without branches. */
static inline float fb_f32_remainder(float x, float y)
{
    return (float)(x - (double)(int)((double)x / y) * y);
}

/** Exponential of x; 0 below -103.97, infinite above 88.72. */
static inline float fb_f32_exp(float x)
{
    const float within = x < -104.0f ? -104.0f : x > 89.0f ? 89.0f : x;
    const float power = fb_f32_round(within * 1.44269504f);
    float r = fb_f32_multiply_add(power, -6.93145752e-1f, within);
    r = fb_f32_multiply_add(power, -1.42860677e-6f, r);
    float p = fb_f32_multiply_add(5.082762527590693718096e-04f, r, 6.757896990527504603057e-03f);
    p = fb_f32_multiply_add(p, r, 5.114512081637298353406e-02f);
    p = fb_f32_multiply_add(p, r, 2.473615434895520810817e-01f);
    p = fb_f32_multiply_add(p, r, 7.257664613233124478488e-01f);
    p = fb_f32_multiply_add(p, r, 9.999999999980870924916e-01f);
    float q = fb_f32_multiply_add(2.159509375685829852307e-02f, r, -2.742335390411667452936e-01f);
    q = fb_f32_multiply_add(q, r, 1.0f);
    /* Two powers of 2, because one does not reach the smallest numbers; only the second product is rounded. */
    const int k = (int)power, first = k / 2;
    const float y = p / q * fb_f32_power_of_2(first) * fb_f32_power_of_2(k - first);
    return x < -103.97208f ? 0.0f : x > 88.722839f ? INFINITY : y;
}

/** Rounds to three decimals as numpy.round does: half to even of 1000 x, all in float32. */
static inline float fb_f32_round3(float x)
{
    const float scaled = x * 1000.0f, size = fabsf(scaled);
    const float rounded = copysignf((size + 0x1p23f) - 0x1p23f, scaled);
    return (size < 0x1p23f ? rounded : scaled) / 1000.0f;
}

#endif

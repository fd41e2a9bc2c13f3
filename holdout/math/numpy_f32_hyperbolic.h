/** \file numpy_f32_hyperbolic.h
 * Hyperbolic sine and cosine in float32 as numpy has them from the GNU C library (2.36), operation by operation but
 * without branches, so that compilers evaluate them for many numbers at once, with the same bits on any machine.
 *
 * sinh goes by way of exp(x) - 1 after Sun's fdlibm (K. C. Ng, 1993), in float32; cosh by way of exp(x) after S. Nagy's
 * expf (2017): in float64, from a table of 2^(k/32) and a polynomial.
 */
#ifndef FB_HOLDOUT_MATH_NUMPY_F32_HYPERBOLIC_H
#define FB_HOLDOUT_MATH_NUMPY_F32_HYPERBOLIC_H

#include "holdout/math/numpy_f32.h"

/** Below this |x| (both functions are larger than 10^9 there) the functions of this file are what they say. */
#define FB_F32_HYPERBOLIC_LIMIT 22.0f

/** Bits of 2^(k/32), less k / 32 in the exponent. */
static const uint64_t fb_f32_exp_table[32] = {
    0x3ff0000000000000, 0x3fefd9b0d3158574, 0x3fefb5586cf9890f, 0x3fef9301d0125b51, 0x3fef72b83c7d517b,
    0x3fef54873168b9aa, 0x3fef387a6e756238, 0x3fef1e9df51fdee1, 0x3fef06fe0a31b715, 0x3feef1a7373aa9cb,
    0x3feedea64c123422, 0x3feece086061892d, 0x3feebfdad5362a27, 0x3feeb42b569d4f82, 0x3feeab07dd485429,
    0x3feea47eb03a5585, 0x3feea09e667f3bcd, 0x3fee9f75e8ec5f74, 0x3feea11473eb0187, 0x3feea589994cce13,
    0x3feeace5422aa0db, 0x3feeb737b0cdc5e5, 0x3feec49182a3f090, 0x3feed503b23e255d, 0x3feee89f995ad3ad,
    0x3feeff76f2fb5e47, 0x3fef199bdd85529c, 0x3fef3720dcef9069, 0x3fef5818dcfba487, 0x3fef7c97337b9b5f,
    0x3fefa4afa2a490da, 0x3fefd0765b6e4540};

/** exp(x), 0 <= x < 22. */
static inline float fb_f32_exp_unsigned(float x)
{
    const double z = 0x1.71547652b82fep5 * x, shifted = z + 0x1.8p52;
    uint64_t n;
    memcpy(&n, &shifted, sizeof n);
    const double r = z - (shifted - 0x1.8p52);
    const uint64_t bits = fb_f32_exp_table[n & 31] + (n << 47);
    double power;
    memcpy(&power, &bits, sizeof power);
    const double high = 0x1.c6af84b912394p-20 * r + 0x1.ebfce50fac4f3p-13;
    const double low = 0x1.62e42ff0c52d6p-6 * r + 1.0;
    return (float)((high * (r * r) + low) * power);
}

/** exp(x) - 1, 0 <= x < 22. */
static inline float fb_f32_expm1_unsigned(float x)
{
    /* x = k ln 2 + r; c is what r lacks. */
    int k = (int)(1.4426950216f * x + 0.5f);
    k = x < 1.0397207f ? 1 : k;
    k = x <= 0.34657359f ? 0 : k;
    const float turns = (float)k, high = x - turns * 6.9313812256e-01f, low = turns * 9.0580006145e-06f;
    const float r = high - low, c = (high - r) - low;
    const float half = 0.5f * r, z = r * half;
    float q = -2.0109921195e-07f;
    q = q * z + 4.0082177293e-06f;
    q = q * z - 7.9365076090e-05f;
    q = q * z + 1.5873016091e-03f;
    q = q * z - 3.3333335072e-02f;
    q = q * z + 1.0f;
    const float t = 3.0f - q * half;
    float e = z * ((q - t) / (6.0f - r * t));
    e = (r * (e - c) - c) - z;
    const float power = fb_f32_power_of_2(k), inverse = fb_f32_power_of_2(-k);
    const float few = ((1.0f - inverse) - (e - r)) * power, many = ((r - (e + inverse)) + 1.0f) * power;
    const float once = r < -0.25f ? -2.0f * (e - (r + 0.5f)) : 1.0f + 2.0f * (r - e);
    float y = k < 23 ? few : many;
    y = k == 1 ? once : y;
    return k == 0 ? r - e : y;
}

/** |x|, or 0 where x is not below FB_F32_HYPERBOLIC_LIMIT. */
static inline float fb_f32_hyperbolic_size(float x)
{
    return fabsf(x) < FB_F32_HYPERBOLIC_LIMIT ? fabsf(x) : 0.0f;
}

/** sinh(x) and cosh(x) at once, |x| < FB_F32_HYPERBOLIC_LIMIT; those of 0 for any other x. `exponential`: of |x|, by
 * fb_f32_exp_unsigned, in a loop before: a table in the same one as a choice keeps compilers from vectors. */
static inline void fb_f32_sinhcosh(float x, float exponential, float *sine, float *cosine)
{
    const float size = fb_f32_hyperbolic_size(x), minus_one = fb_f32_expm1_unsigned(size);
    const float over = minus_one + 1.0f;
    const float small = 2.0f * minus_one - minus_one * minus_one / over, large = minus_one + minus_one / over;
    *sine = copysignf(0.5f, x) * (size < 1.0f ? small : large);
    const float near = 1.0f + (minus_one * minus_one) / (over + over), far = 0.5f * exponential + 0.5f / exponential;
    *cosine = size < 0.34657359f ? near : far;
}

#endif

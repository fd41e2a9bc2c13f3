/* The loops of vector_math.h; compiled for each set of instructions. */
#include <math.h>

#include "holdout/math/math_f64.inc"
#include "holdout/math/numpy_f32.inc"
#include "holdout/math/numpy_f32_hyperbolic.inc"
#include "holdout/math/vector_math.h"

/* Half a unit of the third decimal, less what the azimuth of math_f64.inc and atan2 can be off, times a thousand. */
static const double sure_f64 = 0.5 - 1e-9;
/* atan2f is off by less than two units in the last place, and its thousandfold rounded once more. */
static const double unsure_f32 = 0x1p-21;

static void sincos_f32(size_t n, const float *restrict x, float *restrict sine, float *restrict cosine)
{
    for (size_t i = 0; i < n; i++) {
        fb_f32_sincos(x[i], &sine[i], &cosine[i]);
    }
}

static void sincos_f64(size_t n, const double *restrict x, double *restrict sine, double *restrict cosine)
{
    for (size_t i = 0; i < n; i++) {
        fb_f64_sincos(x[i], &sine[i], &cosine[i]);
    }
}

static void sinhcosh_f32(size_t n, const float *restrict x, float *restrict sine, float *restrict cosine)
{
    for (size_t i = 0; i < n; i++) {
        cosine[i] = fb_f32_exp_unsigned(fb_f32_hyperbolic_size(x[i]));
    }
    for (size_t i = 0; i < n; i++) {
        fb_f32_sinhcosh(x[i], cosine[i], &sine[i], &cosine[i]);
    }
    for (size_t i = 0; i < n; i++) {
        if (!(fabsf(x[i]) < FB_F32_HYPERBOLIC_LIMIT)) {
            sine[i] = sinhf(x[i]);
            cosine[i] = coshf(x[i]);
        }
    }
}

static void exp_f32(size_t n, const float *restrict x, float *restrict y)
{
    for (size_t i = 0; i < n; i++) {
        y[i] = fb_f32_exp(x[i]);
    }
}

static void round3_f32(size_t n, float *restrict x)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = fb_f32_round3(x[i]);
    }
}

static void round3_f64(size_t n, double *restrict x)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = fb_f64_round3(x[i]);
    }
}

/* NaN marks what is too near to the middle between two decimals, or without a direction. */
static void azimuth3_f32(size_t n, const float *restrict x, const float *restrict y, float *restrict azimuth)
{
    for (size_t i = 0; i < n; i++) {
        const float scaled = (float)fb_f64_azimuth(x[i], y[i]) * 1000.0f;
        const float rounded = (float)fb_f64_round(scaled);
        const double off = fabs((double)scaled - rounded), sure = 0.5 - fabs((double)scaled) * unsure_f32;
        azimuth[i] = off < sure ? rounded / 1000.0f : NAN;
    }
    for (size_t i = 0; i < n; i++) {
        if (isnan(azimuth[i])) {
            azimuth[i] = fb_f32_round3(atan2f(y[i], x[i]));
        }
    }
}

static void azimuth3_f64(size_t n, const double *restrict x, const double *restrict y, double *restrict azimuth)
{
    for (size_t i = 0; i < n; i++) {
        const double scaled = fb_f64_azimuth(x[i], y[i]) * 1000.0, rounded = fb_f64_round(scaled);
        azimuth[i] = fb_f64_choose(fabs(scaled - rounded) < sure_f64, rounded / 1000.0, NAN);
    }
    for (size_t i = 0; i < n; i++) {
        if (isnan(azimuth[i])) {
            azimuth[i] = fb_f64_round3(atan2(y[i], x[i]));
        }
    }
}

static void normal_f64(size_t n, double *restrict x, double *restrict y)
{
    for (size_t i = 0; i < n; i++) {
        const double radius = sqrt(-2.0 * fb_f64_log(x[i]));
        double sine, cosine;
        fb_f64_sincos(2.0 * M_PI * y[i], &sine, &cosine);
        x[i] = radius * cosine;
        y[i] = radius * sine;
    }
}

const fb_vector_math FB_KERNEL(fb_vector_math_kernel) = {sincos_f32, sincos_f64,   sinhcosh_f32, exp_f32,   round3_f32,
                                                         round3_f64, azimuth3_f32, azimuth3_f64, normal_f64};

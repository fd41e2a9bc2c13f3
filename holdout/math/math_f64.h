/** \file math_f64.h
 * Sine, cosine, arc tangent and logarithm in float64 without branches, so that compilers evaluate them for many numbers
 * at once, with the same bits on any machine and for any width of its vectors.
 *
 * Reductions and polynomials are those of Sun's fdlibm (K. C. Ng, 1993); without its corrections of the last bit,
 * results are within two units in the last place.
 */
#ifndef FB_HOLDOUT_MATH_MATH_F64_H
#define FB_HOLDOUT_MATH_MATH_F64_H

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t fb_f64_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double fb_f64_from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/** Nearest integer, half to even, with the sign of x, for |x| < 2^51. */
static inline double fb_f64_round(double x)
{
    return copysign((x + 0x1.8p52) - 0x1.8p52, x);
}

/** Rounds to three decimals as numpy.round does: half to even of 1000 x. */
static inline double fb_f64_round3(double x)
{
    const double scaled = x * 1000.0, size = fabs(scaled);
    const double rounded = copysign((size + 0x1p52) - 0x1p52, scaled);
    return (size < 0x1p52 ? rounded : scaled) / 1000.0;
}

/** `yes` where the condition holds, else `no`: a choice between bits, which no compiler turns into a jump. */
static inline double fb_f64_choose(int condition, double yes, double no)
{
    const uint64_t mask = -(uint64_t)condition;
    return fb_f64_from_bits((fb_f64_bits(yes) & mask) | (fb_f64_bits(no) & ~mask));
}

/** Sine and cosine of x (radian) at once, for |x| < 1e5. */
static inline void fb_f64_sincos(double x, double *sine, double *cosine)
{
    /* x = quarter_turns * pi/2 + r; pi/2 in parts of 33 bits, so that the first products are exact. */
    const double shifted = x * 0x1.45f306dc9c883p-1 + 0x1.8p52;
    const double quarter_turns = shifted - 0x1.8p52;
    double r = x - quarter_turns * 0x1.921fb544p0;
    r = r - quarter_turns * 0x1.0b4611a6p-34;
    r = r - quarter_turns * 0x1.3198a2e037073p-69;
    const double r2 = r * r;
    double s = 1.58969099521155010221e-10;
    s = s * r2 - 2.50507602534068634195e-08;
    s = s * r2 + 2.75573137070700676789e-06;
    s = s * r2 - 1.98412698298579493134e-04;
    s = s * r2 + 8.33333333332248946124e-03;
    s = s * r2 - 1.66666666666666324348e-01;
    s = copysign(r + r * r2 * s, r);
    double c = -1.13596475577881948265e-11;
    c = c * r2 + 2.08757232129817482790e-09;
    c = c * r2 - 2.75573143513906633035e-07;
    c = c * r2 + 2.48015872894767294178e-05;
    c = c * r2 - 1.38888888888741095749e-03;
    c = c * r2 + 4.16666666666666019037e-02;
    const double half = 0.5 * r2, rest = 1.0 - half;
    c = rest + (((1.0 - rest) - half) + r2 * r2 * c);
    /* The number of quarter turns stands in the last bits of `shifted`. */
    const uint64_t quadrant = fb_f64_bits(shifted), odd = -(quadrant & 1), sign = (uint64_t)1 << 63;
    const uint64_t s_bits = fb_f64_bits(s), c_bits = fb_f64_bits(c);
    *sine = fb_f64_from_bits(((c_bits & odd) | (s_bits & ~odd)) ^ (quadrant << 62 & sign));
    *cosine = fb_f64_from_bits(((s_bits & odd) | (c_bits & ~odd)) ^ ((quadrant + 1) << 62 & sign));
}

/** Natural logarithm of a normal positive number. */
static inline double fb_f64_log(double x)
{
    /* x = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2) */
    const uint64_t shifted = fb_f64_bits(x) + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd);
    const double k = fb_f64_from_bits(shifted >> 52 | 0x4330000000000000) - (0x1p52 + 1023.0);
    const double f = fb_f64_from_bits((shifted & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd) - 1.0;
    const double s = f / (2.0 + f), s2 = s * s, s4 = s2 * s2;
    const double even =
        s4 * (3.999999999940941908e-01 + s4 * (2.222219843214978396e-01 + s4 * 1.531383769920937332e-01));
    const double odd =
        s2 * (6.666666666666735130e-01 +
              s4 * (2.857142874366239149e-01 + s4 * (1.818357216161805012e-01 + s4 * 1.479819860511658591e-01)));
    const double half = 0.5 * f * f;
    return s * (half + (even + odd)) + k * 1.90821492927058770002e-10 - half + f + k * 6.93147180369123816490e-01;
}

/** Azimuth of (x, y) in (-pi, pi], as atan2(y, x), to some units in the last place; NaN for (0, 0). */
static inline double fb_f64_azimuth(double x, double y)
{
    const double pi = 0x1.921fb54442d18p+1, across = fabs(x), along = fabs(y);
    const int is_steep = along > across;
    const double small = fb_f64_choose(is_steep, across, along), large = fb_f64_choose(is_steep, along, across);
    /* atan t, t = small / large <= 1; beyond 7/16 it is pi/4 + atan((t - 1) / (t + 1)). */
    const int is_far = small > 0.4375 * large;
    const double t = fb_f64_choose(is_far, small - large, small) / fb_f64_choose(is_far, small + large, large);
    const double t2 = t * t, t4 = t2 * t2;
    double even = 1.62858201153657823623e-02, odd = -3.65315727442169155270e-02;
    even = even * t4 + 4.97687799461593236017e-02;
    even = even * t4 + 6.66107313738753120669e-02;
    even = even * t4 + 9.09088713343650656196e-02;
    even = even * t4 + 1.42857142725034663711e-01;
    even = even * t4 + 3.33333333333329318027e-01;
    odd = odd * t4 - 5.83357013379057348645e-02;
    odd = odd * t4 - 7.69187620504482999495e-02;
    odd = odd * t4 - 1.11111104054623557880e-01;
    odd = odd * t4 - 1.99999999998764832476e-01;
    double angle = t - t * (t2 * even + t4 * odd) + fb_f64_choose(is_far, 0.25 * pi, 0.0);
    angle = fb_f64_choose(is_steep, 0.5 * pi - angle, angle);
    angle = fb_f64_choose(x < 0.0, pi - angle, angle);
    return copysign(angle, y);
}

#endif

/* Elementary functions of columns: the same bits for every set of instructions, and the functions that their names
 * promise. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/math/vector_math.h"
#include "models/common/hash.h"
#include "models/common/random.h"
#include "tests/support/support.h"

enum { N = 20011 }; /* no multiple of any vector */

static const char *const set_names[FB_N_INSTRUCTION_SETS] = {"plain", "avx2", "avx512"};

static float xf[N], yf[N], af[N], bf[N];
static double xd[N], yd[N], ad[N], bd[N];

/* Uniform in +-range; the first ones are special. */
static void fill_f32(uint64_t index, float range, float *x)
{
    static const float special[] = {0.0f,    -0.0f,   1.0f,  -1.0f,  0.5f,    -25.0f,      25.0f,   21.999998f,
                                    22.0f,   -22.0f,  1e-8f, -1e-8f, 1e-30f,  0.34657359f, 100.0f,  0.3465736f,
                                    1.0397f, 1.0398f, 3e38f, 88.72f, 0.0005f, 1.0005f,     0.0015f, 8388609.0f};
    fb_random random = fb_random_at(17, FB_STREAM_TOY, index);
    for (size_t i = 0; i < N; i++) {
        x[i] = (float)((2.0 * fb_random_uniform(&random) - 1.0) * range);
    }
    memcpy(x, special, sizeof special);
}

static void fill_f64(uint64_t index, double range, double *x)
{
    static const double special[] = {0.0, -0.0, 1.0, -1.0, 1e-300, -1e-300, 1e5, 0.0005, 1.5, 1e-9};
    fb_random random = fb_random_at(18, FB_STREAM_TOY, index);
    for (size_t i = 0; i < N; i++) {
        x[i] = (2.0 * fb_random_uniform(&random) - 1.0) * range;
    }
    memcpy(x, special, sizeof special);
}

/* Bits of what all functions make of the columns, one hash for each. */
static void hash_all(const fb_vector_math *f, uint64_t hash[9])
{
    float angle[N];
    fill_f32(1, 100.0f, xf);
    fill_f32(2, 100.0f, yf);
    fill_f64(1, 100.0, xd);
    fill_f64(2, 100.0, yd);
    for (size_t i = 0; i < N; i++) {
        angle[i] = fabsf(xf[i]) < 7e4f ? xf[i] : 1.0f;
    }
    f->sincos_f32(N, angle, af, bf);
    hash[0] = fb_hash_u64(af, sizeof af) ^ fb_hash_u64(bf, sizeof bf);
    f->sincos_f64(N, xd, ad, bd);
    hash[1] = fb_hash_u64(ad, sizeof ad) ^ fb_hash_u64(bd, sizeof bd);
    f->sinhcosh_f32(N, xf, af, bf);
    hash[2] = fb_hash_u64(af, sizeof af) ^ fb_hash_u64(bf, sizeof bf);
    f->exp_f32(N, xf, af);
    hash[3] = fb_hash_u64(af, sizeof af);
    f->azimuth3_f32(N, xf, yf, af);
    hash[4] = fb_hash_u64(af, sizeof af);
    f->azimuth3_f64(N, xd, yd, ad);
    hash[5] = fb_hash_u64(ad, sizeof ad);
    f->round3_f32(N, xf);
    hash[6] = fb_hash_u64(xf, sizeof xf);
    f->round3_f64(N, xd);
    hash[7] = fb_hash_u64(xd, sizeof xd);
    for (size_t i = 0; i < N; i++) {
        xd[i] = fabs(yd[i]) / 2e5 + 1e-12;
        yd[i] = fabs(yd[i]) / 1e5;
    }
    f->normal_f64(N, xd, yd);
    hash[8] = fb_hash_u64(xd, sizeof xd) ^ fb_hash_u64(yd, sizeof yd);
}

START_TEST(all_sets_give_the_same_bits)
{
    uint64_t plain[9], hash[9];
    hash_all(fb_vector_math_for(FB_INSTRUCTIONS_PLAIN), plain);
    for (int set = 0; set < FB_N_INSTRUCTION_SETS; set++) {
        if (fb_instruction_set_has((fb_instruction_set)set)) {
            hash_all(fb_vector_math_for((fb_instruction_set)set), hash);
            for (int k = 0; k < 9; k++) {
                ck_assert_msg(hash[k] == plain[k], "%s: function %d", set_names[set], k);
            }
        }
    }
}
END_TEST

/* sinhf and coshf of the GNU C library 2.36, called for every 4099th number from 0 to 22. */
START_TEST(hyperbolic_functions_are_the_c_librarys)
{
    enum { STEP = 4099, MOST = 300000 };
    const uint64_t theirs = 0x5c758f25708c908e;
    float *x = malloc(MOST * sizeof *x), *sine = malloc(MOST * sizeof *x), *cosine = malloc(MOST * sizeof *x);
    float *both = malloc(2 * MOST * sizeof *both);
    size_t n = 0;
    ck_assert(x != NULL && sine != NULL && cosine != NULL && both != NULL);
    for (uint32_t bits = 0; bits < 0x41b00000; bits += STEP, n++) {
        memcpy(&x[n], &bits, sizeof bits);
    }
    fb_vector_math_best()->sinhcosh_f32(n, x, sine, cosine);
    for (size_t i = 0; i < n; i++) {
        both[2 * i] = sine[i];
        both[2 * i + 1] = cosine[i];
        ck_assert(fabs(sine[i] - sinh(x[i])) <= 2e-7 * sinh(x[i]));
        ck_assert(fabs(cosine[i] - cosh(x[i])) <= 2e-7 * cosh(x[i]));
    }
    ck_assert_uint_eq(fb_hash_u64(both, 2 * n * sizeof *both), theirs);
    free(x);
    free(sine);
    free(cosine);
    free(both);
}
END_TEST

/* Odd and even, and the C library's where they are out of reach. */
START_TEST(hyperbolic_functions_of_the_rest)
{
    static const float x[6] = {-1.5f, 1.5f, -25.0f, 30.0f, -INFINITY, NAN};
    float sine[6], cosine[6];
    fb_vector_math_best()->sinhcosh_f32(6, x, sine, cosine);
    ck_assert(sine[0] == -sine[1] && cosine[0] == cosine[1] && sine[1] > 2.12f);
    for (int k = 2; k < 5; k++) {
        ck_assert(sine[k] == sinhf(x[k]) && cosine[k] == coshf(x[k]));
    }
    ck_assert(isnan(sine[5]) && isnan(cosine[5]));
}
END_TEST

static double units(double a, double b)
{
    return fabs(a - b) / (nextafter(fabs(b), INFINITY) - fabs(b));
}

START_TEST(float64_functions_are_near)
{
    fill_f64(3, 1e4, xd);
    fb_vector_math_best()->sincos_f64(N, xd, ad, bd);
    for (size_t i = 0; i < N; i++) {
        ck_assert_msg(units(ad[i], sin(xd[i])) <= 2.0, "sin(%.17g) = %.17g", xd[i], ad[i]);
        ck_assert_msg(units(bd[i], cos(xd[i])) <= 2.0, "cos(%.17g) = %.17g", xd[i], bd[i]);
    }
    ck_assert(signbit(ad[1]) && ad[1] == 0.0 && bd[1] == 1.0);
}
END_TEST

START_TEST(exponential_reaches_both_ends)
{
    static const float ends[5] = {-104.0f, -103.0f, 89.0f, -INFINITY, 0.0f};
    fill_f32(4, 100.0f, xf);
    fb_vector_math_best()->exp_f32(N, xf, af);
    for (size_t i = 0; i < N; i++) {
        if (xf[i] > -87.0f && xf[i] < 88.0f) {
            ck_assert_msg(fabs(af[i] - exp(xf[i])) <= 2.4e-7 * exp(xf[i]), "exp(%.9g) = %.9g", xf[i], af[i]);
        }
    }
    fb_vector_math_best()->exp_f32(5, ends, af);
    ck_assert(af[0] == 0.0f && af[1] == 0x1p-149f && isinf(af[2]) && af[3] == 0.0f && af[4] == 1.0f);
}
END_TEST

START_TEST(rounding_is_to_three_decimals_half_to_even)
{
    fill_f32(5, 5000.0f, xf);
    fill_f64(5, 5000.0, xd);
    memcpy(af, xf, sizeof af);
    memcpy(ad, xd, sizeof ad);
    fb_vector_math_best()->round3_f32(N, af);
    fb_vector_math_best()->round3_f64(N, ad);
    for (size_t i = 0; i < N; i++) {
        const float scaled = xf[i] * 1000.0f;
        const float f32 = rintf(scaled) / 1000.0f;
        const double f64 = rint(xd[i] * 1000.0) / 1000.0;
        ck_assert_msg(memcmp(&af[i], &f32, sizeof f32) == 0, "%.9g: %.9g", xf[i], af[i]);
        ck_assert_msg(memcmp(&ad[i], &f64, sizeof f64) == 0, "%.17g: %.17g", xd[i], ad[i]);
    }
}
END_TEST

/* In the middle between two decimals as far as numbers go, so that only atan2 itself decides which is nearer. */
static void point_at_middles(size_t first)
{
    for (size_t i = first; i < N; i++) {
        const double angle = ((double)((long)i % 6280 - 3140) + 0.5) / 1000.0;
        xd[i] = 30.0 * cos(angle);
        yd[i] = 30.0 * sin(angle);
        xf[i] = (float)xd[i];
        yf[i] = (float)yd[i];
    }
}

START_TEST(azimuths_are_those_of_the_c_library)
{
    size_t n_differ_by_a_bit = 0;
    fill_f32(6, 50.0f, xf);
    fill_f32(7, 50.0f, yf);
    fill_f64(6, 50.0, xd);
    fill_f64(7, 50.0, yd);
    point_at_middles(N / 2);
    for (size_t i = 0; i < 16; i++) { /* the axes, with all signs of zero */
        xd[100 + i] = xf[100 + i] = (float[]){0.0f, -0.0f, 3.0f, -3.0f}[i % 4];
        yd[100 + i] = yf[100 + i] = (float[]){0.0f, -0.0f, 3.0f, -3.0f}[i / 4];
    }
    fb_vector_math_best()->azimuth3_f32(N, xf, yf, af);
    fb_vector_math_best()->azimuth3_f64(N, xd, yd, ad);
    for (size_t i = 0; i < N; i++) {
        const float scaled = atan2f(yf[i], xf[i]) * 1000.0f;
        const float f32 = rintf(scaled) / 1000.0f;
        const double f64 = rint(atan2(yd[i], xd[i]) * 1000.0) / 1000.0;
        ck_assert_msg(memcmp(&af[i], &f32, sizeof f32) == 0, "(%.9g, %.9g): %.9g", xf[i], yf[i], af[i]);
        ck_assert_msg(memcmp(&ad[i], &f64, sizeof f64) == 0, "(%.17g, %.17g): %.17g", xd[i], yd[i], ad[i]);
        n_differ_by_a_bit += fabs(fabs(atan2(yd[i], xd[i]) * 1000.0 - rint(f64 * 1000.0)) - 0.5) < 1e-12;
    }
    ck_assert_uint_gt(n_differ_by_a_bit, N / 4);
}
END_TEST

START_TEST(normal_numbers_are_box_and_mullers)
{
    fb_random random = fb_random_at(19, FB_STREAM_TOY, 0);
    for (size_t i = 0; i < N; i++) {
        xd[i] = ad[i] = i == 0 ? 0x1p-53 : i == 1 ? 1.0 - 0x1p-53 : fb_random_uniform(&random);
        yd[i] = bd[i] = fb_random_uniform(&random);
    }
    fb_vector_math_best()->normal_f64(N, xd, yd);
    for (size_t i = 0; i < N; i++) {
        const double radius = sqrt(-2.0 * log(ad[i])), angle = 2.0 * M_PI * bd[i];
        FB_ASSERT_NEAR(xd[i], radius * cos(angle), 2e-15 * radius);
        FB_ASSERT_NEAR(yd[i], radius * sin(angle), 2e-15 * radius);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/vector_math");
    TCase *tests = tcase_create("columns");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, all_sets_give_the_same_bits);
    tcase_add_test(tests, hyperbolic_functions_are_the_c_librarys);
    tcase_add_test(tests, hyperbolic_functions_of_the_rest);
    tcase_add_test(tests, float64_functions_are_near);
    tcase_add_test(tests, exponential_reaches_both_ends);
    tcase_add_test(tests, rounding_is_to_three_decimals_half_to_even);
    tcase_add_test(tests, azimuths_are_those_of_the_c_library);
    tcase_add_test(tests, normal_numbers_are_box_and_mullers);
    return fb_run_suite(suite);
}

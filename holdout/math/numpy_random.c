#include "holdout/math/numpy_random.h"

#include <math.h>

void fb_numpy_random_init(fb_numpy_random *random, uint32_t seed)
{
    random->word[0] = seed;
    for (uint32_t k = 1; k < FB_TWISTER_WORDS; k++) {
        uint32_t before = random->word[k - 1];
        random->word[k] = 1812433253U * (before ^ (before >> 30)) + k;
    }
    random->position = FB_TWISTER_WORDS;
    random->has_normal = 0;
}

static uint32_t twisted(uint32_t word, uint32_t next, uint32_t far)
{
    const uint32_t joined = (word & 0x80000000U) | (next & 0x7fffffffU);
    return far ^ (joined >> 1) ^ (-(joined & 1U) & 0x9908b0dfU);
}

/* Renews all words, each from itself, the next one and the one SHIFT further on, cyclically. Without a branch or a
 * remainder per word: the bootstrap of a large pool spends its time here. */
static void twist(fb_numpy_random *random)
{
    enum { N = FB_TWISTER_WORDS, SHIFT = 397 };
    uint32_t *word = random->word;
    for (int k = 0; k < N - SHIFT; k++) {
        word[k] = twisted(word[k], word[k + 1], word[k + SHIFT]);
    }
    for (int k = N - SHIFT; k < N - 1; k++) {
        word[k] = twisted(word[k], word[k + 1], word[k + SHIFT - N]);
    }
    word[N - 1] = twisted(word[N - 1], word[0], word[SHIFT - 1]);
    random->position = 0;
}

uint32_t fb_numpy_random_u32(fb_numpy_random *random)
{
    if (random->position == FB_TWISTER_WORDS) {
        twist(random);
    }
    uint32_t y = random->word[random->position++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680U;
    y ^= y << 15 & 0xefc60000U;
    return y ^ y >> 18;
}

double fb_numpy_random_uniform(fb_numpy_random *random)
{
    uint32_t high = fb_numpy_random_u32(random) >> 5;
    uint32_t low = fb_numpy_random_u32(random) >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

double fb_numpy_random_normal(fb_numpy_random *random)
{
    if (random->has_normal) {
        random->has_normal = 0;
        return random->normal;
    }
    double x1, x2, r2;
    do {
        x1 = 2.0 * fb_numpy_random_uniform(random) - 1.0;
        x2 = 2.0 * fb_numpy_random_uniform(random) - 1.0;
        r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1.0 || r2 == 0.0);
    double f = sqrt(-2.0 * log(r2) / r2);
    random->normal = f * x1;
    random->has_normal = 1;
    return f * x2;
}

/* Knuth's multiplication: uniforms until their product falls to exp(-mean). */
static uint64_t poisson_by_multiplication(fb_numpy_random *random, double mean)
{
    const double floor_of_product = exp(-mean);
    uint64_t k = 0;
    double product = fb_numpy_random_uniform(random);
    while (product > floor_of_product) {
        product *= fb_numpy_random_uniform(random);
        k++;
    }
    return k;
}

/* numpy's own ln Gamma(x) for whole x >= 1: Stirling's series beyond 7, recursion below. libm's differs in last bits.
 */
static double log_gamma(double x)
{
    static const double coefficient[10] = {8.333333333333333e-02,  -2.777777777777778e-03, 7.936507936507937e-04,
                                           -5.952380952380952e-04, 8.417508417508418e-04,  -1.917526917526918e-03,
                                           6.410256410256410e-03,  -2.955065359477124e-02, 1.796443723688307e-01,
                                           -1.39243221690590e+00};
    if (x == 1.0 || x == 2.0) {
        return 0.0;
    }
    const int n_up = x < 7.0 ? (int)(7.0 - x) : 0;
    double shifted = x + n_up;
    const double square = (1.0 / shifted) * (1.0 / shifted);
    double series = coefficient[9];
    for (int k = 8; k >= 0; k--) {
        series = series * square + coefficient[k];
    }
    double result = series / shifted + 0.5 * 1.8378770664093453e+00 + (shifted - 0.5) * log(shifted) - shifted;
    for (int k = 0; k < n_up; k++) {
        result -= log(shifted - 1.0);
        shifted -= 1.0;
    }
    return result;
}

/* Transformed rejection with a squeeze; the names are Hoermann's. */
static uint64_t poisson_by_rejection(fb_numpy_random *random, double mean)
{
    const double log_mean = log(mean);
    const double b = 0.931 + 2.53 * sqrt(mean);
    const double a = -0.059 + 0.02483 * b;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    const double vr = 0.9277 - 3.6224 / (b - 2.0);
    for (;;) {
        const double u = fb_numpy_random_uniform(random) - 0.5;
        const double v = fb_numpy_random_uniform(random);
        const double us = 0.5 - fabs(u);
        /* numpy has it as an integer; as a double it may be -inf at us = 0, and is then refused below all the same. */
        const double k = floor((2.0 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= vr) {
            return (uint64_t)k;
        }
        if (k < 0.0 || (us < 0.013 && v > us)) {
            continue;
        }
        if (log(v) + log(inverse_alpha) - log(a / (us * us) + b) <= -mean + k * log_mean - log_gamma(k + 1.0)) {
            return (uint64_t)k;
        }
    }
}

uint64_t fb_numpy_random_poisson(fb_numpy_random *random, double mean)
{
    if (mean >= 10.0) {
        return poisson_by_rejection(random, mean);
    }
    return mean == 0.0 ? 0 : poisson_by_multiplication(random, mean);
}

uint32_t fb_numpy_random_up_to(fb_numpy_random *random, uint32_t most)
{
    if (most == 0) {
        return 0;
    }
    const uint32_t mask = UINT32_MAX >> __builtin_clz(most);
    uint32_t value;
    do {
        value = fb_numpy_random_u32(random) & mask;
    } while (value > most);
    return value;
}

void fb_numpy_random_permutation(fb_numpy_random *random, uint32_t n, uint32_t *order)
{
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
    }
    for (uint32_t i = n; i > 1; i--) {
        const uint32_t j = fb_numpy_random_up_to(random, i - 1);
        const uint32_t kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

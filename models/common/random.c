#include "models/common/random.h"

#include <Random123/philox.h>
#include <math.h>

fb_random fb_random_at(uint64_t seed, fb_stream stream, uint64_t index)
{
    return (fb_random){.seed = seed, .stream = (uint32_t)stream, .index = index};
}

static void next_group(fb_random *random)
{
    philox4x32_key_t key = {{(uint32_t)random->seed, (uint32_t)(random->seed >> 32)}};
    philox4x32_ctr_t counter = {
        {random->block, random->stream, (uint32_t)random->index, (uint32_t)(random->index >> 32)}};
    philox4x32_ctr_t out = philox4x32(counter, key);
    for (int k = 0; k < 4; k++) {
        random->word[k] = out.v[k];
    }
    random->block++;
    random->n_left = 4;
}

uint32_t fb_random_u32(fb_random *random)
{
    if (random->n_left == 0) {
        next_group(random);
    }
    return random->word[4 - random->n_left--];
}

uint64_t fb_random_u64(fb_random *random)
{
    uint64_t high = fb_random_u32(random);
    return high << 32 | fb_random_u32(random);
}

double fb_random_uniform(fb_random *random)
{
    /* 52 bits, shifted by half a step so that neither 0 nor 1 can come out. */
    return ((double)(fb_random_u64(random) >> 12) + 0.5) * 0x1p-52;
}

double fb_random_normal(fb_random *random)
{
    if (random->has_normal) {
        random->has_normal = 0;
        return random->normal;
    }
    double radius = sqrt(-2.0 * log(fb_random_uniform(random)));
    double angle = 2.0 * M_PI * fb_random_uniform(random);
    random->normal = radius * sin(angle);
    random->has_normal = 1;
    return radius * cos(angle);
}

static uint64_t poisson_by_inversion(fb_random *random, double mean)
{
    double u = fb_random_uniform(random);
    double term = exp(-mean);
    double sum = term;
    uint64_t k = 0;
    /* Beyond 200 the terms of a mean below 10 are far under the resolution of u. */
    while (u > sum && k < 200) {
        k++;
        term *= mean / (double)k;
        sum += term;
    }
    return k;
}

static uint64_t poisson_by_rejection(fb_random *random, double mean)
{
    const double b = 0.931 + 2.53 * sqrt(mean);
    const double a = -0.059 + 0.02483 * b;
    const double v_r = 0.9277 - 3.6224 / (b - 2.0);
    const double log_alpha = log(1.1239 + 1.1328 / (b - 3.4));
    const double log_mean = log(mean);
    for (;;) {
        double u = fb_random_uniform(random) - 0.5;
        double v = fb_random_uniform(random);
        double us = 0.5 - fabs(u);
        double k = floor((2.0 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= v_r) {
            return (uint64_t)k;
        }
        if (k < 0.0 || (us < 0.013 && v > us)) {
            continue;
        }
        int sign = 0;
        double log_factorial = lgamma_r(k + 1.0, &sign);
        if (log(v) + log_alpha - log(a / (us * us) + b) <= k * log_mean - mean - log_factorial) {
            return (uint64_t)k;
        }
    }
}

uint64_t fb_random_poisson(fb_random *random, double mean)
{
    if (!(mean > 0.0) || !isfinite(mean)) {
        return 0;
    }
    return mean < 10.0 ? poisson_by_inversion(random, mean) : poisson_by_rejection(random, mean);
}

uint64_t fb_random_derive_seed(uint64_t seed, fb_stream stream, uint64_t index)
{
    fb_random random = fb_random_at(seed, stream, index);
    return fb_random_u64(&random);
}

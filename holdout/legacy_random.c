#include "holdout/legacy_random.h"

#include <math.h>

void fb_legacy_random_init(fb_legacy_random *random, uint32_t seed)
{
    random->word[0] = seed;
    for (uint32_t k = 1; k < FB_TWISTER_WORDS; k++) {
        uint32_t before = random->word[k - 1];
        random->word[k] = 1812433253U * (before ^ (before >> 30)) + k;
    }
    random->position = FB_TWISTER_WORDS;
    random->has_normal = 0;
}

static void twist(fb_legacy_random *random)
{
    enum { SHIFT = 397 };
    for (int k = 0; k < FB_TWISTER_WORDS; k++) {
        uint32_t next = random->word[(k + 1) % FB_TWISTER_WORDS];
        uint32_t joined = (random->word[k] & 0x80000000U) | (next & 0x7fffffffU);
        uint32_t mixed = (joined >> 1) ^ (joined & 1U ? 0x9908b0dfU : 0U);
        random->word[k] = random->word[(k + SHIFT) % FB_TWISTER_WORDS] ^ mixed;
    }
    random->position = 0;
}

uint32_t fb_legacy_random_u32(fb_legacy_random *random)
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

double fb_legacy_random_uniform(fb_legacy_random *random)
{
    uint32_t high = fb_legacy_random_u32(random) >> 5;
    uint32_t low = fb_legacy_random_u32(random) >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

double fb_legacy_random_normal(fb_legacy_random *random)
{
    if (random->has_normal) {
        random->has_normal = 0;
        return random->normal;
    }
    double x1, x2, r2;
    do {
        x1 = 2.0 * fb_legacy_random_uniform(random) - 1.0;
        x2 = 2.0 * fb_legacy_random_uniform(random) - 1.0;
        r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1.0 || r2 == 0.0);
    double f = sqrt(-2.0 * log(r2) / r2);
    random->normal = f * x1;
    random->has_normal = 1;
    return f * x2;
}

#include "holdout/simulation/sim_random.inc"

#include "models/common/random.h"

fb_sim_random fb_sim_random_at(uint64_t seed, uint64_t index)
{
    fb_random start = fb_random_at(seed, FB_STREAM_SIMULATE, index);
    fb_sim_random random = {.has_normal = false};
    for (int k = 0; k < 4; k++) {
        random.word[k] = fb_random_u32(&start);
    }
    random.word[3] |= 1;
    return random;
}

double fb_sim_random_power_law(fb_sim_random *random, double scale, double power)
{
    return scale * sqrt(pow(fb_sim_random_uniform(random), -1.0 / power) - 1.0);
}

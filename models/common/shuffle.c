#include "models/common/shuffle.h"

#include "models/common/random.h"

void fb_shuffle(uint32_t n, uint32_t *order, fb_shuffle_draw *draw, void *context)
{
    for (uint32_t left = n; left > 1; left--) {
        const uint32_t other = draw(context, left), last = order[left - 1];
        order[left - 1] = order[other];
        order[other] = last;
    }
}

uint32_t fb_shuffle_draw_exact(void *random, uint32_t n)
{
    uint64_t product = (uint64_t)fb_random_u32(random) * n;
    if ((uint32_t)product < n) {
        const uint32_t unfair = (uint32_t)(-n) % n;
        while ((uint32_t)product < unfair) {
            product = (uint64_t)fb_random_u32(random) * n;
        }
    }
    return (uint32_t)(product >> 32);
}

uint32_t fb_shuffle_draw_scaled(void *random, uint32_t n)
{
    return (uint32_t)(fb_random_uniform(random) * (double)n);
}

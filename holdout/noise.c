#include "holdout/noise.h"

void fb_noise_init_official(fb_noise *noise, uint32_t seed, uint64_t n_rows)
{
    noise->is_official = 1;
    noise->is_mirrored = 0;
    noise->seed = seed;
    fb_legacy_random_init(&noise->x, seed);
    noise->y = noise->x;
    for (uint64_t row = 0; row < n_rows; row++) {
        (void)fb_legacy_random_normal(&noise->y);
    }
}

void fb_noise_init_streams(fb_noise *noise, uint64_t seed)
{
    noise->is_official = 0;
    noise->is_mirrored = 0;
    noise->seed = seed;
}

void fb_noise_draw(fb_noise *noise, uint64_t row, double *x, double *y)
{
    if (noise->is_official) {
        *x = fb_legacy_random_normal(&noise->x);
        *y = fb_legacy_random_normal(&noise->y);
    } else {
        fb_random random = fb_random_at(noise->seed, FB_STREAM_SOFT_MET, row);
        double sign = noise->is_mirrored ? -1.0 : 1.0;
        *x = sign * fb_random_normal(&random);
        *y = sign * fb_random_normal(&random);
    }
}

#include "holdout/pipeline/noise.h"

#include <stdlib.h>

#include "models/common/memory.h"

fb_status fb_noise_table_reserve(fb_noise_table *table, size_t n_rows, fb_error *error)
{
    if (n_rows <= table->n_rows) {
        return FB_OK;
    }
    if (table->n_rows == 0) {
        fb_numpy_random_init(&table->random, FB_NOISE_OFFICIAL_SEED);
    }
    fb_status status = fb_memory_grow(&table->normal, &table->capacity, 2 * n_rows, sizeof *table->normal, error);
    if (status != FB_OK) {
        return status;
    }
    for (size_t k = 2 * table->n_rows; k < 2 * n_rows; k++) {
        table->normal[k] = fb_numpy_random_normal(&table->random);
    }
    table->n_rows = n_rows;
    return FB_OK;
}

void fb_noise_table_clear(fb_noise_table *table)
{
    free(table->normal);
    *table = (fb_noise_table){0};
}

void fb_noise_init_streams(fb_noise *noise, uint64_t seed)
{
    noise->kind = FB_NOISE_STREAMS;
    noise->seed = seed;
    noise->is_mirrored = false;
}

void fb_noise_init_sequence(fb_noise *noise, uint32_t seed, uint64_t n_rows)
{
    noise->kind = FB_NOISE_SEQUENCE;
    noise->seed = seed;
    fb_numpy_random_init(&noise->x, seed);
    noise->y = noise->x;
    for (uint64_t row = 0; row < n_rows; row++) {
        (void)fb_numpy_random_normal(&noise->y);
    }
}

void fb_noise_init_table(fb_noise *noise, const fb_noise_table *table, const uint32_t *position, uint64_t n_rows)
{
    noise->kind = FB_NOISE_TABLE;
    noise->seed = FB_NOISE_OFFICIAL_SEED;
    noise->normal = table->normal;
    noise->position = position;
    noise->n_rows = n_rows;
}

void fb_noise_fill(fb_noise *noise, const fb_vector_math *math, size_t n, uint64_t first_row, const uint32_t *origin,
                   double *x, double *y)
{
    switch (noise->kind) {
    case FB_NOISE_STREAMS:
        for (size_t i = 0; i < n; i++) {
            fb_random random = fb_random_at(noise->seed, FB_STREAM_SOFT_MET, first_row + origin[i]);
            x[i] = fb_random_uniform(&random);
            y[i] = fb_random_uniform(&random);
        }
        math->normal_f64(n, x, y);
        for (size_t i = 0; i < n && noise->is_mirrored; i++) {
            x[i] = -x[i];
            y[i] = -y[i];
        }
        break;
    case FB_NOISE_SEQUENCE:
        for (size_t i = 0; i < n; i++) {
            x[i] = fb_numpy_random_normal(&noise->x);
            y[i] = fb_numpy_random_normal(&noise->y);
        }
        break;
    case FB_NOISE_TABLE:
        for (size_t i = 0; i < n; i++) {
            const uint64_t row = first_row + origin[i];
            const uint64_t official = noise->position != NULL ? noise->position[row] : row;
            x[i] = noise->normal[official];
            y[i] = noise->normal[noise->n_rows + official];
        }
        break;
    }
}

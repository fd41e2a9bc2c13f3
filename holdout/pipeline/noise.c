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

void fb_noise_init_official(fb_noise *noise, uint32_t seed, uint64_t n_rows)
{
    noise->is_official = 1;
    noise->is_mirrored = 0;
    noise->placed = NULL;
    noise->seed = seed;
    fb_numpy_random_init(&noise->x, seed);
    noise->y = noise->x;
    for (uint64_t row = 0; row < n_rows; row++) {
        (void)fb_numpy_random_normal(&noise->y);
    }
}

void fb_noise_init_streams(fb_noise *noise, uint64_t seed)
{
    noise->is_official = 0;
    noise->is_mirrored = 0;
    noise->placed = NULL;
    noise->seed = seed;
}

void fb_noise_init_placed(fb_noise *noise, const fb_noise_table *table, const uint32_t *position, uint64_t n_rows)
{
    noise->is_official = 0;
    noise->is_mirrored = 0;
    noise->seed = FB_NOISE_OFFICIAL_SEED;
    noise->placed = table->normal;
    noise->position = position;
    noise->n_placed = n_rows;
}

static void fill_placed(const fb_noise *noise, size_t n, uint64_t first_row, const uint32_t *origin, double *x,
                        double *y)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t row = first_row + origin[i], official = noise->position != NULL ? noise->position[row] : row;
        x[i] = noise->placed[official];
        y[i] = noise->placed[noise->n_placed + official];
    }
}

static void fill_official(fb_noise *noise, size_t n, double *x, double *y)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = fb_numpy_random_normal(&noise->x);
        y[i] = fb_numpy_random_normal(&noise->y);
    }
}

static void fill_streams(const fb_noise *noise, const fb_vector_math *elementary, size_t n, uint64_t first_row,
                         const uint32_t *origin, double *x, double *y)
{
    for (size_t i = 0; i < n; i++) {
        fb_random random = fb_random_at(noise->seed, FB_STREAM_SOFT_MET, first_row + origin[i]);
        x[i] = fb_random_uniform(&random);
        y[i] = fb_random_uniform(&random);
    }
    elementary->normal_f64(n, x, y);
    for (size_t i = 0; i < n && noise->is_mirrored; i++) {
        x[i] = -x[i];
        y[i] = -y[i];
    }
}

void fb_noise_fill(fb_noise *noise, const fb_vector_math *elementary, size_t n, uint64_t first_row,
                   const uint32_t *origin, double *x, double *y)
{
    if (noise->placed != NULL) {
        fill_placed(noise, n, first_row, origin, x, y);
    } else if (noise->is_official) {
        fill_official(noise, n, x, y);
    } else {
        fill_streams(noise, elementary, n, first_row, origin, x, y);
    }
}

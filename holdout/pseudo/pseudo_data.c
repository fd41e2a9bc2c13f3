#include "holdout/pseudo/pseudo_data.h"

#include <stdlib.h>
#include <string.h>

#include "holdout/pipeline/pack.h"
#include "models/common/memory.h"
#include "models/common/random.h"
#include "models/common/shuffle.h"

enum { ROW_BYTES = FB_N_FEATURES * sizeof(float) };

void fb_pseudo_data_clear(fb_pseudo_data *data)
{
    free(data->matrix);
    free(data->position);
    free(data->part);
    *data = (fb_pseudo_data){0};
}

static fb_status append(fb_pseudo_data *data, const fb_block *block, fb_error *error)
{
    const size_t n = block->events->n, needed = data->n + n;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_grow(&data->matrix, &data->matrix_capacity, needed * FB_N_FEATURES, sizeof(float), error));
    FB_TRY(fb_memory_grow(&data->part, &data->part_capacity, data->n_parts + 1, sizeof *data->part, error));
    if (block->position != NULL) {
        FB_TRY(fb_memory_grow(&data->position, &data->position_capacity, needed, sizeof *data->position, error));
        for (size_t i = 0; i < n; i++) {
            data->position[data->n + i] = block->position[block->events->first_row + block->origin[i]];
        }
    }
    fb_pack(block, NULL, data->matrix + data->n * FB_N_FEATURES);
    data->part[data->n_parts++] = (fb_pseudo_data_part){block->events->first_row, data->n, n};
    data->n += n;
cleanup:
    return status;
}

fb_status fb_pseudo_data_add(void *all, uint64_t experiment, fb_block *block, fb_error *error)
{
    fb_status status = FB_OK;
#pragma omp critical(fb_pseudo_data)
    status = append((fb_pseudo_data *)all + experiment, block, error);
    return status;
}

static int by_first_row(const void *left, const void *right)
{
    const uint64_t a = ((const fb_pseudo_data_part *)left)->first_row,
                   b = ((const fb_pseudo_data_part *)right)->first_row;
    return (a > b) - (a < b);
}

/* Each step of the shuffle has a sequence of its own. */
static uint32_t draw(void *seed, uint32_t n)
{
    fb_random random = fb_random_at(*(const uint64_t *)seed, FB_STREAM_SHUFFLE, n);
    return fb_shuffle_draw_scaled(&random, n);
}

/* The order of the rows that gives nothing away: without the shuffle the processes would follow one another. */
static void shuffle(fb_pseudo_data *data, uint64_t seed, uint32_t *order)
{
    uint32_t n = 0;
    qsort(data->part, data->n_parts, sizeof *data->part, by_first_row);
    for (size_t k = 0; k < data->n_parts; k++) {
        for (size_t i = 0; i < data->part[k].n; i++) {
            order[n++] = (uint32_t)(data->part[k].at + i);
        }
    }
    fb_shuffle(n, order, draw, &seed);
}

/* Rows by their positions, which are all different; those of rows that were not selected are missing. */
static fb_status sort_by_position(const fb_pseudo_data *data, uint32_t *order, fb_error *error)
{
    uint32_t *row_at = NULL, last = 0; /* row + 1; 0: none */
    size_t n = 0;
    fb_status status = FB_OK;
    for (size_t i = 0; i < data->n; i++) {
        last = data->position[i] > last ? data->position[i] : last;
    }
    FB_TRY(fb_memory_allocate((size_t)last + 1, sizeof *row_at, &row_at, error));
    for (size_t i = 0; i < data->n; i++) {
        row_at[data->position[i]] = (uint32_t)i + 1;
    }
    for (size_t k = 0; k <= last; k++) {
        if (row_at[k] > 0) {
            order[n++] = row_at[k] - 1;
        }
    }
cleanup:
    free(row_at);
    return status;
}

fb_status fb_pseudo_data_arrange(fb_pseudo_data *data, uint64_t seed, fb_error *error)
{
    uint32_t *order = NULL;
    float *matrix = NULL;
    fb_status status = FB_OK;
    if (data->n >= UINT32_MAX) {
        return fb_fail(error, FB_ERROR_DATA, "pseudo-experiment of %zu rows: at most %u can be put in order", data->n,
                       UINT32_MAX - 1);
    }
    FB_TRY(fb_memory_allocate(data->n, sizeof *order, &order, error));
    FB_TRY(fb_memory_allocate(data->n, ROW_BYTES, &matrix, error));
    if (data->position != NULL) {
        FB_TRY(sort_by_position(data, order, error));
    } else {
        shuffle(data, seed, order);
    }
    for (size_t i = 0; i < data->n; i++) {
        memcpy(matrix + i * FB_N_FEATURES, data->matrix + order[i] * FB_N_FEATURES, ROW_BYTES);
    }
    free(data->matrix);
    data->matrix = matrix;
    matrix = NULL;
    data->n_parts = 0;
cleanup:
    free(order);
    free(matrix);
    return status;
}

static void unpack(const fb_pseudo_data *data, size_t first, size_t n, fb_block *block)
{
    block->events->n = n;
    block->events->first_row = first;
    for (int k = 0; k < FB_N_FEATURES; k++) {
        float *column = k < FB_N_PRIMARY ? block->events->column[k] : block->derived[k - FB_N_PRIMARY];
        for (size_t i = 0; i < n; i++) {
            column[i] = data->matrix[(first + i) * FB_N_FEATURES + (size_t)k];
        }
    }
}

fb_status fb_pseudo_data_write(const fb_pseudo_data *data, fb_sink *sink, fb_error *error)
{
    fb_block *block = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_block_create(FB_BLOCK_ROWS, &block, error));
    for (size_t first = 0; first < data->n; first += FB_BLOCK_ROWS) {
        const size_t left = data->n - first;
        unpack(data, first, left < FB_BLOCK_ROWS ? left : FB_BLOCK_ROWS, block);
        FB_TRY(fb_sink_write(sink, block->events, block->derived, error));
    }
cleanup:
    fb_block_free(block);
    return status;
}

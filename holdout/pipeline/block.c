#include "holdout/pipeline/block.h"

#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"

fb_status fb_block_create(size_t capacity, fb_block **out, fb_error *error)
{
    fb_block *block = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *block, &block, error));
    FB_TRY(fb_events_create(capacity, &block->events, error));
    FB_TRY(fb_memory_allocate(capacity, sizeof(uint32_t), &block->origin, error));
    FB_TRY(fb_memory_allocate(capacity, sizeof(double), &block->noise_x, error));
    FB_TRY(fb_memory_allocate(capacity, sizeof(double), &block->noise_y, error));
    FB_TRY(fb_memory_allocate(capacity, sizeof(double), &block->met, error));
    FB_TRY(fb_memory_allocate(capacity, sizeof(double), &block->met_phi, error));
    block->vector_math = fb_vector_math_best();
    for (int k = 0; k < FB_N_DERIVED; k++) {
        FB_TRY(fb_memory_allocate(capacity, sizeof(float), &block->derived[k], error));
    }
    *out = block;
    block = NULL;
cleanup:
    fb_block_free(block);
    return status;
}

void fb_block_free(fb_block *block)
{
    if (block == NULL) {
        return;
    }
    fb_events_free(block->events);
    free(block->origin);
    free(block->noise_x);
    free(block->noise_y);
    free(block->met);
    free(block->met_phi);
    for (int k = 0; k < FB_N_DERIVED; k++) {
        free(block->derived[k]);
    }
    free(block);
}

void fb_block_load(fb_block *block, const fb_events *events, size_t first, size_t n)
{
    block->events->n = 0;
    block->events->first_row = events->first_row + first;
    fb_events_append(block->events, events, first, n);
    for (size_t i = 0; i < n; i++) {
        block->origin[i] = (uint32_t)i;
    }
    block->met_is_double = false;
    block->nuisances = fb_nuisance_nominal();
}

void fb_block_gather(fb_block *block, const fb_events *events, size_t n, const uint32_t *row, uint64_t first_row)
{
    fb_events *to = block->events;
    to->n = n;
    to->first_row = first_row;
    to->has_weights = to->has_processes = false;
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        for (size_t i = 0; i < n; i++) {
            to->column[k][i] = events->column[k][row[i]];
        }
    }
    for (size_t i = 0; i < n; i++) {
        to->weight[i] = 1.0f;
        to->process[i] = FB_PROCESS_UNKNOWN;
        block->origin[i] = (uint32_t)i;
    }
    block->met_is_double = false;
    block->nuisances = fb_nuisance_nominal();
}

void fb_block_fill_noise(fb_block *block, fb_noise *noise)
{
    const fb_events *events = block->events;
    fb_noise_fill(noise, block->vector_math, events->n, events->first_row, block->origin, block->noise_x,
                  block->noise_y);
}

void fb_block_move_row(fb_block *block, size_t to, size_t from)
{
    fb_events_move_row(block->events, to, from);
    block->origin[to] = block->origin[from];
    block->noise_x[to] = block->noise_x[from];
    block->noise_y[to] = block->noise_y[from];
    block->met[to] = block->met[from];
    block->met_phi[to] = block->met_phi[from];
}

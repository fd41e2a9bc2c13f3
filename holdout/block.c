#include "holdout/block.h"

#include <stdlib.h>
#include <string.h>

#include "models/ground/memory.h"

fb_status fb_block_create(size_t capacity, fb_block **out, fb_error *error)
{
    fb_block *block = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_allocate(1, sizeof *block, &block, error));
    FB_TRY(fb_events_create(capacity, &block->events, error));
    FB_TRY(fb_allocate(capacity, sizeof(uint32_t), &block->origin, error));
    FB_TRY(fb_allocate(capacity, sizeof(double), &block->noise_x, error));
    FB_TRY(fb_allocate(capacity, sizeof(double), &block->noise_y, error));
    FB_TRY(fb_allocate(capacity, sizeof(double), &block->met, error));
    FB_TRY(fb_allocate(capacity, sizeof(double), &block->met_phi, error));
    block->elementary = fb_elementary_best();
    for (int k = 0; k < FB_N_DERIVED; k++) {
        FB_TRY(fb_allocate(capacity, sizeof(float), &block->derived[k], error));
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
    block->nuisances = fb_nuisances_nominal();
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
    block->nuisances = fb_nuisances_nominal();
}

void fb_block_fill_noise(fb_block *block, fb_noise *noise)
{
    const fb_events *events = block->events;
    fb_noise_fill(noise, block->elementary, events->n, events->first_row, block->origin, block->noise_x,
                  block->noise_y);
}

void fb_block_scale_weights(fb_block *block, const fb_nuisances *nuisances, double mu)
{
    /* float32, one factor after the other, own scale first: as the official program multiplies. */
    const float bkg = (float)nuisances->value[FB_BKG_SCALE];
    const float own[FB_N_PROCESS] = {[FB_HTAUTAU] = (float)mu,
                                     [FB_ZTAUTAU] = 1.0f,
                                     [FB_TTBAR] = (float)nuisances->value[FB_TTBAR_SCALE],
                                     [FB_DIBOSON] = (float)nuisances->value[FB_DIBOSON_SCALE]};
    fb_events *events = block->events;
    for (size_t i = 0; i < events->n; i++) {
        int process = events->process[i];
        if (process < FB_N_PROCESS) {
            float weight = events->weight[i] * own[process];
            events->weight[i] = process == FB_HTAUTAU ? weight : weight * bkg;
        }
    }
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

/* Removes the jet in column `pt` (its eta and phi follow) when 0 <= pt <= 26 GeV. */
static void drop_soft_jet(fb_events *events, size_t i, int pt)
{
    float jet_pt = events->column[pt][i];
    if (jet_pt >= 0.0f && jet_pt <= 26.0f) {
        events->column[FB_JET_ALL_PT][i] -= jet_pt;
        events->column[pt][i] = FB_MISSING;
        events->column[pt + 1][i] = FB_MISSING;
        events->column[pt + 2][i] = FB_MISSING;
        events->column[FB_N_JETS][i] -= 1.0f;
    }
}

void fb_block_select(fb_block *block)
{
    fb_events *events = block->events;
    size_t kept = 0;
    for (size_t i = 0; i < events->n; i++) {
        /* Written so that a NaN stays, as it does in the official program. */
        if (events->column[FB_HAD_PT][i] < 26.0f || events->column[FB_LEP_PT][i] < 20.0f) {
            continue;
        }
        drop_soft_jet(events, i, FB_JET2_PT);
        drop_soft_jet(events, i, FB_JET1_PT);
        fb_block_move_row(block, kept++, i);
    }
    events->n = kept;
}

void fb_block_pack(const fb_block *block, const fb_told *told, float *matrix)
{
    const fb_events *events = block->events;
    float further[FB_N_SHAPE];
    const size_t n_further = told != NULL ? (size_t)fb_told_inputs(told, further) : 0;
    for (size_t i = 0; i < events->n; i++) {
        float *row = matrix + i * (FB_N_FEATURES + n_further);
        for (int k = 0; k < FB_N_PRIMARY; k++) {
            row[k] = events->column[k][i];
        }
        for (int k = 0; k < FB_N_DERIVED; k++) {
            row[FB_N_PRIMARY + k] = block->derived[k][i];
        }
        memcpy(row + FB_N_FEATURES, further, n_further * sizeof *row);
    }
}

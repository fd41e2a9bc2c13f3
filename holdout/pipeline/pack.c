#include "holdout/pipeline/pack.h"

#include <string.h>

void fb_pack(const fb_block *block, const fb_conditioning *conditioning, float *matrix)
{
    const fb_events *events = block->events;
    float further[FB_N_SHAPE];
    const size_t n_further = conditioning != NULL ? (size_t)fb_conditioning_inputs(conditioning, further) : 0;
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

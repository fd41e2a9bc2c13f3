#include "holdout/pipeline/stages.h"

/* Removes the jet in column `pt` (its eta and phi follow) when 0 <= pt <= FB_SELECT_JET_PT. */
static void drop_soft_jet(fb_events *events, size_t i, int pt)
{
    float jet_pt = events->column[pt][i];
    if (jet_pt >= 0.0f && jet_pt <= FB_SELECT_JET_PT) {
        events->column[FB_JET_ALL_PT][i] -= jet_pt;
        events->column[pt][i] = FB_MISSING;
        events->column[pt + 1][i] = FB_MISSING;
        events->column[pt + 2][i] = FB_MISSING;
        events->column[FB_N_JETS][i] -= 1.0f;
    }
}

void fb_select(fb_block *block)
{
    fb_events *events = block->events;
    size_t kept = 0;
    for (size_t i = 0; i < events->n; i++) {
        /* Written so that a NaN stays, as it does in the official program. */
        if (events->column[FB_HAD_PT][i] < FB_SELECT_HAD_PT || events->column[FB_LEP_PT][i] < FB_SELECT_LEP_PT) {
            continue;
        }
        drop_soft_jet(events, i, FB_JET2_PT);
        drop_soft_jet(events, i, FB_JET1_PT);
        fb_block_move_row(block, kept++, i);
    }
    events->n = kept;
}

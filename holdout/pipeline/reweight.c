#include "holdout/pipeline/stages.h"

void fb_reweight(fb_block *block, const fb_nuisances *nuisances)
{
    /* float32, one factor after the other, own scale first: as the official program multiplies. */
    const float bkg = (float)nuisances->value[FB_BKG_SCALE];
    const float own[FB_N_PROCESS] = {[FB_HTAUTAU] = 1.0f,
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

/** \file reweight.h
 * The stage that changes weights: the normalisations of the backgrounds, where events keep their weights. In
 * pseudo-experiments they act on the numbers that are drawn (holdout/events/truth.h).
 */
#ifndef FB_HOLDOUT_PIPELINE_REWEIGHT_H
#define FB_HOLDOUT_PIPELINE_REWEIGHT_H

#include "holdout/pipeline/block.h"

/** Every background event's weight times its scales. Rows without a process are left alone. */
void fb_reweight(fb_block *block, const fb_nuisances *nuisances);

#endif

/** \file reweight.h
 * The stage that changes weights: the signal strength and the normalisations of the backgrounds.
 */
#ifndef FB_HOLDOUT_PIPELINE_REWEIGHT_H
#define FB_HOLDOUT_PIPELINE_REWEIGHT_H

#include "holdout/pipeline/block.h"

/** The normalisation distortions: every weight times mu (signal) or its background's scales. Rows without a process are
 *  left alone. */
void fb_reweight(fb_block *block, const fb_nuisances *nuisances, double mu);

#endif

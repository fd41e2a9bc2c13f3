/** \file distort.h
 * The stage that moves events: energy scales, soft-MET noise, rounding.
 */
#ifndef FB_HOLDOUT_PIPELINE_DISTORT_H
#define FB_HOLDOUT_PIPELINE_DISTORT_H

#include "holdout/pipeline/block.h"

/** The shape distortions: tau and jet energy scales with their effect on the MET, soft-MET noise, rounding to 3
 *  decimals.
 *
 *  \param block      in, out; raw events; with its noise filled in if soft_met > 0
 *  \param nuisances  tes, jes and soft_met are used; in range */
void fb_distort(fb_block *block, const fb_nuisances *nuisances);

#endif

/** \file select.h
 * The stage that removes events and jets: the final selection of the challenge.
 */
#ifndef FB_HOLDOUT_PIPELINE_SELECT_H
#define FB_HOLDOUT_PIPELINE_SELECT_H

#include "holdout/pipeline/block.h"

/** Its thresholds, GeV. Edges as in the official program: a tau or lepton of exactly its threshold stays, a jet goes.
 */
#define FB_SELECT_HAD_PT 26.0f
#define FB_SELECT_LEP_PT 20.0f
#define FB_SELECT_JET_PT 26.0f

/** The final selection: removes events and soft jets; survivors keep their order. */
void fb_select(fb_block *block);

#endif

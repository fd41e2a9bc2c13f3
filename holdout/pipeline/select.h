/** \file select.h
 * The stage that removes events and jets: the final selection of the challenge.
 */
#ifndef FB_HOLDOUT_PIPELINE_SELECT_H
#define FB_HOLDOUT_PIPELINE_SELECT_H

#include "holdout/pipeline/block.h"

/** The final selection: removes events and soft jets; survivors keep their order. */
FB_API void fb_select(fb_block *block);

#endif

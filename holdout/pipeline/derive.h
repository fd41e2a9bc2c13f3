/** \file derive.h
 * The stage that computes the derived columns.
 */
#ifndef FB_HOLDOUT_PIPELINE_DERIVE_H
#define FB_HOLDOUT_PIPELINE_DERIVE_H

#include "holdout/pipeline/block.h"

/** Computes the 12 derived columns. */
void fb_derive(fb_block *block);

#endif

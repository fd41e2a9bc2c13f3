/** \file pack.h
 * The stage that writes the rows of a block as a classifier sees them.
 */
#ifndef FB_HOLDOUT_PIPELINE_PACK_H
#define FB_HOLDOUT_PIPELINE_PACK_H

#include "holdout/pipeline/block.h"
#include "holdout/pipeline/conditioning.h"

/** Writes the rows as a classifier sees them that is conditioned on `conditioning` (NULL: on nothing): `matrix`
 * [n][fb_conditioning_n_inputs], column fastest. */
void fb_pack(const fb_block *block, const fb_conditioning *conditioning, float *matrix);

#endif

/** \file stages.h
 * THE list of stages that every event goes through, whatever it is for:
 *
 *     noise > distort > reweight > select > derive
 *
 * Training, templates, pseudo-experiments, `fit` and `systematics` all run it. Which rows come in (pipeline.h,
 * holdout/pseudo) and what is done with them afterwards (pack, score, write) is up to each of them.
 */
#ifndef FB_HOLDOUT_PIPELINE_STAGES_H
#define FB_HOLDOUT_PIPELINE_STAGES_H

#include "holdout/pipeline/block.h"
#include "holdout/pipeline/stage_timer.h"

/** Moves events: tau and jet energy scales with their effect on the MET, soft-MET noise, rounding to 3 decimals.
 *
 *  \param block      in, out; raw events; with its noise filled in if soft_met > 0
 *  \param nuisances  tes, jes and soft_met are used; in range */
void fb_distort(fb_block *block, const fb_nuisances *nuisances);

/** The normalisations, where events keep their weights: every background event's weight times its scales. Rows without
 * a process are left alone. In pseudo-experiments they act on the numbers that are drawn (holdout/events/truth.h). */
void fb_reweight(fb_block *block, const fb_nuisances *nuisances);

/** Thresholds of the final selection, GeV. Edges as in the official program: a tau or lepton of exactly its threshold
 * stays, a jet goes. */
#define FB_SELECT_HAD_PT 26.0f
#define FB_SELECT_LEP_PT 20.0f
#define FB_SELECT_JET_PT 26.0f

/** The final selection: removes events and soft jets; survivors keep their order. */
void fb_select(fb_block *block);

/** Computes the 12 derived columns. */
void fb_derive(fb_block *block);

typedef struct fb_stages {
    bool distort; ///< false: the events are observed ones, which noise, distort and reweight leave as they are
    bool select;  ///< apply the final selection
    fb_nuisances nuisances; ///< in range
    fb_noise *noise;        ///< of soft_met, borrowed; may be NULL where soft_met is 0
    fb_stage_times *times;  ///< gets the time of each stage, borrowed; may be NULL
} fb_stages;

/** Everything on and nominal, no noise, no times. */
fb_stages fb_stages_default(void);

/** Runs all stages on a block as loaded or gathered. Blocks may be worked on by several threads at once, unless the
 * noise is FB_NOISE_SEQUENCE: that must have been filled in before (fb_block_fill_noise), in row order. */
void fb_stages_run(const fb_stages *stages, fb_block *block);

#endif

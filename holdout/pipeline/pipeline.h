/** \file pipeline.h
 * The one way of the data, used for training, templates, pseudo-experiments and plain biasing: blocks of a source go in
 * parallel through load > keep a part > distort > scale weights > select > derive > visit, and are collected in row
 * order.
 */
#ifndef FB_HOLDOUT_PIPELINE_PIPELINE_H
#define FB_HOLDOUT_PIPELINE_PIPELINE_H

#include "holdout/events/source.h"
#include "holdout/pipeline/block.h"
#include "holdout/pipeline/split.h"
#include "holdout/pipeline/stage_timer.h"

/** Blocks in flight. Fixed, so that results do not depend on the number of threads. */
enum { FB_PIPELINE_SLOTS = 16 };

/** Distortions that change from block to block (FB_BLOCK_ROWS rows of the source): tes, jes and soft_met drawn from the
 * official priors and moved away from nominal by `widening`. */
typedef struct fb_pipeline_draw {
    double widening; ///< >= 0
    uint64_t seed;
} fb_pipeline_draw;

typedef struct fb_pipeline {
    const fb_split *split; ///< NULL: all rows
    fb_part part;          ///< of the split
    double share;          ///< keep this share of the rows, by a hash of (share_seed, row) [1: all]
    /** Keep each row with the chance min(1, rate of its process * weight), and divide its weight by that; NULL: all
     * rows. For rows with a process only. */
    const double *rows_per_weight; // [FB_N_PROCESS]
    uint64_t share_seed;
    bool distort; ///< false: the events are observed ones, to be left as they are
    bool select;  ///< apply the final selection
    fb_nuisances nuisances;
    const fb_pipeline_draw *draw; ///< NULL: `nuisances` for all blocks; else instead of them, with streams of noise
    double mu;                    ///< factor on the signal's weights
    fb_noise *noise;              ///< borrowed; needed if soft_met > 0
    /** Runs in parallel on a finished block; may change it; `slot` (0 .. FB_PIPELINE_SLOTS - 1) is the block's place
     * for partial results. NULL: nothing to do. */
    fb_status (*visit)(void *context, int slot, fb_block *block, fb_error *error);
    /** Runs on one thread, block after block in row order. NULL: nothing to do. */
    fb_status (*collect)(void *context, int slot, fb_block *block, fb_error *error);
    void *context;
    /** Told how many rows of the source are done; may be NULL. */
    void (*progress)(void *context, uint64_t n_rows);
    void *progress_context;
    fb_stage_times *laps; ///< gets the time of reading, distorting, selecting and deriving; NULL: nobody wants to know
} fb_pipeline;

/** Everything on and nominal: distort, select, mu 1, no split, no visitors. */
FB_API fb_pipeline fb_pipeline_default(void);

/** Reads `source` from where it is to its end. Stops early with the visitors' status, or when interrupted. */
FB_API fb_status fb_pipeline_run(const fb_pipeline *pipeline, fb_source *source, fb_error *error) FB_MUST_USE;

#endif

/** \file pipeline.h
 * Events from a source through all stages: blocks of rows go in parallel through load > choose rows > stages
 * (stages.h), are visited, and are collected in row order. For training, templates, data and systematics;
 * pseudo-experiments choose their rows in holdout/pseudo.
 */
#ifndef FB_HOLDOUT_PIPELINE_PIPELINE_H
#define FB_HOLDOUT_PIPELINE_PIPELINE_H

#include "holdout/events/source.h"
#include "holdout/pipeline/split.h"
#include "holdout/pipeline/stages.h"

/** Blocks in flight. Fixed, so that results do not depend on the number of threads. */
enum { FB_PIPELINE_SLOTS = 16 };

/** Distortions that change from block to block (FB_BLOCK_ROWS rows of the source): tes, jes and soft_met drawn from the
 * official priors and moved away from nominal by `widening`. */
typedef struct fb_pipeline_draw {
    double widening; ///< >= 0
    uint64_t seed;
} fb_pipeline_draw;

typedef struct fb_pipeline {
    /* which rows */
    const fb_split *split; ///< NULL: all rows
    fb_part part;          ///< of the split
    double share;          ///< keep this share of the rows, by a hash of (share_seed, row) [1: all]
    /** Keep each row with the chance min(1, rate of its process * weight), and divide its weight by that; NULL: all
     * rows. For rows with a process only. */
    const double *rows_per_weight; // [FB_N_PROCESS]
    uint64_t share_seed;
    bool keeps_derived;       ///< block->events keeps the derived columns of a source that has them
    const uint32_t *position; ///< what blocks get as theirs: an order of the rows that is not the source's; may be NULL
    /* what is done to them */
    fb_stages stages;
    const fb_pipeline_draw *draw; ///< instead of stages.nuisances, not with FB_NOISE_SEQUENCE; NULL: the same for all
    /** Runs in parallel on a finished block; may change it; `slot` (0 .. FB_PIPELINE_SLOTS - 1) is the block's place
     * for partial results. May be NULL. */
    fb_status (*visit)(void *context, int slot, fb_block *block, fb_error *error);
    /** Runs on one thread, block after block in row order. May be NULL. */
    fb_status (*collect)(void *context, int slot, fb_block *block, fb_error *error);
    void *context;
    /** Gets the number of rows of the source that are done; may be NULL. */
    void (*progress)(void *context, uint64_t n_rows);
    void *progress_context;
} fb_pipeline;

/** All rows, fb_stages_default, no visitors. */
fb_pipeline fb_pipeline_default(void);

/** Reads `source` from where it is to its end. Stops early with the visitors' status, or when interrupted. */
fb_status fb_pipeline_run(const fb_pipeline *pipeline, fb_source *source, fb_error *error) FB_MUST_USE;

/** Gets the finished events of one or several experiments block by block. Runs on several threads at once, blocks in
 * any order: block->events->first_row gives their order, and is different for every block of an experiment. */
typedef struct fb_visitor {
    fb_status (*visit)(void *context, uint64_t experiment, fb_block *block, fb_error *error);
    void *context;
    fb_stage_times *times; ///< gets the time of all stages up to the visit; may be NULL
} fb_visitor;

/** fb_pipeline_run for a source that is one experiment: gives its blocks to `visitor` as those of experiment number
 * `experiment`. The functions and the times of `pipeline` are not used. */
fb_status fb_pipeline_visit(const fb_pipeline *pipeline, fb_source *source, uint64_t experiment,
                            const fb_visitor *visitor, fb_error *error) FB_MUST_USE;

#endif

/** \file scorer.h
 * The score of the events of a block: pack the columns that the classifier reads, then score them.
 */
#ifndef FB_HOLDOUT_TEMPLATES_SCORER_H
#define FB_HOLDOUT_TEMPLATES_SCORER_H

#include "holdout/pipeline/block.h"
#include "holdout/pipeline/conditioning.h"
#include "models/classifier.h"

/** A classifier with what it is conditioned on; both are borrowed. */
typedef struct fb_scorer {
    const fb_classifier *classifier;
    const fb_conditioning *conditioning;
} fb_scorer;

/** What one block needs while it is scored. */
typedef struct fb_scorer_workspace {
    float *matrix; ///< [FB_BLOCK_ROWS][FB_MAX_INPUTS]
    float *score;  ///< [FB_BLOCK_ROWS] the result
} fb_scorer_workspace;

/** `n` of them; release with fb_scorer_workspaces_free. */
fb_status fb_scorer_workspaces_create(int n, fb_scorer_workspace **out, fb_error *error) FB_MUST_USE;
void fb_scorer_workspaces_free(int n, fb_scorer_workspace *workspaces);

/** Scores a block that has been through all stages: workspace->score [rows of the block], in [0, 1]. Several threads
 * may score at once, each with a workspace of its own. */
fb_status fb_scorer_run(const fb_scorer *scorer, const fb_block *block, fb_scorer_workspace *workspace,
                        fb_error *error) FB_MUST_USE;

#endif

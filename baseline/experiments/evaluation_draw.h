/** \file evaluation_draw.h
 * The events of pseudo-experiments, whichever generator they come from.
 */
#ifndef FB_BASELINE_EXPERIMENTS_EVALUATION_DRAW_H
#define FB_BASELINE_EXPERIMENTS_EVALUATION_DRAW_H

#include "baseline/experiments/evaluation.h"
#include "holdout/pseudo/pool.h"

/** Makes the events of `n` experiments and gives them to `visitor`, block by block.
 *  \param settings  of the evaluation: which generator, and what is drawn
 *  \param truth     [n]
 *  \return FB_ERROR_USAGE when the official generator has no official pool; as fb_pool_draw */
fb_status fb_evaluation_draw(const fb_evaluation_run *run, const fb_evaluation_settings *settings, uint64_t n,
                             const fb_truth *truth, const fb_visitor *visitor, fb_error *error) FB_MUST_USE;

#endif

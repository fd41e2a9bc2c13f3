/** \file pool.h
 * Pseudo-experiments drawn from the pool part of a source: many of them in one pass, each event through the whole
 * pipeline at once, nothing kept.
 *
 * The pool is cut into pieces of FB_POOL_PIECE rows. In piece p experiment e has, of each process,
 *   N ~ Poisson(scale * factor * sum of the weights)
 * events, and event i of them is row j of the piece with chance w_j / sum w: the same distribution as k_j ~
 * Poisson(scale * factor * w_j) copies of every row, at a cost that grows with the events drawn and not with the rows.
 * All random numbers are functions of (seed of the experiment, p, i), so neither the number of threads nor which
 * experiments are drawn together matters.
 */
#ifndef FB_HOLDOUT_PSEUDO_POOL_H
#define FB_HOLDOUT_PSEUDO_POOL_H

#include "holdout/events/truth.h"
#include "holdout/pipeline/pipeline.h"

/** 16 columns of so many rows are 2 MB: near the processor while all experiments draw from them. */
enum { FB_POOL_PIECE = 32768 };

/** Draws `n` experiments.
 *  \param source   raw events with weights and processes; read once from its start
 *  \param split    measured on it
 *  \param truth    [n]
 *  \param visitor  gets finished blocks, of experiments 0 .. n - 1: without process, all with weight 1
 *  \return FB_ERROR_DATA when the pool has no row; what the visitor says */
fb_status fb_pool_draw(fb_source *source, const fb_split *split, uint64_t n, const fb_truth *truth,
                       const fb_visitor *visitor, fb_error *error) FB_MUST_USE;

#endif

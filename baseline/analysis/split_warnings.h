/** \file split_warnings.h
 * What to say about a measured split (fb_split_measure): through the log, one line for each thing, nothing if all is
 * well.
 */
#ifndef FB_BASELINE_ANALYSIS_SPLIT_WARNINGS_H
#define FB_BASELINE_ANALYSIS_SPLIT_WARNINGS_H

#include "holdout/pipeline/split.h"

/** Before training: shares that do not add up to 1, or that the official rule does not follow; a process that is
 * missing from the train or holdout part, or whose weights there are so unequal that few rows count
 * (FB_WEIGHT_STATS_UNEVEN); under the official rule also one that is missing from the pool. With what another split
 * rule would change. Nothing about events without signal or without background, which the training refuses. */
void fb_split_warnings_training(const fb_split *split);

/** Before drawing from the pool: such shares; a process that is missing from the pool. Nothing about
 * an empty pool, which the drawing refuses. */
void fb_split_warnings_pool(const fb_split *split);

/** A background pool whose own fluctuations are not small beside those of the data drawn from it, more than
 *  sqrt(.2) of them: rows so heavy, some of them or all, that they are drawn again and again. */
void fb_split_warnings_heavy_pool(const fb_split *split);

#endif

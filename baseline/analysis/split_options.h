/** \file split_options.h
 * The options of a split, the same for every command that splits.
 */
#ifndef FB_BASELINE_ANALYSIS_SPLIT_OPTIONS_H
#define FB_BASELINE_ANALYSIS_SPLIT_OPTIONS_H

#include "baseline/config/option.h"
#include "holdout/pipeline/split.h"

/** Adds them to a table. */
void fb_split_options_add(fb_option_table *table, fb_split_settings *settings);

#endif

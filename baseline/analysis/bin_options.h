/** \file bin_options.h
 * The options that choose the bins of the score.
 */
#ifndef FB_BASELINE_ANALYSIS_BIN_OPTIONS_H
#define FB_BASELINE_ANALYSIS_BIN_OPTIONS_H

#include "baseline/config/option.h"
#include "holdout/templates/template_builder.h"

/** Adds them to a table. Edges that are given take the place of a number and a kind of bins, and the other way round:
 * the last word counts. Those of another analysis are read at once, and recorded as edges. */
void fb_bin_options_add(fb_option_table *table, fb_template_settings *settings);

#endif

/** \file template_options.h
 * The options of measuring templates, the same for every command that measures them.
 */
#ifndef FB_BASELINE_ANALYSIS_TEMPLATE_OPTIONS_H
#define FB_BASELINE_ANALYSIS_TEMPLATE_OPTIONS_H

#include "baseline/config/option.h"
#include "holdout/templates/template_builder.h"

/** Adds them to a table: all but the priors and the seed. */
void fb_template_options_add(fb_option_table *table, fb_template_settings *settings);

#endif

/** \file train_options.h
 * The options of a training and of its parts, the same for every command, and what an analysis records of them.
 */
#ifndef FB_BASELINE_ANALYSIS_TRAIN_OPTIONS_H
#define FB_BASELINE_ANALYSIS_TRAIN_OPTIONS_H

#include "baseline/analysis/analysis.h"

/** Each adds options to a table: of a split; of measuring templates, all but the priors and the seed; of a training,
 * all but the seed, among them the other two. */
void fb_train_options_add_split(fb_option_table *table, fb_split_settings *settings);
void fb_train_options_add_templates(fb_option_table *table, fb_template_settings *settings);
void fb_train_options_add(fb_option_table *table, fb_train_settings *settings);

/** Makes `settings` the configuration that the analysis was made with. FB_ERROR_USAGE when there is no room for it. */
fb_status fb_train_options_record(const fb_train_settings *settings, fb_analysis *analysis,
                                  fb_error *error) FB_MUST_USE;

/** Chooses how the templates of an analysis are measured again; what else its classifier is conditioned on stays, at
 * nominal values. In the configuration that the analysis was made with, if it has one, this takes the place of what was
 * there.
 *  \return FB_ERROR_DATA when that configuration cannot be read, FB_ERROR_USAGE as fb_train_options_record */
fb_status fb_train_options_measure_again(const fb_template_settings *measure, fb_analysis *analysis,
                                         fb_error *error) FB_MUST_USE;

/** The settings of each model with their defaults, as the models themselves give them, for --help. */
void fb_train_options_describe_models(char *text, size_t size);

#endif

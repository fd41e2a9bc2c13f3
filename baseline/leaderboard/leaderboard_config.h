/** \file leaderboard_config.h
 * What a method of a leaderboard was run with, as a configuration for the method alone.
 */
#ifndef FB_BASELINE_LEADERBOARD_LEADERBOARD_CONFIG_H
#define FB_BASELINE_LEADERBOARD_LEADERBOARD_CONFIG_H

#include "baseline/leaderboard/leaderboard_entries.h"

/** The YAML of config.yaml: a section 'evaluate', and for one of ours the section 'train' that its analysis knows of
 * itself, so that `train` makes the analysis and `evaluate` the results again.
 *  \param settings  of the experiments
 *  \param out       release with free() */
fb_status fb_leaderboard_config_text(const fb_leaderboard_entry *method, const fb_evaluation_settings *settings,
                                     char **out, fb_error *error) FB_MUST_USE;

#endif

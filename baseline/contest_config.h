/** \file contest_config.h
 * What a method of a leaderboard was run with, as a configuration for the method alone.
 */
#ifndef FB_BASELINE_CONTEST_CONFIG_H
#define FB_BASELINE_CONTEST_CONFIG_H

#include "baseline/contest.h"

/** Writes config.yaml into the folder of a method: a section 'evaluate', and for one of ours the section 'train' that
 * its analysis knows of itself, so that `train` makes the analysis and `evaluate` the results again.
 *  \param settings  of the experiments */
FB_API fb_status fb_contest_write_configuration(const fb_contestant *method, const fb_evaluation_settings *settings,
                                                fb_error *error) FB_MUST_USE;

#endif

/** \file external_options.h
 * The options of an external method on the command line.
 */
#ifndef FB_BASELINE_EXTERNAL_EXTERNAL_OPTIONS_H
#define FB_BASELINE_EXTERNAL_EXTERNAL_OPTIONS_H

#include "baseline/analysis/fit_options.h"
#include "baseline/external/external_method.h"

/** What --help says about methods: a paragraph. */
#define FB_EXTERNAL_HELP                                                                                               \
    "M ending with .so is a plug-in (baseline/plugin.h), which learns from the train, validation and holdout\n"        \
    "parts of EVENTS. Any other M is a command for 'sh -c' that stays: for every line it reads, the path of a\n"       \
    "file with an experiment, it writes a line {\"mu_hat\": X, \"delta_mu_hat\": X, \"p16\": X, \"p84\": X}. "         \
    "Without\n"                                                                                                        \
    "EVENTS a command gets fresh simulated events. The split and the time limits are for M, the options of\n"          \
    "the fit for ANALYSIS. PLUGINS.md says more."

/** Adds to a table --method and what belongs to it; or only how a method is run, for several of them. */
void fb_external_options_add(fb_option_table *table, fb_external_method_settings *settings);
void fb_external_options_add_limits(fb_option_table *table, fb_external_method_settings *settings);

/** Whether options and arguments go together: those of the fit, and ANALYSIS and POOL, without a method; one EVENTS and
 * a split with one. FB_ERROR_USAGE. */
fb_status fb_external_options_check(const fb_external_method_settings *settings, const fb_fit_choice *fit,
                                    int n_arguments, fb_error *error) FB_MUST_USE;

#endif

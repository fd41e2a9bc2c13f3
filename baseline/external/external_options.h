/** \file external_options.h
 * The options of a participant's method on the command line.
 */
#ifndef FB_BASELINE_EXTERNAL_EXTERNAL_OPTIONS_H
#define FB_BASELINE_EXTERNAL_EXTERNAL_OPTIONS_H

#include "baseline/analysis/fit_options.h"
#include "baseline/external/external_method.h"

typedef struct fb_external_options {
    const char *method; ///< NULL: an analysis is evaluated
    const char *format;
    double time_limit, fit_time_limit; ///< seconds
    fb_split_options splitting;
} fb_external_options;

/** No method, HDF5, ten minutes and an hour, the default split. */
FB_API fb_external_options fb_external_options_default(void);

/** What --help says about methods: a paragraph. */
#define FB_EXTERNAL_HELP                                                                                               \
    "M ending with .so is a plug-in (baseline/plugin.h), which learns from the train, validation and holdout\n"        \
    "parts of EVENTS. Any other M is a command for 'sh -c' that stays: for every line it reads, the path of a\n"       \
    "file with an experiment, it writes a line {\"mu_hat\": X, \"delta_mu_hat\": X, \"p16\": X, \"p84\": X}. "         \
    "Without\n"                                                                                                        \
    "EVENTS a command gets fresh simulated events. The split and the time limits are for M, the options of\n"          \
    "the fit for ANALYSIS. PLUGINS.md tells more."

/** Whether options and arguments go together: those of the fit, and ANALYSIS and POOL, without a method; one EVENTS and
 * a split with one. FB_ERROR_USAGE. */
FB_API fb_status fb_external_options_check(const fb_external_options *options, const fb_fit_options *fit,
                                           int n_arguments, fb_error *error) FB_MUST_USE;

/** The method, not started; the process of a plug-in has as many threads as this one.
 *  \param events   path, or NULL
 *  \param split    out: of the events */
FB_API fb_status fb_external_options_create(const fb_external_options *options, const char *events, fb_split *split,
                                            fb_external_method **out, fb_error *error) FB_MUST_USE;

/** The rows of an option table. */
#define FB_EXTERNAL_OPTIONS(o)                                                                                         \
    {"method", 0, "M", FB_OPTION_TEXT, &(o).method, 0, 0, "a plug-in, MINE.so, or a command"},                         \
        {"method-format", 0, "F", FB_OPTION_TEXT, &(o).format, 0, 0, "of the files for a command: h5 or csv"},         \
        {"time-limit", 0, "S", FB_OPTION_NUMBER, &(o).time_limit, 1e-3, 1e9, "seconds of M for an experiment"},        \
        {"fit-time-limit", 0, "S", FB_OPTION_NUMBER, &(o).fit_time_limit, 1e-3, 1e9, "seconds of M to learn"},         \
        FB_SPLIT_OPTIONS((o).splitting)

#endif

/** \file fit_options.h
 * The options of a fit as text, the same for every command that fits.
 */
#ifndef FB_BASELINE_ANALYSIS_FIT_OPTIONS_H
#define FB_BASELINE_ANALYSIS_FIT_OPTIONS_H

#include <jansson.h>

#include "baseline/config/command_line.h"
#include "nll/fit_settings.h"

typedef struct fb_fit_options {
    const char *systematics; ///< list of names, "all" or "none"
    fb_text_list fix;        ///< NAME=VALUE, also mu
    const char *interval;    ///< "symmetric", "profile" or "hessian"
    const char *priors;      ///< "official", "white-paper" or "kit"
    bool no_mc_uncertainty;
    bool as_kit; ///< start from fb_fit_settings_kit; priors and interval are then the kit's, too
} fb_fit_options;

/** All systematics on, nothing fixed, symmetric, official. */
FB_API fb_fit_options fb_fit_options_default(void);

/** FB_ERROR_USAGE names the option and what is allowed. */
FB_API fb_status fb_fit_options_parse(const fb_fit_options *options, fb_fit_settings *settings,
                                      fb_error *error) FB_MUST_USE;

/** What was chosen, for the record; a new reference. */
FB_API json_t *fb_fit_options_json(const fb_fit_options *options);

/** The rows of an option table. */
#define FB_FIT_OPTIONS(o)                                                                                               \
    {"systematics",    0, "LIST", FB_OPTION_TEXT,                                                                       \
     &(o).systematics, 0, 0,      "which nuisance parameters float: all, none, or names with commas"},                  \
        {"fix", 0, "NAME=X", FB_OPTION_LIST, &(o).fix, 0, 0, "hold mu or a nuisance parameter; may be repeated"},       \
        {"interval", 0, "KIND", FB_OPTION_TEXT, &(o).interval, 0, 0, "symmetric, profile or hessian"},                  \
        {"priors", 0, "SET", FB_OPTION_TEXT, &(o).priors, 0, 0, "official, white-paper or kit"},                        \
        {"as-kit",    0, NULL, FB_OPTION_FLAG,                                                                          \
         &(o).as_kit, 0, 0,    "fit as the official kit does: its priors, one start, Hessian, delta_mu_hat = 2 sigma"}, \
    {                                                                                                                   \
        "no-mc-uncertainty", 0, NULL, FB_OPTION_FLAG, &(o).no_mc_uncertainty, 0, 0,                                     \
            "trust the templates as if they had no statistical error"                                                   \
    }

#endif

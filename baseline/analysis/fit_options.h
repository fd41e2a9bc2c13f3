/** \file fit_options.h
 * The options of a fit, the same for every command that fits.
 */
#ifndef FB_BASELINE_ANALYSIS_FIT_OPTIONS_H
#define FB_BASELINE_ANALYSIS_FIT_OPTIONS_H

#include <jansson.h>

#include "baseline/config/option.h"
#include "nll/fit_settings.h"

/** What the errors of all parameters come from, where 'fit' prints them. */
typedef enum fb_fit_errors {
    FB_FIT_ERRORS_HESSIAN, ///< the curvature at the minimum
    FB_FIT_ERRORS_PROFILE  ///< besides, where t has risen by 1 on either side
} fb_fit_errors;

/** What options choose of a fit. */
typedef struct fb_fit_choice {
    fb_fit_settings settings; ///< chosen one by one
    fb_fit_errors errors;     ///< of 'fit' alone; not in `settings`
    bool as_kit; ///< the official kit's fit (fb_fit_settings_kit) instead, but for what floats or is fixed, and
                 ///< the limits of mu
} fb_fit_choice;

/** fb_fit_settings_default. */
fb_fit_choice fb_fit_options_default(void);

/** Adds them to a table. */
void fb_fit_options_add(fb_option_table *table, fb_fit_choice *choice);

/** These, and what only 'fit' itself heeds. */
void fb_fit_options_add_all(fb_option_table *table, fb_fit_choice *choice);

/** For others that fit as the section "fit" of a configuration says: of what only 'fit' heeds they take what they do
 * anyway, as a recorded configuration has it, and refuse the rest. */
void fb_fit_options_add_section(fb_option_table *table, fb_fit_choice *choice);

/** How to fit. */
fb_fit_settings fb_fit_options_settings(const fb_fit_choice *choice);

/** What was chosen, for the record; a new reference. */
json_t *fb_fit_options_json(const fb_fit_choice *choice);

/** Whether such a record, read from a file, is one. The error names the key and what the option of this name allows. */
fb_status fb_fit_options_check_json(const json_t *fit, fb_error *error) FB_MUST_USE;

/** A set of nuisance parameters, an fb_nuisance_mask. */
extern const fb_option_type fb_fit_options_mask;

/** What such a value is made of, NULL at the end: all, none, and the parameters. */
const char *const *fb_fit_options_mask_words(void);

/** Fixed parameters, a list NAME=X that sets those of an fb_fit_settings. */
extern const fb_option_type fb_fit_options_fixed;

#endif

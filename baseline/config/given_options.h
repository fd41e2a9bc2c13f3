/** \file given_options.h
 * The options of one command line, or of one call of the library: each is given once, and they go together.
 */
#ifndef FB_BASELINE_CONFIG_GIVEN_OPTIONS_H
#define FB_BASELINE_CONFIG_GIVEN_OPTIONS_H

#include <stddef.h>

#include "baseline/config/option.h"

typedef struct fb_given_option {
    const fb_option *option;
    const char *text; ///< NULL for a flag
} fb_given_option;

/** Begins as {0}; all that it points to is borrowed. */
typedef struct fb_given_options {
    size_t n, capacity;
    fb_given_option *item;
} fb_given_options;

void fb_given_options_clear(fb_given_options *given);

/** Sets an option, which is typed then. FB_ERROR_USAGE as fb_option_set, or as fb_option_check_again with what was given
 * before. */
fb_status fb_given_options_set(fb_given_options *given, fb_option *option, const char *text,
                               fb_error *error) FB_MUST_USE;

/** FB_ERROR_USAGE if a typed option would be ignored: another typed one, or a flag of a configuration, contradicts it,
 * or one without which it means nothing was not given or has another value. */
fb_status fb_given_options_check(fb_option_table *table, fb_error *error) FB_MUST_USE;

#endif

/** \file usability.h
 * What `validate` and training ask of events in the same way, so that what is usable for one is for the other.
 */
#ifndef FB_HOLDOUT_VALIDATION_USABILITY_H
#define FB_HOLDOUT_VALIDATION_USABILITY_H

#include "holdout/validation/value_rules.h"

/** FB_ERROR_DATA with the first rule whose breach is an error, and the first row that breaks it. */
fb_status fb_usability_check_values(const fb_value_rules *rules, const fb_source_info *info,
                                    fb_error *error) FB_MUST_USE;

/** In words, the class without which nothing can be trained; NULL: there are both.
 *  \param sum  [FB_N_PROCESS] of the weights of all rows */
const char *fb_usability_missing_class(const double sum[FB_N_PROCESS]);

/** FB_ERROR_DATA when there is no signal or no background.
 *  \param name  of the events */
fb_status fb_usability_check_classes(const double sum[FB_N_PROCESS], const char *name, fb_error *error) FB_MUST_USE;

#endif

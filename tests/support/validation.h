/** \file validation.h
 * The validation of a table of events, for the tests of what it finds.
 */
#ifndef FB_TESTS_SUPPORT_VALIDATION_H
#define FB_TESTS_SUPPORT_VALIDATION_H

#include "holdout/validation/event_validation.h"

/** Taken in blocks of `block` rows; release with fb_event_validation_free. */
fb_event_validation *fb_validation_of(const fb_events *events, fb_event_stage stage, size_t block);

#endif

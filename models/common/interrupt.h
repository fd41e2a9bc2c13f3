/** \file interrupt.h
 * An orderly stop: the program's signal handler requests it, long loops check for it now and then, and on the ordinary
 * error path everything is released and unfinished files are removed.
 */
#ifndef FB_MODELS_COMMON_INTERRUPT_H
#define FB_MODELS_COMMON_INTERRUPT_H

#include "models/common/status.h"

/** Requests all long tasks to stop. Safe inside a signal handler. */
void fb_interrupt_request(void);

/** FB_ERROR_INTERRUPTED once a stop was requested, else FB_OK. */
fb_status fb_interrupt_check(fb_error *error) FB_MUST_USE;

#endif

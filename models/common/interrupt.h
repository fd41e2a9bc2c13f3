/** \file interrupt.h
 * A polite stop: the program's signal handler asks for it, long loops look now and then, everything is released and
 * unfinished files are removed on the ordinary way out.
 */
#ifndef FB_MODELS_COMMON_INTERRUPT_H
#define FB_MODELS_COMMON_INTERRUPT_H

#include "models/common/status.h"

/** Asks all long tasks to stop. Safe inside a signal handler. */
FB_API void fb_interrupt_request(void);

/** FB_ERROR_INTERRUPTED once a stop was asked for, else FB_OK. */
FB_API fb_status fb_interrupt_check(fb_error *error) FB_MUST_USE;

#endif

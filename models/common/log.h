/** \file log.h
 * Messages of the library, which is silent until a program gives it a callback for them.
 */
#ifndef FB_MODELS_COMMON_LOG_H
#define FB_MODELS_COMMON_LOG_H

#include "models/common/status.h"

typedef enum fb_log_level {
    FB_LOG_ERROR,   ///< the task could not be completed
    FB_LOG_WARNING, ///< the task was completed, but the result should be checked
    FB_LOG_INFO,    ///< milestones of a long task
    FB_LOG_DEBUG    ///< details for debugging
} fb_log_level;

/** Receives one message without a newline. `context` is what was given to fb_log_set. Called from one thread at a time.
 */
typedef void fb_log_callback(fb_log_level level, const char *message, void *context);

/** Sends messages up to `most` to `callback` (NULL: silent, the default). Not thread-safe: call it before the work. */
void fb_log_set(fb_log_callback *callback, void *context, fb_log_level most);

/** The level of a name ("error", "warning", "info", "debug"), as in the environment variable LOG_LEVEL; else
 * `fallback`. */
fb_log_level fb_log_level_of(const char *name, fb_log_level fallback);

/** Formats and delivers one message if there is a callback for that level. */
void fb_log(fb_log_level level, const char *format, ...) FB_PRINTF(2, 3);

#endif

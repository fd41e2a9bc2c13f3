#include "models/common/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "models/common/c_locale.h"
#include "models/common/text.h"

static struct {
    fb_log_callback *callback;
    void *context;
    fb_log_level most;
} listener;

void fb_log_set(fb_log_callback *callback, void *context, fb_log_level most)
{
    listener.callback = callback;
    listener.context = context;
    listener.most = most;
}

fb_log_level fb_log_level_of(const char *name, fb_log_level fallback)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    for (int level = 0; name != NULL && level < 4; level++) {
        if (strcasecmp(name, names[level]) == 0) {
            return (fb_log_level)level;
        }
    }
    return fallback;
}

void fb_log(fb_log_level level, const char *format, ...)
{
    if (listener.callback == NULL || level > listener.most) {
        return;
    }
    FB_C_LOCALE;
    char message[FB_ERROR_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    fb_text_make_printable(message);
#pragma omp critical(fb_log)
    listener.callback(level, message, listener.context);
}

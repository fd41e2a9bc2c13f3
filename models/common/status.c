#include "models/common/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int exit_code;
    const char *text;
} status_table[] = {
#define FB_STATUS_ROW(name, exit_code, text) {exit_code, text},
    FB_STATUS_LIST(FB_STATUS_ROW)
#undef FB_STATUS_ROW
};

enum { N_STATUS = sizeof status_table / sizeof status_table[0] };

const char *fb_status_text(fb_status status)
{
    return (unsigned)status < N_STATUS ? status_table[status].text : "unknown status";
}

int fb_status_exit_code(fb_status status)
{
    return (unsigned)status < N_STATUS ? status_table[status].exit_code : 1;
}

fb_status fb_fail(fb_error *error, fb_status status, const char *format, ...)
{
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        error->status = status;
        vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
    }
    return status;
}

fb_status fb_fail_prefix(fb_error *error, fb_status status, const char *format, ...)
{
    if (error != NULL) {
        char before[FB_ERROR_TEXT_SIZE];
        char after[FB_ERROR_TEXT_SIZE];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(before, sizeof before, format, arguments);
        va_end(arguments);
        memcpy(after, error->text, sizeof after);
        error->status = status;
        /* As the header says, a text too long for its buffer is cut. */
        int used = snprintf(error->text, sizeof error->text, "%.500s: ", before);
        size_t left = sizeof error->text - (size_t)used - 1;
        size_t length = strnlen(after, left);
        memcpy(error->text + used, after, length);
        error->text[(size_t)used + length] = '\0';
    }
    return status;
}

#include "models/common/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "models/common/c_locale.h"
#include "models/common/text.h"

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
    FB_C_LOCALE;
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        error->status = status;
        vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
        fb_text_make_printable(error->text);
    }
    return status;
}

fb_status fb_fail_prefix(fb_error *error, fb_status status, const char *format, ...)
{
    FB_C_LOCALE;
    if (error != NULL) {
        enum { MOST = 500 }; /* bytes of what comes before, so that some of the rest stays */
        char after[FB_ERROR_TEXT_SIZE];
        va_list arguments;
        memcpy(after, error->text, sizeof after);
        va_start(arguments, format);
        vsnprintf(error->text, MOST + 1, format, arguments);
        va_end(arguments);
        error->status = status;
        fb_text_append(error->text, sizeof error->text, ": ", "%s", after);
        fb_text_make_printable(error->text);
    }
    return status;
}

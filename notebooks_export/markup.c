#include "notebooks_export/markup.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"

static const double LARGEST = 1e7; // px; beyond it is no picture

void fb_markup_add_bytes(fb_markup *markup, const char *bytes, size_t n)
{
    if (markup->is_full || fb_memory_grow(&markup->text, &markup->capacity, markup->length + n + 1, 1, NULL) != FB_OK) {
        markup->is_full = true;
        return;
    }
    memcpy(markup->text + markup->length, bytes, n);
    markup->length += n;
    markup->text[markup->length] = '\0';
}

long long fb_markup_hundredths(double value)
{
    return llround(fmin(fmax(value, -LARGEST), LARGEST) * 100.0);
}

/* At most two decimals. printf would ask the locale for the decimal point. */
static void add_number(fb_markup *markup, double value)
{
    char digits[32];
    const long long hundredths = fb_markup_hundredths(value), size = llabs(hundredths);
    int n = snprintf(digits, sizeof digits, "%s%lld.%02lld", hundredths < 0 ? "-" : "", size / 100, size % 100);
    while (digits[n - 1] == '0') {
        n--;
    }
    n -= digits[n - 1] == '.';
    fb_markup_add_bytes(markup, digits, (size_t)n);
}

void fb_markup_add(fb_markup *markup, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (const char *at = format; *at != '\0';) {
        const size_t n = strcspn(at, "%");
        fb_markup_add_bytes(markup, at, n);
        at += n;
        if (strncmp(at, "%s", 2) == 0) {
            const char *text = va_arg(arguments, const char *);
            fb_markup_add_escaped(markup, text, strlen(text));
            at += 2;
        } else if (*at == '%') {
            add_number(markup, va_arg(arguments, double));
            at += 2;
        }
    }
    va_end(arguments);
}

size_t fb_markup_character(const char *text, size_t n)
{
    /* By the number of bytes that follow the first: its range, which of its bits belong to the code, the least code. */
    static const struct {
        unsigned char low, high, bits;
        uint32_t smallest;
    } forms[] = {
        {0x00, 0x7F, 0x7F, 0}, {0xC2, 0xDF, 0x1F, 0x80}, {0xE0, 0xEF, 0x0F, 0x800}, {0xF0, 0xF4, 0x07, 0x10000}};
    const unsigned char first = n > 0 ? (unsigned char)text[0] : UCHAR_MAX;
    size_t following = 0;
    while (following < 4 && (first < forms[following].low || first > forms[following].high)) {
        following++;
    }
    if (following == 4 || n <= following) {
        return 0;
    }
    uint32_t code = first & forms[following].bits;
    for (size_t k = 1; k <= following; k++) {
        unsigned char byte = (unsigned char)text[k];
        if ((byte & 0xC0U) != 0x80U) {
            return 0;
        }
        code = code << 6 | (byte & 0x3FU);
    }
    const bool is_control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
    const bool is_surrogate = code >= 0xD800 && code < 0xE000;
    if (code < forms[following].smallest || code > 0x10FFFF || is_control || is_surrogate || code == 0xFFFE ||
        code == 0xFFFF) {
        return 0;
    }
    return following + 1;
}

void fb_markup_add_escaped(fb_markup *markup, const char *text, size_t n)
{
    /* An apostrophe stands for itself: attributes stand in double quotes. */
    static const char *const entities[UCHAR_MAX + 1] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};
    for (size_t at = 0; at < n;) {
        const size_t length = fb_markup_character(text + at, n - at);
        const char *instead = length == 0 ? "\xEF\xBF\xBD" : entities[(unsigned char)text[at]];
        if (instead != NULL) {
            fb_markup_add_bytes(markup, instead, strlen(instead));
        } else {
            fb_markup_add_bytes(markup, text + at, length);
        }
        at += length > 0 ? length : 1;
    }
}

fb_status fb_markup_finish(fb_markup *markup, const char *what, char **text, fb_error *error)
{
    const bool is_full = markup->is_full;
    *text = is_full ? NULL : markup->text;
    if (is_full) {
        free(markup->text);
    }
    *markup = (fb_markup){0};
    return is_full ? fb_fail(error, FB_ERROR_MEMORY, "%s does not fit into memory", what) : FB_OK;
}

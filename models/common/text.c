#include "models/common/text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/c_locale.h"

bool fb_text_to_double(const char *text, double *value)
{
    char *end = NULL;
    if (text[0] == '\0' || isspace((unsigned char)text[0])) {
        return false;
    }
    *value = fb_c_locale_strtod(text, &end);
    return *end == '\0' && isfinite(*value);
}

bool fb_text_to_u64(const char *text, uint64_t *value)
{
    char *end = NULL;
    if (!isdigit((unsigned char)text[0])) {
        return false;
    }
    errno = 0;
    *value = strtoull(text, &end, 10);
    return *end == '\0' && errno == 0;
}

bool fb_text_to_doubles(const char *text, int n, double *value)
{
    char one[FB_NUMBER_SIZE + 8];
    for (int k = 0; k < n; k++) {
        const size_t length = strcspn(text, ",");
        if (length >= sizeof one || (text[length] == ',') != (k + 1 < n)) {
            return false;
        }
        snprintf(one, sizeof one, "%.*s", (int)length, text);
        if (!fb_text_to_double(one, &value[k])) {
            return false;
        }
        text += length + 1;
    }
    return true;
}

int fb_text_find(const char *text, const char *const *names)
{
    for (int k = 0; names[k] != NULL; k++) {
        if (strcmp(text, names[k]) == 0) {
            return k;
        }
    }
    return -1;
}

void fb_text_append(char *text, size_t size, const char *separator, const char *format, ...)
{
    FB_C_LOCALE;
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    if (used > 0) {
        used += (size_t)snprintf(text + used, size - used, "%s", separator);
    }
    if (used < size) {
        vsnprintf(text + used, size - used, format, arguments);
    }
    va_end(arguments);
}

/* Whether three bytes are a character that ends a line or turns the direction of what follows: U+200E and F, U+2028 to
 * E, U+2066 to 9. */
static bool turns(const unsigned char *text)
{
    return text[0] == 0xe2 &&
           ((text[1] == 0x80 && ((text[2] >= 0xa8 && text[2] <= 0xae) || (text[2] & 0xfe) == 0x8e)) ||
            (text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9));
}

/* Bytes of the character at `text` (UTF-8), 0 if it is none or acts on a terminal. */
static size_t character_size(const unsigned char *text)
{
    const unsigned char first = text[0];
    const size_t n = first < 0x80                     ? 1
                     : first >= 0xc2 && first <= 0xdf ? 2
                     : first >= 0xe0 && first <= 0xef ? 3
                     : first >= 0xf0 && first <= 0xf4 ? 4
                                                      : 0;
    for (size_t k = 1; k < n; k++) {
        if ((text[k] & 0xc0) != 0x80) {
            return 0;
        }
    }
    const bool is_control = (n == 1 && (first < 0x20 || first == 0x7f)) ||
                            (n == 2 && first == 0xc2 && text[1] < 0xa0) || (n == 3 && turns(text));
    return is_control ? 0 : n;
}

void fb_text_make_printable(char *text)
{
    while (*text != '\0') {
        const size_t n = character_size((const unsigned char *)text);
        if (n == 0) {
            *text = '?';
        }
        text += n > 0 ? n : 1;
    }
}

const char *fb_text_of_float(float value, char buffer[FB_NUMBER_SIZE])
{
    FB_C_LOCALE;
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(buffer, FB_NUMBER_SIZE, "%.*g", digits, (double)value);
        if (fb_c_locale_strtof(buffer, NULL) == value) {
            break;
        }
    }
    return buffer;
}

const char *fb_text_of_double(double value, char buffer[FB_NUMBER_SIZE])
{
    FB_C_LOCALE;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, FB_NUMBER_SIZE, "%.*g", digits, value);
        if (fb_c_locale_strtod(buffer, NULL) == value) {
            break;
        }
    }
    return buffer;
}

void fb_text_of_doubles(int n, const double *value, char *text, size_t size)
{
    char number[FB_NUMBER_SIZE];
    text[0] = '\0';
    for (int k = 0; k < n; k++) {
        fb_text_append(text, size, ",", "%s", fb_text_of_double(value[k], number));
    }
}

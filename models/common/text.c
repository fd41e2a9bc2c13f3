#include "models/common/text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool fb_text_to_double(const char *text, double *value)
{
    char *end = NULL;
    if (text[0] == '\0' || isspace((unsigned char)text[0])) {
        return false;
    }
    *value = strtod(text, &end);
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

const char *fb_text_of_float(float value, char buffer[FB_NUMBER_SIZE])
{
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(buffer, FB_NUMBER_SIZE, "%.*g", digits, (double)value);
        if (strtof(buffer, NULL) == value) {
            break;
        }
    }
    return buffer;
}

const char *fb_text_of_double(double value, char buffer[FB_NUMBER_SIZE])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, FB_NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value) {
            break;
        }
    }
    return buffer;
}

#include "notebooks_export/markup_internal.h"

#include <stdint.h>
#include <string.h>

#include "models/common/memory.h"

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

void fb_markup_add(fb_markup *markup, const char *text)
{
    fb_markup_add_bytes(markup, text, strlen(text));
}

/* NULL: the character stands for itself. So does an apostrophe: attributes stand in double quotes. */
static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

/* How many bytes follow the first, which also gives the first bits of the code. */
static int n_following(unsigned char first, uint32_t *code)
{
    if (first < 0x80) {
        *code = first;
        return 0;
    }
    if (first >= 0xC2 && first < 0xE0) {
        *code = first & 0x1FU;
        return 1;
    }
    if (first >= 0xE0 && first < 0xF0) {
        *code = first & 0x0FU;
        return 2;
    }
    if (first >= 0xF0 && first < 0xF5) {
        *code = first & 0x07U;
        return 3;
    }
    return -1;
}

size_t fb_markup_character(const char *text, size_t n)
{
    static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000}; // by the number of following bytes
    uint32_t code = 0;
    int following = n > 0 ? n_following((unsigned char)text[0], &code) : -1;
    if (following < 0 || n <= (size_t)following) {
        return 0;
    }
    for (int k = 1; k <= following; k++) {
        unsigned char byte = (unsigned char)text[k];
        if ((byte & 0xC0U) != 0x80U) {
            return 0;
        }
        code = code << 6 | (byte & 0x3FU);
    }
    const bool is_control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
    const bool is_surrogate = code >= 0xD800 && code < 0xE000;
    if (code < smallest[following] || code > 0x10FFFF || is_control || is_surrogate || code == 0xFFFE ||
        code == 0xFFFF) {
        return 0;
    }
    return (size_t)following + 1;
}

void fb_markup_add_escaped(fb_markup *markup, const char *text, size_t n)
{
    for (size_t at = 0; at < n;) {
        const size_t length = fb_markup_character(text + at, n - at);
        if (length == 0) {
            fb_markup_add(markup, "\xEF\xBF\xBD");
        } else if (entity(text[at]) != NULL) {
            fb_markup_add(markup, entity(text[at]));
        } else {
            fb_markup_add_bytes(markup, text + at, length);
        }
        at += length > 0 ? length : 1;
    }
}

fb_status fb_markup_finish(fb_markup *markup, const char *what, char **text, fb_error *error)
{
    *text = NULL;
    if (markup->is_full) {
        return fb_fail(error, FB_ERROR_MEMORY, "%s does not fit into memory", what);
    }
    *text = markup->text;
    *markup = (fb_markup){0};
    return FB_OK;
}

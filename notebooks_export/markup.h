/** \file markup.h
 * A growing text of XML or HTML. When memory runs out nothing is added any more, and fb_markup_finish says so.
 */
#ifndef FB_NOTEBOOKS_EXPORT_MARKUP_H
#define FB_NOTEBOOKS_EXPORT_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "models/common/status.h"

/** Zeros to begin with. */
typedef struct fb_markup {
    char *text; ///< [length] and a zero
    size_t length, capacity;
    bool is_full; ///< memory ran out
} fb_markup;

/** Adds `format`, in which "%s" stands for text, escaped, and "%f" for a number as fb_markup_hundredths has it, with a
 * point whatever the locale. Nothing else may follow a "%". */
void fb_markup_add(fb_markup *markup, const char *format, ...) FB_PRINTF(2, 3);

/** `n` bytes as they are. */
void fb_markup_add_bytes(fb_markup *markup, const char *bytes, size_t n);

/** `n` bytes of any text as characters: what marks up is written as entities, and U+FFFD in place of what XML cannot
 * hold. */
void fb_markup_add_escaped(fb_markup *markup, const char *text, size_t n);

/** A number as it is written, in hundredths: rounded, at most 1e7 in size. */
long long fb_markup_hundredths(double value);

/** Bytes of the character at `text`, 1 .. 4, or 0 when the first of its `n` bytes do not begin one in UTF-8 that XML
 * 1.0 can hold. */
size_t fb_markup_character(const char *text, size_t n);

/** Hands the text over, to be released with free(); or releases it and fails with FB_ERROR_MEMORY, when `what` does not
 * fit into memory. */
fb_status fb_markup_finish(fb_markup *markup, const char *what, char **text, fb_error *error) FB_MUST_USE;

#endif

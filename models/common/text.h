/** \file text.h
 * Numbers and names from text, checked to the last character, and numbers to text that read back to the same bits.
 */
#ifndef FB_MODELS_COMMON_TEXT_H
#define FB_MODELS_COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/common/status.h"

/** A finite number that fills `text` completely (no blanks around it). */
bool fb_text_to_double(const char *text, double *value);
bool fb_text_to_u64(const char *text, uint64_t *value);

/** Exactly `n` finite numbers with commas between them; `value` [n] is set up to the first that is wrong. */
bool fb_text_to_doubles(const char *text, int n, double *value);

/** Index of `text` among `names`, which end with NULL; -1: none of them. */
int fb_text_find(const char *text, const char *const *names);

/** Appends to `text`, after `separator` unless it is empty; from `size` on it is cut. */
void fb_text_append(char *text, size_t size, const char *separator, const char *format, ...) FB_PRINTF(4, 5);

/** Puts '?' for what would act on a terminal, or is no text: control characters (ends of line too) and bytes that are
 * not UTF-8. fb_fail and fb_log do it with every message, so that no name or text of a file gets further. */
void fb_text_make_printable(char *text);

enum { FB_NUMBER_SIZE = 32 };

/** Shortest decimal text that reads back to the same float32 (or float64), as "%.*g" writes it; returns `buffer`. */
const char *fb_text_of_float(float value, char buffer[FB_NUMBER_SIZE]);
const char *fb_text_of_double(double value, char buffer[FB_NUMBER_SIZE]);

/** `n` of them with commas between; cut to `size`, n * FB_NUMBER_SIZE is enough. */
void fb_text_of_doubles(int n, const double *value, char *text, size_t size);

#endif

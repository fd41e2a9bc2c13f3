/** \file text.h
 * Numbers from text, checked to the last character, and numbers to text that read back to the same bits.
 */
#ifndef FB_MODELS_COMMON_TEXT_H
#define FB_MODELS_COMMON_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "models/common/status.h"

/** A finite number that fills `text` completely (no blanks around it). */
FB_API bool fb_text_to_double(const char *text, double *value);
FB_API bool fb_text_to_u64(const char *text, uint64_t *value);

enum { FB_NUMBER_SIZE = 32 };

/** Shortest decimal text that reads back to the same float32 (or float64), as "%.*g" writes it; returns `buffer`. */
FB_API const char *fb_text_of_float(float value, char buffer[FB_NUMBER_SIZE]);
FB_API const char *fb_text_of_double(double value, char buffer[FB_NUMBER_SIZE]);

#endif

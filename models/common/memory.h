/** \file memory.h
 * Allocation that fails instead of overflowing, aligned for vector loads.
 */
#ifndef FB_MODELS_COMMON_MEMORY_H
#define FB_MODELS_COMMON_MEMORY_H

#include <stddef.h>

#include "models/common/status.h"

enum { FB_ALIGNMENT = 64 };

/** `count` zeroed elements of `size` bytes at a 64-byte boundary in `*out`; release with free().
 *  FB_ERROR_MEMORY when there is not enough memory or count * size overflows; `*out` is then NULL. */
fb_status fb_memory_allocate(size_t count, size_t size, void *out, fb_error *error) FB_MUST_USE;

/** Enlarges `*array` (from fb_memory_allocate) to at least `needed` elements, doubling `*capacity`; contents are
 * kept. */
fb_status fb_memory_grow(void *array, size_t *capacity, size_t needed, size_t size, fb_error *error) FB_MUST_USE;

#endif

/** \file hash.h
 * Fast hashes (XXH3 of the xxHash library) that detect damage and distinguish contents; not against forgery.
 */
#ifndef FB_MODELS_COMMON_HASH_H
#define FB_MODELS_COMMON_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "models/common/status.h"

/** 64-bit hash of `n` bytes. */
uint64_t fb_hash_u64(const void *bytes, size_t n);

/** A 128-bit hash of bytes that come piece by piece; the pieces' sizes do not matter. */
typedef struct XXH3_state_s fb_hash;

fb_status fb_hash_create(fb_hash **out, fb_error *error) FB_MUST_USE;
void fb_hash_free(fb_hash *hash);
fb_status fb_hash_update(fb_hash *hash, const void *bytes, size_t n, fb_error *error) FB_MUST_USE;
/** The hash of everything so far: high half first. */
void fb_hash_digest(const fb_hash *hash, uint64_t digest[2]);

#endif

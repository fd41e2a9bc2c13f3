#include "models/common/hash.h"

#include <xxhash.h>

uint64_t fb_hash_u64(const void *bytes, size_t n)
{
    return XXH3_64bits(bytes, n);
}

fb_status fb_hash_create(fb_hash **out, fb_error *error)
{
    *out = XXH3_createState();
    if (*out == NULL) {
        return fb_fail(error, FB_ERROR_MEMORY, "out of memory");
    }
    XXH3_128bits_reset(*out);
    return FB_OK;
}

void fb_hash_free(fb_hash *hash)
{
    XXH3_freeState(hash);
}

fb_status fb_hash_update(fb_hash *hash, const void *bytes, size_t n, fb_error *error)
{
    return XXH3_128bits_update(hash, bytes, n) == XXH_OK ? FB_OK : fb_fail(error, FB_ERROR_LIBRARY, "the hash failed");
}

void fb_hash_digest(const fb_hash *hash, uint64_t digest[2])
{
    XXH128_hash_t value = XXH3_128bits_digest(hash);
    digest[0] = value.high64;
    digest[1] = value.low64;
}

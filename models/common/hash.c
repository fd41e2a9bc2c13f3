#include "models/common/hash.h"

#include <stdlib.h>
#include <xxhash.h>

#include "models/common/memory.h"

struct fb_hash {
    XXH3_state_t *state;
};

uint64_t fb_hash_u64(const void *bytes, size_t n)
{
    return XXH3_64bits(bytes, n);
}

fb_status fb_hash_create(fb_hash **out, fb_error *error)
{
    fb_status status = fb_memory_allocate(1, sizeof **out, out, error);
    if (status != FB_OK) {
        return status;
    }
    (*out)->state = XXH3_createState();
    if ((*out)->state == NULL) {
        fb_hash_free(*out);
        *out = NULL;
        return fb_fail(error, FB_ERROR_MEMORY, "out of memory");
    }
    XXH3_128bits_reset((*out)->state);
    return FB_OK;
}

void fb_hash_free(fb_hash *hash)
{
    if (hash != NULL) {
        XXH3_freeState(hash->state);
        free(hash);
    }
}

fb_status fb_hash_update(fb_hash *hash, const void *bytes, size_t n, fb_error *error)
{
    return XXH3_128bits_update(hash->state, bytes, n) == XXH_OK ? FB_OK
                                                                : fb_fail(error, FB_ERROR_LIBRARY, "the hash failed");
}

void fb_hash_digest(const fb_hash *hash, uint64_t digest[2])
{
    XXH128_hash_t value = XXH3_128bits_digest(hash->state);
    digest[0] = value.high64;
    digest[1] = value.low64;
}

#include "holdout/checksum.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "models/ground/memory.h"

struct fb_checksum {
    XXH3_state_t *state;
};

fb_status fb_checksum_create(fb_checksum **out, fb_error *error)
{
    fb_status status = fb_allocate(1, sizeof **out, out, error);
    if (status != FB_OK) {
        return status;
    }
    (*out)->state = XXH3_createState();
    if ((*out)->state == NULL) {
        fb_checksum_free(*out);
        *out = NULL;
        return fb_fail(error, FB_ERROR_MEMORY, "out of memory");
    }
    XXH3_128bits_reset((*out)->state);
    return FB_OK;
}

void fb_checksum_free(fb_checksum *checksum)
{
    if (checksum != NULL) {
        XXH3_freeState(checksum->state);
        free(checksum);
    }
}

fb_status fb_checksum_update(fb_checksum *checksum, const fb_events *events, fb_error *error)
{
    for (size_t i = 0; i < events->n; i++) {
        /* Row by row, so that the size of the blocks does not matter. */
        struct {
            float value[FB_N_PRIMARY + 1];
            uint32_t process;
        } row;
        for (int k = 0; k < FB_N_PRIMARY; k++) {
            row.value[k] = events->column[k][i];
        }
        row.value[FB_N_PRIMARY] = events->weight[i];
        row.process = events->process[i];
        if (XXH3_128bits_update(checksum->state, &row, sizeof row) != XXH_OK) {
            return fb_fail(error, FB_ERROR_LIBRARY, "the checksum of the events failed");
        }
    }
    return FB_OK;
}

void fb_checksum_text(const fb_checksum *checksum, char text[FB_CHECKSUM_TEXT_SIZE])
{
    XXH128_hash_t hash = XXH3_128bits_digest(checksum->state);
    snprintf(text, FB_CHECKSUM_TEXT_SIZE, "xxh128:%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64,
             (uint64_t)hash.low64);
}

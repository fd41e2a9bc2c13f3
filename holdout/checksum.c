#include "holdout/checksum.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/ground/hash.h"
#include "models/ground/memory.h"

struct fb_checksum {
    fb_hash *hash;
};

fb_status fb_checksum_create(fb_checksum **out, fb_error *error)
{
    fb_status status = fb_allocate(1, sizeof **out, out, error);
    if (status == FB_OK) {
        status = fb_hash_create(&(*out)->hash, error);
    }
    if (status != FB_OK) {
        fb_checksum_free(*out);
        *out = NULL;
    }
    return status;
}

void fb_checksum_free(fb_checksum *checksum)
{
    if (checksum != NULL) {
        fb_hash_free(checksum->hash);
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
        fb_status status = fb_hash_update(checksum->hash, &row, sizeof row, error);
        if (status != FB_OK) {
            return status;
        }
    }
    return FB_OK;
}

void fb_checksum_text(const fb_checksum *checksum, char text[FB_CHECKSUM_TEXT_SIZE])
{
    uint64_t digest[2];
    fb_hash_digest(checksum->hash, digest);
    snprintf(text, FB_CHECKSUM_TEXT_SIZE, "xxh128:%016" PRIx64 "%016" PRIx64, digest[0], digest[1]);
}

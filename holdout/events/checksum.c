#include "holdout/events/checksum.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/common/hash.h"
#include "models/common/memory.h"

struct fb_checksum {
    fb_hash *hash;
};

fb_status fb_checksum_create(fb_checksum **out, fb_error *error)
{
    fb_status status = fb_memory_allocate(1, sizeof **out, out, error);
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

/* A row as it is hashed: so the size of the blocks does not matter. */
typedef struct hashed_row {
    float value[FB_N_PRIMARY + 1];
    uint32_t process;
} hashed_row;

fb_status fb_checksum_update(fb_checksum *checksum, const fb_events *events, fb_error *error)
{
    /* 16 values of a column are one line of the cache: they are fetched once. */
    enum { ROWS = 16 };
    hashed_row tile[ROWS];
    for (size_t first = 0; first < events->n; first += ROWS) {
        const size_t n = events->n - first < ROWS ? events->n - first : ROWS;
        for (int k = 0; k < FB_N_PRIMARY; k++) {
            for (size_t i = 0; i < n; i++) {
                tile[i].value[k] = events->column[k][first + i];
            }
        }
        for (size_t i = 0; i < n; i++) {
            tile[i].value[FB_N_PRIMARY] = events->weight[first + i];
            tile[i].process = events->process[first + i];
        }
        fb_status status = fb_hash_update(checksum->hash, tile, n * sizeof tile[0], error);
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

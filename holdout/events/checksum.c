#include "holdout/events/checksum.h"

#include <inttypes.h>
#include <stdio.h>

/* A row as it is hashed: so the size of the blocks does not matter. */
typedef struct hashed_row {
    float value[FB_N_PRIMARY + 1];
    uint32_t process;
} hashed_row;

fb_status fb_checksum_update(fb_hash *hash, const fb_events *events, fb_error *error)
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
        fb_status status = fb_hash_update(hash, tile, n * sizeof tile[0], error);
        if (status != FB_OK) {
            return status;
        }
    }
    return FB_OK;
}

void fb_checksum_text(const fb_hash *hash, char text[FB_CHECKSUM_TEXT_SIZE])
{
    uint64_t digest[2];
    fb_hash_digest(hash, digest);
    snprintf(text, FB_CHECKSUM_TEXT_SIZE, "xxh128:%016" PRIx64 "%016" PRIx64, digest[0], digest[1]);
}

#include "holdout/formats/parquet/parquet_rle_internal.h"

#include <endian.h>
#include <string.h>

static uint64_t load64(const uint8_t *bytes)
{
    uint64_t value = 0;
    memcpy(&value, bytes, sizeof value);
    return le64toh(value);
}

/* The head of a run: a varint whose last bit distinguishes the two kinds. */
static bool next_head(fb_parquet_rle *rle, uint64_t *head)
{
    *head = 0;
    for (int shift = 0; shift < 35 && rle->at < rle->end; shift += 7) {
        uint8_t byte = *rle->at++;
        *head |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

static bool next_run(fb_parquet_rle *rle)
{
    uint64_t head = 0;
    if (!next_head(rle, &head)) {
        return false;
    }
    size_t bytes_left = (size_t)(rle->end - rle->at);
    if (head & 1) {
        uint64_t bytes = (head >> 1) * (uint64_t)rle->width; /* groups of 8 values; < 2^34 * 2^6 */
        rle->left = (head >> 1) * 8;
        if (bytes > bytes_left) { /* some programs leave out what the last group does not need */
            bytes = bytes_left;
            rle->left = bytes * 8 / (uint64_t)rle->width;
        }
        rle->packed = rle->at;
        rle->bit = 0;
        rle->at += bytes;
        return true;
    }
    size_t bytes = ((size_t)rle->width + 7) / 8;
    if (bytes > bytes_left) {
        return false;
    }
    rle->left = head >> 1;
    rle->packed = NULL;
    rle->value = 0;
    for (size_t k = 0; k < bytes; k++) {
        rle->value |= (uint32_t)rle->at[k] << (8 * k);
    }
    rle->at += bytes;
    return true;
}

static void unpack(fb_parquet_rle *rle, uint32_t *out, size_t n)
{
    const uint64_t mask = (UINT64_C(1) << rle->width) - 1;
    const uint64_t width = (uint64_t)rle->width;
    const uint8_t *packed = rle->packed;
    uint64_t bit = rle->bit;
    for (size_t i = 0; i < n; i++, bit += width) {
        out[i] = (uint32_t)(load64(packed + (bit >> 3)) >> (bit & 7) & mask);
    }
    rle->bit = bit;
}

bool fb_parquet_rle_read(fb_parquet_rle *rle, uint32_t *out, size_t n)
{
    while (n > 0) {
        if (rle->left == 0) {
            if (!next_run(rle)) {
                return false;
            }
            continue;
        }
        size_t some = rle->left < n ? (size_t)rle->left : n;
        if (rle->packed != NULL) {
            unpack(rle, out, some);
        } else {
            for (size_t i = 0; i < some; i++) {
                out[i] = rle->value;
            }
        }
        rle->left -= some;
        out += some;
        n -= some;
    }
    return true;
}

bool fb_parquet_rle_count_ones(fb_parquet_rle *rle, size_t n, size_t *ones)
{
    enum { PIECE = 256 };
    uint32_t piece[PIECE];
    *ones = 0;
    while (*ones < n) {
        if (rle->left == 0) {
            if (!next_run(rle)) {
                return false;
            }
            continue;
        }
        size_t some = rle->left < n - *ones ? (size_t)rle->left : n - *ones;
        if (rle->packed == NULL) {
            if (rle->value != 1) {
                return true;
            }
        } else {
            some = some < PIECE ? some : PIECE;
            unpack(rle, piece, some);
            for (size_t i = 0; i < some; i++) {
                if (piece[i] != 1) {
                    *ones += i;
                    return true;
                }
            }
        }
        rle->left -= some;
        *ones += some;
    }
    return true;
}

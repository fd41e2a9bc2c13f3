/* The run-length / bit-packing hybrid, in which Parquet keeps levels and dictionary indices.
 *
 * Source: Encodings.md of apache/parquet-format, "Run Length Encoding / Bit-Packing Hybrid (RLE = 3)".
 */
#ifndef FB_HOLDOUT_FORMATS_PARQUET_PARQUET_RLE_INTERNAL_H
#define FB_HOLDOUT_FORMATS_PARQUET_PARQUET_RLE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes behind a buffer that may be read (and are ignored) when the last values are taken from it. */
enum { FB_PARQUET_PADDING = 8 };

/* Numbers of `width` bits, run after run; starts with at, end and width set, the rest zero. */
typedef struct fb_parquet_rle {
    const uint8_t *at;     /* the next run */
    const uint8_t *end;    /* FB_PARQUET_PADDING bytes behind it exist */
    int width;             /* 0 .. 32 */
    uint64_t left;         /* values left in this run */
    const uint8_t *packed; /* the bits of this run, or NULL: every value is `value` */
    uint64_t bit;          /* where in `packed` the next value begins */
    uint32_t value;
} fb_parquet_rle;

/* The next `n` numbers; false if there are fewer. */
bool fb_parquet_rle_read(fb_parquet_rle *rle, uint32_t *out, size_t n);

/* How many of the next `n` numbers of one bit are 1 before one is not; false if there are fewer than that many numbers.
 */
bool fb_parquet_rle_count_ones(fb_parquet_rle *rle, size_t n, size_t *ones);

#endif

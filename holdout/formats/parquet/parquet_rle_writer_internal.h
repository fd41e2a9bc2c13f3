/* Writing the run-length / bit-packing hybrid: the counterpart of parquet_rle_internal.h.
 *
 * Source: Encodings.md of apache/parquet-format, "Run Length Encoding / Bit-Packing Hybrid (RLE = 3)".
 */
#ifndef FB_HOLDOUT_FORMATS_PARQUET_PARQUET_RLE_WRITER_INTERNAL_H
#define FB_HOLDOUT_FORMATS_PARQUET_PARQUET_RLE_WRITER_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

/* Bits that the numbers 0 .. n - 1 take; 1 for a single one, as other programs have it. n >= 1. */
int fb_parquet_rle_writer_width(size_t n);

/* The most bytes that `n` numbers of `width` bits can take. */
size_t fb_parquet_rle_writer_most(size_t n, int width);

/* Writes `n` numbers of `width` bits (1 .. 32), of which none has more, to `out`, which is large enough for any input.
 *  \return the bytes that were written */
size_t fb_parquet_rle_writer_encode(const uint32_t *value, size_t n, int width, uint8_t *out);

/* Writes one run: `n` (< 2^31) times the number `value`; 9 bytes at most. */
size_t fb_parquet_rle_writer_repeat(uint32_t value, size_t n, int width, uint8_t *out);

#endif

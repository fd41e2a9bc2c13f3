/* The compressions of Parquet pages. */
#ifndef FB_HOLDOUT_FORMATS_PARQUET_PARQUET_CODEC_INTERNAL_H
#define FB_HOLDOUT_FORMATS_PARQUET_PARQUET_CODEC_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Expands `n_in` bytes to exactly `n_out`; false if they are not what a codec (an fb_parquet_codec but UNCOMPRESSED)
 * makes of so many bytes. Writes nowhere but to out[0 .. n_out). */
bool fb_parquet_codec_expand(int codec, const uint8_t *in, size_t n_in, uint8_t *out, size_t n_out);

/* Whether `n_in` bytes can be so many when they are expanded, by how the codec works: to be asked before making room.
 */
bool fb_parquet_codec_may_expand(int codec, size_t n_in, size_t n_out);

/* The most bytes that Snappy makes of `n_in`. */
size_t fb_parquet_codec_most(size_t n_in);

/* Compresses `n_in` bytes with Snappy into `out`, which is large enough for any input.
 *  \return the bytes that were written, 0 if Snappy fails */
size_t fb_parquet_codec_compress(const uint8_t *in, size_t n_in, uint8_t *out);

/* CRC-32 as in gzip. */
uint32_t fb_parquet_codec_crc(const uint8_t *bytes, size_t n);

#endif

#include "holdout/formats/parquet/parquet_codec_internal.h"

#include <limits.h>
#include <snappy-c.h>
#include <zlib.h>
#include <zstd.h>

#include "holdout/formats/parquet/parquet_meta_internal.h"

static bool expand_snappy(const uint8_t *in, size_t n_in, uint8_t *out, size_t n_out)
{
    size_t n = 0;
    /* The length stands in the first bytes; snappy itself would look no further than its own claim. */
    if (snappy_uncompressed_length((const char *)in, n_in, &n) != SNAPPY_OK || n != n_out) {
        return false;
    }
    return snappy_uncompress((const char *)in, n_in, (char *)out, &n) == SNAPPY_OK && n == n_out;
}

/* One gzip member after the other, as the format allows. */
static bool expand_gzip(const uint8_t *in, size_t n_in, uint8_t *out, size_t n_out)
{
    enum { GZIP_OR_ZLIB = 15 + 32 };
    z_stream stream = {0};
    if (n_in > UINT_MAX || n_out > UINT_MAX || inflateInit2(&stream, GZIP_OR_ZLIB) != Z_OK) {
        return false;
    }
    /* zlib's interface is older than const. */
    stream.next_in = (Bytef *)(uintptr_t)in;
    stream.avail_in = (uInt)n_in;
    stream.next_out = out;
    stream.avail_out = (uInt)n_out;
    int code = inflate(&stream, Z_FINISH);
    while (code == Z_STREAM_END && stream.avail_in > 0 && inflateReset(&stream) == Z_OK) {
        code = inflate(&stream, Z_FINISH);
    }
    bool whole = code == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
    inflateEnd(&stream);
    return whole;
}

static bool expand_zstd(const uint8_t *in, size_t n_in, uint8_t *out, size_t n_out)
{
    return ZSTD_decompress(out, n_out, in, n_in) == n_out;
}

static const struct {
    bool (*expand)(const uint8_t *in, size_t n_in, uint8_t *out, size_t n_out);
    size_t most; /* bytes that one byte can become */
} codecs[] = {
    [FB_PARQUET_SNAPPY] = {expand_snappy, 32},    /* a copy of 64 bytes takes 2 at least */
    [FB_PARQUET_GZIP] = {expand_gzip, 1032},      /* a copy of 258 bytes takes 2 bits at least */
    [FB_PARQUET_ZSTD] = {expand_zstd, 32 * 1024}, /* a block of 128 KiB takes 4 bytes at least */
};

bool fb_parquet_codec_expand(int codec, const uint8_t *in, size_t n_in, uint8_t *out, size_t n_out)
{
    return codecs[codec].expand(in, n_in, out, n_out);
}

bool fb_parquet_codec_may_expand(int codec, size_t n_in, size_t n_out)
{
    return n_out / codecs[codec].most <= n_in;
}

size_t fb_parquet_codec_most(size_t n_in)
{
    return snappy_max_compressed_length(n_in);
}

size_t fb_parquet_codec_compress(const uint8_t *in, size_t n_in, uint8_t *out)
{
    size_t n = snappy_max_compressed_length(n_in);
    return snappy_compress((const char *)in, n_in, (char *)out, &n) == SNAPPY_OK ? n : 0;
}

uint32_t fb_parquet_codec_crc(const uint8_t *bytes, size_t n)
{
    return (uint32_t)crc32_z(0, bytes, n);
}

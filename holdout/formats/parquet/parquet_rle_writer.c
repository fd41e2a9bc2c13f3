#include "holdout/formats/parquet/parquet_rle_writer_internal.h"

enum {
    GROUP = 8,    /* values that are packed together; a shorter run is not worth one of its own */
    MOST_HEAD = 5 /* bytes of a varint of 32 bits */
};

int fb_parquet_rle_writer_width(size_t n)
{
    int width = 1;
    while (width < 32 && (n - 1) >> width != 0) {
        width++;
    }
    return width;
}

/* Each group of 8 is packed, with a head of its own at worst, or begins a repetition; there may be one of either. */
size_t fb_parquet_rle_writer_most(size_t n, int width)
{
    return (n / GROUP + 1) * (size_t)(MOST_HEAD + width + MOST_HEAD + 4);
}

static size_t put_head(uint64_t head, uint8_t *out)
{
    size_t n = 0;
    for (; head >= 0x80; head >>= 7) {
        out[n++] = (uint8_t)(head | 0x80);
    }
    out[n++] = (uint8_t)head;
    return n;
}

size_t fb_parquet_rle_writer_repeat(uint32_t value, size_t n, int width, uint8_t *out)
{
    size_t used = put_head((uint64_t)n << 1, out);
    for (int bit = 0; bit < width; bit += 8) {
        out[used++] = (uint8_t)(value >> bit);
    }
    return used;
}

/* Whole groups of 8, the last one filled with zeros. */
static size_t pack(const uint32_t *value, size_t n, int width, uint8_t *out)
{
    const size_t n_groups = (n + GROUP - 1) / GROUP;
    size_t used = n > 0 ? put_head((uint64_t)n_groups << 1 | 1, out) : 0;
    uint64_t bits = 0;
    int n_bits = 0;
    for (size_t i = 0; i < n_groups * GROUP; i++) {
        bits |= (i < n ? (uint64_t)value[i] : 0) << n_bits;
        for (n_bits += width; n_bits >= 8; n_bits -= 8) {
            out[used++] = (uint8_t)bits;
            bits >>= 8;
        }
    }
    return used;
}

static size_t length_of_run(const uint32_t *value, size_t n)
{
    size_t length = 1;
    while (length < n && value[length] == value[0]) {
        length++;
    }
    return length;
}

size_t fb_parquet_rle_writer_encode(const uint32_t *value, size_t n, int width, uint8_t *out)
{
    size_t used = 0, packed = 0; /* values before `packed` are written */
    for (size_t i = 0; i < n;) {
        const size_t run = length_of_run(value + i, n - i);
        if (run < GROUP) {
            i += GROUP; /* runs begin where groups do, so that what is packed before them fills its groups */
            continue;
        }
        used += pack(value + packed, i - packed, width, out + used);
        used += fb_parquet_rle_writer_repeat(value[i], run, width, out + used);
        i += run;
        packed = i;
    }
    used += pack(value + packed, n - packed, width, out + used);
    return used;
}

#include "holdout/formats/parquet/thrift_writer_internal.h"

#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"

void fb_thrift_writer_restart(fb_thrift_writer *writer)
{
    writer->n = 0;
    writer->depth = 0;
    writer->last[0] = 0;
}

void fb_thrift_writer_clear(fb_thrift_writer *writer)
{
    free(writer->bytes);
    *writer = (fb_thrift_writer){0};
}

void fb_thrift_writer_bytes(fb_thrift_writer *writer, const uint8_t *bytes, size_t n)
{
    if (writer->failed || fb_memory_grow(&writer->bytes, &writer->capacity, writer->n + n, 1, NULL) != FB_OK) {
        writer->failed = true;
        return;
    }
    if (n > 0) {
        memcpy(writer->bytes + writer->n, bytes, n);
    }
    writer->n += n;
}

static void put_byte(fb_thrift_writer *writer, unsigned byte)
{
    const uint8_t one = (uint8_t)byte;
    fb_thrift_writer_bytes(writer, &one, 1);
}

/* Seven bits a byte, least significant first; the top bit says that more follow. */
static void put_varint(fb_thrift_writer *writer, uint64_t value)
{
    while (value >= 0x80) {
        put_byte(writer, (unsigned)(value & 0x7f) | 0x80);
        value >>= 7;
    }
    put_byte(writer, (unsigned)value);
}

/* Small numbers of either sign as small codes: 0, -1, 1, -2, ... */
static void put_zigzag(fb_thrift_writer *writer, int64_t value)
{
    put_varint(writer, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

/* Type and number of a field in a byte, if it follows the last one closely; an element has no head. */
static void put_head(fb_thrift_writer *writer, int id, fb_thrift_type type)
{
    if (id == FB_THRIFT_WRITER_ELEMENT) {
        return;
    }
    const int step = id - writer->last[writer->depth];
    if (step > 0 && step < 16) {
        put_byte(writer, (unsigned)step << 4 | type);
    } else {
        put_byte(writer, type);
        put_zigzag(writer, id);
    }
    writer->last[writer->depth] = id;
}

void fb_thrift_writer_integer(fb_thrift_writer *writer, int id, fb_thrift_type type, int64_t value)
{
    put_head(writer, id, type);
    put_zigzag(writer, value);
}

void fb_thrift_writer_text(fb_thrift_writer *writer, int id, const char *text)
{
    const size_t n = strlen(text);
    put_head(writer, id, FB_THRIFT_BINARY);
    put_varint(writer, n);
    fb_thrift_writer_bytes(writer, (const uint8_t *)text, n);
}

void fb_thrift_writer_list(fb_thrift_writer *writer, int id, fb_thrift_type of, size_t n)
{
    put_head(writer, id, FB_THRIFT_LIST);
    if (n < 15) {
        put_byte(writer, (unsigned)n << 4 | of);
    } else {
        put_byte(writer, 15u << 4 | of);
        put_varint(writer, n);
    }
}

void fb_thrift_writer_begin(fb_thrift_writer *writer, int id)
{
    put_head(writer, id, FB_THRIFT_STRUCT);
    writer->last[++writer->depth] = 0;
}

void fb_thrift_writer_end(fb_thrift_writer *writer)
{
    put_byte(writer, FB_THRIFT_STOP);
    writer->depth -= writer->depth > 0 ? 1 : 0;
}

/* Writing structures in the compact protocol of Apache Thrift: the counterpart of thrift_internal.h.
 *
 * The writer appends to a buffer that grows. When there is no memory it fails for good and writes nothing more, so a
 * caller looks at `failed` once, at the end.
 *
 * Source: the Thrift compact protocol specification (doc/specs/thrift-compact-protocol.md of Apache Thrift).
 */
#ifndef FB_HOLDOUT_FORMATS_PARQUET_THRIFT_WRITER_INTERNAL_H
#define FB_HOLDOUT_FORMATS_PARQUET_THRIFT_WRITER_INTERNAL_H

#include "holdout/formats/parquet/thrift_internal.h"

enum {
    FB_THRIFT_WRITER_DEPTH = 8,  /* structures within each other; those of Parquet need 5 */
    FB_THRIFT_WRITER_ELEMENT = 0 /* instead of the number of a field: an element of the list that was begun */
};

/* Starts as {0}, which is within a structure. */
typedef struct fb_thrift_writer {
    uint8_t *bytes; /* [n] */
    size_t n, capacity;
    bool failed; /* no memory */
    int depth;
    int last[FB_THRIFT_WRITER_DEPTH]; /* field that was written last, of each structure that is open */
} fb_thrift_writer;

/* Forgets what was written and keeps the memory, also that there was none. */
void fb_thrift_writer_restart(fb_thrift_writer *writer);
void fb_thrift_writer_clear(fb_thrift_writer *writer);

/* Field `id` of the open structure: > 0 and larger than the last one, or FB_THRIFT_WRITER_ELEMENT. */

/* `type`: I16, I32 or I64, which `value` fits. */
void fb_thrift_writer_integer(fb_thrift_writer *writer, int id, fb_thrift_type type, int64_t value);
void fb_thrift_writer_text(fb_thrift_writer *writer, int id, const char *text);
/* A list of `n` elements, which are to be written next. */
void fb_thrift_writer_list(fb_thrift_writer *writer, int id, fb_thrift_type of, size_t n);

/* Begins a structure, whose fields are to be written next, and ends it. The outermost one needs the end alone. */
void fb_thrift_writer_begin(fb_thrift_writer *writer, int id);
void fb_thrift_writer_end(fb_thrift_writer *writer);

/* Bytes that are encoded already, as elements of a list. */
void fb_thrift_writer_bytes(fb_thrift_writer *writer, const uint8_t *bytes, size_t n);

#endif

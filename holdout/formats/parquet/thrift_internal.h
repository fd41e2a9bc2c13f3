/* Reading structures in the compact protocol of Apache Thrift, in which Parquet keeps its footer and page headers.
 *
 * The reader walks over a buffer and never leaves it. The first thing that cannot be right (the end of the buffer, a
 * number too large, another type than expected) makes it fail for good: from then on every call gives zero or false, so
 * a caller may look at `failed` once at the end, but must not trust numbers before it has looked.
 *
 * Source: the Thrift compact protocol specification (doc/specs/thrift-compact-protocol.md of Apache Thrift).
 */
#ifndef FB_HOLDOUT_FORMATS_PARQUET_THRIFT_INTERNAL_H
#define FB_HOLDOUT_FORMATS_PARQUET_THRIFT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The types of fields and elements. */
typedef enum fb_thrift_type {
    FB_THRIFT_STOP = 0,
    FB_THRIFT_TRUE = 1,
    FB_THRIFT_FALSE = 2,
    FB_THRIFT_BYTE = 3,
    FB_THRIFT_I16 = 4,
    FB_THRIFT_I32 = 5,
    FB_THRIFT_I64 = 6,
    FB_THRIFT_DOUBLE = 7,
    FB_THRIFT_BINARY = 8,
    FB_THRIFT_LIST = 9,
    FB_THRIFT_SET = 10,
    FB_THRIFT_MAP = 11,
    FB_THRIFT_STRUCT = 12,
    FB_THRIFT_UUID = 13
} fb_thrift_type;

typedef struct fb_thrift {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
} fb_thrift;

/* Where one is in a structure; starts as {0}. */
typedef struct fb_thrift_field {
    int id;
    fb_thrift_type type;
    uint32_t seen; /* bit k: field k was there, k < 32 */
} fb_thrift_field;

/* An integer field, 0 .. most, and where its value goes. */
typedef struct fb_thrift_slot {
    int id;
    uint64_t *value;
    int64_t most;
} fb_thrift_slot;

/* Steps to the next field of a structure, whose value is to be read or skipped next; false at the end of the structure
 * and after a failure. */
bool fb_thrift_next(fb_thrift *thrift, fb_thrift_field *field);

/* The value of a field of an integer type (I16 to I64), which must lie in [least, most]. */
int64_t fb_thrift_integer(fb_thrift *thrift, fb_thrift_type type, int64_t least, int64_t most);

/* The value of a field of a boolean type. */
bool fb_thrift_boolean(fb_thrift *thrift, fb_thrift_type type);

/* The bytes of a BINARY field, which stay in the buffer. */
const uint8_t *fb_thrift_binary(fb_thrift *thrift, fb_thrift_type type, size_t *length);

/* The number of elements of a LIST field, all of type `of`; never more than bytes are left, because each takes one. */
size_t fb_thrift_list(fb_thrift *thrift, fb_thrift_type type, fb_thrift_type of);

/* False, and failed, unless a field is a structure. */
bool fb_thrift_struct(fb_thrift *thrift, fb_thrift_type type);

/* Passes over the value of a field of any type. */
void fb_thrift_skip(fb_thrift *thrift, fb_thrift_type type);

/* Takes the value of a field that is one of `slots` [n], passes over any other. */
void fb_thrift_take(fb_thrift *thrift, const fb_thrift_field *field, const fb_thrift_slot *slots, size_t n);

#endif

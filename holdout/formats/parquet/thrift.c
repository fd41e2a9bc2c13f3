#include "holdout/formats/parquet/thrift_internal.h"

/* Deeper than anything in a Parquet file; bounds the recursion of fb_thrift_skip. */
enum { MAX_DEPTH = 32 };

static void fail(fb_thrift *thrift)
{
    thrift->failed = true;
    thrift->at = thrift->end;
}

static size_t bytes_left(const fb_thrift *thrift)
{
    return (size_t)(thrift->end - thrift->at);
}

static uint8_t next_byte(fb_thrift *thrift)
{
    if (thrift->at == thrift->end) {
        fail(thrift);
        return 0;
    }
    return *thrift->at++;
}

/* Seven bits a byte, least significant first; the top bit says that more follow. */
static uint64_t next_varint(fb_thrift *thrift)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
        uint8_t byte = next_byte(thrift);
        if (shift == 63 && byte > 1) {
            break; /* more than 64 bits */
        }
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    fail(thrift);
    return 0;
}

/* Small numbers of either sign as small codes: 0, -1, 1, -2, ... */
static int64_t next_zigzag(fb_thrift *thrift)
{
    uint64_t code = next_varint(thrift);
    uint64_t bits = (code >> 1) ^ (0 - (code & 1));
    return bits <= INT64_MAX ? (int64_t)bits : -(int64_t)(~bits) - 1;
}

static void skip_bytes(fb_thrift *thrift, uint64_t n)
{
    if (n > bytes_left(thrift)) {
        fail(thrift);
    } else {
        thrift->at += n;
    }
}

bool fb_thrift_next(fb_thrift *thrift, fb_thrift_field *field)
{
    uint8_t byte = next_byte(thrift);
    if (byte == FB_THRIFT_STOP) {
        return false;
    }
    field->type = (fb_thrift_type)(byte & 0x0f);
    int64_t id = byte >> 4 != 0 ? (int64_t)field->id + (byte >> 4) : next_zigzag(thrift);
    if (thrift->failed || field->type == FB_THRIFT_STOP || field->type > FB_THRIFT_UUID || id < INT16_MIN ||
        id > INT16_MAX) {
        fail(thrift);
        return false;
    }
    field->id = (int)id;
    field->seen |= id >= 0 && id < 32 ? UINT32_C(1) << id : 0;
    return true;
}

int64_t fb_thrift_integer(fb_thrift *thrift, fb_thrift_type type, int64_t least, int64_t most)
{
    if (type != FB_THRIFT_I16 && type != FB_THRIFT_I32 && type != FB_THRIFT_I64) {
        fail(thrift);
        return 0;
    }
    int64_t value = next_zigzag(thrift);
    if (thrift->failed || value < least || value > most) {
        fail(thrift);
        return 0;
    }
    return value;
}

bool fb_thrift_boolean(fb_thrift *thrift, fb_thrift_type type)
{
    if (type != FB_THRIFT_TRUE && type != FB_THRIFT_FALSE) {
        fail(thrift);
    }
    return type == FB_THRIFT_TRUE && !thrift->failed;
}

const uint8_t *fb_thrift_binary(fb_thrift *thrift, fb_thrift_type type, size_t *length)
{
    *length = 0;
    if (type != FB_THRIFT_BINARY) {
        fail(thrift);
    }
    uint64_t n = next_varint(thrift);
    const uint8_t *bytes = thrift->at;
    skip_bytes(thrift, n);
    if (thrift->failed) {
        return thrift->end;
    }
    *length = (size_t)n;
    return bytes;
}

/* The head of a list: the type of its elements in the low half of a byte, a small count in the high half. */
static size_t list_head(fb_thrift *thrift, fb_thrift_type *of)
{
    uint8_t byte = next_byte(thrift);
    uint64_t n = byte >> 4 == 15 ? next_varint(thrift) : byte >> 4;
    *of = (fb_thrift_type)(byte & 0x0f);
    if (thrift->failed || n > bytes_left(thrift)) {
        fail(thrift);
        return 0;
    }
    return (size_t)n;
}

size_t fb_thrift_list(fb_thrift *thrift, fb_thrift_type type, fb_thrift_type of)
{
    fb_thrift_type found = FB_THRIFT_STOP;
    size_t n = 0;
    if (type == FB_THRIFT_LIST) {
        n = list_head(thrift, &found);
    }
    if (type != FB_THRIFT_LIST || (n > 0 && found != of)) {
        fail(thrift);
        return 0;
    }
    return n;
}

bool fb_thrift_struct(fb_thrift *thrift, fb_thrift_type type)
{
    if (type != FB_THRIFT_STRUCT) {
        fail(thrift);
    }
    return !thrift->failed;
}

static void skip_value(fb_thrift *thrift, fb_thrift_type type, int depth);

/* Elements take a byte at least, truth values too, unlike as fields. */
static void skip_element(fb_thrift *thrift, fb_thrift_type type, int depth)
{
    if (type == FB_THRIFT_TRUE || type == FB_THRIFT_FALSE) {
        skip_bytes(thrift, 1);
    } else {
        skip_value(thrift, type, depth);
    }
}

static void skip_list(fb_thrift *thrift, int depth)
{
    fb_thrift_type of = FB_THRIFT_STOP;
    size_t n = list_head(thrift, &of);
    for (size_t i = 0; i < n && !thrift->failed; i++) {
        skip_element(thrift, of, depth);
    }
}

static void skip_map(fb_thrift *thrift, int depth)
{
    uint64_t n = next_varint(thrift);
    if (n == 0) {
        return;
    }
    uint8_t types = next_byte(thrift);
    for (uint64_t i = 0; i < n && !thrift->failed; i++) {
        skip_element(thrift, (fb_thrift_type)(types >> 4), depth);
        skip_element(thrift, (fb_thrift_type)(types & 0x0f), depth);
    }
}

static void skip_value(fb_thrift *thrift, fb_thrift_type type, int depth)
{
    static const uint8_t size[] = {[FB_THRIFT_BYTE] = 1, [FB_THRIFT_DOUBLE] = 8, [FB_THRIFT_UUID] = 16};
    fb_thrift_field field = {0};
    if (depth > MAX_DEPTH) {
        fail(thrift);
        return;
    }
    switch (type) {
    case FB_THRIFT_TRUE:
    case FB_THRIFT_FALSE:
        return; /* the type is the value */
    case FB_THRIFT_I16:
    case FB_THRIFT_I32:
    case FB_THRIFT_I64:
        next_varint(thrift);
        return;
    case FB_THRIFT_BINARY:
        skip_bytes(thrift, next_varint(thrift));
        return;
    case FB_THRIFT_LIST:
    case FB_THRIFT_SET:
        skip_list(thrift, depth + 1);
        return;
    case FB_THRIFT_MAP:
        skip_map(thrift, depth + 1);
        return;
    case FB_THRIFT_STRUCT:
        while (fb_thrift_next(thrift, &field)) {
            skip_value(thrift, field.type, depth + 1);
        }
        return;
    case FB_THRIFT_BYTE:
    case FB_THRIFT_DOUBLE:
    case FB_THRIFT_UUID:
        skip_bytes(thrift, size[type]);
        return;
    default:
        fail(thrift);
    }
}

void fb_thrift_skip(fb_thrift *thrift, fb_thrift_type type)
{
    skip_value(thrift, type, 0);
}

void fb_thrift_take(fb_thrift *thrift, const fb_thrift_field *field, const fb_thrift_slot *slots, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (slots[k].id == field->id) {
            *slots[k].value = (uint64_t)fb_thrift_integer(thrift, field->type, 0, slots[k].most);
            return;
        }
    }
    fb_thrift_skip(thrift, field->type);
}

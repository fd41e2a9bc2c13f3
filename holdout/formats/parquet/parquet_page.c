#include "holdout/formats/parquet/parquet_page_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "holdout/formats/parquet/parquet_codec_internal.h"
#include "holdout/formats/parquet/parquet_rle_internal.h"
#include "holdout/formats/parquet/thrift_internal.h"
#include "models/common/memory.h"

enum {
    USUAL_HEADER = 256, /* bytes: with statistics of numbers or short texts */
    MAX_HEADER = 1024 * 1024
};

/* PageHeader and the structure of its kind. */
typedef struct page_header {
    int kind;
    size_t expanded_size, stored_size;
    int64_t crc; /* or NO_CRC */
    size_t n_values;
    int encoding, level_encoding;
    size_t definition_size, repetition_size; /* v2 */
    bool is_compressed;
    bool complete;
} page_header;

static const int64_t NO_CRC = INT64_MAX;

fb_status fb_parquet_page_damaged(const fb_parquet_file *file, const fb_parquet_column *column, const char *what,
                                  fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: column %s: damaged page: %s", file->path, column->name, what);
}

size_t fb_parquet_page_width(int type)
{
    switch (type) {
    case FB_PARQUET_FLOAT:
    case FB_PARQUET_INT32:
        return 4;
    case FB_PARQUET_DOUBLE:
    case FB_PARQUET_INT64:
        return 8;
    default:
        return 0;
    }
}

void fb_parquet_page_buffers_clear(fb_parquet_buffers *buffers)
{
    free(buffers->stored);
    free(buffers->expanded);
    *buffers = (fb_parquet_buffers){0};
}

/* --- the header --------------------------------------------------------------------------------------------------- */

/* DataPageHeader and DictionaryPageHeader begin alike; in the latter field 3 is a boolean without a use here. */
static void read_data_header(fb_thrift *thrift, fb_thrift_type type, page_header *header, bool dictionary)
{
    fb_thrift_field field = {0};
    unsigned seen = 0;
    if (!fb_thrift_struct(thrift, type)) {
        return;
    }
    while (fb_thrift_next(thrift, &field)) {
        seen |= field.id >= 0 && field.id < 32 ? 1u << field.id : 0;
        if (field.id == 1) {
            header->n_values = (size_t)fb_thrift_integer(thrift, field.type, 0, INT32_MAX);
        } else if (field.id == 2) {
            header->encoding = (int)fb_thrift_integer(thrift, field.type, 0, INT32_MAX);
        } else if (field.id == 3 && !dictionary) {
            header->level_encoding = (int)fb_thrift_integer(thrift, field.type, 0, INT32_MAX);
        } else {
            fb_thrift_skip(thrift, field.type);
        }
    }
    header->complete = (seen & 6) == 6;
}

static void read_data_header_v2(fb_thrift *thrift, fb_thrift_type type, page_header *header)
{
    fb_thrift_field field = {0};
    unsigned seen = 0;
    if (!fb_thrift_struct(thrift, type)) {
        return;
    }
    while (fb_thrift_next(thrift, &field)) {
        seen |= field.id >= 0 && field.id < 32 ? 1u << field.id : 0;
        switch (field.id) {
        case 1:
            header->n_values = (size_t)fb_thrift_integer(thrift, field.type, 0, INT32_MAX);
            break;
        case 4:
            header->encoding = (int)fb_thrift_integer(thrift, field.type, 0, INT32_MAX);
            break;
        case 5:
            header->definition_size = (size_t)fb_thrift_integer(thrift, field.type, 0, INT32_MAX);
            break;
        case 6:
            header->repetition_size = (size_t)fb_thrift_integer(thrift, field.type, 0, INT32_MAX);
            break;
        case 7:
            header->is_compressed = fb_thrift_boolean(thrift, field.type);
            break;
        default:
            fb_thrift_skip(thrift, field.type);
        }
    }
    const unsigned needed = 1u << 1 | 1u << 4 | 1u << 5 | 1u << 6;
    header->complete = (seen & needed) == needed;
}

static void parse_header(fb_thrift *thrift, page_header *header)
{
    fb_thrift_field field = {0};
    bool is_data = false, is_dictionary = false, is_v2 = false;
    *header = (page_header){.kind = -1, .crc = NO_CRC, .is_compressed = true, .level_encoding = FB_PARQUET_RLE};
    while (fb_thrift_next(thrift, &field)) {
        switch (field.id) {
        case 1:
            header->kind = (int)fb_thrift_integer(thrift, field.type, 0, INT32_MAX);
            break;
        case 2:
            header->expanded_size = (size_t)fb_thrift_integer(thrift, field.type, 0, INT32_MAX);
            break;
        case 3:
            header->stored_size = (size_t)fb_thrift_integer(thrift, field.type, 0, INT32_MAX);
            break;
        case 4:
            header->crc = fb_thrift_integer(thrift, field.type, INT32_MIN, INT32_MAX);
            break;
        case 5:
            read_data_header(thrift, field.type, header, false);
            is_data = true;
            break;
        case 7:
            read_data_header(thrift, field.type, header, true);
            is_dictionary = true;
            break;
        case 8:
            read_data_header_v2(thrift, field.type, header);
            is_v2 = true;
            break;
        default:
            fb_thrift_skip(thrift, field.type);
        }
    }
    /* Exactly the part that belongs to its kind. */
    const bool fits = is_data == (header->kind == FB_PARQUET_DATA) &&
                      is_dictionary == (header->kind == FB_PARQUET_DICTIONARY) &&
                      is_v2 == (header->kind == FB_PARQUET_DATA_V2) && (is_data || is_dictionary || is_v2);
    header->complete = header->complete && fits;
}

/* A header does not say how long it is: what is too short to be understood is read again with more of it. */
static fb_status read_header(const fb_parquet_file *file, const fb_parquet_column *column, uint64_t *at, uint64_t end,
                             fb_parquet_buffers *buffers, page_header *header, fb_error *error)
{
    fb_status status = FB_OK;
    uint64_t left = end - *at;
    for (size_t n = USUAL_HEADER;; n *= 16) {
        n = n < left ? n : (size_t)left;
        FB_TRY(fb_memory_grow(&buffers->stored, &buffers->stored_capacity, n, 1, error));
        FB_TRY(fb_parquet_meta_read_at(file, *at, buffers->stored, n, error));
        fb_thrift thrift = {.at = buffers->stored, .end = buffers->stored + n};
        parse_header(&thrift, header);
        if (!thrift.failed) {
            *at += (uint64_t)(thrift.at - buffers->stored);
            break;
        }
        if (n == left || n >= MAX_HEADER) {
            return fb_parquet_page_damaged(file, column, "its header cannot be understood", error);
        }
    }
cleanup:
    return status;
}

/* --- what the header may claim ------------------------------------------------------------------------------------ */

/* The most bytes that levels and values can take in any encoding that is read here. A run of the hybrid encoding takes
 * 6 bytes at most for one value and 3 for one level. */
static uint64_t largest_page(const fb_parquet_column *column, const page_header *header)
{
    size_t width = fb_parquet_page_width(column->type);
    if (width == 0) {
        return FB_PARQUET_MAX_PAGE; /* texts have any length */
    }
    return header->kind == FB_PARQUET_DICTIONARY ? (uint64_t)header->n_values * width
                                                 : 64 + (uint64_t)header->n_values * (width + 9);
}

static fb_status check_header(const fb_parquet_file *file, const fb_parquet_column *column, int codec,
                              const page_header *header, uint64_t left, uint64_t most_values, fb_error *error)
{
    if (header->stored_size > left) {
        return fb_parquet_page_damaged(file, column, "it goes beyond the end of its chunk", error);
    }
    if (header->kind == FB_PARQUET_INDEX) {
        return FB_OK;
    }
    if (!header->complete) {
        return fb_parquet_page_damaged(file, column, "its header is incomplete", error);
    }
    if (header->kind != FB_PARQUET_DICTIONARY && header->n_values > most_values) {
        return fb_parquet_page_damaged(file, column, "it has more values than its row group", error);
    }
    if (header->expanded_size > FB_PARQUET_MAX_PAGE) {
        return fb_fail(error, FB_ERROR_DATA, "%s: column %s: a page of %zu bytes; at most %d are read", file->path,
                       column->name, header->expanded_size, FB_PARQUET_MAX_PAGE);
    }
    if (header->expanded_size > largest_page(column, header)) {
        return fb_parquet_page_damaged(file, column, "it is larger than its values", error);
    }
    if (header->definition_size > header->stored_size || header->definition_size > header->expanded_size) {
        return fb_parquet_page_damaged(file, column, "its levels are larger than the page", error);
    }
    if ((codec == FB_PARQUET_UNCOMPRESSED || !header->is_compressed) && header->stored_size != header->expanded_size) {
        return fb_parquet_page_damaged(file, column, "it is not compressed, but has two sizes", error);
    }
    if (header->repetition_size > 0) {
        return fb_parquet_page_damaged(file, column, "it has repetition levels", error);
    }
    if (header->level_encoding != FB_PARQUET_RLE && column->optional) {
        char text[64];
        snprintf(text, sizeof text, "definition levels in encoding %s",
                 fb_parquet_support_encoding_name(header->level_encoding));
        return fb_parquet_support_refuse(file->path, column->name, text, error);
    }
    return FB_OK;
}

/* --- the bytes ---------------------------------------------------------------------------------------------------- */

/* Points `page` to the expanded levels and values. Levels of version 2 stand before the compressed part. */
static fb_status expand(const fb_parquet_file *file, const fb_parquet_column *column, int codec,
                        const page_header *header, fb_parquet_buffers *buffers, fb_parquet_page *page, fb_error *error)
{
    const size_t prefix = header->definition_size;
    const uint8_t *stored = buffers->stored + prefix;
    const size_t n = header->expanded_size - prefix;
    page->levels = buffers->stored;
    page->levels_end = stored;
    page->values = stored;
    page->values_end = stored + n;
    if (codec == FB_PARQUET_UNCOMPRESSED || !header->is_compressed || n == 0) {
        return FB_OK;
    }
    if (!fb_parquet_codec_may_expand(codec, header->stored_size - prefix, n)) {
        return fb_parquet_page_damaged(file, column, "it claims to expand to more than its bytes can hold", error);
    }
    fb_status status =
        fb_memory_grow(&buffers->expanded, &buffers->expanded_capacity, n + FB_PARQUET_PADDING, 1, error);
    if (status != FB_OK) {
        return status;
    }
    if (!fb_parquet_codec_expand(codec, stored, header->stored_size - prefix, buffers->expanded, n)) {
        return fb_parquet_page_damaged(file, column, "its compressed bytes do not expand to the size that it claims",
                                       error);
    }
    page->values = buffers->expanded;
    page->values_end = buffers->expanded + n;
    return FB_OK;
}

/* In version 1 the levels of an optional column stand before the values, after their length. */
static fb_status split_levels(const fb_parquet_file *file, const fb_parquet_column *column, fb_parquet_page *page,
                              fb_error *error)
{
    size_t left = (size_t)(page->values_end - page->values);
    if (left < 4) {
        return fb_parquet_page_damaged(file, column, "it ends within its levels", error);
    }
    const uint8_t *at = page->values;
    size_t n = (size_t)at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
    if (n > left - 4) {
        return fb_parquet_page_damaged(file, column, "it ends within its levels", error);
    }
    page->levels = at + 4;
    page->levels_end = page->values = page->levels + n;
    return FB_OK;
}

fb_status fb_parquet_page_read(const fb_parquet_file *file, const fb_parquet_column *column, int codec, uint64_t *at,
                               uint64_t end, uint64_t most_values, fb_parquet_buffers *buffers, fb_parquet_page *page,
                               fb_error *error)
{
    page_header header;
    fb_status status = FB_OK;
    FB_TRY(read_header(file, column, at, end, buffers, &header, error));
    FB_TRY(check_header(file, column, codec, &header, end - *at, most_values, error));
    *page = (fb_parquet_page){.kind = header.kind, .encoding = header.encoding, .n_values = header.n_values};
    if (header.kind != FB_PARQUET_INDEX) {
        FB_TRY(fb_memory_grow(&buffers->stored, &buffers->stored_capacity, header.stored_size + FB_PARQUET_PADDING, 1,
                              error));
        FB_TRY(fb_parquet_meta_read_at(file, *at, buffers->stored, header.stored_size, error));
        if (header.crc != NO_CRC &&
            fb_parquet_codec_crc(buffers->stored, header.stored_size) != (uint32_t)(int32_t)header.crc) {
            return fb_parquet_page_damaged(file, column, "its checksum is another one", error);
        }
        FB_TRY(expand(file, column, codec, &header, buffers, page, error));
    }
    *at += header.stored_size;
    if (header.kind == FB_PARQUET_DATA && column->optional && page->n_values > 0) {
        FB_TRY(split_levels(file, column, page, error));
    }
cleanup:
    return status;
}

#include "holdout/formats/parquet/parquet_page_internal.h"

#include <inttypes.h>

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
    uint64_t kind;
    uint64_t expanded_size, stored_size;
    int64_t crc; /* or NO_CRC */
    uint64_t n_values, encoding, level_encoding;
    uint64_t definition_size, repetition_size; /* v2 */
    bool is_compressed;
    bool complete;
} page_header;

static const int64_t NO_CRC = INT64_MAX;

fb_status fb_parquet_page_damaged(const fb_parquet_pages *pages, const char *what, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: column %s: damaged page: %s", pages->file->path, pages->column->name,
                   what);
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

/* --- the header --------------------------------------------------------------------------------------------------- */

/* The structure of a kind of page; `is_compressed` is field 7 of version 2, else NULL. Whether what is `needed` (bit k:
 * field k) is there. */
static bool read_part(fb_thrift *thrift, fb_thrift_type type, const fb_thrift_slot *slots, size_t n, uint32_t needed,
                      bool *is_compressed)
{
    fb_thrift_field field = {0};
    if (!fb_thrift_struct(thrift, type)) {
        return false;
    }
    while (fb_thrift_next(thrift, &field)) {
        if (is_compressed != NULL && field.id == 7) {
            *is_compressed = fb_thrift_boolean(thrift, field.type);
        } else {
            fb_thrift_take(thrift, &field, slots, n);
        }
    }
    return (field.seen & needed) == needed;
}

static void parse_header(fb_thrift *thrift, page_header *header)
{
    enum { DATA = 5, DICTIONARY = 7, DATA_V2 = 8 }; /* fields */
    static const uint32_t part_of[] = {[FB_PARQUET_DATA] = 1u << DATA,
                                       [FB_PARQUET_INDEX] = 0,
                                       [FB_PARQUET_DICTIONARY] = 1u << DICTIONARY,
                                       [FB_PARQUET_DATA_V2] = 1u << DATA_V2};
    const fb_thrift_slot whole[] = {
        {1, &header->kind, INT32_MAX}, {2, &header->expanded_size, INT32_MAX}, {3, &header->stored_size, INT32_MAX}};
    /* The structure of a dictionary begins like that of data; its field 3 is a boolean without a use here. */
    const fb_thrift_slot data[] = {
        {1, &header->n_values, INT32_MAX}, {2, &header->encoding, INT32_MAX}, {3, &header->level_encoding, INT32_MAX}};
    const fb_thrift_slot data_v2[] = {{1, &header->n_values, INT32_MAX},
                                      {4, &header->encoding, INT32_MAX},
                                      {5, &header->definition_size, INT32_MAX},
                                      {6, &header->repetition_size, INT32_MAX}};
    fb_thrift_field field = {0};
    *header = (page_header){.crc = NO_CRC, .is_compressed = true, .level_encoding = FB_PARQUET_RLE};
    while (fb_thrift_next(thrift, &field)) {
        switch (field.id) {
        case 4:
            header->crc = fb_thrift_integer(thrift, field.type, INT32_MIN, INT32_MAX);
            break;
        case DATA:
            header->complete = read_part(thrift, field.type, data, 3, 1u << 1 | 1u << 2, NULL);
            break;
        case DICTIONARY:
            header->complete = read_part(thrift, field.type, data, 2, 1u << 1 | 1u << 2, NULL);
            break;
        case DATA_V2:
            header->complete = read_part(thrift, field.type, data_v2, 4, 1u << 1 | 1u << 4 | 1u << 5 | 1u << 6,
                                         &header->is_compressed);
            break;
        default:
            fb_thrift_take(thrift, &field, whole, 3);
        }
    }
    /* Exactly the part that belongs to its kind. */
    const uint32_t parts = field.seen & (1u << DATA | 1u << DICTIONARY | 1u << DATA_V2);
    header->complete = header->complete && (field.seen >> 1 & 1) != 0 && header->kind <= FB_PARQUET_DATA_V2 &&
                       parts == part_of[header->kind];
}

/* A header does not say how long it is: what is too short to be understood is read again with more of it. */
static fb_status read_header(fb_parquet_pages *pages, page_header *header, fb_error *error)
{
    fb_status status = FB_OK;
    uint64_t left = pages->end - pages->at;
    for (size_t n = USUAL_HEADER;; n *= 16) {
        n = n < left ? n : (size_t)left;
        FB_TRY(fb_memory_grow(&pages->stored, &pages->stored_capacity, n, 1, error));
        FB_TRY(fb_parquet_meta_read_at(pages->file, pages->at, pages->stored, n, error));
        fb_thrift thrift = {.at = pages->stored, .end = pages->stored + n};
        parse_header(&thrift, header);
        if (!thrift.failed) {
            pages->at += (uint64_t)(thrift.at - pages->stored);
            break;
        }
        if (n == left || n >= MAX_HEADER) {
            return fb_parquet_page_damaged(pages, "its header cannot be understood", error);
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
    return header->kind == FB_PARQUET_DICTIONARY ? header->n_values * width : 64 + header->n_values * (width + 9);
}

static fb_status check_header(const fb_parquet_pages *pages, const page_header *header, fb_error *error)
{
    const fb_parquet_column *column = pages->column;
    const bool is_stored = pages->codec == FB_PARQUET_UNCOMPRESSED || !header->is_compressed;
    const char *what = NULL;
    if (header->stored_size > pages->end - pages->at) {
        what = "it goes beyond the end of its chunk";
    } else if (header->kind == FB_PARQUET_INDEX) {
        return FB_OK;
    } else if (!header->complete) {
        what = "its header is incomplete";
    } else if (header->kind != FB_PARQUET_DICTIONARY && header->n_values > pages->n_values) {
        what = "it has more values than its row group";
    } else if (header->expanded_size > FB_PARQUET_MAX_PAGE) {
        return fb_fail(error, FB_ERROR_DATA, "%s: column %s: a page of %" PRIu64 " bytes; at most %d are read",
                       pages->file->path, column->name, header->expanded_size, FB_PARQUET_MAX_PAGE);
    } else if (header->expanded_size > largest_page(column, header)) {
        what = "it is larger than its values";
    } else if (header->definition_size > header->stored_size || header->definition_size > header->expanded_size) {
        what = "its levels are larger than the page";
    } else if (is_stored && header->stored_size != header->expanded_size) {
        what = "it is not compressed, but has two sizes";
    } else if (header->repetition_size > 0) {
        what = "it has repetition levels";
    } else if (header->level_encoding != FB_PARQUET_RLE && column->optional) {
        return fb_parquet_support_refuse(error, pages->file->path, column->name, FB_PARQUET_COPY,
                                         "definition levels in encoding %s",
                                         fb_parquet_support_encoding_name((int)header->level_encoding));
    }
    return what != NULL ? fb_parquet_page_damaged(pages, what, error) : FB_OK;
}

/* --- the bytes ---------------------------------------------------------------------------------------------------- */

/* Points `page` to the expanded levels and values. Levels of version 2 stand before the compressed part. */
static fb_status expand(fb_parquet_pages *pages, const page_header *header, fb_parquet_page *page, fb_error *error)
{
    const size_t prefix = header->definition_size;
    const uint8_t *stored = pages->stored + prefix;
    const size_t n_stored = header->stored_size - prefix, n = header->expanded_size - prefix;
    fb_status status = FB_OK;
    page->levels = pages->stored;
    page->levels_end = stored;
    page->values = stored;
    page->values_end = stored + n;
    if (pages->codec == FB_PARQUET_UNCOMPRESSED || !header->is_compressed || n == 0) {
        return FB_OK;
    }
    if (!fb_parquet_codec_may_expand(pages->codec, n_stored, n)) {
        return fb_parquet_page_damaged(pages, "it claims to expand to more than its bytes can hold", error);
    }
    FB_TRY(fb_memory_grow(&pages->expanded, &pages->expanded_capacity, n + FB_PARQUET_PADDING, 1, error));
    if (!fb_parquet_codec_expand(pages->codec, stored, n_stored, pages->expanded, n)) {
        return fb_parquet_page_damaged(pages, "its compressed bytes do not expand to the size that it claims", error);
    }
    page->values = pages->expanded;
    page->values_end = pages->expanded + n;
cleanup:
    return status;
}

/* In version 1 the levels of an optional column stand before the values, after their length. */
static fb_status split_levels(const fb_parquet_pages *pages, fb_parquet_page *page, fb_error *error)
{
    const uint8_t *at = page->values;
    const size_t left = (size_t)(page->values_end - at);
    const size_t n = left < 4 ? 0 : (size_t)at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
    if (left < 4 || n > left - 4) {
        return fb_parquet_page_damaged(pages, "it ends within its levels", error);
    }
    page->levels = at + 4;
    page->levels_end = page->values = page->levels + n;
    return FB_OK;
}

fb_status fb_parquet_page_read(fb_parquet_pages *pages, fb_parquet_page *page, fb_error *error)
{
    page_header header;
    fb_status status = FB_OK;
    FB_TRY(read_header(pages, &header, error));
    FB_TRY(check_header(pages, &header, error));
    const size_t n = header.stored_size;
    *page = (fb_parquet_page){.kind = (int)header.kind, .encoding = (int)header.encoding, .n_values = header.n_values};
    if (header.kind != FB_PARQUET_INDEX) {
        FB_TRY(fb_memory_grow(&pages->stored, &pages->stored_capacity, n + FB_PARQUET_PADDING, 1, error));
        FB_TRY(fb_parquet_meta_read_at(pages->file, pages->at, pages->stored, n, error));
        if (header.crc != NO_CRC && fb_parquet_codec_crc(pages->stored, n) != (uint32_t)(int32_t)header.crc) {
            return fb_parquet_page_damaged(pages, "its checksum is another one", error);
        }
        FB_TRY(expand(pages, &header, page, error));
    }
    pages->at += n;
    if (header.kind == FB_PARQUET_DATA && pages->column->optional && page->n_values > 0) {
        FB_TRY(split_levels(pages, page, error));
    }
cleanup:
    return status;
}

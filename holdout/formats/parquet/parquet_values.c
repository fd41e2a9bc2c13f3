#include "holdout/formats/parquet/parquet_values_internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"

void fb_parquet_values_start(fb_parquet_values *values, const fb_parquet_chunk *chunk, uint64_t first_row,
                             uint64_t n_rows)
{
    values->pages.codec = chunk->codec;
    values->pages.at = chunk->begin;
    values->pages.end = chunk->end;
    values->pages.n_values = n_rows;
    values->row = first_row;
    values->page_left = 0;
    values->has_dictionary = false;
}

void fb_parquet_values_clear(fb_parquet_values *values)
{
    free(values->dictionary);
    free(values->texts);
    free(values->pages.stored);
    free(values->pages.expanded);
    *values = (fb_parquet_values){0};
}

static fb_status damaged(const fb_parquet_values *values, const char *what, fb_error *error)
{
    return fb_parquet_page_damaged(&values->pages, what, error);
}

/* --- plain values ------------------------------------------------------------------------------------------------- */

static uint32_t load32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static uint64_t load64(const uint8_t *bytes)
{
    return (uint64_t)load32(bytes) | (uint64_t)load32(bytes + 4) << 32;
}

/* `n` numbers of a type of fixed size; the caller has seen that so many bytes are there. */
static void floats_of_numbers(const fb_parquet_column *column, const uint8_t *from, size_t n, float *out)
{
    const bool is_unsigned = fb_parquet_support_is_unsigned(column);
    switch (column->type) {
    case FB_PARQUET_FLOAT:
        for (size_t i = 0; i < n; i++) {
            const uint32_t bits = load32(from + 4 * i);
            memcpy(&out[i], &bits, sizeof bits);
        }
        break;
    case FB_PARQUET_DOUBLE:
        for (size_t i = 0; i < n; i++) {
            const uint64_t bits = load64(from + 8 * i);
            double value = 0.0;
            memcpy(&value, &bits, sizeof value);
            out[i] = (float)value;
        }
        break;
    case FB_PARQUET_INT32:
        for (size_t i = 0; i < n; i++) {
            const uint32_t bits = load32(from + 4 * i);
            out[i] = is_unsigned ? (float)bits : (float)(int32_t)bits;
        }
        break;
    default:
        for (size_t i = 0; i < n; i++) {
            const uint64_t bits = load64(from + 8 * i);
            out[i] = is_unsigned ? (float)bits : (float)(int64_t)bits;
        }
    }
}

/* Steps over one text; NULL if it does not end before `end`. */
static const uint8_t *next_text(const uint8_t **at, const uint8_t *end, size_t *length)
{
    if (end - *at < 4) {
        return NULL;
    }
    *length = load32(*at);
    const uint8_t *text = *at + 4;
    if (*length > (size_t)(end - text)) {
        return NULL;
    }
    *at = text + *length;
    return text;
}

static fb_status bad_text(const fb_parquet_values *values, uint64_t row, const uint8_t *text, size_t length,
                          fb_error *error)
{
    char shown[41];
    size_t n = length < sizeof shown - 1 ? length : sizeof shown - 1;
    for (size_t i = 0; i < n; i++) {
        shown[i] = isprint(text[i]) ? (char)text[i] : '?';
    }
    shown[n] = '\0';
    return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ", column %s: '%s' is not %s", values->pages.file->path,
                   row, values->pages.column->name, shown, values->texts_allowed);
}

static fb_status read_plain(fb_parquet_values *values, float *out, size_t n, fb_error *error)
{
    size_t width = fb_parquet_page_width(values->pages.column->type);
    if (width > 0) {
        floats_of_numbers(values->pages.column, values->plain, n, out);
        values->plain += n * width;
        return FB_OK;
    }
    for (size_t i = 0; i < n; i++) {
        size_t length = 0;
        const uint8_t *text = next_text(&values->plain, values->plain_end, &length);
        if (text == NULL) {
            return damaged(values, "it ends within its values", error);
        }
        int number = values->number_text((const char *)text, length);
        if (number < 0) {
            return bad_text(values, values->row + i, text, length, error);
        }
        out[i] = (float)number;
    }
    return FB_OK;
}

/* --- the dictionary ----------------------------------------------------------------------------------------------- */

/* Unknown texts get the number -1: they are an error only where a row uses them. */
static fb_status number_texts(fb_parquet_values *values, const fb_parquet_page *page, fb_error *error)
{
    size_t size = (size_t)(page->values_end - page->values);
    fb_status status = fb_memory_grow(&values->texts, &values->texts_capacity, size + 1, 1, error);
    if (status != FB_OK) {
        return status;
    }
    memcpy(values->texts, page->values, size);
    values->texts_size = size;
    const uint8_t *at = values->texts;
    for (size_t i = 0; i < page->n_values; i++) {
        size_t length = 0;
        const uint8_t *text = next_text(&at, values->texts + size, &length);
        if (text == NULL) {
            return damaged(values, "its dictionary ends within a text", error);
        }
        values->dictionary[i] = (float)values->number_text((const char *)text, length);
    }
    return FB_OK;
}

static fb_status load_dictionary(fb_parquet_values *values, const fb_parquet_page *page, fb_error *error)
{
    size_t width = fb_parquet_page_width(values->pages.column->type);
    size_t size = (size_t)(page->values_end - page->values);
    if (values->pages.column->type == FB_PARQUET_BOOLEAN) {
        return damaged(values, "it is a dictionary of truth values", error);
    }
    if (values->has_dictionary) {
        return damaged(values, "it is a second dictionary", error);
    }
    if (page->encoding != FB_PARQUET_PLAIN && page->encoding != FB_PARQUET_PLAIN_DICTIONARY) {
        return damaged(values, "its dictionary is in an unknown encoding", error);
    }
    if (page->n_values > size / (width > 0 ? width : 4)) { /* a text takes 4 bytes at least */
        return damaged(values, "its dictionary is shorter than its entries", error);
    }
    fb_status status =
        fb_memory_grow(&values->dictionary, &values->dictionary_capacity, page->n_values, sizeof(float), error);
    if (status != FB_OK) {
        return status;
    }
    values->has_dictionary = true;
    values->n_dictionary = page->n_values;
    if (width > 0) {
        floats_of_numbers(values->pages.column, page->values, page->n_values, values->dictionary);
        return FB_OK;
    }
    return number_texts(values, page, error);
}

/* The error for a row whose entry of the dictionary is a text that has no number. */
static fb_status bad_entry(const fb_parquet_values *values, uint64_t row, size_t entry, fb_error *error)
{
    const uint8_t *at = values->texts;
    const uint8_t *text = at;
    size_t length = 0;
    for (size_t i = 0; i <= entry; i++) {
        text = next_text(&at, values->texts + values->texts_size, &length);
    }
    return bad_text(values, row, text, length, error);
}

static fb_status read_coded(fb_parquet_values *values, float *out, size_t n, fb_error *error)
{
    enum { PIECE = 1024 }; /* stays in the first-level cache */
    uint32_t code[PIECE];
    const float *dictionary = values->dictionary;
    const bool is_text = fb_parquet_page_width(values->pages.column->type) == 0;
    for (size_t done = 0; done < n;) {
        size_t some = n - done < PIECE ? n - done : PIECE;
        if (!fb_parquet_rle_read(&values->codes, code, some)) {
            return damaged(values, "it ends within its dictionary indices", error);
        }
        uint32_t largest = 0;
        for (size_t i = 0; i < some; i++) {
            largest = code[i] > largest ? code[i] : largest;
        }
        if (largest >= values->n_dictionary) {
            return damaged(values, "an index lies beyond the end of the dictionary", error);
        }
        for (size_t i = 0; i < some; i++) {
            out[done + i] = dictionary[code[i]];
        }
        for (size_t i = 0; i < some && is_text; i++) {
            if (out[done + i] < 0.0f) {
                return bad_entry(values, values->row + done + i, code[i], error);
            }
        }
        done += some;
    }
    return FB_OK;
}

/* --- pages -------------------------------------------------------------------------------------------------------- */

enum { LEVELS = 1024 }; /* that are looked at together */

/* Adds up the next `n` levels. */
static bool count_present(fb_parquet_rle levels, size_t n, size_t *n_present)
{
    uint32_t level[LEVELS];
    *n_present = 0;
    while (n > 0) {
        const size_t some = n < LEVELS ? n : LEVELS;
        if (!fb_parquet_rle_read(&levels, level, some)) {
            return false;
        }
        for (size_t i = 0; i < some; i++) {
            *n_present += level[i];
        }
        n -= some;
    }
    return true;
}

/* Every value is there if every definition level is 1; `*n_present`: those that are. */
static fb_status start_levels(fb_parquet_values *values, const fb_parquet_page *page, size_t *n_present,
                              fb_error *error)
{
    fb_parquet_rle levels = {.at = page->levels, .end = page->levels_end, .width = 1};
    size_t ones = 0;
    values->levels = levels;
    values->has_missing = false;
    *n_present = page->n_values;
    if (!values->pages.column->optional) {
        return FB_OK;
    }
    if (!fb_parquet_rle_count_ones(&levels, page->n_values, &ones)) {
        return damaged(values, "it ends within its levels", error);
    }
    if (ones == page->n_values) {
        return FB_OK;
    }
    values->has_missing = true;
    if (!values->missing_is_nan) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: row %" PRIu64 ", column %s: the value is missing (null); every event needs one",
                       values->pages.file->path, values->row + ones, values->pages.column->name);
    }
    return count_present(values->levels, page->n_values, n_present)
               ? FB_OK
               : damaged(values, "it ends within its levels", error);
}

/* Truth values are bits, one behind the other or in runs: indices of a dictionary of 0 and 1. */
static fb_status start_bits(fb_parquet_values *values, const fb_parquet_page *page, fb_error *error)
{
    enum { LENGTH_BYTES = 4 }; /* of the runs, before them */
    const size_t size = (size_t)(page->values_end - page->values);
    fb_status status = fb_memory_grow(&values->dictionary, &values->dictionary_capacity, 2, sizeof(float), error);
    if (status != FB_OK) {
        return status;
    }
    values->dictionary[0] = 0.0f;
    values->dictionary[1] = 1.0f;
    values->n_dictionary = 2;
    values->is_coded = true;
    if (page->encoding == FB_PARQUET_RLE && size >= LENGTH_BYTES) {
        values->codes = (fb_parquet_rle){.at = page->values + LENGTH_BYTES, .end = page->values_end, .width = 1};
        return FB_OK;
    }
    if (page->encoding == FB_PARQUET_PLAIN && page->n_values <= 8 * size) {
        values->codes = (fb_parquet_rle){.at = page->values_end,
                                         .end = page->values_end,
                                         .width = 1,
                                         .left = page->n_values,
                                         .packed = page->values};
        return FB_OK;
    }
    return damaged(values, "its truth values are fewer than they should be, or in an unknown encoding", error);
}

static fb_status start_values(fb_parquet_values *values, const fb_parquet_page *page, fb_error *error)
{
    size_t size = (size_t)(page->values_end - page->values);
    if (values->pages.column->type == FB_PARQUET_BOOLEAN) {
        return start_bits(values, page, error);
    }
    values->is_coded = page->encoding == FB_PARQUET_PLAIN_DICTIONARY || page->encoding == FB_PARQUET_RLE_DICTIONARY;
    if (values->is_coded) {
        if (!values->has_dictionary) {
            return damaged(values, "it has no dictionary", error);
        }
        if (size < 1 || page->values[0] > 32) {
            return damaged(values, "its dictionary indices have no sensible width", error);
        }
        values->codes = (fb_parquet_rle){.at = page->values + 1, .end = page->values_end, .width = page->values[0]};
        return FB_OK;
    }
    if (page->encoding != FB_PARQUET_PLAIN) {
        return fb_parquet_support_refuse(error, values->pages.file->path, values->pages.column->name, FB_PARQUET_COPY,
                                         "encoding %s", fb_parquet_support_encoding_name(page->encoding));
    }
    size_t width = fb_parquet_page_width(values->pages.column->type);
    if (page->n_values > size / (width > 0 ? width : 4)) {
        return damaged(values, "it is shorter than its values", error);
    }
    values->plain = page->values;
    values->plain_end = page->values_end;
    return FB_OK;
}

static fb_status next_page(fb_parquet_values *values, fb_error *error)
{
    fb_parquet_page page;
    if (values->pages.at >= values->pages.end) {
        return damaged(values, "the column has fewer values than its row group", error);
    }
    fb_status status = fb_parquet_page_read(&values->pages, &page, error);
    if (status != FB_OK || page.kind == FB_PARQUET_INDEX) {
        return status;
    }
    if (page.kind == FB_PARQUET_DICTIONARY) {
        return load_dictionary(values, &page, error);
    }
    if (page.n_values == 0) {
        return FB_OK;
    }
    const size_t n_values = page.n_values;
    FB_TRY(start_levels(values, &page, &page.n_values, error));
    FB_TRY(start_values(values, &page, error));
    values->page_left = n_values;
    values->pages.n_values -= n_values;
cleanup:
    return status;
}

static fb_status read_present(fb_parquet_values *values, float *out, size_t n, fb_error *error)
{
    return values->is_coded ? read_coded(values, out, n, error) : read_plain(values, out, n, error);
}

/* The next `n` values of the page: those that are there, then spread over the rows that have one. */
static fb_status read_some(fb_parquet_values *values, float *out, size_t n, fb_error *error)
{
    uint32_t level[LEVELS];
    if (!values->has_missing) {
        return read_present(values, out, n, error);
    }
    for (size_t done = 0; done < n;) {
        const size_t some = n - done < LEVELS ? n - done : LEVELS;
        size_t n_present = 0;
        if (!count_present(values->levels, some, &n_present) || !fb_parquet_rle_read(&values->levels, level, some)) {
            return damaged(values, "it ends within its levels", error);
        }
        fb_status status = read_present(values, out + done, n_present, error);
        if (status != FB_OK) {
            return status;
        }
        for (size_t i = some; i-- > 0;) {
            out[done + i] = level[i] != 0 ? out[done + --n_present] : NAN;
        }
        done += some;
    }
    return FB_OK;
}

fb_status fb_parquet_values_read(fb_parquet_values *values, float *out, size_t n, fb_error *error)
{
    fb_status status = FB_OK;
    while (n > 0) {
        if (values->page_left == 0) {
            FB_TRY(next_page(values, error));
            continue;
        }
        size_t some = values->page_left < n ? values->page_left : n;
        FB_TRY(read_some(values, out, some, error));
        values->page_left -= some;
        values->row += some;
        out += some;
        n -= some;
    }
cleanup:
    return status;
}

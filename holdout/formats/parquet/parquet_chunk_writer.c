#include "holdout/formats/parquet/parquet_chunk_writer_internal.h"

#include <stdlib.h>
#include <string.h>

#include "holdout/formats/parquet/parquet_codec_internal.h"
#include "holdout/formats/parquet/parquet_page_internal.h"
#include "holdout/formats/parquet/parquet_rle_writer_internal.h"
#include "models/common/memory.h"

enum {
    MOST_TEXTS = 256,
    MOST_LEVELS = 4 + 9 /* bytes: the length, and one run */
};

void fb_parquet_chunk_writer_clear(fb_parquet_chunk_writer *chunk)
{
    free(chunk->bytes);
    *chunk = (fb_parquet_chunk_writer){0};
}

void fb_parquet_chunk_writer_clear_workspace(fb_parquet_chunk_workspace *workspace)
{
    fb_parquet_dictionary_clear(&workspace->dictionary);
    fb_thrift_writer_clear(&workspace->header);
    free(workspace->page);
    free(workspace->stored);
    *workspace = (fb_parquet_chunk_workspace){0};
}

/* The format is little-endian. */
static void put32(uint32_t value, uint8_t *out)
{
    for (int k = 0; k < 4; k++) {
        out[k] = (uint8_t)(value >> 8 * k);
    }
}

static void put_all32(const uint32_t *value, size_t n, uint8_t *out)
{
    for (size_t i = 0; i < n; i++) {
        put32(value[i], out + 4 * i);
    }
}

static void put_floats(const float *value, size_t n, uint8_t *out)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = 0;
        memcpy(&bits, &value[i], sizeof bits);
        put32(bits, out + 4 * i);
    }
}

/* --- pages -------------------------------------------------------------------------------------------------------- */

/* PageHeader with the header of its kind, in workspace->header. */
static void make_header(fb_parquet_chunk_workspace *workspace, fb_parquet_page_kind kind, fb_parquet_encoding encoding,
                        size_t n_values, size_t expanded, size_t stored)
{
    fb_thrift_writer *header = &workspace->header;
    const uint32_t crc = fb_parquet_codec_crc(workspace->stored, stored);
    fb_thrift_writer_restart(header);
    fb_thrift_writer_integer(header, 1, FB_THRIFT_I32, kind);
    fb_thrift_writer_integer(header, 2, FB_THRIFT_I32, (int64_t)expanded);
    fb_thrift_writer_integer(header, 3, FB_THRIFT_I32, (int64_t)stored);
    fb_thrift_writer_integer(header, 4, FB_THRIFT_I32, (int32_t)crc);
    fb_thrift_writer_begin(header, kind == FB_PARQUET_DATA ? 5 : 7);
    fb_thrift_writer_integer(header, 1, FB_THRIFT_I32, (int64_t)n_values);
    fb_thrift_writer_integer(header, 2, FB_THRIFT_I32, encoding);
    if (kind == FB_PARQUET_DATA) {
        fb_thrift_writer_integer(header, 3, FB_THRIFT_I32, FB_PARQUET_RLE); /* of definition levels */
        fb_thrift_writer_integer(header, 4, FB_THRIFT_I32, FB_PARQUET_RLE); /* of repetition levels */
    }
    fb_thrift_writer_end(header);
    fb_thrift_writer_end(header);
}

/* Compresses the first `n` bytes of workspace->page and appends them, behind their header, to the chunk. */
static fb_status add_page(fb_parquet_chunk_writer *chunk, fb_parquet_chunk_workspace *workspace,
                          fb_parquet_page_kind kind, fb_parquet_encoding encoding, size_t n_values, size_t n,
                          fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_memory_grow(&workspace->stored, &workspace->stored_capacity, fb_parquet_codec_most(n), 1, error));
    const size_t stored = fb_parquet_codec_compress(workspace->page, n, workspace->stored);
    if (stored == 0) {
        return fb_fail(error, FB_ERROR_LIBRARY, "Snappy cannot compress a page of %zu bytes", n);
    }
    make_header(workspace, kind, encoding, n_values, n, stored);
    if (workspace->header.failed) {
        return fb_fail(error, FB_ERROR_MEMORY, "no memory for the header of a page");
    }
    const size_t head = workspace->header.n;
    FB_TRY(fb_memory_grow(&chunk->bytes, &chunk->capacity, chunk->n + head + stored, 1, error));
    memcpy(chunk->bytes + chunk->n, workspace->header.bytes, head);
    memcpy(chunk->bytes + chunk->n + head, workspace->stored, stored);
    chunk->n += head + stored;
    chunk->n_expanded += head + n;
cleanup:
    return status;
}

/* The definition levels of `n` values that are all there: one run, after its length.
 *  \return the bytes that were written, MOST_LEVELS at most */
static size_t put_levels(size_t n, uint8_t *out)
{
    const size_t length = fb_parquet_rle_writer_repeat(1, n, 1, out + 4);
    put32((uint32_t)length, out);
    return 4 + length;
}

static fb_status add_plain(fb_parquet_chunk_writer *chunk, fb_parquet_chunk_workspace *workspace, const float *value,
                           size_t n, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_memory_grow(&workspace->page, &workspace->page_capacity, MOST_LEVELS + 4 * n, 1, error));
    const size_t levels = put_levels(n, workspace->page);
    put_floats(value, n, workspace->page + levels);
    FB_TRY(add_page(chunk, workspace, FB_PARQUET_DATA, FB_PARQUET_PLAIN, n, levels + 4 * n, error));
cleanup:
    return status;
}

/* The data page of a column with a dictionary of `n_entries`. */
static fb_status add_codes(fb_parquet_chunk_writer *chunk, fb_parquet_chunk_workspace *workspace, size_t n_entries,
                           size_t n, fb_error *error)
{
    const int width = fb_parquet_rle_writer_width(n_entries);
    const size_t most = MOST_LEVELS + 1 + fb_parquet_rle_writer_most(n, width);
    fb_status status = FB_OK;
    FB_TRY(fb_memory_grow(&workspace->page, &workspace->page_capacity, most, 1, error));
    size_t used = put_levels(n, workspace->page);
    workspace->page[used++] = (uint8_t)width;
    used += fb_parquet_rle_writer_encode(workspace->dictionary.code, n, width, workspace->page + used);
    FB_TRY(add_page(chunk, workspace, FB_PARQUET_DATA, FB_PARQUET_RLE_DICTIONARY, n, used, error));
cleanup:
    return status;
}

static void restart(fb_parquet_chunk_writer *chunk)
{
    chunk->n = 0;
    chunk->n_expanded = 0;
    chunk->dictionary_size = 0;
}

/* --- columns ------------------------------------------------------------------------------------------------------ */

fb_status fb_parquet_chunk_writer_floats(fb_parquet_chunk_writer *chunk, fb_parquet_chunk_workspace *workspace,
                                         const float *value, size_t n, fb_error *error)
{
    fb_parquet_dictionary *dictionary = &workspace->dictionary;
    bool fits = false;
    fb_status status = FB_OK;
    restart(chunk);
    FB_TRY(fb_parquet_dictionary_number(dictionary, value, n, &fits, error));
    const uint64_t bits = 32 * (uint64_t)dictionary->n_entries +
                          (uint64_t)n * (unsigned)fb_parquet_rle_writer_width(fits ? dictionary->n_entries : 1);
    if (!fits || bits >= 32 * (uint64_t)n) {
        return add_plain(chunk, workspace, value, n, error);
    }
    const size_t size = 4 * dictionary->n_entries;
    FB_TRY(fb_memory_grow(&workspace->page, &workspace->page_capacity, size, 1, error));
    put_all32(dictionary->entry, dictionary->n_entries, workspace->page);
    FB_TRY(add_page(chunk, workspace, FB_PARQUET_DICTIONARY, FB_PARQUET_PLAIN, dictionary->n_entries, size, error));
    chunk->dictionary_size = chunk->n;
    FB_TRY(add_codes(chunk, workspace, dictionary->n_entries, n, error));
cleanup:
    return status;
}

fb_status fb_parquet_chunk_writer_integers(fb_parquet_chunk_writer *chunk, fb_parquet_chunk_workspace *workspace,
                                           const int64_t *value, size_t n, fb_error *error)
{
    fb_status status = FB_OK;
    restart(chunk);
    FB_TRY(fb_memory_grow(&workspace->page, &workspace->page_capacity, MOST_LEVELS + 8 * n, 1, error));
    const size_t levels = put_levels(n, workspace->page);
    for (size_t i = 0; i < n; i++) {
        const uint64_t bits = (uint64_t)value[i];
        put32((uint32_t)bits, workspace->page + levels + 8 * i);
        put32((uint32_t)(bits >> 32), workspace->page + levels + 8 * i + 4);
    }
    FB_TRY(add_page(chunk, workspace, FB_PARQUET_DATA, FB_PARQUET_PLAIN, n, levels + 8 * n, error));
cleanup:
    return status;
}

/* Puts the texts that occur, each after its length, in workspace->page, and the entry of each row in the codes.
 *  \param size  of what was put there, in bytes */
static fb_status number_texts(fb_parquet_chunk_workspace *workspace, const char *const *text, size_t n_texts,
                              const uint8_t *which, size_t n, size_t *n_entries, size_t *size, fb_error *error)
{
    fb_parquet_dictionary *dictionary = &workspace->dictionary;
    bool occurs[MOST_TEXTS] = {false};
    uint32_t entry[MOST_TEXTS] = {0};
    fb_status status = FB_OK;
    *n_entries = 0;
    *size = 0;
    FB_TRY(fb_memory_grow(&dictionary->code, &dictionary->code_capacity, n, sizeof *dictionary->code, error));
    for (size_t i = 0; i < n; i++) {
        occurs[which[i]] = true;
    }
    for (size_t k = 0; k < n_texts; k++) {
        const size_t length = strlen(text[k]);
        if (!occurs[k]) {
            continue;
        }
        FB_TRY(fb_memory_grow(&workspace->page, &workspace->page_capacity, *size + 4 + length, 1, error));
        put32((uint32_t)length, workspace->page + *size);
        memcpy(workspace->page + *size + 4, text[k], length);
        *size += 4 + length;
        entry[k] = (uint32_t)(*n_entries)++;
    }
    for (size_t i = 0; i < n; i++) {
        dictionary->code[i] = entry[which[i]];
    }
cleanup:
    return status;
}

fb_status fb_parquet_chunk_writer_texts(fb_parquet_chunk_writer *chunk, fb_parquet_chunk_workspace *workspace,
                                        const char *const *text, size_t n_texts, const uint8_t *which, size_t n,
                                        fb_error *error)
{
    size_t n_entries = 0, size = 0;
    fb_status status = FB_OK;
    restart(chunk);
    FB_TRY(number_texts(workspace, text, n_texts, which, n, &n_entries, &size, error));
    FB_TRY(add_page(chunk, workspace, FB_PARQUET_DICTIONARY, FB_PARQUET_PLAIN, n_entries, size, error));
    chunk->dictionary_size = chunk->n;
    FB_TRY(add_codes(chunk, workspace, n_entries, n, error));
cleanup:
    return status;
}

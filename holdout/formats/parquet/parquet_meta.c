#include "holdout/formats/parquet/parquet_meta_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "holdout/formats/parquet/thrift_internal.h"
#include "models/common/memory.h"

/* LogicalType: these three are older than the list, and ConvertedType has them under the same numbers: 5 to 8. */
enum { LOGICAL_DECIMAL = 5, LOGICAL_TIMESTAMP = 8 };

enum { REQUIRED = 0, OPTIONAL = 1, REPEATED = 2 };

static fb_status damaged(const fb_parquet_file *file, const char *what, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: damaged Parquet footer: %s", file->path, what);
}

fb_status fb_parquet_meta_read_at(const fb_parquet_file *file, uint64_t offset, void *bytes, size_t n, fb_error *error)
{
    if (offset > file->size || n > file->size - offset) {
        return fb_fail(error, FB_ERROR_DATA, "%s: %zu bytes at %" PRIu64 " lie beyond the end of the file", file->path,
                       n, offset);
    }
    for (size_t done = 0; done < n;) {
        ssize_t got = pread(file->descriptor, (uint8_t *)bytes + done, n - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", file->path,
                           got == 0 ? "it became shorter while it was read" : strerror(errno));
        }
        done += (size_t)got;
    }
    return FB_OK;
}

/* The footer while it is read. */
typedef struct footer {
    const fb_parquet_file *file;
    fb_thrift thrift;
    uint64_t begin; /* offset in the file */
    fb_parquet_meta *meta;
} footer;

/* --- the schema --------------------------------------------------------------------------------------------------- */

typedef struct element {
    fb_parquet_column column;
    uint64_t n_children, repetition;
    bool has_type;
} element;

/* LogicalType is a union: a structure with one field, whose number says which. */
static int read_logical_type(fb_thrift *thrift, fb_thrift_type type)
{
    fb_thrift_field field = {0};
    int which = 0;
    if (!fb_thrift_struct(thrift, type)) {
        return 0;
    }
    while (fb_thrift_next(thrift, &field)) {
        which = field.id;
        fb_thrift_skip(thrift, field.type);
    }
    return which;
}

static void read_element(fb_thrift *thrift, element *out)
{
    fb_thrift_field field = {0};
    uint64_t type = 0, meaning = 0;
    size_t length = 0;
    int logical = 0;
    *out = (element){.repetition = REQUIRED};
    const fb_thrift_slot slots[] = {{1, &type, INT32_MAX},
                                    {3, &out->repetition, REPEATED},
                                    {5, &out->n_children, INT32_MAX},
                                    {6, &meaning, INT32_MAX}};
    while (fb_thrift_next(thrift, &field)) {
        if (field.id == 4) {
            const char *name = (const char *)fb_thrift_binary(thrift, field.type, &length);
            size_t most = sizeof out->column.name - 1;
            memcpy(out->column.name, name, length < most ? length : most);
        } else if (field.id == 10) {
            logical = read_logical_type(thrift, field.type);
        } else {
            fb_thrift_take(thrift, &field, slots, sizeof slots / sizeof slots[0]);
        }
    }
    out->has_type = field.seen >> 1 & 1;
    out->column.type = (int)type;
    out->column.meaning = field.seen >> 6 & 1 ? (int)meaning : -1;
    if (out->column.meaning < 0 && logical >= LOGICAL_DECIMAL && logical <= LOGICAL_TIMESTAMP) {
        out->column.meaning = logical;
    }
    out->column.optional = out->repetition == OPTIONAL;
}

/* The first element is the root; in a flat schema all others are its children. */
static fb_status read_schema(footer *f, fb_thrift_type type, fb_error *error)
{
    fb_parquet_meta *meta = f->meta;
    size_t n = fb_thrift_list(&f->thrift, type, FB_THRIFT_STRUCT);
    element found;
    fb_status status = FB_OK;
    if (n < 2 || meta->n_columns > 0) {
        return damaged(f->file, "its schema has no columns", error);
    }
    read_element(&f->thrift, &found);
    for (size_t k = 0; k < n - 1 && !f->thrift.failed; k++) {
        FB_TRY(fb_memory_grow(&meta->column, &meta->column_capacity, k + 1, sizeof *meta->column, error));
        read_element(&f->thrift, &found);
        if (f->thrift.failed) {
            break;
        }
        if (found.n_children > 0 || found.repetition == REPEATED) {
            const bool is_struct = found.repetition != REPEATED && found.column.meaning < 0; /* no list, no map */
            return fb_parquet_support_refuse(error, f->file->path, found.column.name,
                                             is_struct ? FB_PARQUET_UNNEST : FB_PARQUET_EXCLUDE, "a nested column");
        }
        if (!found.has_type) {
            return damaged(f->file, "a column has no type", error);
        }
        meta->column[meta->n_columns++] = found.column;
    }
    return f->thrift.failed ? damaged(f->file, "its schema cannot be understood", error) : FB_OK;
cleanup:
    return status;
}

/* --- row groups --------------------------------------------------------------------------------------------------- */

typedef struct chunk_facts {
    fb_parquet_chunk chunk;
    uint64_t type, n_values, compressed_size, data_offset, dictionary_offset;
    bool encrypted, elsewhere, complete;
} chunk_facts;

static uint32_t read_encodings(fb_thrift *thrift, fb_thrift_type type)
{
    uint32_t encodings = 0;
    size_t n = fb_thrift_list(thrift, type, FB_THRIFT_I32);
    for (size_t i = 0; i < n && !thrift->failed; i++) {
        encodings |= UINT32_C(1) << fb_thrift_integer(thrift, FB_THRIFT_I32, 0, 31);
    }
    return encodings;
}

/* ColumnMetaData. */
static void read_chunk_facts(fb_thrift *thrift, chunk_facts *facts)
{
    const uint32_t needed = 1u << 1 | 1u << 4 | 1u << 5 | 1u << 7 | 1u << 9;
    uint64_t codec = 0;
    fb_thrift_field field = {0};
    const fb_thrift_slot slots[] = {{1, &facts->type, INT32_MAX},        {4, &codec, INT32_MAX},
                                    {5, &facts->n_values, INT64_MAX},    {7, &facts->compressed_size, INT64_MAX},
                                    {9, &facts->data_offset, INT64_MAX}, {11, &facts->dictionary_offset, INT64_MAX}};
    while (fb_thrift_next(thrift, &field)) {
        if (field.id == 2) {
            facts->chunk.encodings = read_encodings(thrift, field.type);
        } else {
            fb_thrift_take(thrift, &field, slots, sizeof slots / sizeof slots[0]);
        }
    }
    facts->chunk.codec = (int)codec;
    facts->complete = (field.seen & needed) == needed;
}

/* ColumnChunk. */
static void read_chunk(fb_thrift *thrift, chunk_facts *facts)
{
    fb_thrift_field field = {0};
    *facts = (chunk_facts){0};
    while (fb_thrift_next(thrift, &field)) {
        if (field.id == 3 && fb_thrift_struct(thrift, field.type)) {
            read_chunk_facts(thrift, facts);
        } else {
            fb_thrift_skip(thrift, field.type);
        }
    }
    facts->elsewhere = field.seen >> 1 & 1;
    facts->encrypted = (field.seen >> 8 & 3) != 0;
}

static fb_status check_chunk(const footer *f, const fb_parquet_column *column, chunk_facts *facts, fb_error *error)
{
    if (facts->encrypted || facts->elsewhere) {
        return fb_parquet_support_refuse(error, f->file->path, column->name, FB_PARQUET_ELSE, "%s",
                                         facts->encrypted ? "encryption" : "data in another file");
    }
    if (!facts->complete || facts->type != (uint64_t)column->type) {
        return fb_fail(error, FB_ERROR_DATA, "%s: column %s: damaged Parquet footer: a chunk contradicts the schema",
                       f->file->path, column->name);
    }
    uint64_t begin = facts->data_offset;
    if (facts->dictionary_offset > 0 && facts->dictionary_offset < begin) {
        begin = facts->dictionary_offset;
    }
    if (begin < FB_PARQUET_MAGIC_SIZE || begin > f->begin || facts->compressed_size > f->begin - begin) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: column %s: damaged Parquet footer: a chunk of %" PRIu64 " bytes at %" PRIu64
                       " is not inside the file",
                       f->file->path, column->name, facts->compressed_size, begin);
    }
    facts->chunk.begin = begin;
    facts->chunk.end = begin + facts->compressed_size;
    return FB_OK;
}

/* Reads the chunks of a group behind those of the groups before it. */
static fb_status read_chunks(footer *f, fb_thrift_type type, uint64_t *n_values, fb_error *error)
{
    fb_parquet_meta *meta = f->meta;
    size_t first = meta->n_groups * meta->n_columns; /* no overflow: as many are in memory */
    size_t n = fb_thrift_list(&f->thrift, type, FB_THRIFT_STRUCT);
    fb_status status = FB_OK;
    if (f->thrift.failed || n != meta->n_columns) {
        return damaged(f->file, "a row group has not the columns of the schema", error);
    }
    FB_TRY(fb_memory_grow(&meta->chunk, &meta->chunk_capacity, first + n, sizeof *meta->chunk, error));
    for (size_t k = 0; k < n; k++) {
        chunk_facts facts;
        read_chunk(&f->thrift, &facts);
        if (f->thrift.failed) {
            return damaged(f->file, "a row group cannot be understood", error);
        }
        FB_TRY(check_chunk(f, &meta->column[k], &facts, error));
        if (k > 0 && facts.n_values != *n_values) {
            return fb_fail(error, FB_ERROR_DATA,
                           "%s: column %s has %" PRIu64 " values in a row group, the column before it %" PRIu64,
                           f->file->path, meta->column[k].name, facts.n_values, *n_values);
        }
        *n_values = facts.n_values;
        meta->chunk[first + k] = facts.chunk;
    }
cleanup:
    return status;
}

static fb_status read_group(footer *f, fb_error *error)
{
    fb_parquet_meta *meta = f->meta;
    fb_thrift_field field = {0};
    uint64_t n_rows = 0, n_values = 0;
    const fb_thrift_slot slot = {3, &n_rows, INT64_MAX};
    const uint32_t needed = 1u << 1 | 1u << 3;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_grow(&meta->rows, &meta->rows_capacity, meta->n_groups + 1, sizeof *meta->rows, error));
    while (fb_thrift_next(&f->thrift, &field)) {
        if (field.id == 1) {
            FB_TRY(read_chunks(f, field.type, &n_values, error));
        } else {
            fb_thrift_take(&f->thrift, &field, &slot, 1);
        }
    }
    if (f->thrift.failed || (field.seen & needed) != needed || n_rows != n_values) {
        return damaged(f->file, "the rows of a row group are not as many as its values", error);
    }
    meta->rows[meta->n_groups++] = n_rows;
cleanup:
    return status;
}

static fb_status read_groups(footer *f, fb_thrift_type type, fb_error *error)
{
    size_t n = fb_thrift_list(&f->thrift, type, FB_THRIFT_STRUCT);
    fb_status status = FB_OK;
    if (f->meta->n_columns == 0 || f->meta->n_groups > 0) {
        return damaged(f->file, "its row groups are not where they belong", error);
    }
    for (size_t g = 0; g < n && status == FB_OK; g++) {
        status = read_group(f, error);
    }
    return status;
}

/* --- the footer --------------------------------------------------------------------------------------------------- */

static fb_status check_rows(const fb_parquet_file *file, const fb_parquet_meta *meta, fb_error *error)
{
    uint64_t sum = 0;
    for (size_t g = 0; g < meta->n_groups; g++) {
        if (meta->rows[g] > meta->n_rows - sum) {
            return damaged(file, "its row groups have more rows than the file", error);
        }
        sum += meta->rows[g];
    }
    if (sum != meta->n_rows) {
        return damaged(file, "its row groups have fewer rows than the file", error);
    }
    if (meta->n_rows / FB_PARQUET_MAX_ROWS_PER_BYTE > file->size) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: claims %" PRIu64 " rows in %" PRIu64 " bytes; at most %d a byte are "
                       "believed",
                       file->path, meta->n_rows, file->size, FB_PARQUET_MAX_ROWS_PER_BYTE);
    }
    return FB_OK;
}

/* FileMetaData. */
static fb_status parse_footer(footer *f, fb_error *error)
{
    const fb_thrift_slot slot = {3, &f->meta->n_rows, INT64_MAX};
    fb_thrift_field field = {0};
    fb_status status = FB_OK;
    while (fb_thrift_next(&f->thrift, &field)) {
        switch (field.id) {
        case 2:
            FB_TRY(read_schema(f, field.type, error));
            break;
        case 4:
            FB_TRY(read_groups(f, field.type, error));
            break;
        case 5:
            fb_parquet_notes_read(&f->thrift, field.type, &f->meta->notes);
            break;
        case 8:
            return fb_parquet_support_refuse(error, f->file->path, NULL, FB_PARQUET_ELSE, "encryption");
        default:
            fb_thrift_take(&f->thrift, &field, &slot, 1);
        }
    }
    if (f->thrift.failed || (field.seen >> 3 & 1) == 0 || f->meta->n_columns == 0) {
        return damaged(f->file, "it is incomplete", error);
    }
    status = check_rows(f->file, f->meta, error);
cleanup:
    return status;
}

/* The length of the footer, from the last eight bytes: length and magic number. */
static fb_status footer_size(const fb_parquet_file *file, size_t *n, fb_error *error)
{
    uint8_t head[4], tail[8];
    if (file->size < sizeof head + sizeof tail) {
        return fb_fail(error, FB_ERROR_DATA, "%s: is too short to be a Parquet file", file->path);
    }
    fb_status status = FB_OK;
    FB_TRY(fb_parquet_meta_read_at(file, 0, head, sizeof head, error));
    FB_TRY(fb_parquet_meta_read_at(file, file->size - sizeof tail, tail, sizeof tail, error));
    if (memcmp(tail + 4, "PARE", 4) == 0) {
        return fb_parquet_support_refuse(error, file->path, NULL, FB_PARQUET_ELSE, "encryption");
    }
    if (memcmp(head, "PAR1", 4) != 0 || memcmp(tail + 4, "PAR1", 4) != 0) {
        return fb_fail(error, FB_ERROR_DATA, "%s: is not a whole Parquet file: it does not begin and end with PAR1",
                       file->path);
    }
    *n = (size_t)tail[0] | (size_t)tail[1] << 8 | (size_t)tail[2] << 16 | (size_t)tail[3] << 24;
    if (*n > FB_PARQUET_MAX_FOOTER || *n > file->size - sizeof head - sizeof tail) {
        return fb_fail(error, FB_ERROR_DATA, "%s: a Parquet footer of %zu bytes does not fit in a file of %" PRIu64,
                       file->path, *n, file->size);
    }
cleanup:
    return status;
}

fb_status fb_parquet_meta_read(const fb_parquet_file *file, fb_parquet_meta *meta, fb_error *error)
{
    uint8_t *bytes = NULL;
    size_t n = 0;
    fb_status status = FB_OK;
    FB_TRY(footer_size(file, &n, error));
    FB_TRY(fb_memory_allocate(n, 1, &bytes, error));
    FB_TRY(fb_parquet_meta_read_at(file, file->size - 8 - n, bytes, n, error));
    footer f = {file, {.at = bytes, .end = bytes + n}, file->size - 2 * FB_PARQUET_MAGIC_SIZE - n, meta};
    FB_TRY(parse_footer(&f, error));
cleanup:
    free(bytes);
    return status;
}

void fb_parquet_meta_clear(fb_parquet_meta *meta)
{
    free(meta->column);
    free(meta->rows);
    free(meta->chunk);
    *meta = (fb_parquet_meta){0};
}

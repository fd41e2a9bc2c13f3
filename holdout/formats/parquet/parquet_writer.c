#include "holdout/formats/parquet/parquet_writer_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/formats/parquet/parquet_chunk_writer_internal.h"
#include "holdout/formats/parquet/parquet_meta_internal.h"
#include "models/common/memory.h"

/* Of FileMetaData; that of files with the encoding RLE_DICTIONARY. */
enum { FORMAT_VERSION = 2 };

enum { REQUIRED = 0, OPTIONAL = 1 };

/* ConvertedType and LogicalType of a text. */
enum { CONVERTED_UTF8 = 0, LOGICAL_STRING = 1 };

typedef struct column_writer {
    fb_parquet_writer_column column;
    void *rows; /* [group_rows] of the current group: float, int64_t, or uint8_t for texts */
    fb_parquet_chunk_writer chunk;
    fb_status status; /* columns are encoded in parallel */
    fb_error error;
} column_writer;

struct fb_parquet_writer {
    FILE *stream;
    const char *path;
    size_t n_columns;
    column_writer *column; /* [n_columns] */
    size_t group_rows;
    size_t n_waiting; /* rows of the current group */
    int n_threads;
    fb_parquet_chunk_workspace *workspace; /* [n_threads] */
    uint64_t offset;                       /* bytes that were written */
    uint64_t n_rows;                       /* in the groups that were written */
    size_t n_groups, n_notes;
    fb_thrift_writer groups, notes; /* elements of lists of RowGroup and of KeyValue, for the footer */
};

static bool is_text(const column_writer *column)
{
    return column->column.text != NULL;
}

static size_t width(const column_writer *column)
{
    return is_text(column) ? sizeof(uint8_t) : column->column.is_integer ? sizeof(int64_t) : sizeof(float);
}

static fb_parquet_type type_of(const column_writer *column)
{
    return is_text(column) ? FB_PARQUET_BYTE_ARRAY : column->column.is_integer ? FB_PARQUET_INT64 : FB_PARQUET_FLOAT;
}

static fb_status put(fb_parquet_writer *writer, const void *bytes, size_t n, fb_error *error)
{
    errno = 0;
    if (fwrite(bytes, 1, n, writer->stream) != n) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be written: %s", writer->path,
                       strerror(errno != 0 ? errno : EIO));
    }
    writer->offset += n;
    return FB_OK;
}

/* --- row groups --------------------------------------------------------------------------------------------------- */

static fb_status encode_column(fb_parquet_writer *writer, column_writer *column, fb_parquet_chunk_workspace *workspace)
{
    if (column->column.is_integer) {
        return fb_parquet_chunk_writer_integers(&column->chunk, workspace, column->rows, writer->n_waiting,
                                                &column->error);
    }
    return is_text(column)
               ? fb_parquet_chunk_writer_texts(&column->chunk, workspace, column->column.text, column->column.n_texts,
                                               column->rows, writer->n_waiting, &column->error)
               : fb_parquet_chunk_writer_floats(&column->chunk, workspace, column->rows, writer->n_waiting,
                                                &column->error);
}

static fb_status encode_columns(fb_parquet_writer *writer, fb_error *error)
{
/* Columns share nothing; which one's error is reported does not depend on threads. */
#pragma omp parallel for schedule(dynamic, 1) num_threads(writer->n_threads)
    for (size_t k = 0; k < writer->n_columns; k++) {
        column_writer *column = &writer->column[k];
        column->status = encode_column(writer, column, &writer->workspace[omp_get_thread_num()]);
    }
    for (size_t k = 0; k < writer->n_columns; k++) {
        const column_writer *column = &writer->column[k];
        if (column->status != FB_OK) {
            return fb_fail(error, column->status, "%s: column %s: %s", writer->path, column->column.name,
                           column->error.text);
        }
    }
    return FB_OK;
}

/* ColumnChunk with its ColumnMetaData. The first member is deprecated, but required: the format says 0. */
static void describe_chunk(fb_thrift_writer *thrift, const column_writer *column, uint64_t begin, size_t n_rows)
{
    const fb_parquet_chunk_writer *chunk = &column->chunk;
    const bool has_dictionary = chunk->dictionary_size > 0;
    fb_thrift_writer_begin(thrift, FB_THRIFT_WRITER_ELEMENT);
    fb_thrift_writer_integer(thrift, 2, FB_THRIFT_I64, 0);
    fb_thrift_writer_begin(thrift, 3);
    fb_thrift_writer_integer(thrift, 1, FB_THRIFT_I32, type_of(column));
    fb_thrift_writer_list(thrift, 2, FB_THRIFT_I32, has_dictionary ? 3 : 2);
    if (has_dictionary) {
        fb_thrift_writer_integer(thrift, FB_THRIFT_WRITER_ELEMENT, FB_THRIFT_I32, FB_PARQUET_RLE_DICTIONARY);
    }
    fb_thrift_writer_integer(thrift, FB_THRIFT_WRITER_ELEMENT, FB_THRIFT_I32, FB_PARQUET_PLAIN);
    fb_thrift_writer_integer(thrift, FB_THRIFT_WRITER_ELEMENT, FB_THRIFT_I32, FB_PARQUET_RLE); /* of the levels */
    fb_thrift_writer_list(thrift, 3, FB_THRIFT_BINARY, 1);
    fb_thrift_writer_text(thrift, FB_THRIFT_WRITER_ELEMENT, column->column.name);
    fb_thrift_writer_integer(thrift, 4, FB_THRIFT_I32, FB_PARQUET_SNAPPY);
    fb_thrift_writer_integer(thrift, 5, FB_THRIFT_I64, (int64_t)n_rows);
    fb_thrift_writer_integer(thrift, 6, FB_THRIFT_I64, (int64_t)chunk->n_expanded);
    fb_thrift_writer_integer(thrift, 7, FB_THRIFT_I64, (int64_t)chunk->n);
    fb_thrift_writer_integer(thrift, 9, FB_THRIFT_I64, (int64_t)(begin + chunk->dictionary_size));
    if (has_dictionary) {
        fb_thrift_writer_integer(thrift, 11, FB_THRIFT_I64, (int64_t)begin);
    }
    fb_thrift_writer_end(thrift);
    fb_thrift_writer_end(thrift);
}

/* RowGroup. */
static void describe_group(fb_parquet_writer *writer, uint64_t begin)
{
    fb_thrift_writer *thrift = &writer->groups;
    uint64_t n_expanded = 0, at = begin;
    fb_thrift_writer_begin(thrift, FB_THRIFT_WRITER_ELEMENT);
    fb_thrift_writer_list(thrift, 1, FB_THRIFT_STRUCT, writer->n_columns);
    for (size_t k = 0; k < writer->n_columns; k++) {
        describe_chunk(thrift, &writer->column[k], at, writer->n_waiting);
        at += writer->column[k].chunk.n;
        n_expanded += writer->column[k].chunk.n_expanded;
    }
    fb_thrift_writer_integer(thrift, 2, FB_THRIFT_I64, (int64_t)n_expanded);
    fb_thrift_writer_integer(thrift, 3, FB_THRIFT_I64, (int64_t)writer->n_waiting);
    fb_thrift_writer_integer(thrift, 5, FB_THRIFT_I64, (int64_t)begin);
    fb_thrift_writer_integer(thrift, 6, FB_THRIFT_I64, (int64_t)(at - begin));
    fb_thrift_writer_end(thrift);
}

static fb_status write_group(fb_parquet_writer *writer, fb_error *error)
{
    const uint64_t begin = writer->offset;
    fb_status status = FB_OK;
    if (writer->n_waiting == 0) {
        return FB_OK;
    }
    FB_TRY(encode_columns(writer, error));
    for (size_t k = 0; k < writer->n_columns; k++) {
        FB_TRY(put(writer, writer->column[k].chunk.bytes, writer->column[k].chunk.n, error));
    }
    describe_group(writer, begin);
    writer->n_groups++;
    writer->n_rows += writer->n_waiting;
    writer->n_waiting = 0;
cleanup:
    return status;
}

fb_status fb_parquet_writer_append(fb_parquet_writer *writer, size_t n, const void *const *column, fb_error *error)
{
    fb_status status = FB_OK;
    for (size_t done = 0; done < n;) {
        const size_t free_rows = writer->group_rows - writer->n_waiting;
        const size_t some = n - done < free_rows ? n - done : free_rows;
        for (size_t k = 0; k < writer->n_columns; k++) {
            const size_t size = width(&writer->column[k]);
            memcpy((char *)writer->column[k].rows + writer->n_waiting * size, (const char *)column[k] + done * size,
                   some * size);
        }
        writer->n_waiting += some;
        done += some;
        if (writer->n_waiting == writer->group_rows) {
            FB_TRY(write_group(writer, error));
        }
    }
cleanup:
    return status;
}

/* --- the footer --------------------------------------------------------------------------------------------------- */

fb_status fb_parquet_writer_note(fb_parquet_writer *writer, const char *key, const char *value, fb_error *error)
{
    fb_thrift_writer_begin(&writer->notes, FB_THRIFT_WRITER_ELEMENT);
    fb_thrift_writer_text(&writer->notes, 1, key);
    fb_thrift_writer_text(&writer->notes, 2, value);
    fb_thrift_writer_end(&writer->notes);
    writer->n_notes++;
    return writer->notes.failed ? fb_fail(error, FB_ERROR_MEMORY, "%s: no memory for its footer", writer->path) : FB_OK;
}

/* The elements of the schema: the root, then the columns. */
static void describe_schema(fb_thrift_writer *thrift, const fb_parquet_writer *writer)
{
    fb_thrift_writer_list(thrift, 2, FB_THRIFT_STRUCT, writer->n_columns + 1);
    fb_thrift_writer_begin(thrift, FB_THRIFT_WRITER_ELEMENT);
    fb_thrift_writer_integer(thrift, 3, FB_THRIFT_I32, REQUIRED);
    fb_thrift_writer_text(thrift, 4, "schema");
    fb_thrift_writer_integer(thrift, 5, FB_THRIFT_I32, (int64_t)writer->n_columns);
    fb_thrift_writer_end(thrift);
    for (size_t k = 0; k < writer->n_columns; k++) {
        const column_writer *column = &writer->column[k];
        fb_thrift_writer_begin(thrift, FB_THRIFT_WRITER_ELEMENT);
        fb_thrift_writer_integer(thrift, 1, FB_THRIFT_I32, type_of(column));
        fb_thrift_writer_integer(thrift, 3, FB_THRIFT_I32, OPTIONAL);
        fb_thrift_writer_text(thrift, 4, column->column.name);
        if (is_text(column)) {
            fb_thrift_writer_integer(thrift, 6, FB_THRIFT_I32, CONVERTED_UTF8);
            fb_thrift_writer_begin(thrift, 10);
            fb_thrift_writer_begin(thrift, LOGICAL_STRING);
            fb_thrift_writer_end(thrift);
            fb_thrift_writer_end(thrift);
        }
        fb_thrift_writer_end(thrift);
    }
}

/* FileMetaData. */
static void describe_file(fb_thrift_writer *thrift, const fb_parquet_writer *writer, const char *created_by)
{
    fb_thrift_writer_integer(thrift, 1, FB_THRIFT_I32, FORMAT_VERSION);
    describe_schema(thrift, writer);
    fb_thrift_writer_integer(thrift, 3, FB_THRIFT_I64, (int64_t)writer->n_rows);
    fb_thrift_writer_list(thrift, 4, FB_THRIFT_STRUCT, writer->n_groups);
    fb_thrift_writer_bytes(thrift, writer->groups.bytes, writer->groups.n);
    if (writer->n_notes > 0) {
        fb_thrift_writer_list(thrift, 5, FB_THRIFT_STRUCT, writer->n_notes);
        fb_thrift_writer_bytes(thrift, writer->notes.bytes, writer->notes.n);
    }
    fb_thrift_writer_text(thrift, 6, created_by);
    fb_thrift_writer_end(thrift);
}

fb_status fb_parquet_writer_finish(fb_parquet_writer *writer, const char *created_by, fb_error *error)
{
    fb_thrift_writer footer = {0};
    fb_status status = FB_OK;
    FB_TRY(write_group(writer, error));
    describe_file(&footer, writer, created_by);
    if (footer.failed || writer->groups.failed || writer->notes.failed) {
        status = fb_fail(error, FB_ERROR_MEMORY, "%s: no memory for its footer", writer->path);
        goto cleanup;
    }
    if (footer.n > FB_PARQUET_MAX_FOOTER) {
        status = fb_fail(error, FB_ERROR_FILE,
                         "%s: %" PRIu64 " rows need a footer of %zu bytes; at most %d are read: write fewer rows",
                         writer->path, writer->n_rows, footer.n, FB_PARQUET_MAX_FOOTER);
        goto cleanup;
    }
    const uint8_t size[4] = {(uint8_t)footer.n, (uint8_t)(footer.n >> 8), (uint8_t)(footer.n >> 16),
                             (uint8_t)(footer.n >> 24)};
    FB_TRY(put(writer, footer.bytes, footer.n, error));
    FB_TRY(put(writer, size, sizeof size, error));
    FB_TRY(put(writer, "PAR1", FB_PARQUET_MAGIC_SIZE, error));
cleanup:
    fb_thrift_writer_clear(&footer);
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

fb_status fb_parquet_writer_create(FILE *stream, const char *path, const fb_parquet_writer_column *column,
                                   size_t n_columns, size_t group_rows, fb_parquet_writer **out, fb_error *error)
{
    fb_parquet_writer *writer = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *writer, &writer, error));
    writer->stream = stream;
    writer->path = path;
    writer->group_rows = group_rows;
    writer->n_threads = omp_get_max_threads();
    FB_TRY(fb_memory_allocate(n_columns, sizeof *writer->column, &writer->column, error));
    FB_TRY(fb_memory_allocate((size_t)writer->n_threads, sizeof *writer->workspace, &writer->workspace, error));
    for (; writer->n_columns < n_columns; writer->n_columns++) {
        column_writer *one = &writer->column[writer->n_columns];
        one->column = column[writer->n_columns];
        FB_TRY(fb_memory_allocate(group_rows, width(one), &one->rows, error));
    }
    FB_TRY(put(writer, "PAR1", FB_PARQUET_MAGIC_SIZE, error));
    *out = writer;
    writer = NULL;
cleanup:
    fb_parquet_writer_free(writer);
    return status;
}

void fb_parquet_writer_free(fb_parquet_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    for (size_t k = 0; k < writer->n_columns; k++) {
        free(writer->column[k].rows);
        fb_parquet_chunk_writer_clear(&writer->column[k].chunk);
    }
    for (int k = 0; k < writer->n_threads && writer->workspace != NULL; k++) {
        fb_parquet_chunk_writer_clear_workspace(&writer->workspace[k]);
    }
    fb_thrift_writer_clear(&writer->groups);
    fb_thrift_writer_clear(&writer->notes);
    free(writer->workspace);
    free(writer->column);
    free(writer);
}

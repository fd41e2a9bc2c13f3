/* Events from Parquet files, as the data set is published: a flat table with the official column names. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "holdout/formats/formats_internal.h"
#include "holdout/formats/parquet/parquet_values_internal.h"
#include "models/common/memory.h"
#include "models/common/path.h"

/* Rows from which on it pays to read columns in parallel. */
enum { WORTH_THREADS = 1024 };

typedef struct parquet_reader {
    fb_parquet_file file;
    char *path;
    fb_parquet_meta meta;
    fb_fields fields;
    size_t column[FB_N_FIELDS]; /* of the file, for each field that was seen */
    fb_parquet_values values[FB_N_FIELDS];
    fb_error column_error[FB_N_FIELDS]; /* columns are read in parallel */
    float *label;                       /* [scratch_rows] */
    float *process;                     /* [scratch_rows] */
    size_t label_capacity, process_capacity;

    bool weights_only;  /* primary and derived columns are not read */
    bool keeps_derived; /* from the start of the current row group on */
    bool is_lost;       /* after an error the columns are no longer in the same row */
    size_t group;       /* current row group */
    uint64_t group_row; /* its first row in the file */
    uint64_t taken;     /* rows of it that were read */
} parquet_reader;

static void free_reader(void *state)
{
    parquet_reader *reader = state;
    for (int k = 0; k < FB_N_FIELDS; k++) {
        fb_parquet_values_clear(&reader->values[k]);
    }
    fb_parquet_meta_clear(&reader->meta);
    if (reader->file.descriptor >= 0) {
        close(reader->file.descriptor);
    }
    free(reader->label);
    free(reader->process);
    free(reader->path);
    free(reader);
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static fb_status open_file(parquet_reader *reader, fb_error *error)
{
    struct stat facts;
    fb_status status = FB_OK;
    reader->file.path = reader->path;
    FB_TRY(fb_path_check_ordinary(reader->path, error));
    reader->file.descriptor = open(reader->path, O_RDONLY | O_CLOEXEC);
    if (reader->file.descriptor < 0 || fstat(reader->file.descriptor, &facts) != 0) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", reader->path, strerror(errno));
    }
    reader->file.size = (uint64_t)facts.st_size;
cleanup:
    return status;
}

static fb_status find_columns(parquet_reader *reader, fb_error *error)
{
    fb_status status = FB_OK;
    reader->fields = (fb_fields){.path = reader->path, .where = "file"};
    for (size_t k = 0; k < reader->meta.n_columns; k++) {
        int field = FB_FIELD_IGNORED;
        FB_TRY(fb_fields_add(&reader->fields, reader->meta.column[k].name, &field, error));
        if (field != FB_FIELD_IGNORED) {
            reader->column[field] = k;
        }
    }
cleanup:
    return status;
}

static fb_status check_columns(parquet_reader *reader, fb_error *error)
{
    for (int field = 0; field < FB_N_FIELDS; field++) {
        if (!reader->fields.seen[field]) {
            continue;
        }
        const fb_parquet_column *column = &reader->meta.column[reader->column[field]];
        fb_status status = fb_parquet_support_check_column(&reader->file, &reader->meta, reader->column[field], error);
        if (status != FB_OK) {
            return status;
        }
        if ((column->type == FB_PARQUET_BYTE_ARRAY) != (field == FB_FIELD_PROCESS)) {
            return fb_fail(error, FB_ERROR_DATA, "%s: column %s: holds %s", reader->path, column->name,
                           field == FB_FIELD_PROCESS ? "numbers, where the names of processes are expected"
                                                     : "texts, where numbers are expected");
        }
        reader->values[field] = (fb_parquet_values){.pages = {.file = &reader->file, .column = column},
                                                    .number_text = fb_fields_find_process,
                                                    .texts_allowed = fb_fields_processes,
                                                    .missing_is_nan = fb_fields_is_derived(field)};
    }
    return FB_OK;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static fb_status rewind_reader(void *state, fb_error *error)
{
    (void)error;
    parquet_reader *reader = state;
    reader->is_lost = false;
    reader->group = 0;
    reader->group_row = 0;
    reader->taken = 0;
    return FB_OK;
}

static void read_weights_only(void *state, bool on)
{
    ((parquet_reader *)state)->weights_only = on;
}

static bool is_read(const parquet_reader *reader, int field)
{
    return reader->fields.seen[field] && (field >= FB_N_FEATURES || !reader->weights_only) &&
           (!fb_fields_is_derived(field) || reader->keeps_derived);
}

static void start_group(parquet_reader *reader, const fb_events *block)
{
    reader->keeps_derived = block->derived[0] != NULL;
    for (int field = 0; field < FB_N_FIELDS; field++) {
        if (is_read(reader, field)) {
            size_t at = reader->group * reader->meta.n_columns + reader->column[field];
            fb_parquet_values_start(&reader->values[field], &reader->meta.chunk[at], reader->group_row,
                                    reader->meta.rows[reader->group]);
        }
    }
}

/* Where the values of a field go. */
static float *destination(const parquet_reader *reader, const fb_events *block, int field)
{
    switch (field) {
    case FB_FIELD_WEIGHT:
        return block->weight;
    case FB_FIELD_PROCESS:
        return reader->process;
    case FB_FIELD_LABEL:
        return reader->label;
    default:
        return fb_fields_column(block, field);
    }
}

/* The next `n` rows of the current group to rows [first, first + n) of the block. */
static fb_status read_columns(parquet_reader *reader, fb_events *block, size_t first, size_t n, fb_error *error)
{
    fb_status status[FB_N_FIELDS] = {FB_OK};
/* Columns share nothing but the file; which one's error is reported does not depend on threads. */
#pragma omp parallel for schedule(dynamic, 1) if (n >= WORTH_THREADS)
    for (int field = 0; field < FB_N_FIELDS; field++) {
        if (is_read(reader, field)) {
            float *out = destination(reader, block, field) + first;
            status[field] = fb_parquet_values_read(&reader->values[field], out, n, &reader->column_error[field]);
        }
    }
    for (int field = 0; field < FB_N_FIELDS; field++) {
        if (status[field] != FB_OK) {
            return fb_fail(error, status[field], "%s", reader->column_error[field].text);
        }
    }
    return FB_OK;
}

static fb_status fill_block(parquet_reader *reader, fb_events *block, fb_error *error)
{
    fb_status status = FB_OK;
    if (reader->fields.seen[FB_FIELD_LABEL]) {
        FB_TRY(fb_memory_grow(&reader->label, &reader->label_capacity, block->capacity, sizeof(float), error));
    }
    if (reader->fields.seen[FB_FIELD_PROCESS]) {
        FB_TRY(fb_memory_grow(&reader->process, &reader->process_capacity, block->capacity, sizeof(float), error));
    }
    while (block->n < block->capacity && reader->group < reader->meta.n_groups) {
        uint64_t left = reader->meta.rows[reader->group] - reader->taken;
        if (left == 0) {
            reader->group_row += reader->meta.rows[reader->group++];
            reader->taken = 0;
            continue;
        }
        if (reader->taken == 0) {
            start_group(reader, block);
        }
        size_t room = block->capacity - block->n;
        size_t n = left < room ? (size_t)left : room;
        FB_TRY(read_columns(reader, block, block->n, n, error));
        reader->taken += n;
        block->n += n;
    }
    for (size_t i = 0; i < block->n && reader->fields.seen[FB_FIELD_PROCESS]; i++) {
        block->process[i] = (uint8_t)reader->process[i];
    }
    status =
        reader->fields.seen[FB_FIELD_LABEL] ? fb_fields_check_labels(reader->path, block, reader->label, error) : FB_OK;
cleanup:
    return status;
}

static fb_status read_rows(void *state, fb_events *block, fb_error *error)
{
    parquet_reader *reader = state;
    if (reader->is_lost) {
        return fb_fail(error, FB_ERROR_DATA, "%s: cannot be read on after an error", reader->path);
    }
    block->first_row = reader->group_row + reader->taken;
    fb_status status = fill_block(reader, block, error);
    if (status != FB_OK) {
        block->n = 0;
        reader->is_lost = true;
    }
    return status;
}

fb_status fb_events_parquet_open(const char *path, fb_source **out, fb_error *error)
{
    return fb_events_parquet_open_part(path, true, out, error);
}

fb_status fb_events_parquet_open_part(const char *path, bool warns, fb_source **out, fb_error *error)
{
    static const fb_source_methods methods = {read_rows, rewind_reader, free_reader, read_weights_only};
    parquet_reader *reader = NULL;
    fb_source_info info = {.stage = FB_EVENTS_UNKNOWN};
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(1, sizeof *reader, &reader, error));
    reader->file.descriptor = -1;
    reader->path = strdup(path);
    if (reader->path == NULL) {
        status = fb_fail(error, FB_ERROR_MEMORY, "%s: out of memory", path);
        goto cleanup;
    }
    FB_TRY(open_file(reader, error));
    FB_TRY(fb_parquet_meta_read(&reader->file, &reader->meta, error));
    FB_TRY(find_columns(reader, error));
    FB_TRY(check_columns(reader, error));
    FB_TRY(fb_fields_finish(&reader->fields, warns, error));
    info.n_rows = reader->meta.n_rows;
    info.has_weights = reader->fields.seen[FB_FIELD_WEIGHT];
    info.has_processes = reader->fields.seen[FB_FIELD_PROCESS];
    info.has_derived = fb_fields_have_derived(&reader->fields);
    snprintf(info.name, sizeof info.name, "%s", path);
    info.stage = fb_fields_find_stage(fb_parquet_notes_find(&reader->meta.notes, "stage"));
    snprintf(info.origin, sizeof info.origin, "%s", fb_parquet_notes_find(&reader->meta.notes, "origin"));
    snprintf(info.provenance, sizeof info.provenance, "%s", fb_parquet_notes_find(&reader->meta.notes, "provenance"));
    return fb_source_create(&methods, reader, &info, out, error);
cleanup:
    if (reader != NULL) {
        free_reader(reader);
    }
    return status;
}

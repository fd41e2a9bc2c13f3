/* Events as HDF5: one 1-D dataset /events/<official column name> per column. Files without a group of that name are
 * left to events_matrix.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/formats/formats_internal.h"
#include "models/common/build_info.h"
#include "models/common/h5.h"
#include "models/common/memory.h"

enum { SCHEMA_VERSION = 1, WEIGHTS = FB_N_FEATURES, LABELS, ROWS, N_COLUMNS };

static const char *process_names[FB_N_PROCESS];

static const char *const *names_of_processes(void)
{
    for (int k = 0; k < FB_N_PROCESS; k++) {
        process_names[k] = fb_process_name(k);
    }
    return process_names;
}

static void dataset_name(int column, char name[64])
{
    snprintf(name, 64, "/events/%s",
             column == WEIGHTS  ? "weights"
             : column == LABELS ? "detailed_labels"
             : column == ROWS   ? fb_fields_row
                                : fb_column_name(column));
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

typedef struct h5_reader {
    fb_h5 *file;
    fb_fields fields;
    fb_h5_column *column[FB_N_FIELDS]; /* NULL: not there */
    float *label;                      /* [label_capacity] */
    size_t label_capacity;
    uint64_t n_rows;
    uint64_t next;
    bool weights_only;
} h5_reader;

static void free_reader(void *state)
{
    h5_reader *reader = state;
    for (int k = 0; k < FB_N_FIELDS; k++) {
        fb_h5_column_free(reader->column[k]);
    }
    fb_h5_free(reader->file);
    free(reader->label);
    free(reader);
}

static fb_status meet_column(void *context, fb_h5 *file, const char *name, fb_error *error)
{
    int field = FB_FIELD_IGNORED;
    (void)file;
    return fb_fields_add(&((h5_reader *)context)->fields, name, &field, error);
}

static fb_status open_column(h5_reader *reader, int field, fb_error *error)
{
    char name[64];
    fb_h5_column **column = &reader->column[field];
    snprintf(name, sizeof name, "/events/%s", fb_fields_name(field));
    fb_status status = field == FB_FIELD_PROCESS
                           ? fb_h5_column_open(reader->file, name, names_of_processes(), FB_N_PROCESS, column, error)
                           : fb_h5_column_open(reader->file, name, NULL, 0, column, error);
    if (status != FB_OK) {
        return status;
    }
    uint64_t n_rows = fb_h5_column_rows(*column);
    if (field == 0) {
        reader->n_rows = n_rows;
    } else if (n_rows != reader->n_rows) {
        return fb_fail(error, FB_ERROR_DATA, "%s: dataset %s has %llu rows, %s has %llu", fb_h5_path(reader->file),
                       name, (unsigned long long)n_rows, fb_fields_name(0), (unsigned long long)reader->n_rows);
    }
    return FB_OK;
}

static fb_status open_columns(h5_reader *reader, fb_error *error)
{
    fb_status status = FB_OK;
    reader->fields = (fb_fields){.path = fb_h5_path(reader->file), .where = "group /events"};
    FB_TRY(fb_h5_object_each(reader->file, "/events", meet_column, reader, error));
    for (int field = 0; field < FB_N_FIELDS; field++) {
        FB_TRY(reader->fields.seen[field] ? open_column(reader, field, error) : FB_OK);
    }
    status = fb_fields_finish(&reader->fields, true, error);
cleanup:
    return status;
}

/* Where the values of a field go. */
static void *destination(const h5_reader *reader, const fb_events *block, int field)
{
    switch (field) {
    case FB_FIELD_WEIGHT:
        return block->weight;
    case FB_FIELD_PROCESS:
        return block->process;
    case FB_FIELD_LABEL:
        return reader->label;
    default:
        return fb_fields_column(block, field);
    }
}

/* Whether a field is read into such a block. */
static bool is_read(const h5_reader *reader, const fb_events *block, int field)
{
    const bool is_feature = field < FB_N_FEATURES;
    return reader->column[field] != NULL && !(is_feature && reader->weights_only) &&
           destination(reader, block, field) != NULL;
}

static fb_status read_rows(void *state, fb_events *block, fb_error *error)
{
    h5_reader *reader = state;
    uint64_t left = reader->n_rows - reader->next;
    size_t n = left < block->capacity ? (size_t)left : block->capacity;
    fb_status status = FB_OK;
    block->first_row = reader->next;
    if (reader->column[FB_FIELD_LABEL] != NULL) {
        FB_TRY(fb_memory_grow(&reader->label, &reader->label_capacity, n, sizeof(float), error));
    }
    for (int k = 0; k < FB_N_FIELDS; k++) {
        if (is_read(reader, block, k)) {
            FB_TRY(fb_h5_column_read(reader->column[k], reader->next, n, destination(reader, block, k), error));
        }
    }
    reader->next += n;
    block->n = n;
    if (reader->column[FB_FIELD_LABEL] != NULL) {
        status = fb_fields_check_labels(fb_h5_path(reader->file), block, reader->label, error);
    }
cleanup:
    return status;
}

static fb_status rewind_reader(void *state, fb_error *error)
{
    (void)error;
    ((h5_reader *)state)->next = 0;
    return FB_OK;
}

static void read_weights_only(void *state, bool on)
{
    ((h5_reader *)state)->weights_only = on;
}

static fb_status read_attributes(h5_reader *reader, fb_source_info *info, fb_error *error)
{
    fb_status status = FB_OK;
    int64_t version = SCHEMA_VERSION;
    char stage[32] = "unknown";
    const struct {
        const char *name;
        char *text;
        size_t size;
    } texts[] = {{"stage", stage, sizeof stage},
                 {"origin", info->origin, sizeof info->origin},
                 {"provenance", info->provenance, sizeof info->provenance}};
    if (fb_h5_has_attribute(reader->file, "/events", "schema_version")) {
        FB_TRY(fb_h5_get_integer(reader->file, "/events", "schema_version", &version, error));
    }
    if (version != SCHEMA_VERSION) {
        return fb_fail(error, FB_ERROR_DATA, "%s: schema_version is %lld, this program reads %d", info->name,
                       (long long)version, SCHEMA_VERSION);
    }
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        if (fb_h5_has_attribute(reader->file, "/events", texts[k].name)) {
            FB_TRY(fb_h5_get_text(reader->file, "/events", texts[k].name, texts[k].text, texts[k].size, error));
        }
    }
    info->stage = fb_fields_find_stage(stage);
cleanup:
    return status;
}

/* The source owns `file`, also on failure. */
static fb_status open_events(fb_h5 *file, fb_source **out, fb_error *error)
{
    static const fb_source_methods methods = {read_rows, rewind_reader, free_reader, read_weights_only};
    h5_reader *reader = NULL;
    fb_source_info info = {.stage = FB_EVENTS_UNKNOWN};
    fb_status status = fb_memory_allocate(1, sizeof *reader, &reader, error);
    if (status != FB_OK) {
        fb_h5_free(file);
        return status;
    }
    reader->file = file;
    snprintf(info.name, sizeof info.name, "%s", fb_h5_path(file));
    FB_TRY(open_columns(reader, error));
    FB_TRY(read_attributes(reader, &info, error));
    info.n_rows = reader->n_rows;
    info.has_weights = reader->fields.seen[FB_FIELD_WEIGHT];
    info.has_processes = reader->fields.seen[FB_FIELD_PROCESS];
    info.has_derived = fb_fields_have_derived(&reader->fields);
    return fb_source_create(&methods, reader, &info, out, error);
cleanup:
    free_reader(reader);
    return status;
}

fb_status fb_events_hdf5_open(const char *path, fb_source **out, fb_error *error)
{
    fb_h5 *file = NULL;
    *out = NULL;
    fb_status status = fb_h5_open(path, &file, error);
    if (status != FB_OK) {
        return status;
    }
    const bool is_group = fb_h5_object_look(file, "/events").is_group;
    status = is_group && !fb_h5_exists(file, "/events/PRI_lep_pt") ? fb_python_tables_refuse(file, error) : FB_OK;
    if (status != FB_OK) {
        fb_h5_free(file);
        return status;
    }
    return is_group ? open_events(file, out, error) : fb_events_matrix_open(file, out, error);
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

typedef struct h5_writer {
    fb_h5 *file;
    fb_h5_column *column[N_COLUMNS]; /* NULL: not written */
} h5_writer;

static void close_columns(h5_writer *writer)
{
    for (int k = 0; k < N_COLUMNS; k++) {
        fb_h5_column_free(writer->column[k]);
        writer->column[k] = NULL;
    }
}

static void free_writer(void *state)
{
    h5_writer *writer = state;
    close_columns(writer);
    fb_h5_free(writer->file);
    free(writer);
}

static fb_status write_rows(void *state, const fb_events *events, float *const *derived, const int64_t *row,
                            fb_error *error)
{
    h5_writer *writer = state;
    for (int k = 0; k < N_COLUMNS; k++) {
        const void *from = k == WEIGHTS  ? (const void *)events->weight
                           : k == LABELS ? (const void *)events->process
                                         : (const void *)row;
        if (k < FB_N_FEATURES) {
            from = k < FB_N_PRIMARY ? events->column[k] : derived != NULL ? derived[k - FB_N_PRIMARY] : NULL;
        }
        if (writer->column[k] != NULL) {
            fb_status status = fb_h5_column_append(writer->column[k], events->n, from, error);
            if (status != FB_OK) {
                return status;
            }
        }
    }
    return FB_OK;
}

static fb_status commit_writer(void *state, fb_error *error)
{
    h5_writer *writer = state;
    close_columns(writer);
    return fb_h5_commit(writer->file, error);
}

static fb_status create_column(h5_writer *writer, int k, int gzip, fb_error *error)
{
    char name[64];
    fb_status status = FB_OK;
    dataset_name(k, name);
    if (k == LABELS) {
        FB_TRY(fb_h5_column_create(writer->file, name, gzip, names_of_processes(), FB_N_PROCESS, &writer->column[k],
                                   error));
        return fb_h5_set_text(writer->file, name, "description", "process; htautau is the signal", error);
    }
    if (k == ROWS) {
        FB_TRY(fb_h5_column_create_integers(writer->file, name, gzip, &writer->column[k], error));
        return fb_h5_set_text(writer->file, name, "description", "number of the row in the file it is from", error);
    }
    FB_TRY(fb_h5_column_create(writer->file, name, gzip, NULL, 0, &writer->column[k], error));
    FB_TRY(fb_h5_set_text(writer->file, name, "units", k == WEIGHTS ? "events" : fb_column_unit(k), error));
    FB_TRY(fb_h5_set_text(writer->file, name, "description",
                          k == WEIGHTS ? "expected events at 10 fb^-1" : fb_column_description(k), error));
    if (k != WEIGHTS) {
        FB_TRY(fb_h5_set_number(writer->file, name, "missing_value", (double)FB_MISSING, error));
    }
cleanup:
    return status;
}

fb_status fb_events_hdf5_create(const char *path, const fb_sink_settings *settings, fb_sink **out, fb_error *error)
{
    static const fb_sink_methods methods = {write_rows, commit_writer, free_writer};
    h5_writer *writer = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(1, sizeof *writer, &writer, error));
    FB_TRY(fb_h5_create(path, &writer->file, error));
    FB_TRY(fb_h5_group(writer->file, "/events", error));
    FB_TRY(fb_h5_set_integer(writer->file, "/events", "schema_version", SCHEMA_VERSION, error));
    FB_TRY(fb_h5_set_text(writer->file, "/events", "stage", fb_fields_stage_name(settings->stage), error));
    FB_TRY(fb_h5_set_text(writer->file, "/events", "origin", settings->origin, error));
    FB_TRY(fb_h5_set_text(writer->file, "/events", "provenance", settings->provenance, error));
    FB_TRY(fb_h5_set_text(writer->file, "/events", "program_version", fb_build_info_version(), error));
    for (int k = 0; k < N_COLUMNS; k++) {
        const bool wanted = k < FB_N_PRIMARY    ? true
                            : k < FB_N_FEATURES ? settings->derived
                            : k == WEIGHTS      ? settings->weights
                            : k == LABELS       ? settings->processes
                                                : settings->rows;
        if (wanted) {
            FB_TRY(create_column(writer, k, settings->gzip, error));
        }
    }
    return fb_sink_create(&methods, writer, out, error);
cleanup:
    if (writer != NULL) {
        free_writer(writer);
    }
    return status;
}

/* Events as one matrix in an HDF5 file: a row per event, the 28 features in official order, weight, class id; data have
 * the features alone.
 *
 * People who train networks keep them so, in a dataset of any name. It is read only: columns by name say more. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/formats/formats_internal.h"
#include "models/common/log.h"
#include "models/common/memory.h"
#include "models/common/text.h"

enum { WEIGHT = FB_N_FEATURES, CLASS };
_Static_assert(FB_MATRIX_COLUMNS == 30, "what LAYOUT says");

#define LAYOUT                                                                                                         \
    "30 columns of floating-point numbers: the 28 features in official order, weight, class id 0 to 3 (or the 28 of "  \
    "data)"

typedef struct matrix_reader {
    fb_h5 *file;
    fb_h5_column *matrix;
    char *name; /* of the dataset */
    uint64_t n_rows;
    uint64_t next;
    uint64_t first; /* row of the file in row 0 of the buffer */
    size_t n_buffer;
    size_t width;  /* FB_MATRIX_COLUMNS, or FB_N_FEATURES of data */
    float *buffer; /* [FB_READ_ROWS][width] or less; rows [0, n_buffer) are filled */
} matrix_reader;

static void free_reader(void *state)
{
    matrix_reader *reader = state;
    fb_h5_column_free(reader->matrix);
    fb_h5_free(reader->file);
    free(reader->buffer);
    free(reader->name);
    free(reader);
}

/* --- finding the dataset ------------------------------------------------------------------------------------------ */

typedef struct search {
    char *fitting; /* the first 2-D dataset with the right number of columns */
    char *other;   /* the first 2-D dataset with another one */
    uint64_t other_columns;
    char beside[FB_FIELDS_SIZE]; /* names of datasets that are none of these */
} search;

static fb_status keep_name(char **to, const char *name, fb_error *error)
{
    *to = strdup(name);
    return *to != NULL ? FB_OK : fb_fail(error, FB_ERROR_MEMORY, "out of memory");
}

static fb_status consider(void *context, fb_h5 *file, const char *name, fb_error *error)
{
    search *found = context;
    const fb_h5_object object = fb_h5_object_look(file, name);
    if (!object.is_array || object.rank != 2 || (object.is_integer && found->fitting != NULL)) {
        if (object.is_array) {
            fb_text_append(found->beside, sizeof found->beside, ", ", "'%.40s'", name);
        }
        return FB_OK;
    }
    if (object.shape[1] != FB_MATRIX_COLUMNS && object.shape[1] != FB_N_FEATURES) {
        found->other_columns = found->other == NULL ? object.shape[1] : found->other_columns;
        return found->other == NULL ? keep_name(&found->other, name, error) : FB_OK;
    }
    if (found->fitting != NULL) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: datasets %s and %s both are matrices of events, with %d or %d columns; only one is allowed "
                       "in a file",
                       fb_h5_path(file), found->fitting, name, FB_MATRIX_COLUMNS, FB_N_FEATURES);
    }
    return keep_name(&found->fitting, name, error);
}

/* The name of the only candidate in the root, to be freed. */
static fb_status find_matrix(fb_h5 *file, char **name, fb_error *error)
{
    search found = {0};
    fb_status status = FB_OK;
    FB_TRY(fb_h5_object_each(file, "/", consider, &found, error));
    FB_TRY(found.fitting == NULL ? fb_python_tables_refuse(file, error) : FB_OK);
    if (found.fitting != NULL) {
        if (found.beside[0] != '\0') {
            fb_log(FB_LOG_WARNING, "%s: dataset %s is read, a matrix of " LAYOUT "; ignored: %s", fb_h5_path(file),
                   found.fitting, found.beside);
        }
        *name = found.fitting;
        found.fitting = NULL;
    } else if (found.other != NULL) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: dataset %s has %" PRIu64 " columns; a matrix of events has " LAYOUT,
                         fb_h5_path(file), found.other, found.other_columns);
    } else {
        status = fb_fail(error, FB_ERROR_DATA,
                         "%s: is not a file of events: it has no group /events, and no dataset of " LAYOUT,
                         fb_h5_path(file));
    }
cleanup:
    free(found.fitting);
    free(found.other);
    return status;
}

static fb_status check_type(const matrix_reader *reader, fb_error *error)
{
    const fb_h5_object object = fb_h5_object_look(reader->file, reader->name);
    if (object.is_float && (object.size == sizeof(float) || object.size == sizeof(double))) {
        return FB_OK;
    }
    return fb_fail(error, FB_ERROR_DATA, "%s: dataset %s holds %s of %zu bytes; allowed are float32 and float64",
                   fb_h5_path(reader->file), reader->name,
                   object.is_float     ? "floating-point numbers"
                   : object.is_integer ? "integers"
                                       : "elements that are not numbers",
                   object.size);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static const char *column_name(int k)
{
    return k == WEIGHT ? "weight" : k == CLASS ? "class id" : fb_column_name(k);
}

static fb_status bad_value(const matrix_reader *reader, uint64_t row, int k, float value, const char *allowed,
                           fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: dataset %s, row %" PRIu64 ", column %d (%s): %.9g is not %s",
                   fb_h5_path(reader->file), reader->name, row, k, column_name(k), (double)value, allowed);
}

/* One row of the matrix to row `i` of the block. */
static fb_status take_row(const matrix_reader *reader, const float *row, fb_events *block, size_t i, fb_error *error)
{
    const uint64_t number = block->first_row + i;
    for (int k = 0; k < FB_N_FEATURES; k++) {
        float *column = fb_fields_column(block, k);
        if (column == NULL) {
            break;
        }
        if (!isfinite(row[k]) && !fb_fields_is_derived(k)) {
            return bad_value(reader, number, k, row[k], "a finite number", error);
        }
        column[i] = row[k];
    }
    if (reader->width == FB_N_FEATURES) {
        return FB_OK;
    }
    if (!isfinite(row[WEIGHT])) {
        return bad_value(reader, number, WEIGHT, row[WEIGHT], "a finite number", error);
    }
    block->weight[i] = row[WEIGHT];
    for (int process = 0; process < FB_N_PROCESS; process++) {
        if (row[CLASS] == (float)process) {
            block->process[i] = (uint8_t)process;
            return FB_OK;
        }
    }
    return bad_value(reader, number, CLASS, row[CLASS], "0 (htautau), 1 (ztautau), 2 (ttbar) or 3 (diboson)", error);
}

static fb_status fill_buffer(matrix_reader *reader, fb_error *error)
{
    uint64_t left = reader->n_rows - reader->next;
    size_t n = left < FB_READ_ROWS ? (size_t)left : FB_READ_ROWS;
    reader->n_buffer = 0;
    fb_status status = fb_h5_column_read(reader->matrix, reader->next, n, reader->buffer, error);
    if (status == FB_OK) {
        reader->first = reader->next;
        reader->n_buffer = n;
    }
    return status;
}

static fb_status read_rows(void *state, fb_events *block, fb_error *error)
{
    matrix_reader *reader = state;
    size_t n = 0;
    fb_status status = FB_OK;
    block->first_row = reader->next;
    for (; n < block->capacity && reader->next < reader->n_rows; n++, reader->next++) {
        if (reader->next - reader->first >= reader->n_buffer) {
            FB_TRY(fill_buffer(reader, error));
        }
        FB_TRY(take_row(reader, reader->buffer + (reader->next - reader->first) * reader->width, block, n, error));
    }
    block->n = n;
cleanup:
    return status;
}

static fb_status rewind_reader(void *state, fb_error *error)
{
    (void)error;
    matrix_reader *reader = state;
    reader->next = reader->first = 0;
    reader->n_buffer = 0;
    return FB_OK;
}

fb_status fb_events_matrix_open(fb_h5 *file, fb_source **out, fb_error *error)
{
    static const fb_source_methods methods = {.read = read_rows, .rewind = rewind_reader, .free = free_reader};
    matrix_reader *reader = NULL;
    fb_source_info info = {.stage = FB_EVENTS_UNKNOWN};
    fb_status status = fb_memory_allocate(1, sizeof *reader, &reader, error);
    if (status != FB_OK) {
        fb_h5_free(file);
        return status;
    }
    reader->file = file;
    FB_TRY(find_matrix(file, &reader->name, error));
    FB_TRY(check_type(reader, error));
    FB_TRY(fb_h5_column_open_matrix(file, reader->name, &reader->width, &reader->matrix, error));
    info.has_weights = info.has_processes = reader->width == FB_MATRIX_COLUMNS;
    info.has_derived = true;
    info.n_rows = reader->n_rows = fb_h5_column_rows(reader->matrix);
    FB_TRY(fb_memory_allocate((info.n_rows < FB_READ_ROWS ? (size_t)info.n_rows : FB_READ_ROWS) * reader->width,
                              sizeof(float), &reader->buffer, error));
    snprintf(info.name, sizeof info.name, "%s", fb_h5_path(file));
    return fb_source_create(&methods, reader, &info, out, error);
cleanup:
    free_reader(reader);
    return status;
}

/* Events as comma-separated text with the official header. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "holdout/formats/formats_internal.h"
#include "models/common/c_locale.h"
#include "models/common/memory.h"
#include "models/common/output.h"
#include "models/common/text.h"

enum { MAX_FIELDS = 256 };

typedef struct csv_reader {
    FILE *stream;
    char *path;
    char *line;
    size_t line_size;
    uint64_t row; /* of the next event, from 0; its line in the file is row + 2 when there are no blank lines */
    int n_fields;
    int field[MAX_FIELDS];
    char name[MAX_FIELDS][48]; /* longer than any that is known */
    bool seen[FB_N_FIELDS];
} csv_reader;

static void free_reader(void *state)
{
    csv_reader *reader = state;
    if (reader->stream != NULL) {
        fclose(reader->stream);
    }
    free(reader->path);
    free(reader->line);
    free(reader);
}

/* The next line without its end; `*length` < 0 at the end of the file. */
static fb_status next_line(csv_reader *reader, ssize_t *length, fb_error *error)
{
    errno = 0;
    *length = getline(&reader->line, &reader->line_size, reader->stream);
    if (*length < 0) {
        return ferror(reader->stream)
                   ? fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", reader->path, strerror(errno))
                   : FB_OK;
    }
    if (memchr(reader->line, '\0', (size_t)*length) != NULL) {
        return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ": holds a zero byte, so it is not text", reader->path,
                       reader->row);
    }
    while (*length > 0 && (reader->line[*length - 1] == '\n' || reader->line[*length - 1] == '\r')) {
        reader->line[--*length] = '\0';
    }
    return FB_OK;
}

/* Cuts the header, in the line, into names. */
static fb_status split_header(csv_reader *reader, fb_error *error)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf"; /* as Excel writes it */
    char *at = reader->line;
    if (strncmp(at, byte_order_mark, sizeof byte_order_mark - 1) == 0) {
        at += sizeof byte_order_mark - 1;
    }
    for (; at != NULL; reader->n_fields++) {
        char *name = strsep(&at, ",");
        if (reader->n_fields == MAX_FIELDS) {
            return fb_fail(error, FB_ERROR_DATA, "%s: the header has more than %d columns", reader->path, MAX_FIELDS);
        }
        snprintf(reader->name[reader->n_fields], sizeof reader->name[0], "%s", name);
    }
    return FB_OK;
}

/* Whether a column name is one of the HiggsML challenge of 2014 (Kaggle, CERN Open Data) and none of ours: a table of
 * another year, with other weights and without the processes of its backgrounds. */
static bool is_of_2014(const char *name)
{
    static const char *const names[] = {"EventId",       "PRI_tau_pt", "PRI_tau_eta", "PRI_tau_phi", "PRI_jet_num",
                                        "PRI_met_sumet", "Weight",     "Label",       "KaggleSet",   "KaggleWeight"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        if (strcmp(name, names[k]) == 0) {
            return true;
        }
    }
    return false;
}

static fb_status find_fields(csv_reader *reader, fb_error *error)
{
    for (int k = 0; k < reader->n_fields; k++) {
        const int field = fb_fields_find(reader->name[k]);
        if (field < 0 && is_of_2014(reader->name[k])) {
            return fb_fail(error, FB_ERROR_DATA,
                           "%s: column %d of the header, '%s', is one of the HiggsML challenge of 2014: those events "
                           "have other weights and no processes, so nothing can be measured with them; expected are "
                           "the official columns (PRI_..., DER_..., weights, labels, detailed_labels)",
                           reader->path, k + 1, reader->name[k]);
        }
        if (field < 0) {
            return fb_fail(error, FB_ERROR_DATA,
                           "%s: column %d of the header, '%.40s', is none of the official columns (PRI_..., DER_..., "
                           "weights, labels, detailed_labels)",
                           reader->path, k + 1, reader->name[k]);
        }
        if (field < FB_N_FIELDS && reader->seen[field]) {
            return fb_fail(error, FB_ERROR_DATA, "%s: column %s appears twice in the header", reader->path,
                           reader->name[k]);
        }
        if (field < FB_N_FIELDS) {
            reader->seen[field] = true;
        }
        reader->field[k] = field;
    }
    return FB_OK;
}

static fb_status read_header(csv_reader *reader, fb_error *error)
{
    ssize_t length = 0;
    fb_status status = FB_OK;
    FB_TRY(next_line(reader, &length, error));
    if (length < 0) {
        return fb_fail(error, FB_ERROR_DATA, "%s: is empty; a header line with the column names is expected",
                       reader->path);
    }
    FB_TRY(split_header(reader, error));
    FB_TRY(find_fields(reader, error));
    FB_TRY(fb_fields_check(reader->seen, reader->path, "header", error));
cleanup:
    return status;
}

static fb_status bad_field(const csv_reader *reader, int k, const char *value, const char *allowed, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ", column %s: '%.60s' is not %s", reader->path, reader->row,
                   reader->name[k], value, allowed);
}

static fb_status parse_number(const csv_reader *reader, int k, const char *value, float *out, fb_error *error)
{
    char *end = NULL;
    *out = fb_c_locale_strtof(value, &end);
    if (end == value || *end != '\0' || !isfinite(*out)) {
        return bad_field(reader, k, value, "a finite number", error);
    }
    return FB_OK;
}

/* The label of a row, 1 for the signal. */
static fb_status parse_label(const csv_reader *reader, int k, const char *value, int *label, fb_error *error)
{
    float number = -1.0f;
    fb_status status = parse_number(reader, k, value, &number, error);
    if (status == FB_OK && number != 0.0f && number != 1.0f) {
        return bad_field(reader, k, value, "0 or 1", error);
    }
    *label = (int)number;
    return status;
}

static fb_status parse_field(const csv_reader *reader, int k, const char *value, fb_events *events, size_t i,
                             int *label, fb_error *error)
{
    int field = reader->field[k];
    fb_status status = FB_OK;
    if (field < FB_N_PRIMARY) {
        FB_TRY(parse_number(reader, k, value, &events->column[field][i], error));
    } else if (field == FB_FIELD_WEIGHT) {
        FB_TRY(parse_number(reader, k, value, &events->weight[i], error));
    } else if (field == FB_FIELD_PROCESS) {
        int process = fb_process_find(value);
        if (process < 0) {
            return bad_field(reader, k, value, "htautau, ztautau, ttbar or diboson", error);
        }
        events->process[i] = (uint8_t)process;
    } else if (field == FB_FIELD_LABEL) {
        FB_TRY(parse_label(reader, k, value, label, error));
    }
cleanup:
    return status;
}

static fb_status parse_row(csv_reader *reader, fb_events *events, size_t i, fb_error *error)
{
    int label = -1;
    int k = 0;
    for (char *at = reader->line; at != NULL; k++) {
        char *value = strsep(&at, ",");
        if (k >= reader->n_fields) {
            return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ": has more than the %d fields of the header",
                           reader->path, reader->row, reader->n_fields);
        }
        fb_status status = parse_field(reader, k, value, events, i, &label, error);
        if (status != FB_OK) {
            return status;
        }
    }
    if (k < reader->n_fields) {
        return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ": has %d fields, the header has %d", reader->path,
                       reader->row, k, reader->n_fields);
    }
    if (reader->seen[FB_FIELD_LABEL] && label != fb_process_label(events->process[i])) {
        return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ", column labels: %d contradicts detailed_labels '%s'",
                       reader->path, reader->row, label, fb_process_name(events->process[i]));
    }
    return FB_OK;
}

static fb_status read_rows(void *state, fb_events *block, fb_error *error)
{
    csv_reader *reader = state;
    block->first_row = reader->row;
    while (block->n < block->capacity) {
        ssize_t length = 0;
        fb_status status = next_line(reader, &length, error);
        if (status != FB_OK || length < 0) {
            return status;
        }
        if (length == 0) {
            continue;
        }
        status = parse_row(reader, block, block->n, error);
        if (status != FB_OK) {
            return status;
        }
        block->n++;
        reader->row++;
    }
    return FB_OK;
}

static fb_status rewind_reader(void *state, fb_error *error)
{
    csv_reader *reader = state;
    ssize_t length = 0;
    if (fseek(reader->stream, 0, SEEK_SET) != 0) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read again: %s", reader->path, strerror(errno));
    }
    reader->row = 0;
    return next_line(reader, &length, error);
}

fb_status fb_events_csv_open(const char *path, fb_source **out, fb_error *error)
{
    static const fb_source_methods methods = {.read = read_rows, .rewind = rewind_reader, .free = free_reader};
    csv_reader *reader = NULL;
    struct stat facts;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(1, sizeof *reader, &reader, error));
    reader->path = strdup(path);
    if (reader->path == NULL) {
        status = fb_fail(error, FB_ERROR_MEMORY, "%s: out of memory", path);
        goto cleanup;
    }
    reader->stream = fopen(path, "r");
    if (reader->stream == NULL || fstat(fileno(reader->stream), &facts) != 0 || S_ISDIR(facts.st_mode)) {
        status = fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path,
                         reader->stream != NULL ? "it is a folder" : strerror(errno));
        goto cleanup;
    }
    FB_TRY(read_header(reader, error));
    fb_source_info info = {.n_rows = FB_ROWS_UNKNOWN,
                           .has_weights = reader->seen[FB_FIELD_WEIGHT],
                           .has_processes = reader->seen[FB_FIELD_PROCESS],
                           .stage = FB_EVENTS_UNKNOWN};
    snprintf(info.name, sizeof info.name, "%s", path);
    return fb_source_create(&methods, reader, &info, out, error);
cleanup:
    if (reader != NULL) {
        free_reader(reader);
    }
    return status;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

typedef struct csv_writer {
    fb_output *output;
    fb_sink_settings settings; /* of which the texts are not used */
} csv_writer;

static fb_status write_rows(void *state, const fb_events *events, float *const *derived, fb_error *error)
{
    csv_writer *writer = state;
    FILE *stream = fb_output_stream(writer->output);
    char number[FB_NUMBER_SIZE];
    for (size_t i = 0; i < events->n; i++) {
        for (int k = 0; k < FB_N_PRIMARY; k++) {
            fprintf(stream, "%s%s", k > 0 ? "," : "", fb_text_of_float(events->column[k][i], number));
        }
        for (int k = 0; writer->settings.derived && k < FB_N_DERIVED; k++) {
            fprintf(stream, ",%s", fb_text_of_float(derived[k][i], number));
        }
        if (writer->settings.weights) {
            fprintf(stream, ",%s", fb_text_of_float(events->weight[i], number));
        }
        if (writer->settings.processes) {
            fprintf(stream, ",%s,%d", fb_process_name(events->process[i]), fb_process_label(events->process[i]));
        }
        fputc('\n', stream);
    }
    return ferror(stream) ? fb_fail(error, FB_ERROR_FILE, "%s: cannot be written: %s", fb_output_path(writer->output),
                                    strerror(errno))
                          : FB_OK;
}

static fb_status commit_csv(void *state, fb_error *error)
{
    return fb_output_commit(((csv_writer *)state)->output, error);
}

static void free_csv(void *state)
{
    fb_output_free(((csv_writer *)state)->output);
    free(state);
}

static void write_header(csv_writer *writer)
{
    FILE *stream = fb_output_stream(writer->output);
    for (int k = 0; k < (writer->settings.derived ? FB_N_FEATURES : FB_N_PRIMARY); k++) {
        fprintf(stream, "%s%s", k > 0 ? "," : "", fb_column_name(k));
    }
    fprintf(stream, "%s%s\n", writer->settings.weights ? ",weights" : "",
            writer->settings.processes ? ",detailed_labels,labels" : "");
}

fb_status fb_events_csv_create(const char *path, const fb_sink_settings *settings, fb_sink **out, fb_error *error)
{
    static const fb_sink_methods methods = {write_rows, commit_csv, free_csv};
    csv_writer *writer = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(1, sizeof *writer, &writer, error));
    FB_TRY(fb_output_create(path, &writer->output, error));
    writer->settings = *settings;
    write_header(writer);
    return fb_sink_create(&methods, writer, out, error);
cleanup:
    free(writer);
    return status;
}

/* Events as comma-separated text with the official header. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "holdout/formats/csv_records_internal.h"
#include "holdout/formats/formats_internal.h"
#include "models/common/advice.h"
#include "models/common/c_locale.h"
#include "models/common/log.h"
#include "models/common/memory.h"
#include "models/common/output.h"
#include "models/common/text.h"

enum { MAX_FIELDS = 256 };

typedef struct csv_reader {
    fb_csv_records records;
    uint64_t row; /* of the next event, from 0; its line in the file is row + 2 when every record is a line */
    bool has_warned_of_cut;
    int n_fields;
    int field[MAX_FIELDS];
    char name[MAX_FIELDS][48]; /* longer than any that is known */
    fb_fields fields;
    float *label; /* [label_capacity] */
    size_t label_capacity;
} csv_reader;

static void free_reader(void *state)
{
    csv_reader *reader = state;
    fb_csv_records_close(&reader->records);
    free(reader->label);
    free(reader);
}

static fb_status bad_quotes(const csv_reader *reader, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ": there is text behind the closing quote of a field",
                   reader->records.path, reader->row);
}

/* What of a header is of another kind of table than one with commas and lines. */
static fb_status check_header(const csv_reader *reader, fb_error *error)
{
    const char *path = reader->records.path, *line = reader->records.at;
    const char *separator = strpbrk(line, ";\t| ");
    if (strchr(line, '\r') != NULL) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: its lines end with CR alone; LF or CR LF is expected: tr '\\r' '\\n' <IN >OUT", path);
    }
    if (separator != NULL && strchr(line, ',') == NULL && strstr(line, "PRI_") != NULL) {
        char what[64], program[128];
        const char *shown = *separator == '\t' ? "\\t" : (char[]){*separator, '\0'};
        snprintf(what, sizeof what, "its columns are separated by '%s', a comma is expected", shown);
        snprintf(program, sizeof program,
                 "pandas; pandas.read_csv(sys.argv[1], sep='%s').to_csv('converted.csv', index=False)", shown);
        return fb_advice_python(error, what, program, path, NULL);
    }
    return FB_OK;
}

/* Takes the names of the columns from the header. */
static fb_status take_header(csv_reader *reader, fb_error *error)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf"; /* as Excel writes it */
    if (strncmp(reader->records.at, byte_order_mark, sizeof byte_order_mark - 1) == 0) {
        reader->records.at += sizeof byte_order_mark - 1;
    }
    for (int k = 0; reader->records.at != NULL; k++) {
        const char *name = fb_csv_records_field(&reader->records);
        if (name == NULL) {
            return bad_quotes(reader, error);
        }
        if (k == MAX_FIELDS) {
            return fb_fail(error, FB_ERROR_DATA, "%s: the header has more than %d columns", reader->records.path,
                           MAX_FIELDS);
        }
        snprintf(reader->name[k], sizeof reader->name[k], "%s", name);
        fb_status status = fb_fields_add(&reader->fields, reader->name[k], &reader->field[k], error);
        if (status != FB_OK) {
            return status;
        }
        reader->n_fields = k + 1;
    }
    return FB_OK;
}

static fb_status read_header(csv_reader *reader, fb_error *error)
{
    bool found = false;
    fb_status status = FB_OK;
    reader->fields = (fb_fields){.path = reader->records.path, .where = "header"};
    FB_TRY(fb_csv_records_next(&reader->records, 0, &found, error));
    if (!found) {
        return fb_fail(error, FB_ERROR_DATA, "%s: is empty; a header line with the column names is expected",
                       reader->records.path);
    }
    FB_TRY(check_header(reader, error));
    FB_TRY(take_header(reader, error));
    status = fb_fields_finish(&reader->fields, true, error);
cleanup:
    return status;
}

static fb_status bad_field(const csv_reader *reader, int k, const char *value, const char *allowed, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ", column %s: '%.60s' is not %s", reader->records.path,
                   reader->row, reader->name[k], value, allowed);
}

/* Whether `text` is a number of up to seven digits without an exponent, as nearly all are, which is `*out` then. Both
 * the digits and the power of ten are exact in float32, so their quotient has the bits that strtof finds. */
static bool is_short_number(const char *text, float *out)
{
    static const float power[] = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f};
    const bool is_negative = *text == '-';
    int n = 0, n_decimals = 0, digits = 0;
    text += is_negative;
    for (bool behind_point = false; *text != '\0'; text++) {
        if (*text == '.' && !behind_point && n > 0) {
            behind_point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || n == 7) {
            return false;
        }
        digits = 10 * digits + (*text - '0');
        n++;
        n_decimals += behind_point;
    }
    const float value = (float)digits / power[n_decimals];
    *out = is_negative ? -value : value;
    return n > 0;
}

static fb_status parse_number(const csv_reader *reader, int k, const char *value, float *out, fb_error *error)
{
    char *end = NULL;
    if (is_short_number(value, out)) {
        return FB_OK;
    }
    *out = fb_c_locale_strtof(value, &end);
    if (end == value || *end != '\0' || !isfinite(*out)) {
        return bad_field(reader, k, value, "a finite number", error);
    }
    return FB_OK;
}

/* A derived column, where a value may be missing; pandas writes that as nothing, R as NA. */
static fb_status parse_derived(const csv_reader *reader, int k, const char *value, float *out, fb_error *error)
{
    char *end = NULL;
    if (value[0] == '\0' || strcmp(value, "NA") == 0) {
        *out = NAN;
        return FB_OK;
    }
    *out = fb_c_locale_strtof(value, &end);
    return *end == '\0' ? FB_OK : bad_field(reader, k, value, "a number", error);
}

/* 1 for the signal; programs that know truth values write them as a word. */
static fb_status parse_label(const csv_reader *reader, int k, const char *value, float *out, fb_error *error)
{
    const bool is_true = strcasecmp(value, "true") == 0;
    if (is_true || strcasecmp(value, "false") == 0) {
        *out = is_true;
        return FB_OK;
    }
    return parse_number(reader, k, value, out, error);
}

static fb_status parse_field(csv_reader *reader, int k, const char *value, fb_events *events, size_t i, fb_error *error)
{
    int field = reader->field[k], process = 0;
    if (field < FB_N_PRIMARY) {
        return parse_number(reader, k, value, &events->column[field][i], error);
    }
    if (fb_fields_is_derived(field)) {
        float *column = fb_fields_column(events, field);
        return column != NULL ? parse_derived(reader, k, value, &column[i], error) : FB_OK;
    }
    switch (field) {
    case FB_FIELD_WEIGHT:
        return parse_number(reader, k, value, &events->weight[i], error);
    case FB_FIELD_LABEL:
        return parse_label(reader, k, value, &reader->label[i], error);
    case FB_FIELD_PROCESS:
        process = fb_fields_find_process(value, strlen(value));
        events->process[i] = (uint8_t)process;
        return process >= 0 ? FB_OK
                            : fb_fields_bad_process(reader->records.path, reader->row, value, strlen(value), error);
    default:
        return FB_OK;
    }
}

static fb_status bad_length(const csv_reader *reader, int n, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ": has %d fields, the header has %d%s",
                   reader->records.path, reader->row, n, reader->n_fields,
                   reader->row == 0 && n == reader->n_fields + 1
                       ? "; R writes so without row.names = FALSE (or col.names = NA)"
                       : "");
}

/* Fields that are one too many or too few make others look wrong, so they are named first. */
static fb_status parse_row(csv_reader *reader, fb_events *events, size_t i, fb_error *error)
{
    fb_error first = {0};
    fb_status status = FB_OK;
    int k = 0;
    for (; reader->records.at != NULL; k++) {
        const char *value = fb_csv_records_field(&reader->records);
        if (value == NULL) {
            return bad_quotes(reader, error);
        }
        if (k < reader->n_fields && status == FB_OK) {
            status = parse_field(reader, k, value, events, i, &first);
        }
    }
    if (k != reader->n_fields) {
        return bad_length(reader, k, error);
    }
    return status == FB_OK ? FB_OK : fb_fail(error, status, "%s", first.text);
}

/* A file that was cut within its last number reads as if that number were shorter. */
static void warn_of_cut(csv_reader *reader)
{
    if (reader->records.is_unfinished && reader->row > 0 && !reader->has_warned_of_cut) {
        fb_log(FB_LOG_WARNING, "%s: row %" PRIu64 ": the last line has no end; the file may be cut within it",
               reader->records.path, reader->row - 1);
        reader->has_warned_of_cut = true;
    }
}

static fb_status read_rows(void *state, fb_events *block, fb_error *error)
{
    csv_reader *reader = state;
    const bool has_labels = reader->fields.seen[FB_FIELD_LABEL];
    fb_status status = FB_OK;
    block->first_row = reader->row;
    if (has_labels) {
        FB_TRY(fb_memory_grow(&reader->label, &reader->label_capacity, block->capacity, sizeof(float), error));
    }
    while (block->n < block->capacity) {
        bool found = false;
        FB_TRY(fb_csv_records_next(&reader->records, reader->row, &found, error));
        if (!found) {
            warn_of_cut(reader);
            break;
        }
        FB_TRY(parse_row(reader, block, block->n, error));
        block->n++;
        reader->row++;
    }
    status = has_labels ? fb_fields_check_labels(reader->records.path, block, reader->label, error) : FB_OK;
cleanup:
    return status;
}

static fb_status rewind_reader(void *state, fb_error *error)
{
    csv_reader *reader = state;
    bool found = false;
    fb_status status = FB_OK;
    FB_TRY(fb_csv_records_rewind(&reader->records, error));
    reader->row = 0;
    status = fb_csv_records_next(&reader->records, 0, &found, error);
cleanup:
    return status;
}

fb_status fb_events_csv_open(const char *path, fb_source **out, fb_error *error)
{
    static const fb_source_methods methods = {.read = read_rows, .rewind = rewind_reader, .free = free_reader};
    csv_reader *reader = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(1, sizeof *reader, &reader, error));
    FB_TRY(fb_csv_records_open(path, &reader->records, error));
    FB_TRY(read_header(reader, error));
    fb_source_info info = {.n_rows = FB_ROWS_UNKNOWN,
                           .has_weights = reader->fields.seen[FB_FIELD_WEIGHT],
                           .has_processes = reader->fields.seen[FB_FIELD_PROCESS],
                           .has_derived = fb_fields_have_derived(&reader->fields),
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

static fb_status write_rows(void *state, const fb_events *events, float *const *derived, const int64_t *row,
                            fb_error *error)
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
        if (writer->settings.rows) {
            fprintf(stream, ",%" PRId64, row[i]);
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
    fprintf(stream, "%s%s", writer->settings.weights ? ",weights" : "",
            writer->settings.processes ? ",detailed_labels,labels" : "");
    fprintf(stream, "%s%s\n", writer->settings.rows ? "," : "", writer->settings.rows ? fb_fields_row : "");
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

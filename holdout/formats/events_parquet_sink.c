/* Events to Parquet files with the columns of the published data set, in its order and of its types: the primary ones,
 * weights, detailed_labels (text), labels (float32: 1 for the signal), derived ones. */
#include <stdlib.h>
#include <string.h>

#include "holdout/formats/formats_internal.h"
#include "holdout/formats/parquet/parquet_notes_internal.h"
#include "holdout/formats/parquet/parquet_writer_internal.h"
#include "models/common/memory.h"
#include "models/common/output.h"

#ifndef FB_PARQUET_CREATED_BY
#error "the build gives name and version of the program"
#endif

enum { MOST_COLUMNS = FB_N_FIELDS + FB_N_DERIVED + 1, N_TEXTS = FB_N_PROCESS + 1 };

typedef struct parquet_sink {
    fb_output *output;
    fb_parquet_writer *writer;
    bool weights, processes, derived, rows;
    const char *text[N_TEXTS]; /* names of the processes, and of one that is not known */
    float *label;              /* [n] of a block */
    uint8_t *process;          /* [n] which text */
    size_t label_capacity, process_capacity;
} parquet_sink;

static void free_sink(void *state)
{
    parquet_sink *sink = state;
    fb_parquet_writer_free(sink->writer);
    fb_output_free(sink->output);
    free(sink->label);
    free(sink->process);
    free(sink);
}

static fb_status fill_labels(parquet_sink *sink, const fb_events *events, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_memory_grow(&sink->label, &sink->label_capacity, events->n, sizeof *sink->label, error));
    FB_TRY(fb_memory_grow(&sink->process, &sink->process_capacity, events->n, sizeof *sink->process, error));
    for (size_t i = 0; i < events->n; i++) {
        const uint8_t process = events->process[i];
        sink->label[i] = (float)fb_process_label(process);
        sink->process[i] = process < FB_N_PROCESS ? process : FB_N_PROCESS;
    }
cleanup:
    return status;
}

static fb_status write_rows(void *state, const fb_events *events, float *const *derived, const int64_t *row,
                            fb_error *error)
{
    parquet_sink *sink = state;
    const void *column[MOST_COLUMNS];
    size_t n = 0;
    fb_status status = FB_OK;
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        column[n++] = events->column[k];
    }
    if (sink->weights) {
        column[n++] = events->weight;
    }
    if (sink->processes) {
        FB_TRY(fill_labels(sink, events, error));
        column[n++] = sink->process;
        column[n++] = sink->label;
    }
    for (int k = 0; k < FB_N_DERIVED && sink->derived; k++) {
        column[n++] = derived[k];
    }
    if (sink->rows) {
        column[n++] = row;
    }
    FB_TRY(fb_parquet_writer_append(sink->writer, events->n, column, error));
cleanup:
    return status;
}

static fb_status commit_sink(void *state, fb_error *error)
{
    parquet_sink *sink = state;
    fb_status status = fb_parquet_writer_finish(sink->writer, FB_PARQUET_CREATED_BY, error);
    return status == FB_OK ? fb_output_commit(sink->output, error) : status;
}

/* \return how many there are */
static size_t list_columns(const parquet_sink *sink, fb_parquet_writer_column column[MOST_COLUMNS])
{
    size_t n = 0;
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        column[n++] = (fb_parquet_writer_column){.name = fb_column_name(k)};
    }
    if (sink->weights) {
        column[n++] = (fb_parquet_writer_column){.name = fb_fields_name(FB_FIELD_WEIGHT)};
    }
    if (sink->processes) {
        column[n++] = (fb_parquet_writer_column){
            .name = fb_fields_name(FB_FIELD_PROCESS), .text = sink->text, .n_texts = N_TEXTS};
        column[n++] = (fb_parquet_writer_column){.name = fb_fields_name(FB_FIELD_LABEL)};
    }
    for (int k = FB_N_PRIMARY; k < FB_N_FEATURES && sink->derived; k++) {
        column[n++] = (fb_parquet_writer_column){.name = fb_column_name(k)};
    }
    if (sink->rows) {
        column[n++] = (fb_parquet_writer_column){.name = fb_fields_row, .is_integer = true};
    }
    return n;
}

static fb_status add_notes(fb_parquet_writer *writer, const fb_sink_settings *settings, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(
        fb_parquet_writer_note(writer, FB_PARQUET_NOTES_PREFIX "stage", fb_fields_stage_name(settings->stage), error));
    FB_TRY(fb_parquet_writer_note(writer, FB_PARQUET_NOTES_PREFIX "origin", settings->origin, error));
    FB_TRY(fb_parquet_writer_note(writer, FB_PARQUET_NOTES_PREFIX "provenance", settings->provenance, error));
cleanup:
    return status;
}

fb_status fb_events_parquet_sink_create(const char *path, const fb_sink_settings *settings, fb_sink **out,
                                        fb_error *error)
{
    static const fb_sink_methods methods = {write_rows, commit_sink, free_sink};
    fb_parquet_writer_column column[MOST_COLUMNS];
    parquet_sink *sink = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(1, sizeof *sink, &sink, error));
    sink->weights = settings->weights;
    sink->processes = settings->processes;
    sink->derived = settings->derived;
    sink->rows = settings->rows;
    for (int k = 0; k < N_TEXTS; k++) {
        sink->text[k] = fb_process_name(k);
    }
    FB_TRY(fb_output_create(path, &sink->output, error));
    FB_TRY(fb_parquet_writer_create(fb_output_stream(sink->output), fb_output_path(sink->output), column,
                                    list_columns(sink, column), FB_PARQUET_WRITER_GROUP_ROWS, &sink->writer, error));
    FB_TRY(add_notes(sink->writer, settings, error));
    return fb_sink_create(&methods, sink, out, error);
cleanup:
    if (sink != NULL) {
        free_sink(sink);
    }
    return status;
}

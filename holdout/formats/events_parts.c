/* A folder of Parquet files, as Spark, Dask and DuckDB write large tables: its parts, sorted by name, are one table. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "holdout/formats/formats_internal.h"
#include "models/common/memory.h"
#include "models/common/path.h"

typedef struct parts_reader {
    size_t n;
    char (*path)[FB_PATH_SIZE]; /* [n] */
    uint64_t *n_rows;           /* [n] */
    fb_source *source;          /* the open part, or NULL: many may not be open at once */
    size_t current;
    uint64_t first_row; /* of the current part in the table */
    bool weights_only;
} parts_reader;

static void free_reader(void *state)
{
    parts_reader *reader = state;
    fb_source_free(reader->source);
    free(reader->path);
    free(reader->n_rows);
    free(reader);
}

/* Not what is hidden, or tells how the rest was written: _SUCCESS, _metadata, .part-0.parquet.crc. */
static int is_part(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && entry->d_name[0] != '_' && dot != NULL && strcasecmp(dot, ".parquet") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static fb_status list_parts(parts_reader *reader, const char *folder, fb_error *error)
{
    struct dirent **entry = NULL;
    const int n = scandir(folder, &entry, is_part, by_name);
    fb_status status = FB_OK;
    if (n < 0) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", folder, strerror(errno));
    }
    if (n == 0) {
        FB_TRY(fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: it is a folder, without files *.parquet", folder));
    }
    FB_TRY(fb_memory_allocate((size_t)n, sizeof *reader->path, &reader->path, error));
    FB_TRY(fb_memory_allocate((size_t)n, sizeof *reader->n_rows, &reader->n_rows, error));
    for (; reader->n < (size_t)n; reader->n++) {
        FB_TRY(fb_path_in(folder, entry[reader->n]->d_name, reader->path[reader->n], error));
    }
cleanup:
    for (int k = 0; k < n; k++) {
        free(entry[k]);
    }
    free(entry);
    return status;
}

/* Takes in the facts about part `k`, which have to be those of the first. */
static fb_status add_facts(parts_reader *reader, size_t k, fb_source_info *info, fb_error *error)
{
    fb_source *part = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_events_parquet_open_part(reader->path[k], k == 0, &part, error));
    const fb_source_info *own = fb_source_describe(part);
    reader->n_rows[k] = own->n_rows;
    if (k == 0) {
        info->has_weights = own->has_weights;
        info->has_processes = own->has_processes;
        info->has_derived = own->has_derived;
        info->stage = own->stage;
    }
    if (own->has_weights != info->has_weights || own->has_processes != info->has_processes ||
        own->has_derived != info->has_derived || own->stage != info->stage) {
        FB_TRY(fb_fail(error, FB_ERROR_DATA, "%s: has other columns, or events of another stage, than %s",
                       reader->path[k], reader->path[0]));
    }
    info->n_rows += own->n_rows;
cleanup:
    fb_source_free(part);
    return status;
}

static fb_status read_rows(void *state, fb_events *block, fb_error *error)
{
    parts_reader *reader = state;
    fb_status status = FB_OK;
    while (block->n == 0 && reader->current < reader->n) {
        if (reader->source == NULL) {
            FB_TRY(fb_events_parquet_open_part(reader->path[reader->current], false, &reader->source, error));
            FB_TRY(fb_source_rewind_for(reader->source, reader->weights_only, error));
        }
        FB_TRY(fb_source_read(reader->source, block, error));
        if (block->n == 0) {
            fb_source_free(reader->source);
            reader->source = NULL;
            reader->first_row += reader->n_rows[reader->current++];
        }
    }
    block->first_row += reader->first_row;
cleanup:
    return status;
}

static fb_status rewind_reader(void *state, fb_error *error)
{
    parts_reader *reader = state;
    (void)error;
    fb_source_free(reader->source);
    reader->source = NULL;
    reader->current = 0;
    reader->first_row = 0;
    return FB_OK;
}

static void read_weights_only(void *state, bool on)
{
    ((parts_reader *)state)->weights_only = on;
}

fb_status fb_events_parts_open(const char *folder, fb_source **out, fb_error *error)
{
    static const fb_source_methods methods = {read_rows, rewind_reader, free_reader, read_weights_only};
    parts_reader *reader = NULL;
    fb_source_info info = {.stage = FB_EVENTS_UNKNOWN};
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(1, sizeof *reader, &reader, error));
    FB_TRY(list_parts(reader, folder, error));
    for (size_t k = 0; k < reader->n; k++) {
        FB_TRY(add_facts(reader, k, &info, error));
    }
    snprintf(info.name, sizeof info.name, "%s", folder);
    return fb_source_create(&methods, reader, &info, out, error);
cleanup:
    if (reader != NULL) {
        free_reader(reader);
    }
    return status;
}

#include "holdout/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/ground/memory.h"

struct fb_source {
    fb_source_methods methods;
    void *state;
    fb_source_info info;
};

fb_status fb_source_create(const fb_source_methods *methods, void *state, const fb_source_info *info, fb_source **out,
                           fb_error *error)
{
    *out = NULL;
    fb_source *source = NULL;
    fb_status status = fb_allocate(1, sizeof *source, &source, error);
    if (status != FB_OK) {
        methods->free(state);
        return status;
    }
    source->methods = *methods;
    source->state = state;
    source->info = *info;
    *out = source;
    return FB_OK;
}

const fb_source_info *fb_source_describe(const fb_source *source)
{
    return &source->info;
}

fb_status fb_source_read(fb_source *source, fb_events *block, fb_error *error)
{
    block->n = 0;
    return source->methods.read(source->state, block, error);
}

fb_status fb_source_rewind(fb_source *source, fb_error *error)
{
    return source->methods.rewind(source->state, error);
}

void fb_source_free(fb_source *source)
{
    if (source == NULL) {
        return;
    }
    source->methods.free(source->state);
    free(source);
}

/* --- a table in memory ------------------------------------------------------------------------------------------- */

typedef struct table_state {
    const fb_events *events; // borrowed
    size_t next;
} table_state;

static fb_status read_table(void *state, fb_events *block, fb_error *error)
{
    (void)error;
    table_state *table = state;
    size_t left = table->events->n - table->next;
    size_t n = left < block->capacity ? left : block->capacity;
    block->n = 0;
    block->first_row = table->events->first_row + table->next;
    fb_events_append(block, table->events, table->next, n);
    table->next += n;
    return FB_OK;
}

static fb_status rewind_table(void *state, fb_error *error)
{
    (void)error;
    ((table_state *)state)->next = 0;
    return FB_OK;
}

fb_status fb_source_from_events(const fb_events *events, const char *name, fb_source **out, fb_error *error)
{
    static const fb_source_methods methods = {.read = read_table, .rewind = rewind_table, .free = free};
    *out = NULL;
    table_state *state = NULL;
    fb_status status = fb_allocate(1, sizeof *state, &state, error);
    if (status != FB_OK) {
        return status;
    }
    state->events = events;
    fb_source_info info = {.n_rows = events->n,
                           .has_weights = events->has_weights,
                           .has_processes = events->has_processes,
                           .stage = FB_STAGE_UNKNOWN};
    snprintf(info.name, sizeof info.name, "%s", name);
    return fb_source_create(&methods, state, &info, out, error);
}

/* --- everything at once ------------------------------------------------------------------------------------------ */

enum { ROWS_PER_READ = 65536 };

/* A table with room for `capacity` rows that starts with the rows of `*events`, which it replaces. */
static fb_status enlarge(fb_events **events, size_t capacity, fb_error *error)
{
    fb_events *larger = NULL;
    fb_status status = fb_events_create(capacity, &larger, error);
    if (status != FB_OK) {
        return status;
    }
    larger->first_row = (*events)->first_row;
    fb_events_append(larger, *events, 0, (*events)->n);
    fb_events_free(*events);
    *events = larger;
    return FB_OK;
}

fb_status fb_source_read_all(fb_source *source, fb_events **out, fb_error *error)
{
    const fb_source_info *info = fb_source_describe(source);
    fb_events *all = NULL;
    fb_events *block = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    size_t capacity = info->n_rows == FB_ROWS_UNKNOWN ? ROWS_PER_READ : (size_t)info->n_rows;
    if (info->n_rows != FB_ROWS_UNKNOWN && info->n_rows > SIZE_MAX / sizeof(float)) {
        return fb_fail(error, FB_ERROR_MEMORY, "%s: %" PRIu64 " rows do not fit in memory", info->name, info->n_rows);
    }
    FB_TRY(fb_events_create(capacity, &all, error));
    FB_TRY(fb_events_create(ROWS_PER_READ, &block, error));
    all->has_weights = info->has_weights;
    all->has_processes = info->has_processes;
    for (bool first = true;; first = false) {
        FB_TRY(fb_source_read(source, block, error));
        if (block->n == 0) {
            break;
        }
        if (first) {
            all->first_row = block->first_row;
        }
        if (block->n > all->capacity - all->n) {
            size_t needed = all->n + block->n;
            FB_TRY(enlarge(&all, needed > 2 * all->capacity ? needed : 2 * all->capacity, error));
        }
        fb_events_append(all, block, 0, block->n);
    }
    *out = all;
    all = NULL;
cleanup:
    fb_events_free(block);
    fb_events_free(all);
    return status;
}

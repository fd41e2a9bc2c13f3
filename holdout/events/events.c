#include "holdout/events/events.h"

#include <stdlib.h>
#include <string.h>

#include "models/common/c_locale.h"
#include "models/common/memory.h"

fb_status fb_events_create(size_t capacity, fb_events **out, fb_error *error)
{
    FB_C_LOCALE;
    fb_events *events = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *events, &events, error));
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        FB_TRY(fb_memory_allocate(capacity, sizeof(float), &events->column[k], error));
    }
    FB_TRY(fb_memory_allocate(capacity, sizeof(float), &events->weight, error));
    FB_TRY(fb_memory_allocate(capacity, 1, &events->process, error));
    events->capacity = capacity;
    *out = events;
    events = NULL;
cleanup:
    fb_events_free(events);
    return status;
}

fb_status fb_events_keep_derived(fb_events *events, fb_error *error)
{
    FB_C_LOCALE;
    fb_status status = FB_OK;
    for (int k = 0; k < FB_N_DERIVED && events->derived[k] == NULL; k++) {
        FB_TRY(fb_memory_allocate(events->capacity, sizeof(float), &events->derived[k], error));
    }
cleanup:
    return status;
}

void fb_events_free(fb_events *events)
{
    if (events == NULL) {
        return;
    }
    for (int k = 0; k < FB_N_DERIVED; k++) {
        free(events->derived[k]);
    }
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        free(events->column[k]);
    }
    free(events->weight);
    free(events->process);
    free(events);
}

void fb_events_append(fb_events *to, const fb_events *from, size_t first, size_t n)
{
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        memcpy(to->column[k] + to->n, from->column[k] + first, n * sizeof(float));
    }
    memcpy(to->weight + to->n, from->weight + first, n * sizeof(float));
    memcpy(to->process + to->n, from->process + first, n);
    for (int k = 0; k < FB_N_DERIVED && to->derived[k] != NULL && from->derived[k] != NULL; k++) {
        memcpy(to->derived[k] + to->n, from->derived[k] + first, n * sizeof(float));
    }
    to->has_weights = from->has_weights;
    to->has_processes = from->has_processes;
    to->n += n;
}

void fb_events_move_row(fb_events *events, size_t to, size_t from)
{
    if (to == from) {
        return;
    }
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        events->column[k][to] = events->column[k][from];
    }
    events->weight[to] = events->weight[from];
    events->process[to] = events->process[from];
    for (int k = 0; k < FB_N_DERIVED && events->derived[k] != NULL; k++) {
        events->derived[k][to] = events->derived[k][from];
    }
}

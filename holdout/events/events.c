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

void fb_events_free(fb_events *events)
{
    if (events == NULL) {
        return;
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
}

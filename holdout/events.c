#include "holdout/events.h"

#include <stdlib.h>
#include <string.h>

#include "models/ground/memory.h"

const double fb_process_expected[FB_N_PROCESS] = {
    [FB_HTAUTAU] = 1015.0, [FB_ZTAUTAU] = 1002395.0, [FB_TTBAR] = 44192.0, [FB_DIBOSON] = 3783.0};

static const char *const process_names[FB_N_PROCESS] = {
    [FB_HTAUTAU] = "htautau", [FB_ZTAUTAU] = "ztautau", [FB_TTBAR] = "ttbar", [FB_DIBOSON] = "diboson"};

static const struct {
    const char *name, *unit, *description;
} columns[FB_N_FEATURES] = {
#define FB_COLUMN_ROW(symbol, name, unit, description) [symbol] = {name, unit, description},
    FB_PRIMARY_LIST(FB_COLUMN_ROW) FB_DERIVED_LIST(FB_COLUMN_ROW)
#undef FB_COLUMN_ROW
};

const char *fb_column_name(int which)
{
    return columns[which].name;
}

const char *fb_column_unit(int which)
{
    return columns[which].unit;
}

const char *fb_column_description(int which)
{
    return columns[which].description;
}

const char *fb_process_name(int process)
{
    return process >= 0 && process < FB_N_PROCESS ? process_names[process] : "unknown";
}

int fb_process_find(const char *name)
{
    for (int k = 0; k < FB_N_PROCESS; k++) {
        if (strcmp(name, process_names[k]) == 0) {
            return k;
        }
    }
    return -1;
}

int fb_process_label(int process)
{
    return process == FB_HTAUTAU;
}

fb_status fb_events_create(size_t capacity, fb_events **out, fb_error *error)
{
    fb_events *events = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_allocate(1, sizeof *events, &events, error));
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        FB_TRY(fb_allocate(capacity, sizeof(float), &events->column[k], error));
    }
    FB_TRY(fb_allocate(capacity, sizeof(float), &events->weight, error));
    FB_TRY(fb_allocate(capacity, 1, &events->process, error));
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

#include "holdout/events/source.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/c_locale.h"
#include "models/common/memory.h"
#include "models/common/text.h"

struct fb_source {
    fb_source_methods methods;
    void *state;
    fb_source_info info;
    bool weights_only;
};

fb_status fb_source_create(const fb_source_methods *methods, void *state, const fb_source_info *info, fb_source **out,
                           fb_error *error)
{
    FB_C_LOCALE;
    *out = NULL;
    fb_source *source = NULL;
    fb_status status = fb_memory_allocate(1, sizeof *source, &source, error);
    if (status != FB_OK) {
        methods->free(state);
        return status;
    }
    source->methods = *methods;
    source->state = state;
    source->info = *info;
    fb_text_make_printable(source->info.name);
    fb_text_make_printable(source->info.origin);
    fb_text_make_printable(source->info.provenance);
    *out = source;
    return FB_OK;
}

const fb_source_info *fb_source_describe(const fb_source *source)
{
    return &source->info;
}

static fb_status bad_value(const fb_source *source, uint64_t row, const char *column, double value, const char *allowed,
                           fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ", column %s: %g is not %s", source->info.name, row, column,
                   value, allowed);
}

/* --- what no stage could make sense of; whether values are plausible is another question -------------------------- */

/* Every row costs these checks, so the good ones are passed without a branch; the bad row is looked for afterwards. */
static bool is_fine(float value, float most)
{
    return (fabsf(value) <= most) | (value == FB_MISSING);
}

static bool is_number_of_jets(float value)
{
    bool in_range = (value >= 0.0f) & (value <= 1000.0f);
    float safe = in_range ? value : 0.5f;
    return (float)(int)safe == safe;
}

static bool all_fine(const float *restrict value, size_t n, float most)
{
    int n_bad = 0;
#pragma omp simd reduction(+ : n_bad)
    for (size_t i = 0; i < n; i++) {
        n_bad += !is_fine(value[i], most);
    }
    return n_bad == 0;
}

static fb_status check_column(const fb_source *source, const fb_events *block, int k, fb_error *error)
{
    const bool is_angle = strcmp(fb_column_unit(k), "rad") == 0;
    const bool is_momentum = strcmp(fb_column_unit(k), "GeV") == 0;
    const float most = is_angle ? 7.0f : is_momentum ? 1e9f : 1000.0f;
    if (all_fine(block->column[k], block->n, most)) {
        return FB_OK;
    }
    size_t i = 0;
    while (is_fine(block->column[k][i], most)) {
        i++;
    }
    return bad_value(source, block->first_row + i, fb_column_name(k), block->column[k][i],
                     is_angle      ? "a finite angle from -7 to 7, or -25"
                     : is_momentum ? "a finite number from -1e9 to 1e9"
                                   : "a finite number from -1000 to 1000",
                     error);
}

static int count_bad_jets(const fb_events *block)
{
    const float *restrict n_jets = block->column[FB_N_JETS];
    int n_bad = 0;
#pragma omp simd reduction(+ : n_bad)
    for (size_t i = 0; i < block->n; i++) {
        n_bad += !is_number_of_jets(n_jets[i]);
    }
    return n_bad;
}

static int count_bad_weights(const fb_events *block)
{
    const float *restrict weight = block->weight;
    const uint8_t *restrict process = block->process;
    int n_bad = 0;
#pragma omp simd reduction(+ : n_bad)
    for (size_t i = 0; i < block->n; i++) {
        n_bad += !((weight[i] >= 0.0f) & (weight[i] <= 1e9f));
    }
    for (size_t i = 0; i < block->n && block->has_processes; i++) {
        n_bad += process[i] >= FB_N_PROCESS;
    }
    return n_bad;
}

static fb_status check_rows(const fb_source *source, const fb_events *block, fb_error *error)
{
    fb_status status = FB_OK;
    for (int k = 0; k < FB_N_PRIMARY && !source->weights_only; k++) {
        FB_TRY(check_column(source, block, k, error));
    }
    const bool good = count_bad_weights(block) == 0 && (source->weights_only || count_bad_jets(block) == 0);
    for (size_t i = 0; i < block->n && !good; i++) {
        float n_jets = block->column[FB_N_JETS][i];
        if (!is_number_of_jets(n_jets) && !source->weights_only) {
            return bad_value(source, block->first_row + i, fb_column_name(FB_N_JETS), n_jets,
                             "a whole number from 0 to 1000", error);
        }
        if (block->has_processes && block->process[i] >= FB_N_PROCESS) {
            return bad_value(source, block->first_row + i, "detailed_labels", block->process[i],
                             "one of the four processes", error);
        }
        if (!(block->weight[i] >= 0.0f && block->weight[i] <= 1e9f)) {
            return bad_value(source, block->first_row + i, "weights", block->weight[i], "a finite number from 0 to 1e9",
                             error);
        }
    }
cleanup:
    return status;
}

fb_status fb_source_read(fb_source *source, fb_events *block, fb_error *error)
{
    FB_C_LOCALE;
    fb_status status = FB_OK;
    block->n = 0;
    FB_TRY(source->methods.read(source->state, block, error));
    block->has_weights = source->info.has_weights;
    block->has_processes = source->info.has_processes;
    for (size_t i = 0; i < block->n && !block->has_weights; i++) {
        block->weight[i] = 1.0f;
    }
    if (!block->has_processes) {
        memset(block->process, FB_PROCESS_UNKNOWN, block->n);
    }
    FB_TRY(check_rows(source, block, error));
cleanup:
    return status;
}

fb_status fb_source_rewind(fb_source *source, fb_error *error)
{
    FB_C_LOCALE;
    return source->methods.rewind(source->state, error);
}

fb_status fb_source_rewind_for(fb_source *source, bool weights_only, fb_error *error)
{
    FB_C_LOCALE;
    source->weights_only = weights_only;
    if (source->methods.weights_only != NULL) {
        source->methods.weights_only(source->state, weights_only);
    }
    return fb_source_rewind(source, error);
}

void fb_source_free(fb_source *source)
{
    if (source == NULL) {
        return;
    }
    source->methods.free(source->state);
    free(source);
}

/* --- a table in memory -------------------------------------------------------------------------------------------- */

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
    FB_C_LOCALE;
    static const fb_source_methods methods = {.read = read_table, .rewind = rewind_table, .free = free};
    *out = NULL;
    table_state *state = NULL;
    fb_status status = fb_memory_allocate(1, sizeof *state, &state, error);
    if (status != FB_OK) {
        return status;
    }
    state->events = events;
    fb_source_info info = {.n_rows = events->n,
                           .has_weights = events->has_weights,
                           .has_processes = events->has_processes,
                           .has_derived = events->derived[0] != NULL,
                           .stage = FB_EVENTS_UNKNOWN};
    snprintf(info.name, sizeof info.name, "%s", name);
    return fb_source_create(&methods, state, &info, out, error);
}

/* --- everything at once ------------------------------------------------------------------------------------------- */

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
    FB_C_LOCALE;
    const fb_source_info *info = fb_source_describe(source);
    fb_events *all = NULL;
    fb_events *block = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    size_t capacity = info->n_rows == FB_ROWS_UNKNOWN ? FB_READ_ROWS : (size_t)info->n_rows;
    if (info->n_rows != FB_ROWS_UNKNOWN && info->n_rows > SIZE_MAX / sizeof(float)) {
        return fb_fail(error, FB_ERROR_MEMORY, "%s: %" PRIu64 " rows do not fit in memory", info->name, info->n_rows);
    }
    FB_TRY(fb_events_create(capacity, &all, error));
    FB_TRY(fb_events_create(FB_READ_ROWS, &block, error));
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

fb_status fb_source_count(fb_source *source, uint64_t *n_rows, fb_error *error)
{
    FB_C_LOCALE;
    fb_events *block = NULL;
    fb_status status = FB_OK;
    *n_rows = fb_source_describe(source)->n_rows;
    if (*n_rows != FB_ROWS_UNKNOWN) {
        return FB_OK;
    }
    *n_rows = 0;
    FB_TRY(fb_events_create(FB_READ_ROWS, &block, error));
    do {
        FB_TRY(fb_source_read(source, block, error));
        *n_rows += block->n;
    } while (block->n > 0);
    FB_TRY(fb_source_rewind(source, error));
cleanup:
    fb_events_free(block);
    return status;
}

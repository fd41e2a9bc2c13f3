#include "holdout/pseudo/fresh_events.h"

#include <stdlib.h>

#include "holdout/simulation/simulation.h"
#include "models/common/memory.h"
#include "models/common/random.h"

typedef struct fresh {
    uint64_t seed;
    uint64_t n[FB_N_PROCESS];
    int process;   /* whose turn it is */
    uint64_t done; /* of its events */
    uint64_t row;
} fresh;

static fb_status read_fresh(void *state, fb_events *block, fb_error *error)
{
    fresh *f = state;
    while (f->process < FB_N_PROCESS && f->done == f->n[f->process]) {
        f->process++;
        f->done = 0;
    }
    if (f->process == FB_N_PROCESS) {
        return FB_OK;
    }
    uint64_t left = f->n[f->process] - f->done;
    size_t n = left < block->capacity ? (size_t)left : block->capacity;
    fb_status status = fb_simulation_block_of_process(f->seed, f->process, f->done, n, block, error);
    block->first_row = f->row;
    f->done += n;
    f->row += n;
    return status;
}

static fb_status rewind_fresh(void *state, fb_error *error)
{
    fresh *f = state;
    (void)error;
    f->process = 0;
    f->done = f->row = 0;
    return FB_OK;
}

fb_status fb_fresh_events_source(const fb_truth *truth, fb_source **out, fb_error *error)
{
    static const fb_source_methods methods = {.read = read_fresh, .rewind = rewind_fresh, .free = free};
    fb_source_info info = {
        .has_weights = true, .has_processes = true, .stage = FB_EVENTS_RAW, .name = "simulated events"};
    double scale[FB_N_PROCESS];
    fresh *f = NULL;
    fb_status status = fb_memory_allocate(1, sizeof *f, &f, error);
    if (status != FB_OK) {
        return status;
    }
    f->seed = truth->seed;
    fb_truth_scales(truth, scale);
    for (int process = 0; process < FB_N_PROCESS; process++) {
        fb_random random = fb_random_at(truth->seed, FB_STREAM_DRAW_SIMULATED, (uint64_t)process);
        f->n[process] = fb_random_poisson(&random, scale[process] * fb_process_expected[process]);
        info.n_rows += f->n[process];
    }
    return fb_source_create(&methods, f, &info, out, error);
}

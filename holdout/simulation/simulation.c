#include "holdout/simulation/simulation.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "holdout/simulation/sim_detector_internal.h"
#include "holdout/simulation/sim_hard_internal.h"
#include "models/common/memory.h"
#include "models/common/text.h"

/* Acceptances are above one per cent, so this many failures in a row do not happen by chance. */
enum { MAX_ATTEMPTS = 100000 };
/* Events that a thread makes at a time. */
enum { CHUNK = 256 };
/* Indices above this belong to fb_simulation_block_of_process. */
static const uint64_t index_limit = UINT64_C(1) << 56;

/* 128-bit integers count events without rounding; GCC and Clang have them. */
__extension__ typedef unsigned __int128 wide;

/* The golden ratio less 1, times 2^64: its multiples modulo 1 fill [0, 1) most evenly. */
static const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);

fb_simulation fb_simulation_default(void)
{
    return (fb_simulation){
        .n_events = 0,
        .seed = 1,
        .mixture = {[FB_HTAUTAU] = 0.30, [FB_ZTAUTAU] = 0.50, [FB_TTBAR] = 0.14, [FB_DIBOSON] = 0.06}};
}

static fb_status check(const fb_simulation *simulation, fb_error *error)
{
    for (int p = 0; p < FB_N_PROCESS; p++) {
        double share = simulation->mixture[p];
        if (!(share > 0.0) || !isfinite(share) || share > 1e100) {
            return fb_fail(error, FB_ERROR_USAGE, "mixture: share of %s is %g: must be positive and at most 1e100",
                           fb_process_name(p), share);
        }
    }
    if (simulation->n_events > index_limit) {
        return fb_fail(error, FB_ERROR_USAGE, "simulation of %" PRIu64 " events: at most %" PRIu64,
                       simulation->n_events, index_limit);
    }
    return FB_OK;
}

/* --- which process an event is of --------------------------------------------------------------------------------- */

/* The upper ends of the processes on [0, 2^64), where 2^64 itself is not written: the last process has no end. */
typedef struct bounds {
    uint64_t end[FB_N_PROCESS - 1];
    double share[FB_N_PROCESS];
} bounds;

static bounds find_bounds(const fb_simulation *simulation)
{
    bounds out;
    double sum = 0.0;
    for (int p = 0; p < FB_N_PROCESS; p++) {
        sum += simulation->mixture[p];
    }
    double end = 0.0;
    for (int p = 0; p < FB_N_PROCESS; p++) {
        out.share[p] = simulation->mixture[p] / sum;
        end += out.share[p];
        if (p < FB_N_PROCESS - 1) {
            /* Shares below rounding can make the sum 1. */
            out.end[p] = end < 1.0 ? (uint64_t)(end * 0x1p64) : UINT64_MAX;
        }
    }
    return out;
}

static int process_at(const bounds *limits, uint64_t index)
{
    uint64_t position = index * golden + golden / 2;
    int p = 0;
    while (p < FB_N_PROCESS - 1 && position >= limits->end[p]) {
        p++;
    }
    return p;
}

/* Sum of floor((a i + b) / 2^64) over i < n, modulo 2^128, in the steps of Euclid's algorithm (Graham, Knuth,
 * Patashnik, Concrete Mathematics, section 3.5). */
static wide sum_of_floors(wide n, wide m, wide a, wide b)
{
    wide sum = 0;
    for (;;) {
        if (a >= m) {
            sum += n * (n - 1) / 2 * (a / m);
            a %= m;
        }
        if (b >= m) {
            sum += n * (b / m);
            b %= m;
        }
        wide last = a * n + b;
        if (last < m) {
            return sum;
        }
        n = last / m;
        b = last % m;
        wide swap = m;
        m = a;
        a = swap;
    }
}

/* How many of the first n positions are below `end`: floor((x + 2^64) / 2^64) - floor((x + 2^64 - end) / 2^64) is 1 for
 * x mod 2^64 < end and 0 otherwise. */
static uint64_t count_below(uint64_t n, uint64_t end)
{
    wide m = (wide)1 << 64;
    wide offset = (wide)(golden / 2) + m;
    return n == 0 ? 0 : (uint64_t)(sum_of_floors(n, m, golden, offset) - sum_of_floors(n, m, golden, offset - end));
}

void fb_simulation_count(const fb_simulation *simulation, uint64_t n, uint64_t *count)
{
    bounds limits = find_bounds(simulation);
    uint64_t below = 0;
    for (int p = 0; p < FB_N_PROCESS; p++) {
        uint64_t next = p < FB_N_PROCESS - 1 ? count_below(n, limits.end[p]) : n;
        count[p] = next - below;
        below = next;
    }
}

static void find_weights(const fb_simulation *simulation, const bounds *limits, float *weight)
{
    static const double endless = 1e6;
    uint64_t count[FB_N_PROCESS];
    fb_simulation_count(simulation, simulation->n_events, count);
    for (int p = 0; p < FB_N_PROCESS; p++) {
        double n = simulation->n_events == 0 ? endless * limits->share[p] : (double)count[p];
        weight[p] = n > 0.0 ? (float)(fb_process_expected[p] / n) : 0.0f;
    }
}

/* --- making events ------------------------------------------------------------------------------------------------ */

/* One accepted event into row `row`. The channel is drawn once, so that its share is that of accepted events. */
static bool make_event(fb_sim_random random, int process, fb_events *block, size_t row)
{
    fb_sim_event event;
    float values[FB_N_PRIMARY];
    fb_sim_plan plan = fb_sim_hard_plan(fb_sim_hard_choose_channel(&random, process));
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        if (fb_sim_hard_produce(&random, &plan, &event) && fb_sim_detector_measure(&random, &event, values)) {
            for (int k = 0; k < FB_N_PRIMARY; k++) {
                block->column[k][row] = values[k];
            }
            block->process[row] = (uint8_t)process;
            return true;
        }
    }
    return false;
}

/* Fills rows [0, n) of `block` with events first .. first + n - 1: of the processes that `limits` give, or all of
 * `only` (without limits); weight[process]. */
static fb_status make_events(uint64_t seed, const bounds *limits, int only, const float *weight, uint64_t first,
                             size_t n, fb_events *block, fb_error *error)
{
    const uint64_t family = limits != NULL ? 0 : (uint64_t)(only + 1) << 56;
    int n_failed = 0;
#pragma omp parallel for schedule(dynamic, CHUNK) reduction(+ : n_failed)
    for (size_t row = 0; row < n; row++) {
        const uint64_t index = first + row;
        const int process = limits != NULL ? process_at(limits, index) : only;
        n_failed += !make_event(fb_sim_random_at(seed, family | index), process, block, row);
        block->weight[row] = weight[process];
    }
    block->n = n_failed == 0 ? n : 0;
    block->first_row = first;
    return n_failed == 0
               ? FB_OK
               : fb_fail(error, FB_ERROR_LIBRARY, "%d of %zu simulated events not accepted in %d attempts each",
                         n_failed, n, (int)MAX_ATTEMPTS);
}

fb_status fb_simulation_block_of_process(uint64_t seed, int process, uint64_t first, size_t n, fb_events *block,
                                         fb_error *error)
{
    static const float weight[FB_N_PROCESS] = {1.0f, 1.0f, 1.0f, 1.0f};
    return make_events(seed, NULL, process, weight, first, n, block, error);
}

/* --- as a source -------------------------------------------------------------------------------------------------- */

typedef struct simulation_state {
    uint64_t seed, n_events, next;
    bounds limits;
    float weight[FB_N_PROCESS];
} simulation_state;

static fb_status read_simulation(void *state, fb_events *block, fb_error *error)
{
    simulation_state *s = state;
    const uint64_t left = (s->n_events == 0 ? index_limit : s->n_events) - s->next;
    const size_t n = left < block->capacity ? (size_t)left : block->capacity;
    fb_status status = make_events(s->seed, &s->limits, 0, s->weight, s->next, n, block, error);
    s->next += block->n;
    return status;
}

static fb_status rewind_simulation(void *state, fb_error *error)
{
    (void)error;
    ((simulation_state *)state)->next = 0;
    return FB_OK;
}

/* Shares in the fewest digits that read back as the same number, so that two mixtures of one text are one. */
static void write_origin(const simulation_state *s, char origin[FB_ORIGIN_SIZE])
{
    const int used = snprintf(origin, FB_ORIGIN_SIZE, "simulate/3 seed=%" PRIu64 " mixture=", s->seed);
    fb_text_of_doubles(FB_N_PROCESS, s->limits.share, origin + used, FB_ORIGIN_SIZE - (size_t)used);
}

fb_status fb_simulation_source(const fb_simulation *simulation, fb_source **out, fb_error *error)
{
    static const fb_source_methods methods = {.read = read_simulation, .rewind = rewind_simulation, .free = free};
    simulation_state *state = NULL;
    fb_source_info info = {.n_rows = simulation->n_events == 0 ? FB_ROWS_UNKNOWN : simulation->n_events,
                           .has_weights = true,
                           .has_processes = true,
                           .stage = FB_EVENTS_RAW,
                           .name = "simulation"};
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(check(simulation, error));
    FB_TRY(fb_memory_allocate(1, sizeof *state, &state, error));
    *state = (simulation_state){
        .seed = simulation->seed, .n_events = simulation->n_events, .limits = find_bounds(simulation)};
    find_weights(simulation, &state->limits, state->weight);
    write_origin(state, info.origin);
    return fb_source_create(&methods, state, &info, out, error);
cleanup:
    return status;
}

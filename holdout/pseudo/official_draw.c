#include "holdout/pseudo/official_draw.h"

#include <inttypes.h>
#include <stdlib.h>

#include "models/common/memory.h"

/* The official order of the tables, and what is added to the experiment's seed for each: the program adds the number of
 * the table to a seed that it never sets back, which makes 0, 0+1, 0+1+2, 0+1+2+3. */
static const struct {
    int process;
    uint32_t seed_offset;
} tables[FB_N_PROCESS] = {{FB_ZTAUTAU, 0}, {FB_DIBOSON, 1}, {FB_TTBAR, 3}, {FB_HTAUTAU, FB_OFFICIAL_SEED_REACH}};

fb_status fb_official_draw_create(const fb_official_truth *truth, fb_official_scaling scaling, bool is_poisson,
                                  fb_official_draw **out, fb_error *error)
{
    fb_official_draw *draw = NULL;
    double factor[FB_N_PROCESS];
    *out = NULL;
    fb_status status = fb_memory_allocate(1, sizeof *draw, &draw, error);
    if (status != FB_OK) {
        return status;
    }
    draw->seed = truth->seed;
    draw->is_poisson = is_poisson;
    draw->scaling = scaling;
    fb_official_truth_factors(truth, factor);
    for (int k = 0; k < FB_N_PROCESS; k++) {
        const int process = tables[k].process;
        fb_numpy_random_init(&draw->random[process], truth->seed + tables[k].seed_offset);
        draw->factor[process] = (float)factor[process];
    }
    *out = draw;
    return FB_OK;
}

void fb_official_draw_free(fb_official_draw *draw)
{
    if (draw == NULL) {
        return;
    }
    free(draw->row);
    free(draw->position);
    free(draw->process);
    free(draw);
}

static fb_status append_copies(fb_official_draw *draw, uint64_t row, uint8_t process, uint64_t n_copies,
                               fb_error *error)
{
    fb_status status = FB_OK;
    const size_t needed = draw->n + n_copies;
    if (needed >= UINT32_MAX) {
        return fb_fail(error, FB_ERROR_DATA, "more than 4294967294 events are drawn: the weights are too large");
    }
    FB_TRY(fb_memory_grow(&draw->row, &draw->row_capacity, needed, sizeof *draw->row, error));
    FB_TRY(fb_memory_grow(&draw->process, &draw->process_capacity, needed, 1, error));
    for (size_t k = draw->n; k < needed; k++) {
        draw->row[k] = row;
        draw->process[k] = process;
    }
    draw->n = needed;
    draw->n_copies[process] += n_copies;
cleanup:
    return status;
}

/* Two roundings, of the product and of the quotient: one factor S / s would give other last bits, and a mean that
 * crosses a limit of the Poisson generator by a bit shifts all later numbers of its process. */
static float scaled_weight(fb_official_scaling scaling, float weight)
{
    if (scaling.sum_weights == 0.0) {
        return weight;
    }
    const float product = weight * (float)scaling.sum_weights;
    return product / (float)scaling.pool_sum_weights;
}

fb_status fb_official_draw_add(fb_official_draw *draw, const fb_events *events, size_t n, fb_error *error)
{
    if (n > 0 && events->first_row != draw->n_rows) {
        return fb_fail(error, FB_ERROR_DATA, "row %" PRIu64 " is out of turn: the draw goes on with row %" PRIu64,
                       events->first_row, draw->n_rows);
    }
    for (size_t i = 0; i < n; i++) {
        const uint64_t row = events->first_row + i;
        const uint8_t process = events->process[i];
        const float weight = events->weight[i];
        if (process >= FB_N_PROCESS) {
            return fb_fail(error, FB_ERROR_DATA, "row %" PRIu64 ": has no process, but each is drawn by itself", row);
        }
        const float mean = draw->factor[process] * scaled_weight(draw->scaling, weight);
        if (!(weight >= 0.0f && mean >= 0.0f && mean <= 1e9f)) {
            return fb_fail(error, FB_ERROR_DATA,
                           "row %" PRIu64 ": weight %g, that is a mean of %g copies; allowed are 0 to 1e9", row,
                           (double)weight, (double)mean);
        }
        const uint64_t n_copies =
            draw->is_poisson ? fb_numpy_random_poisson(&draw->random[process], mean) : (uint64_t)mean;
        if (n_copies > 0) {
            fb_status status = append_copies(draw, row, process, n_copies, error);
            if (status != FB_OK) {
                return status;
            }
        }
    }
    draw->n_rows += n;
    return FB_OK;
}

fb_status fb_official_draw_finish(fb_official_draw *draw, fb_error *error)
{
    uint32_t *order = NULL, *place = NULL;
    size_t next[FB_N_PROCESS], first = 0; /* of a process's copies before the shuffle */
    fb_numpy_random random;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(draw->n, sizeof *order, &order, error));
    FB_TRY(fb_memory_allocate(draw->n, sizeof *place, &place, error));
    free(draw->position);
    draw->position = NULL;
    FB_TRY(fb_memory_allocate(draw->n, sizeof *draw->position, &draw->position, error));
    for (int k = 0; k < FB_N_PROCESS; k++) {
        next[tables[k].process] = first;
        first += draw->n_copies[tables[k].process];
    }
    fb_numpy_random_init(&random, draw->seed);
    fb_numpy_random_permutation(&random, (uint32_t)draw->n, order);
    for (uint32_t i = 0; i < draw->n; i++) {
        place[order[i]] = i; /* official row i is copy order[i] */
    }
    for (size_t k = 0; k < draw->n; k++) {
        draw->position[k] = place[next[draw->process[k]]++];
    }
    free(draw->process);
    draw->process = NULL;
    draw->process_capacity = 0;
cleanup:
    free(order);
    free(place);
    return status;
}

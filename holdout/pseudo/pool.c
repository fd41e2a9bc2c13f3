#include "holdout/pseudo/pool.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/math/alias_table.h"
#include "models/common/interrupt.h"
#include "models/common/memory.h"

/* The rows of one process in a piece. */
typedef struct group {
    size_t n;
    uint32_t *row; /* [FB_POOL_PIECE] in the piece */
    float *weight; /* [FB_POOL_PIECE] */
    fb_alias_table alias;
} group;

/* How often each process is drawn from the piece for one experiment, and the first of its tasks. */
typedef struct share {
    uint64_t n[FB_N_PROCESS];
    uint64_t n_events;
    uint64_t first_task;
} share;

typedef struct drawing {
    uint64_t n; /* experiments */
    const fb_truth *truth;
    const fb_split *split;
    const fb_visitor *visitor;
    fb_events *piece;
    uint64_t index; /* of the piece */
    group group[FB_N_PROCESS];
    share *share; /* [n + 1]; the last one only ends the tasks */
    int n_threads;
    fb_block **block; /* [n_threads] */
    uint32_t **row;   /* [n_threads][FB_BLOCK_ROWS] */
} drawing;

static void drawing_clear(drawing *d)
{
    fb_events_free(d->piece);
    for (int process = 0; process < FB_N_PROCESS; process++) {
        free(d->group[process].row);
        free(d->group[process].weight);
        fb_alias_table_clear(&d->group[process].alias);
    }
    for (int k = 0; k < d->n_threads; k++) {
        fb_block_free(d->block != NULL ? d->block[k] : NULL);
        free(d->row != NULL ? d->row[k] : NULL);
    }
    free(d->block);
    free(d->row);
    free(d->share);
}

static fb_status drawing_reserve(drawing *d, fb_error *error)
{
    fb_status status = FB_OK;
    d->n_threads = omp_get_max_threads();
    FB_TRY(fb_events_create(FB_POOL_PIECE, &d->piece, error));
    for (int process = 0; process < FB_N_PROCESS; process++) {
        group *g = &d->group[process];
        FB_TRY(fb_memory_allocate(FB_POOL_PIECE, sizeof *g->row, &g->row, error));
        FB_TRY(fb_memory_allocate(FB_POOL_PIECE, sizeof *g->weight, &g->weight, error));
        FB_TRY(fb_alias_table_reserve(&g->alias, FB_POOL_PIECE, error));
    }
    FB_TRY(fb_memory_allocate(d->n + 1, sizeof *d->share, &d->share, error));
    FB_TRY(fb_memory_allocate((size_t)d->n_threads, sizeof(fb_block *), &d->block, error));
    FB_TRY(fb_memory_allocate((size_t)d->n_threads, sizeof(uint32_t *), &d->row, error));
    for (int k = 0; k < d->n_threads; k++) {
        FB_TRY(fb_block_create(FB_BLOCK_ROWS, &d->block[k], error));
        FB_TRY(fb_memory_allocate(FB_BLOCK_ROWS, sizeof(uint32_t), &d->row[k], error));
    }
cleanup:
    return status;
}

/* --- one piece ---------------------------------------------------------------------------------------------------- */

static void sort_piece(drawing *d)
{
    for (int process = 0; process < FB_N_PROCESS; process++) {
        d->group[process].n = 0;
    }
    for (size_t i = 0; i < d->piece->n; i++) {
        group *g = &d->group[d->piece->process[i]];
        g->row[g->n] = (uint32_t)i;
        g->weight[g->n++] = d->piece->weight[i];
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (int process = 0; process < FB_N_PROCESS; process++) {
        fb_alias_table_build(&d->group[process].alias, d->group[process].n, d->group[process].weight);
    }
}

/* How many events each experiment has in this piece. */
static void share_out(drawing *d)
{
    uint64_t n_tasks = 0;
    for (uint64_t e = 0; e < d->n; e++) {
        share *s = &d->share[e];
        double scale[FB_N_PROCESS];
        fb_truth_scales(&d->truth[e], scale);
        s->n_events = 0;
        for (int process = 0; process < FB_N_PROCESS; process++) {
            fb_random random = fb_random_at(d->truth[e].seed, FB_STREAM_DRAW, d->index * FB_N_PROCESS + process);
            s->n[process] = fb_random_poisson(&random, scale[process] * d->split->factor[FB_POOL][process] *
                                                           d->group[process].alias.total);
            s->n_events += s->n[process];
        }
        s->first_task = n_tasks;
        n_tasks += (s->n_events + FB_BLOCK_ROWS - 1) / FB_BLOCK_ROWS;
    }
    d->share[d->n].first_task = n_tasks;
}

/* Rows of the piece for events [first, first + n) of an experiment: the processes follow one another. */
static void pick_rows(const drawing *d, uint64_t e, uint64_t first, size_t n, uint32_t *row)
{
    const share *s = &d->share[e];
    int process = 0;
    uint64_t end = s->n[0];
    for (size_t i = 0; i < n; i++) {
        while (first + i >= end) {
            end += s->n[++process];
        }
        fb_random random = fb_random_at(d->truth[e].seed, FB_STREAM_DRAW_ROW, d->index << 32 | (first + i));
        const group *g = &d->group[process];
        row[i] = g->row[fb_alias_table_pick(&g->alias, fb_random_uniform(&random))];
    }
}

/* The experiment that a task belongs to, by bisection. */
static uint64_t owner(const drawing *d, uint64_t task)
{
    uint64_t low = 0, high = d->n;
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        *(d->share[middle].first_task <= task ? &low : &high) = middle;
    }
    return low;
}

static fb_status run_task(const drawing *d, uint64_t task, fb_error *error)
{
    fb_block *block = d->block[omp_get_thread_num()];
    uint32_t *row = d->row[omp_get_thread_num()];
    const uint64_t e = owner(d, task);
    const uint64_t first = (task - d->share[e].first_task) * FB_BLOCK_ROWS, left = d->share[e].n_events - first;
    const size_t n = left < FB_BLOCK_ROWS ? (size_t)left : FB_BLOCK_ROWS;
    fb_noise noise;
    fb_stages stages = fb_stages_default();
    fb_noise_init_streams(&noise, d->truth[e].seed);
    stages.nuisances = fb_truth_distortions(&d->truth[e]);
    stages.noise = &noise;
    stages.times = d->visitor->times;
    fb_stage_timer timer = fb_stage_timer_start(stages.times);
    pick_rows(d, e, first, n, row);
    fb_block_gather(block, d->piece, n, row, d->index << 32 | first);
    fb_stage_timer_stop(&timer, FB_STAGE_DRAW);
    fb_stages_run(&stages, block);
    return d->visitor->visit(d->visitor->context, e, block, error);
}

static fb_status run_piece(drawing *d, fb_error *error)
{
    uint64_t failed = UINT64_MAX; /* the first task that failed: which thread was faster must not matter */
    fb_status worst = FB_OK;
    fb_stage_timer timer = fb_stage_timer_start(d->visitor->times);
    sort_piece(d);
    share_out(d);
    fb_stage_timer_stop(&timer, FB_STAGE_DRAW);
    const uint64_t n_tasks = d->share[d->n].first_task;
#pragma omp parallel for schedule(dynamic, 1)
    for (uint64_t task = 0; task < n_tasks; task++) {
        fb_error own = {0};
        fb_status status = run_task(d, task, &own);
        if (status != FB_OK) {
#pragma omp critical(fb_pool)
            if (task < failed) {
                failed = task;
                worst = status;
                if (error != NULL) {
                    *error = own;
                }
            }
        }
    }
    d->index++;
    d->piece->n = 0;
    return worst;
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

/* Moves the pool rows of what was read into the piece, which is worked on whenever it is full. */
static fb_status take_rows(drawing *d, const fb_events *read, fb_error *error)
{
    for (size_t i = 0; i < read->n; i++) {
        if (fb_split_part(d->split, read->first_row + i) == FB_POOL) {
            fb_events_append(d->piece, read, i, 1);
            if (d->piece->n == FB_POOL_PIECE) {
                fb_status status = run_piece(d, error);
                if (status != FB_OK) {
                    return status;
                }
            }
        }
    }
    return FB_OK;
}

fb_status fb_pool_draw(fb_source *source, const fb_split *split, uint64_t n, const fb_truth *truth,
                       const fb_visitor *visitor, fb_error *error)
{
    drawing d = {.n = n, .truth = truth, .split = split, .visitor = visitor};
    fb_events *read = NULL;
    fb_status status = FB_OK;
    FB_TRY(drawing_reserve(&d, error));
    FB_TRY(fb_events_create(FB_READ_ROWS, &read, error));
    FB_TRY(fb_source_rewind_for(source, false, error));
    do {
        FB_TRY(fb_interrupt_check(error));
        fb_stage_timer timer = fb_stage_timer_start(visitor->times);
        FB_TRY(fb_source_read(source, read, error));
        fb_stage_timer_stop(&timer, FB_STAGE_READ);
        FB_TRY(take_rows(&d, read, error));
    } while (read->n > 0);
    if (d.index == 0 && d.piece->n == 0) {
        status = fb_fail(error, FB_ERROR_DATA,
                         "%s: no row belongs to the pool (fraction %g of the split), so there is nothing to draw from",
                         fb_source_describe(source)->name, split->fraction[FB_POOL]);
        goto cleanup;
    }
    FB_TRY(run_piece(&d, error));
cleanup:
    fb_events_free(read);
    drawing_clear(&d);
    return status;
}

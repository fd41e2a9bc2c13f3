#include "holdout/pseudo/official_sample.h"

#include <inttypes.h>
#include <stdlib.h>

#include "models/common/interrupt.h"
#include "models/common/memory.h"

fb_official_pool fb_official_sample_pool(fb_source *source, const fb_split *split)
{
    double n_rows = 0.0, first = 0.0, rest = 0.0;
    for (int process = 0; process < FB_N_PROCESS; process++) {
        n_rows += split->first[process].n;
        first += split->first[process].sum;
        rest += split->rest[process].sum;
    }
    const double said = split->settings.metadata.sum_weights, all = said > 0.0 ? said : first + rest;
    return (fb_official_pool){.source = source,
                              .n_rows = (uint64_t)n_rows,
                              .scaling = {.sum_weights = first > 0.0 ? all : 0.0, .pool_sum_weights = first}};
}

/* --- which rows --------------------------------------------------------------------------------------------------- */

static fb_status read_pool(const fb_official_pool *pool, fb_official_draw *draw, fb_error *error)
{
    const char *name = fb_source_describe(pool->source)->name;
    fb_events *block = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_events_create(FB_READ_ROWS, &block, error));
    FB_TRY(fb_source_rewind_for(pool->source, true, error));
    while (draw->n_rows < pool->n_rows) {
        FB_TRY(fb_interrupt_check(error));
        FB_TRY(fb_source_read(pool->source, block, error));
        if (block->n == 0) {
            break;
        }
        const uint64_t left = pool->n_rows - draw->n_rows;
        status = fb_official_draw_add(draw, block, left < block->n ? (size_t)left : block->n, error);
        if (status != FB_OK) {
            fb_fail_prefix(error, status, "%s", name);
            goto cleanup;
        }
    }
    const uint64_t needed = pool->n_rows == FB_ROWS_UNKNOWN ? 1 : pool->n_rows;
    if (draw->n_rows < needed) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: has %" PRIu64 " rows, but the pool needs %" PRIu64, name,
                         draw->n_rows, needed);
        goto cleanup;
    }
    FB_TRY(fb_official_draw_finish(draw, error));
cleanup:
    fb_events_free(block);
    return status;
}

fb_status fb_official_sample_draw(const fb_official_pool *pool, const fb_official_truth *truth, bool is_poisson,
                                  fb_official_draw **out, fb_error *error)
{
    const fb_source_info *info = fb_source_describe(pool->source);
    *out = NULL;
    if (!info->has_weights || !info->has_processes) {
        return fb_fail(error, FB_ERROR_DATA, "%s: has no %s, and nothing can be drawn without", info->name,
                       info->has_weights ? "detailed_labels" : "weights");
    }
    fb_official_draw *draw = NULL;
    fb_status status = fb_official_draw_create(truth, pool->scaling, is_poisson, &draw, error);
    if (status != FB_OK) {
        return status;
    }
    status = read_pool(pool, draw, error);
    const fb_status rewound = fb_source_rewind_for(pool->source, false, status == FB_OK ? error : NULL);
    if (status != FB_OK || rewound != FB_OK) {
        fb_official_draw_free(draw);
        return status != FB_OK ? status : rewound;
    }
    *out = draw;
    return FB_OK;
}

/* --- the drawn events, in the order of the pool ------------------------------------------------------------------- */

typedef struct stream {
    fb_official_pool pool;
    const fb_official_draw *draw;
    fb_events *piece; /* of the pool */
    uint32_t *from;   /* [n] rows of the piece that the next rows of a block are copies of */
    size_t capacity;
    size_t next; /* copy */
} stream;

static void free_stream(void *state)
{
    stream *s = state;
    fb_events_free(s->piece);
    free(s->from);
    free(s);
}

static fb_status rewind_stream(void *state, fb_error *error)
{
    stream *s = state;
    s->next = 0;
    s->piece->n = 0;
    s->piece->first_row = 0;
    return fb_source_rewind(s->pool.source, error);
}

/* Reads on until the piece has the row of the next copy. */
static fb_status seek_row(stream *s, fb_error *error)
{
    const uint64_t row = s->draw->row[s->next];
    fb_status status = FB_OK;
    while (row >= s->piece->first_row + s->piece->n) {
        FB_TRY(fb_source_read(s->pool.source, s->piece, error));
        if (s->piece->n == 0) {
            status = fb_fail(error, FB_ERROR_DATA, "%s: ends before row %" PRIu64 ", which was there before",
                             fb_source_describe(s->pool.source)->name, row);
            goto cleanup;
        }
    }
cleanup:
    return status;
}

/* Column by column: the compiler makes gathers of it. */
static void gather(const stream *s, size_t n, fb_events *block)
{
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        const float *restrict from = s->piece->column[k];
        float *restrict to = block->column[k] + block->n;
        for (size_t i = 0; i < n; i++) {
            to[i] = from[s->from[i]];
        }
    }
    block->n += n;
}

static fb_status read_stream(void *state, fb_events *block, fb_error *error)
{
    stream *s = state;
    fb_status status = FB_OK;
    block->first_row = s->next;
    FB_TRY(fb_memory_grow(&s->from, &s->capacity, block->capacity, sizeof *s->from, error));
    while (block->n < block->capacity && s->next < s->draw->n) {
        FB_TRY(seek_row(s, error));
        const uint64_t end = s->piece->first_row + s->piece->n;
        const size_t room = block->capacity - block->n;
        size_t n = 0;
        while (n < room && s->next < s->draw->n && s->draw->row[s->next] < end) {
            s->from[n++] = (uint32_t)(s->draw->row[s->next++] - s->piece->first_row);
        }
        gather(s, n, block);
    }
cleanup:
    return status;
}

fb_status fb_official_sample_stream(const fb_official_pool *pool, const fb_official_draw *draw, fb_source **out,
                                    fb_error *error)
{
    static const fb_source_methods methods = {.read = read_stream, .rewind = rewind_stream, .free = free_stream};
    const fb_source_info info = {.n_rows = draw->n, .stage = FB_EVENTS_RAW, .name = "drawn events"};
    stream *s = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *s, &s, error));
    *s = (stream){.pool = *pool, .draw = draw};
    FB_TRY(fb_events_create(FB_READ_ROWS, &s->piece, error));
    FB_TRY(rewind_stream(s, error));
    status = fb_source_create(&methods, s, &info, out, error);
    s = NULL;
cleanup:
    if (s != NULL) {
        free_stream(s);
    }
    return status;
}

fb_status fb_official_sample_noise(const fb_official_draw *draw, fb_noise_table *table, fb_noise *noise,
                                   fb_error *error)
{
    fb_status status = fb_noise_table_reserve(table, draw->n, error);
    if (status == FB_OK) {
        fb_noise_init_table(noise, table, draw->position, draw->n);
    }
    return status;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

/* The truth of what is still to be done to drawn events: the draw has had the normalisations. */
static fb_nuisances distortions_of(const fb_official_truth *truth)
{
    const fb_truth all = {.mu = truth->mu, .nuisances = truth->nuisances};
    return fb_truth_distortions(&all);
}

fb_status fb_official_sample_visit(const fb_official_pool *pool, const fb_official_truth *truth, bool is_poisson,
                                   fb_noise_table *table, uint64_t experiment, const fb_visitor *visitor,
                                   fb_error *error)
{
    fb_pipeline pipeline = fb_pipeline_default();
    fb_official_draw *draw = NULL;
    fb_source *source = NULL;
    fb_noise noise;
    fb_stage_timer timer = fb_stage_timer_start(visitor->times);
    fb_status status = FB_OK;
    FB_TRY(fb_official_sample_draw(pool, truth, is_poisson, &draw, error));
    FB_TRY(fb_official_sample_stream(pool, draw, &source, error));
    FB_TRY(fb_official_sample_noise(draw, table, &noise, error));
    fb_stage_timer_stop(&timer, FB_STAGE_DRAW);
    pipeline.position = draw->position;
    pipeline.stages.nuisances = distortions_of(truth);
    pipeline.stages.noise = &noise;
    FB_TRY(fb_pipeline_visit(&pipeline, source, experiment, visitor, error));
cleanup:
    fb_source_free(source);
    fb_official_draw_free(draw);
    return status;
}

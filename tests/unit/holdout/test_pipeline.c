/* The block pipeline: the same bytes for any number of threads, in row order; shares; how it stops. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/pipeline/pipeline.h"
#include "tests/support/support.h"

/* More than one piece of FB_PIPELINE_SLOTS blocks, and a last block that is not full. */
enum { N_ROWS = FB_PIPELINE_SLOTS * FB_BLOCK_ROWS + 3 * FB_BLOCK_ROWS + 123, N_COLUMNS = FB_N_FEATURES + 1 };

static const double MOST = 4.0; /* standard deviations; the seeds are fixed */

static fb_events *table;

static void make_table(void)
{
    table = fb_simulated_events(N_ROWS, 3);
}

static void free_table(void)
{
    fb_events_free(table);
}

/* What came out, in order: features and weight, and the number of the row in the source. */
typedef struct result {
    size_t n;
    float *value;  /* [n][N_COLUMNS] */
    uint64_t *row; /* [n] */
} result;

static result new_result(void)
{
    return (result){0, malloc((size_t)N_ROWS * N_COLUMNS * sizeof(float)), malloc(N_ROWS * sizeof(uint64_t))};
}

static void free_result(result *r)
{
    free(r->value);
    free(r->row);
}

static fb_status collect(void *context, int slot, fb_block *block, fb_error *error)
{
    result *r = context;
    (void)slot;
    (void)error;
    for (size_t i = 0; i < block->events->n; i++) {
        float *to = r->value + r->n * N_COLUMNS;
        for (int k = 0; k < FB_N_FEATURES; k++) {
            to[k] = k < FB_N_PRIMARY ? block->events->column[k][i] : block->derived[k - FB_N_PRIMARY][i];
        }
        to[FB_N_FEATURES] = block->events->weight[i];
        r->row[r->n++] = block->events->first_row + block->origin[i];
    }
    return FB_OK;
}

static void run(fb_pipeline *pipeline, int n_threads, result *r)
{
    fb_error error = {0};
    fb_source *source = NULL;
    pipeline->collect = collect;
    pipeline->context = r;
    FB_ASSERT_OK(fb_source_from_events(table, "table", &source, &error));
    omp_set_num_threads(n_threads);
    FB_ASSERT_OK(fb_pipeline_run(pipeline, source, &error));
    fb_source_free(source);
}

static fb_pipeline distorted(fb_noise *noise, const fb_split *split)
{
    fb_pipeline pipeline = fb_pipeline_default();
    fb_noise_init_streams(noise, 8);
    pipeline.stages.noise = noise;
    pipeline.split = split;
    pipeline.part = FB_HOLDOUT;
    pipeline.share = 0.7;
    pipeline.share_seed = 4;
    pipeline.stages.nuisances.value[FB_TES] = 1.02;
    pipeline.stages.nuisances.value[FB_JES] = 0.97;
    pipeline.stages.nuisances.value[FB_SOFT_MET] = 2.0;
    pipeline.stages.nuisances.value[FB_TTBAR_SCALE] = 1.1;
    return pipeline;
}

START_TEST(threads_do_not_matter)
{
    fb_noise noise;
    const fb_split split = fb_split_by(FB_SPLIT_HASH, NULL);
    result r[2] = {new_result(), new_result()};
    for (int k = 0; k < 2; k++) {
        fb_pipeline pipeline = distorted(&noise, &split);
        run(&pipeline, k + 1, &r[k]);
    }
    ck_assert_uint_gt(r[0].n, 1000);
    ck_assert_uint_eq(r[0].n, r[1].n);
    ck_assert_int_eq(memcmp(r[0].value, r[1].value, r[0].n * N_COLUMNS * sizeof(float)), 0);
    ck_assert_int_eq(memcmp(r[0].row, r[1].row, r[0].n * sizeof(uint64_t)), 0);
    for (size_t i = 0; i < r[0].n; i++) {
        ck_assert(i == 0 || r[0].row[i] > r[0].row[i - 1]);
        ck_assert_int_eq(fb_split_part(&split, r[0].row[i]), FB_HOLDOUT);
    }
    free_result(&r[0]);
    free_result(&r[1]);
}
END_TEST

/* Without distortion, selection and split the rows come out as they went in. */
START_TEST(nothing_to_do_changes_nothing)
{
    fb_pipeline pipeline = fb_pipeline_default();
    result r = new_result();
    pipeline.stages.distort = pipeline.stages.select = false;
    run(&pipeline, 2, &r);
    ck_assert_uint_eq(r.n, N_ROWS);
    for (size_t i = 0; i < r.n; i++) {
        ck_assert_uint_eq(r.row[i], i);
        ck_assert_float_eq(r.value[i * N_COLUMNS + FB_MET], table->column[FB_MET][i]);
        ck_assert_float_eq(r.value[i * N_COLUMNS + FB_N_FEATURES], table->weight[i]);
    }
    free_result(&r);
}
END_TEST

START_TEST(a_share_is_that_share)
{
    static const double shares[] = {0.5, 0.1};
    result r[2] = {new_result(), new_result()};
    for (int k = 0; k < 2; k++) {
        fb_pipeline pipeline = fb_pipeline_default();
        pipeline.stages.distort = pipeline.stages.select = false;
        pipeline.share = shares[k];
        run(&pipeline, 2, &r[k]);
        FB_ASSERT_NEAR((double)r[k].n, N_ROWS * shares[k], MOST * sqrt(N_ROWS * shares[k] * (1.0 - shares[k])));
    }
    /* The smaller share is part of the larger one, and another seed takes others. */
    size_t at = 0;
    for (size_t i = 0; i < r[1].n; i++, at++) {
        while (at < r[0].n && r[0].row[at] < r[1].row[i]) {
            at++;
        }
        ck_assert(at < r[0].n && r[0].row[at] == r[1].row[i]);
    }
    fb_pipeline pipeline = fb_pipeline_default();
    pipeline.share = 0.1;
    pipeline.share_seed = 1;
    pipeline.stages.distort = pipeline.stages.select = false;
    const uint64_t first = r[1].row[0], second = r[1].row[1];
    r[1].n = 0;
    run(&pipeline, 2, &r[1]);
    ck_assert(r[1].row[0] != first || r[1].row[1] != second);
    free_result(&r[0]);
    free_result(&r[1]);
}
END_TEST

/* Fails in the visit of some blocks, or in the collection of one; counts what is collected. */
typedef struct saboteur {
    uint64_t from_row; /* the visit fails in blocks that start here or behind */
    uint64_t collect_row;
    int n_collected;
} saboteur;

static fb_status bad_visit(void *context, int slot, fb_block *block, fb_error *error)
{
    const saboteur *s = context;
    (void)slot;
    return block->events->first_row < s->from_row
               ? FB_OK
               : fb_fail(error, FB_ERROR_DATA, "no good from row %d", (int)block->events->first_row);
}

static fb_status bad_collect(void *context, int slot, fb_block *block, fb_error *error)
{
    saboteur *s = context;
    (void)slot;
    if (block->events->first_row >= s->collect_row) {
        return fb_fail(error, FB_ERROR_MEMORY, "full at row %d", (int)block->events->first_row);
    }
    s->n_collected++;
    return FB_OK;
}

static fb_status sabotage(saboteur *s, fb_error *error)
{
    fb_source *source = NULL;
    fb_pipeline pipeline = fb_pipeline_default();
    pipeline.visit = bad_visit;
    pipeline.collect = bad_collect;
    pipeline.context = s;
    ck_assert_int_eq(fb_source_from_events(table, "table", &source, error), FB_OK);
    fb_status status = fb_pipeline_run(&pipeline, source, error);
    fb_source_free(source);
    return status;
}

START_TEST(errors_stop_it_with_their_message)
{
    fb_error error = {0};
    omp_set_num_threads(2);
    /* Several blocks of a piece fail: the first one in row order is reported, whichever thread came first. */
    for (int trial = 0; trial < 20; trial++) {
        saboteur s = {.from_row = 5 * FB_BLOCK_ROWS, .collect_row = UINT64_MAX};
        ck_assert_int_eq(sabotage(&s, &error), FB_ERROR_DATA);
        ck_assert_int_eq(error.status, FB_ERROR_DATA);
        ck_assert_str_eq(error.text, "no good from row 20480");
        ck_assert_int_eq(s.n_collected, 0);
    }
    saboteur s = {.from_row = FB_PIPELINE_SLOTS * FB_BLOCK_ROWS, .collect_row = UINT64_MAX};
    ck_assert_int_eq(sabotage(&s, &error), FB_ERROR_DATA);
    ck_assert_int_eq(s.n_collected, FB_PIPELINE_SLOTS);
    s = (saboteur){.from_row = UINT64_MAX, .collect_row = 2 * FB_BLOCK_ROWS};
    ck_assert_int_eq(sabotage(&s, &error), FB_ERROR_MEMORY);
    ck_assert_str_eq(error.text, "full at row 8192");
    ck_assert_int_eq(s.n_collected, 2);
    s = (saboteur){.from_row = UINT64_MAX, .collect_row = UINT64_MAX};
    FB_ASSERT_OK(sabotage(&s, &error));
    ck_assert_int_eq(s.n_collected, (N_ROWS + FB_BLOCK_ROWS - 1) / FB_BLOCK_ROWS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/pipeline");
    TCase *tests = tcase_create("pipeline");
    suite_add_tcase(suite, tests);
    tcase_add_unchecked_fixture(tests, make_table, free_table);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, threads_do_not_matter);
    tcase_add_test(tests, nothing_to_do_changes_nothing);
    tcase_add_test(tests, a_share_is_that_share);
    tcase_add_test(tests, errors_stop_it_with_their_message);
    return fb_run_suite(suite);
}

/* Whole pseudo-experiments against the official program: the drawn rows in their order, then the events after the
 * distortions, the selection and the derived features; from a table in the official order and from a stream. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/formats/event_file.h"
#include "holdout/pipeline/pipeline.h"
#include "holdout/pseudo/official_sample.h"
#include "tests/support/official_table.h"
#include "tests/support/reference.h"
#include "tests/support/support.h"

enum { ON_TTBAR = 1U << FB_TTBAR_SCALE, ON_DIBOSON = 1U << FB_DIBOSON_SCALE, ON_BKG = 1U << FB_BKG_SCALE };

/* What the official functions were called with: get_bootstrapped_dataset(), then systematics(). */
static const struct {
    const char *name;
    fb_official_truth truth;
    bool is_poisson;
    size_t n, n_selected;
    size_t n_copies[FB_N_PROCESS]; /* htautau, ztautau, ttbar, diboson */
} cases[] = {
    {"pe_a", {1.0, {{1, 1, 0, 1, 1, 1}}, 0, 31415}, true, 673, 525, {103, 403, 98, 69}},
    {"pe_b",
     {2.5, {{1.013, 0.988, 1.7, 1.02, 1.25, 1.001}}, ON_TTBAR | ON_DIBOSON | ON_BKG, 42},
     true,
     881,
     700,
     {250, 402, 126, 103}},
    {"pe_d_bkg_only", {0.0, {{1, 1.02, 0, 1, 1, 1.01}}, ON_BKG, 7}, true, 603, 495, {0, 414, 114, 75}},
    {"pe_e_no_poisson", {1.0, {{1, 1, 0, 1, 1, 1}}, 0, 42}, false, 164, 122, {41, 41, 41, 41}},
};

enum { N_CASES = sizeof cases / sizeof cases[0] };

static fb_source *source;
static fb_official_pool pool;
static fb_noise_table noise_table;

static void open_pool(void)
{
    fb_error error = {0};
    FB_ASSERT_OK(fb_event_file_open(FB_TEST_DATA "/synthetic_events.csv", &source, &error));
    pool = (fb_official_pool){.source = source, .n_rows = FB_ROWS_UNKNOWN};
}

static void close_pool(void)
{
    fb_source_free(source);
    fb_noise_table_clear(&noise_table);
}

static fb_official_draw *draw_of(int c)
{
    fb_error error = {0};
    fb_official_draw *draw = NULL;
    FB_ASSERT_OK(fb_official_sample_draw(&pool, &cases[c].truth, cases[c].is_poisson, &draw, &error));
    return draw;
}

START_TEST(drawn_rows_are_official)
{
    static fb_table ids;
    long n_compared = 0;
    for (int c = 0; c < N_CASES; c++) {
        char path[1024];
        snprintf(path, sizeof path, FB_TEST_DATA "/official/%s_ids.csv", cases[c].name);
        ck_assert_msg(fb_table_read(path, &ids), "cannot read %s", path);
        fb_official_draw *draw = draw_of(c);
        ck_assert_uint_eq(draw->n, cases[c].n);
        ck_assert_uint_eq(draw->n, (size_t)ids.n_rows);
        ck_assert_uint_eq(draw->n_rows, 2001);
        for (int process = 0; process < FB_N_PROCESS; process++) {
            ck_assert_uint_eq(draw->n_copies[process], cases[c].n_copies[process]);
        }
        for (size_t k = 0; k < draw->n; k++, n_compared++) {
            const float theirs = ids.value[draw->position[k]][fb_table_column(&ids, "id")];
            ck_assert_msg((float)draw->row[k] == theirs, "%s, row %u: is row %llu of the pool, officially %g",
                          cases[c].name, draw->position[k], (unsigned long long)draw->row[k], (double)theirs);
        }
        fb_official_draw_free(draw);
    }
    printf("bootstrap/*_ids.csv: %d pseudo-experiments, %ld rows, all identical and in order\n", N_CASES, n_compared);
}
END_TEST

/* Where the official row of each row of a source is kept while the pipeline works on it. */
typedef struct visited {
    const fb_official_draw *draw;
    bool is_stream;
    const fb_table *table;
    int *row_of;      /* [n] row of the table of survivors for each official row before the selection */
    long n_identical; /* values */
    long n_rows;
} visited;

static uint32_t official_row(const visited *v, const fb_block *block, size_t i)
{
    const uint64_t row = block->events->first_row + block->origin[i];
    return v->is_stream ? v->draw->position[row] : (uint32_t)row;
}

/* To the last bit. */
static fb_status compare_block(void *context, int slot, fb_block *block, fb_error *error)
{
    visited *v = context;
    (void)slot;
    (void)error;
    for (size_t i = 0; i < block->events->n; i++) {
        const int row = v->row_of[official_row(v, block, i)];
        ck_assert_msg(row >= 0, "official row %u survives, but not in the official table", official_row(v, block, i));
        ck_assert(block->events->weight[i] == 1.0f && block->events->process[i] == FB_PROCESS_UNKNOWN);
        for (int k = 0; k < FB_N_FEATURES; k++) {
            const float ours = k < FB_N_PRIMARY ? block->events->column[k][i] : block->derived[k - FB_N_PRIMARY][i];
            const float theirs = v->table->value[row][fb_table_column(v->table, fb_column_name(k))];
            ck_assert_msg(ours == theirs, "row %d: %s is %.9g, officially %.9g", row, fb_column_name(k), (double)ours,
                          (double)theirs);
            v->n_identical++;
        }
        v->row_of[official_row(v, block, i)] = -1; /* each survivor once */
        v->n_rows++;
    }
    return FB_OK;
}

/* The survivors keep their order, so the official table's rows are found by their ids. */
static int *find_survivors(const fb_official_draw *draw, const fb_table *table)
{
    uint64_t *id = malloc(draw->n * sizeof *id);
    int *row_of = malloc(draw->n * sizeof *row_of);
    const int column = fb_table_column(table, "id");
    ck_assert(id != NULL && row_of != NULL);
    for (size_t k = 0; k < draw->n; k++) {
        id[draw->position[k]] = draw->row[k];
    }
    int next = 0;
    for (size_t i = 0; i < draw->n; i++) {
        const bool survives = next < table->n_rows && table->value[next][column] == (float)id[i];
        row_of[i] = survives ? next++ : -1;
    }
    ck_assert_int_eq(next, table->n_rows);
    free(id);
    return row_of;
}

static long check_distorted(int c, bool is_stream, bool is_placed)
{
    static fb_table table;
    char path[1024];
    fb_error error = {0};
    fb_official_draw *draw = draw_of(c);
    fb_events *events = NULL;
    fb_source *drawn = NULL;
    fb_noise noise;
    fb_pipeline pipeline = fb_pipeline_default();
    snprintf(path, sizeof path, FB_TEST_DATA "/official/%s_syst.csv.gz", cases[c].name);
    ck_assert_msg(fb_table_read(path, &table), "cannot read %s", path);
    ck_assert_uint_eq((size_t)table.n_rows, cases[c].n_selected);
    if (is_stream) {
        FB_ASSERT_OK(fb_official_sample_stream(&pool, draw, &drawn, &error));
    } else {
        FB_ASSERT_OK(fb_official_table_events(&pool, draw, &events, &error));
        FB_ASSERT_OK(fb_source_from_events(events, "drawn", &drawn, &error));
    }
    if (is_placed) {
        FB_ASSERT_OK(is_stream ? fb_official_sample_noise(draw, &noise_table, &noise, &error)
                               : fb_official_table_noise(draw, &noise_table, &noise, &error));
    } else {
        fb_noise_init_sequence(&noise, FB_NOISE_OFFICIAL_SEED, draw->n);
    }
    visited v = {.draw = draw, .is_stream = is_stream, .table = &table, .row_of = find_survivors(draw, &table)};
    pipeline.stages.noise = &noise;
    pipeline.collect = compare_block;
    pipeline.context = &v;
    for (int k = 0; k < FB_N_SHAPE; k++) {
        pipeline.stages.nuisances.value[k] = cases[c].truth.nuisances.value[k];
    }
    FB_ASSERT_OK(fb_pipeline_run(&pipeline, drawn, &error));
    ck_assert_int_eq(v.n_rows, table.n_rows);
    free(v.row_of);
    fb_source_free(drawn);
    fb_events_free(events);
    fb_official_draw_free(draw);
    return v.n_identical;
}

START_TEST(distorted_events_are_official)
{
    long n_compared = 0;
    for (int c = 0; c < N_CASES; c++) {
        n_compared += check_distorted(c, false, true);
    }
    printf("bootstrap/*_syst.csv.gz: %d tables, %ld values, all identical\n", N_CASES, n_compared);
}
END_TEST

/* pe_b has soft-MET noise: the other ways to it give the same bits. */
START_TEST(noise_drawn_row_after_row_is_the_same)
{
    ck_assert_int_gt(check_distorted(1, false, false), 0);
}
END_TEST

START_TEST(streamed_events_are_official)
{
    for (int c = 0; c < N_CASES; c++) {
        ck_assert_int_gt(check_distorted(c, true, true), 0);
    }
}
END_TEST

static fb_events *copied_pool(size_t n)
{
    fb_error error = {0};
    fb_events *all = NULL, *some = NULL;
    FB_ASSERT_OK(fb_source_rewind(source, &error));
    FB_ASSERT_OK(fb_source_read_all(source, &all, &error));
    FB_ASSERT_OK(fb_events_create(n, &some, &error));
    fb_events_append(some, all, 0, n);
    fb_events_free(all);
    FB_ASSERT_OK(fb_source_rewind(source, &error));
    return some;
}

static void assert_same_draws(const fb_official_draw *a, const fb_official_draw *b)
{
    ck_assert_uint_gt(a->n, 0);
    ck_assert_uint_eq(a->n, b->n);
    ck_assert_mem_eq(a->row, b->row, a->n * sizeof *a->row);
    ck_assert_mem_eq(a->position, b->position, a->n * sizeof *a->position);
}

/* The first rows of a source are a pool, and how it is cut into blocks does not matter; nor that another experiment is
 * drawn from the same blocks. */
START_TEST(blocks_and_company_do_not_matter)
{
    enum { N_POOL = 600, BLOCK = 17 };
    fb_error error = {0};
    fb_events *events = copied_pool(N_POOL), *block = NULL;
    fb_source *short_source = NULL;
    fb_official_draw *whole = NULL, *first = NULL, *pieces = NULL, *company = NULL;
    const fb_official_truth *truth = &cases[1].truth;
    fb_official_pool part = {.source = source, .n_rows = N_POOL};
    FB_ASSERT_OK(fb_official_sample_draw(&part, truth, true, &first, &error));
    FB_ASSERT_OK(fb_source_from_events(events, "short", &short_source, &error));
    part = (fb_official_pool){.source = short_source, .n_rows = FB_ROWS_UNKNOWN};
    FB_ASSERT_OK(fb_official_sample_draw(&part, truth, true, &whole, &error));
    FB_ASSERT_OK(fb_official_draw_create(truth, (fb_official_scaling){0}, true, &pieces, &error));
    FB_ASSERT_OK(fb_official_draw_create(&cases[0].truth, (fb_official_scaling){0}, true, &company, &error));
    FB_ASSERT_OK(fb_events_create(BLOCK, &block, &error));
    for (size_t row = 0; row < N_POOL; row += BLOCK) {
        block->n = 0;
        fb_events_append(block, events, row, N_POOL - row < BLOCK ? N_POOL - row : BLOCK);
        block->first_row = row;
        FB_ASSERT_OK(fb_official_draw_add(pieces, block, block->n, &error));
        FB_ASSERT_OK(fb_official_draw_add(company, block, block->n, &error));
    }
    FB_ASSERT_OK(fb_official_draw_finish(pieces, &error));
    assert_same_draws(first, whole);
    assert_same_draws(first, pieces);
    fb_official_draw_free(whole);
    fb_official_draw_free(first);
    fb_official_draw_free(pieces);
    fb_official_draw_free(company);
    fb_source_free(short_source);
    fb_events_free(events);
    fb_events_free(block);
}
END_TEST

/* Millions of values: only what is wrong is reported to the framework. */
static void assert_shows(const fb_events *shown, size_t i, const fb_events *events, uint64_t row)
{
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        if (shown->column[k][i] != events->column[k][row]) {
            ck_abort_msg("%s of pool row %llu is %g instead of %g", fb_column_name(k), (unsigned long long)row,
                         (double)shown->column[k][i], (double)events->column[k][row]);
        }
    }
}

/* More rows, and more events, than are read at once. */
START_TEST(large_pools_are_read_in_pieces)
{
    enum { N_POOL = 2 * FB_READ_ROWS + 1000, N_USED = N_POOL - 500, BLOCK = 50000 };
    fb_error error = {0};
    fb_events *events = fb_simulated_events(N_POOL, 9), *table = NULL, *block = NULL;
    fb_source *large = NULL, *stream = NULL;
    fb_official_draw *draw = NULL;
    FB_ASSERT_OK(fb_source_from_events(events, "large", &large, &error));
    const fb_official_pool used = {.source = large, .n_rows = N_USED, .scaling = {0.2, 1.0}};
    FB_ASSERT_OK(fb_official_sample_draw(&used, &cases[1].truth, true, &draw, &error));
    ck_assert_uint_eq(draw->n_rows, N_USED);
    ck_assert_uint_gt(draw->n, 2 * FB_READ_ROWS);
    ck_assert_uint_gt(draw->row[draw->n - 1], 2 * FB_READ_ROWS);
    ck_assert_uint_lt(draw->row[draw->n - 1], N_USED);
    FB_ASSERT_OK(fb_official_table_events(&used, draw, &table, &error));
    FB_ASSERT_OK(fb_official_sample_stream(&used, draw, &stream, &error));
    FB_ASSERT_OK(fb_events_create(BLOCK, &block, &error));
    for (int again = 0; again < 2; again++) { /* a stream can be rewound */
        size_t done = 0;
        for (;;) {
            FB_ASSERT_OK(fb_source_read(stream, block, &error));
            if (block->n == 0) {
                break;
            }
            ck_assert_uint_eq(block->first_row, done);
            for (size_t i = 0; i < block->n; i++, done++) {
                assert_shows(block, i, events, draw->row[done]);
                assert_shows(table, draw->position[done], events, draw->row[done]);
            }
        }
        ck_assert_uint_eq(done, draw->n);
        FB_ASSERT_OK(fb_source_rewind(stream, &error));
    }
    fb_source_free(stream);
    fb_official_draw_free(draw);
    fb_source_free(large);
    fb_events_free(block);
    fb_events_free(table);
    fb_events_free(events);
}
END_TEST

/* Weights are scaled by a product and a quotient. One factor rounds otherwise; then a row of this experiment gets
 * another number of copies, and all later numbers of its process are others. */
START_TEST(pool_is_scaled_in_two_steps)
{
    enum { N_ROWS = 20000, N_FIRST = N_ROWS * 3 / 10 };
    static const fb_official_truth truth = {
        1.18, {{1, 1, 0, 1.0018, 1.018, 1.00018}}, ON_TTBAR | ON_DIBOSON | ON_BKG, 18};
    fb_error error = {0};
    fb_split split = fb_split_by(FB_SPLIT_OFFICIAL, NULL);
    fb_events *events = fb_simulated_events(N_ROWS, 1);
    fb_source *all = NULL;
    fb_official_draw *draw = NULL, *other = NULL;
    FB_ASSERT_OK(fb_source_from_events(events, "events", &all, &error));
    FB_ASSERT_OK(fb_split_measure(&split, all, NULL, &error));
    const fb_official_pool scaled = fb_official_sample_pool(all, &split);
    FB_ASSERT_OK(fb_official_sample_draw(&scaled, &truth, true, &draw, &error));
    ck_assert_uint_eq(draw->n, 1050003);
    const float factor = (float)(scaled.scaling.sum_weights / scaled.scaling.pool_sum_weights);
    for (size_t i = 0; i < events->n; i++) {
        events->weight[i] *= factor;
    }
    const fb_official_pool as_it_is = {.source = all, .n_rows = N_FIRST};
    FB_ASSERT_OK(fb_official_sample_draw(&as_it_is, &truth, true, &other, &error));
    ck_assert_uint_eq(other->n, 1049990);
    fb_official_draw_free(draw);
    fb_official_draw_free(other);
    fb_source_free(all);
    fb_events_free(events);
}
END_TEST

/* The official pool: the first 30 %, all processes scaled alike. */
START_TEST(official_pool_keeps_the_total_only)
{
    fb_error error = {0};
    fb_split split = fb_split_by(FB_SPLIT_HASH, NULL);
    fb_events *events = copied_pool(2001);
    double first = 0.0, all = 0.0;
    for (size_t i = 0; i < events->n; i++) {
        all += events->weight[i];
        first += i < 600 ? events->weight[i] : 0.0;
    }
    FB_ASSERT_OK(fb_split_measure(&split, source, NULL, &error));
    const fb_official_pool official = fb_official_sample_pool(source, &split);
    ck_assert_uint_eq(official.n_rows, fb_split_official_rows(2001));
    ck_assert_uint_eq(official.n_rows, 600);
    FB_ASSERT_NEAR(official.scaling.sum_weights, all, 1e-12 * all);
    FB_ASSERT_NEAR(official.scaling.pool_sum_weights, first, 1e-12 * first);
    ck_assert(all > 2.0 * first);
    /* Without Poisson the factor is seen in the copies of each row. */
    fb_official_draw *draw = NULL;
    FB_ASSERT_OK(fb_official_sample_draw(&official, &cases[3].truth, false, &draw, &error));
    size_t k = 0;
    for (size_t i = 0; i < official.n_rows; i++) {
        const size_t expected = (size_t)(events->weight[i] * (float)all / (float)first);
        size_t n = 0;
        for (; k < draw->n && draw->row[k] == i; k++) {
            n++;
        }
        ck_assert_msg(n == expected, "row %zu: %zu copies instead of %zu", i, n, expected);
    }
    ck_assert_uint_eq(k, draw->n);
    fb_official_draw_free(draw);
    fb_events_free(events);
}
END_TEST

START_TEST(a_pool_without_weight_gives_an_empty_experiment)
{
    fb_error error = {0};
    fb_events *events = copied_pool(5), *drawn = NULL;
    fb_source *empty = NULL;
    fb_official_draw *draw = NULL;
    fb_noise noise;
    memset(events->weight, 0, 5 * sizeof(float));
    FB_ASSERT_OK(fb_source_from_events(events, "weightless", &empty, &error));
    const fb_official_pool weightless = {.source = empty, .n_rows = 5};
    FB_ASSERT_OK(fb_official_sample_draw(&weightless, &cases[0].truth, true, &draw, &error));
    ck_assert_uint_eq(draw->n, 0);
    FB_ASSERT_OK(fb_official_table_noise(draw, &noise_table, &noise, &error));
    FB_ASSERT_OK(fb_official_table_events(&weightless, draw, &drawn, &error));
    ck_assert_uint_eq(drawn->n, 0);
    fb_events_free(drawn);
    fb_official_draw_free(draw);
    fb_source_free(empty);
    fb_events_free(events);
}
END_TEST

static void assert_refused(const fb_official_pool *bad, const char *words)
{
    fb_error error = {0};
    fb_official_draw *draw = NULL;
    ck_assert_int_eq(fb_official_sample_draw(bad, &cases[0].truth, true, &draw, &error), FB_ERROR_DATA);
    ck_assert_ptr_null(draw);
    ck_assert_msg(strstr(error.text, words) != NULL, "'%s' is not in '%s'", words, error.text);
}

static void assert_weight_is_refused(const fb_events *events, double mu, const char *words)
{
    fb_error error = {0};
    fb_official_truth truth = cases[0].truth;
    fb_official_draw *draw = NULL;
    truth.mu = mu;
    FB_ASSERT_OK(fb_official_draw_create(&truth, (fb_official_scaling){0}, true, &draw, &error));
    ck_assert_int_eq(fb_official_draw_add(draw, events, events->n, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, words) != NULL, "'%s' is not in '%s'", words, error.text);
    fb_official_draw_free(draw);
}

START_TEST(bad_pools_are_refused)
{
    fb_error error = {0};
    fb_events *events = copied_pool(10);
    fb_source *bad = NULL;
    fb_official_draw *draw = NULL;
    const fb_official_pool too_long = {.source = source, .n_rows = 2002};
    assert_refused(&too_long, "has 2001 rows, but the pool needs 2002");
    events->has_weights = false;
    FB_ASSERT_OK(fb_source_from_events(events, "bare", &bad, &error));
    const fb_official_pool bare = {.source = bad, .n_rows = 10};
    assert_refused(&bare, "bare: has no weights");
    fb_source_free(bad);

    FB_ASSERT_OK(fb_official_draw_create(&cases[0].truth, (fb_official_scaling){0}, true, &draw, &error));
    events->first_row = 3;
    ck_assert_int_eq(fb_official_draw_add(draw, events, 10, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "row 3 is out of turn: the draw goes on with row 0"));
    events->first_row = 0;
    events->weight[4] = NAN;
    ck_assert_int_eq(fb_official_draw_add(draw, events, 10, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "row 4: weight nan"));
    events->process[4] = FB_HTAUTAU;
    events->weight[4] = 1.5e9f; /* too large by itself */
    assert_weight_is_refused(events, 1.0, "row 4: weight 1.5e+09");
    events->weight[4] = -1.0f; /* also where nothing is drawn */
    assert_weight_is_refused(events, 0.0, "row 4: weight -1");
    events->weight[4] = 1.0f;
    events->process[6] = FB_PROCESS_UNKNOWN;
    ck_assert_int_eq(fb_official_draw_add(draw, events, 10, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "row 6: has no process"));
    fb_official_draw_free(draw);
    fb_events_free(events);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/official_draw");
    TCase *tests = tcase_create("official");
    suite_add_tcase(suite, tests);
    tcase_add_unchecked_fixture(tests, open_pool, close_pool);
    tcase_add_test(tests, drawn_rows_are_official);
    tcase_add_test(tests, distorted_events_are_official);
    tcase_add_test(tests, noise_drawn_row_after_row_is_the_same);
    tcase_add_test(tests, streamed_events_are_official);
    tcase_add_test(tests, blocks_and_company_do_not_matter);
    tcase_add_test(tests, large_pools_are_read_in_pieces);
    tcase_add_test(tests, official_pool_keeps_the_total_only);
    tcase_add_test(tests, pool_is_scaled_in_two_steps);
    tcase_add_test(tests, a_pool_without_weight_gives_an_empty_experiment);
    tcase_add_test(tests, bad_pools_are_refused);
    return fb_run_suite(suite);
}

/* Experiments drawn from a pool: every row as often as its weight says, independently, whatever else is drawn. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/pipeline/stages.h"
#include "holdout/pseudo/pool.h"
#include "holdout/pseudo/pseudo_data.h"
#include "models/common/memory.h"
#include "tests/support/support.h"

/* Standard deviations; the seeds are fixed, so a pass stays a pass. */
static const double MOST = 4.5;

/* --- a pool whose rows can be distinguished ----------------------------------------------------------------------- */

enum { N_ROWS = 300 };

static fb_events *table;
static fb_source *source;
static fb_split split;

/* Row i has a lepton of 30 + i GeV, process i % 4, and passes every selection. */
static void make_pool(void)
{
    fb_error error = {0};
    fb_random random = fb_random_at(2, FB_STREAM_TOY, 0);
    FB_ASSERT_OK(fb_events_create(N_ROWS, &table, &error));
    table->n = N_ROWS;
    table->has_weights = table->has_processes = true;
    for (int i = 0; i < N_ROWS; i++) {
        for (int k = 0; k < FB_N_PRIMARY; k++) {
            table->column[k][i] = k >= FB_JET1_PT && k <= FB_JET2_PHI ? FB_MISSING : 0.5f;
        }
        table->column[FB_LEP_PT][i] = 30.0f + (float)i;
        table->column[FB_HAD_PT][i] = 100.0f;
        table->column[FB_MET][i] = 20.0f;
        table->column[FB_N_JETS][i] = table->column[FB_JET_ALL_PT][i] = 0.0f;
        table->weight[i] = -(float)log(fb_random_uniform(&random));
        table->process[i] = (uint8_t)(i % FB_N_PROCESS);
    }
    split = fb_split_by(FB_SPLIT_HASH, "0.1,0.1,0.1,0.7");
    FB_ASSERT_OK(fb_source_from_events(table, "table", &source, &error));
    FB_ASSERT_OK(fb_split_measure(&split, source, NULL, &error));
}

static void free_pool(void)
{
    fb_source_free(source);
    fb_events_free(table);
}

static fb_truth truth_of(uint64_t seed)
{
    return (fb_truth){.mu = 1.0, .nuisances = fb_nuisance_nominal(), .seed = seed};
}

/* Draws and shuffles `n` experiments together. */
static void draw(uint64_t n, const fb_truth *truth, fb_pseudo_data *observed)
{
    fb_error error = {0};
    const fb_visitor visitor = {.visit = fb_pseudo_data_add, .context = observed};
    memset(observed, 0, n * sizeof *observed);
    FB_ASSERT_OK(fb_pool_draw(source, &split, n, truth, &visitor, &error));
    for (uint64_t e = 0; e < n; e++) {
        FB_ASSERT_OK(fb_pseudo_data_arrange(&observed[e], truth[e].seed, &error));
    }
}

/* Mean and variance of the copies of a row are scale * factor * weight, as for a Poisson number. */
START_TEST(copies_are_poisson)
{
    enum { N = 2000 };
    static fb_truth truth[N];
    static fb_pseudo_data observed[N];
    static double sum[N_ROWS], sum2[N_ROWS];
    double scale[FB_N_PROCESS], variance_ratio = 0.0, n_pool = 0.0;
    for (uint64_t e = 0; e < N; e++) {
        truth[e] = truth_of(100 + e);
        truth[e].mu = 2.0;
        truth[e].nuisances.value[FB_TTBAR_SCALE] = 1.1;
        truth[e].nuisances.value[FB_DIBOSON_SCALE] = 0.5;
        truth[e].nuisances.value[FB_BKG_SCALE] = 1.01;
    }
    fb_truth_scales(&truth[0], scale);
    FB_ASSERT_NEAR(scale[FB_TTBAR], 1.1 * 1.01, 1e-12);
    draw(N, truth, observed);
    for (int e = 0; e < N; e++) {
        static double copies[N_ROWS];
        memset(copies, 0, sizeof copies);
        for (size_t i = 0; i < observed[e].n; i++) {
            copies[(int)observed[e].matrix[i * FB_N_FEATURES + FB_LEP_PT] - 30] += 1.0;
        }
        for (int row = 0; row < N_ROWS; row++) {
            sum[row] += copies[row];
            sum2[row] += copies[row] * copies[row];
        }
        fb_pseudo_data_clear(&observed[e]);
    }
    for (int row = 0; row < N_ROWS; row++) {
        const int process = table->process[row];
        const bool in_pool = fb_split_part(&split, (uint64_t)row) == FB_POOL;
        const double mean =
            in_pool ? scale[process] * split.factor[FB_POOL][process] * (double)table->weight[row] : 0.0;
        FB_ASSERT_NEAR(sum[row] / N, mean, MOST * sqrt(mean / N) + 1e-12);
        if (in_pool && mean > 0.05) {
            variance_ratio += (sum2[row] / N - sum[row] * sum[row] / N / N) / mean;
            n_pool += 1.0;
        }
    }
    FB_ASSERT_NEAR(variance_ratio / n_pool, 1.0, MOST * sqrt(3.0 / N / n_pool));
}
END_TEST

/* What else is drawn, and by how many threads, does not matter. */
START_TEST(experiments_are_their_own)
{
    fb_truth truth[3];
    fb_pseudo_data together[3], alone;
    const int n_threads = omp_get_max_threads();
    for (uint64_t e = 0; e < 3; e++) {
        truth[e] = truth_of(e);
        truth[e].mu = 30.0 + (double)e; /* some blocks each */
        truth[e].nuisances.value[FB_BKG_SCALE] = 30.0;
        truth[e].nuisances.value[FB_SOFT_MET] = 2.0;
    }
    draw(3, truth, together);
    omp_set_num_threads(1);
    for (int e = 2; e >= 0; e--) {
        draw(1, &truth[e], &alone);
        ck_assert_uint_eq(alone.n, together[e].n);
        ck_assert_mem_eq(alone.matrix, together[e].matrix, alone.n * FB_N_FEATURES * sizeof(float));
        fb_pseudo_data_clear(&alone);
    }
    omp_set_num_threads(n_threads);
    ck_assert_uint_gt(together[0].n, 2 * FB_BLOCK_ROWS);
    ck_assert(together[0].n != together[1].n);
    for (int e = 0; e < 3; e++) {
        fb_pseudo_data_clear(&together[e]);
    }
}
END_TEST

/* The same events at another energy scale; no two of them with the same noise. */
START_TEST(events_are_distorted)
{
    fb_truth truth[3] = {truth_of(5), truth_of(5), truth_of(5)};
    fb_pseudo_data observed[3];
    truth[1].nuisances.value[FB_TES] = 1.02;
    truth[2].nuisances.value[FB_SOFT_MET] = 1.0;
    draw(3, truth, observed);
    ck_assert_uint_eq(observed[0].n, observed[1].n);
    for (size_t i = 0; i < observed[0].n; i++) {
        const float *plain = observed[0].matrix + i * FB_N_FEATURES, *scaled = observed[1].matrix + i * FB_N_FEATURES;
        const float *noisy = observed[2].matrix + i * FB_N_FEATURES;
        ck_assert(plain[FB_LEP_PT] == scaled[FB_LEP_PT] && plain[FB_LEP_PT] == noisy[FB_LEP_PT]);
        FB_ASSERT_NEAR(scaled[FB_HAD_PT], 102.0, 1e-4);
        ck_assert(noisy[FB_MET] != plain[FB_MET]);
        ck_assert(i == 0 || noisy[FB_MET] != noisy[FB_MET - FB_N_FEATURES]);
    }
    for (int e = 0; e < 3; e++) {
        fb_pseudo_data_clear(&observed[e]);
    }
}
END_TEST

/* A pool of several pieces has all of them. */
START_TEST(pieces_add_up)
{
    enum { N = 3 * FB_POOL_PIECE };
    fb_error error = {0};
    fb_truth truth = truth_of(9);
    fb_pseudo_data observed;
    double expected = 0.0;
    free_pool();
    table = fb_simulated_events(N, 5);
    FB_ASSERT_OK(fb_source_from_events(table, "table", &source, &error));
    split = fb_split_by(FB_SPLIT_HASH, "0.1,0.1,0.1,0.7");
    FB_ASSERT_OK(fb_split_measure(&split, source, NULL, &error));
    for (size_t i = 0; i < table->n; i++) {
        const bool passes = table->column[FB_HAD_PT][i] >= 26.0f && table->column[FB_LEP_PT][i] >= 20.0f;
        if (passes && fb_split_part(&split, i) == FB_POOL) {
            expected += split.factor[FB_POOL][table->process[i]] * (double)table->weight[i];
        }
    }
    draw(1, &truth, &observed);
    FB_ASSERT_NEAR((double)observed.n, expected, MOST * sqrt(expected));
    fb_pseudo_data_clear(&observed);
}
END_TEST

/* The leptons of the first block of each of two pieces. */
typedef struct first_blocks {
    size_t n[2];
    float lepton[2][FB_BLOCK_ROWS];
} first_blocks;

static fb_status keep_first(void *context, uint64_t experiment, fb_block *block, fb_error *error)
{
    first_blocks *b = context;
    const uint64_t piece = block->events->first_row >> 32;
    (void)experiment;
    (void)error;
    if ((uint32_t)block->events->first_row == 0) {
        b->n[piece] = block->events->n;
        memcpy(b->lepton[piece], block->events->column[FB_LEP_PT], block->events->n * sizeof(float));
    }
    return FB_OK;
}

/* Two pieces with the same rows: other events are drawn from each. */
START_TEST(pieces_have_their_own_numbers)
{
    static first_blocks blocks;
    const fb_visitor visitor = {.visit = keep_first, .context = &blocks};
    const fb_truth truth = truth_of(3);
    fb_events *twice = NULL;
    fb_error error = {0};
    size_t n_same = 0;
    FB_ASSERT_OK(fb_events_create(2 * (size_t)FB_POOL_PIECE, &twice, &error));
    for (size_t i = 0; i < 2 * (size_t)FB_POOL_PIECE; i++) {
        fb_events_append(twice, table, 0, 1);
        twice->column[FB_LEP_PT][i] = 30.0f + 0.001f * (float)(i % FB_POOL_PIECE);
        twice->weight[i] = 0.05f;
    }
    twice->has_weights = twice->has_processes = true;
    fb_source_free(source);
    FB_ASSERT_OK(fb_source_from_events(twice, "table", &source, &error));
    split = fb_split_by(FB_SPLIT_HASH, "1e-12,0,1e-12,1");
    FB_ASSERT_OK(fb_split_measure(&split, source, NULL, &error));
    FB_ASSERT_OK(fb_pool_draw(source, &split, 1, &truth, &visitor, &error));
    ck_assert(blocks.n[0] > 1000 && blocks.n[1] > 1000);
    for (size_t i = 0; i < blocks.n[0] && i < blocks.n[1]; i++) {
        n_same += blocks.lepton[0][i] == blocks.lepton[1][i];
    }
    ck_assert_uint_lt(n_same, 10); /* one in 32768 by chance */
    fb_source_free(source);
    fb_events_free(twice);
    FB_ASSERT_OK(fb_source_from_events(table, "table", &source, &error));
}
END_TEST

/* How many events of each process are in each of two pieces, from leptons that tell the row. */
enum { N_COUNTS = 2 * FB_N_PROCESS };

static fb_status count_events(void *context, uint64_t experiment, fb_block *block, fb_error *error)
{
    double *count = (double *)context + experiment * N_COUNTS + (block->events->first_row >> 32) * FB_N_PROCESS;
    (void)error;
    for (size_t i = 0; i < block->events->n; i++) {
        const long row = lround(1000.0 * ((double)block->events->column[FB_LEP_PT][i] - 30.0));
#pragma omp atomic
        count[row % FB_N_PROCESS] += 1.0;
    }
    return FB_OK;
}

/* Two pieces of four processes with equal weights: eight numbers of events that have nothing to do with each other. */
START_TEST(numbers_of_events_are_independent)
{
    enum { N = 300 };
    static double count[N][N_COUNTS];
    static fb_truth truth[N];
    const fb_visitor visitor = {.visit = count_events, .context = count};
    double mean[N_COUNTS] = {0.0};
    fb_events *pieces = NULL;
    fb_source *equal = NULL;
    fb_error error = {0};
    FB_ASSERT_OK(fb_events_create(2 * (size_t)FB_POOL_PIECE, &pieces, &error));
    for (size_t i = 0; i < 2 * (size_t)FB_POOL_PIECE; i++) {
        fb_events_append(pieces, table, 0, 1);
        pieces->column[FB_LEP_PT][i] = 30.0f + 0.001f * (float)(i % 4096);
        pieces->process[i] = (uint8_t)(i % FB_N_PROCESS);
        pieces->weight[i] = 0.05f;
    }
    pieces->has_weights = pieces->has_processes = true;
    FB_ASSERT_OK(fb_source_from_events(pieces, "pieces", &equal, &error));
    split = fb_split_by(FB_SPLIT_HASH, "1e-12,0,1e-12,1");
    FB_ASSERT_OK(fb_split_measure(&split, equal, NULL, &error));
    for (uint64_t e = 0; e < N; e++) {
        truth[e] = truth_of(500 + e);
    }
    FB_ASSERT_OK(fb_pool_draw(equal, &split, N, truth, &visitor, &error));
    for (int e = 0; e < N; e++) {
        for (int k = 0; k < N_COUNTS; k++) {
            mean[k] += count[e][k] / N;
        }
    }
    const double expected = 0.05 * FB_POOL_PIECE / FB_N_PROCESS;
    for (int k = 0; k < N_COUNTS; k++) {
        FB_ASSERT_NEAR(mean[k], expected, MOST * sqrt(expected / N));
        for (int m = 0; m <= k; m++) {
            double covariance = 0.0;
            for (int e = 0; e < N; e++) {
                covariance += (count[e][k] - mean[k]) * (count[e][m] - mean[m]) / (N - 1);
            }
            FB_ASSERT_NEAR(covariance / expected, k == m ? 1.0 : 0.0, MOST * sqrt((k == m ? 2.0 : 1.0) / N));
        }
    }
    fb_source_free(equal);
    fb_events_free(pieces);
}
END_TEST

static fb_status keep_met(void *context, uint64_t experiment, fb_block *block, fb_error *error)
{
    float *met = (float *)context + experiment * N_ROWS;
    (void)error;
    for (size_t i = 0; i < block->events->n && i < N_ROWS && block->events->first_row == 0; i++) {
        met[i] = block->events->column[FB_MET][i];
    }
    return FB_OK;
}

/* All events have the same missing momentum before the noise. */
START_TEST(experiments_have_their_own_noise)
{
    static float met[2][N_ROWS];
    const fb_visitor visitor = {.visit = keep_met, .context = met};
    fb_truth truth[2] = {truth_of(5), truth_of(6)};
    fb_error error = {0};
    int n_both = 0, n_same = 0;
    truth[0].nuisances.value[FB_SOFT_MET] = truth[1].nuisances.value[FB_SOFT_MET] = 3.0;
    FB_ASSERT_OK(fb_pool_draw(source, &split, 2, truth, &visitor, &error));
    for (int i = 0; i < N_ROWS; i++) {
        n_both += met[0][i] > 0.0f && met[1][i] > 0.0f;
        n_same += met[0][i] > 0.0f && met[0][i] == met[1][i];
    }
    ck_assert_int_gt(n_both, 50);
    ck_assert_int_le(n_same, 2); /* of thousands of values that a third decimal can tell apart */
}
END_TEST

/* Every order of four rows comes as often as any other. */
START_TEST(orders_are_equally_frequent)
{
    enum { N = 12000, ROWS = 4, CODES = 256 };
    int frequency[CODES] = {0}, n_orders = 0;
    fb_error error = {0};
    for (uint64_t seed = 0; seed < N; seed++) {
        fb_pseudo_data o = {.n = ROWS};
        int code = 0;
        FB_ASSERT_OK(fb_memory_grow(&o.matrix, &o.matrix_capacity, ROWS * FB_N_FEATURES, sizeof(float), &error));
        FB_ASSERT_OK(fb_memory_grow(&o.part, &o.part_capacity, 1, sizeof *o.part, &error));
        o.part[o.n_parts++] = (fb_pseudo_data_part){0, 0, ROWS};
        for (int i = 0; i < ROWS * FB_N_FEATURES; i++) {
            o.matrix[i] = (float)(i / FB_N_FEATURES);
        }
        FB_ASSERT_OK(fb_pseudo_data_arrange(&o, seed, &error));
        for (int i = 0; i < ROWS; i++) {
            code = ROWS * code + (int)o.matrix[i * FB_N_FEATURES];
        }
        frequency[code]++;
        fb_pseudo_data_clear(&o);
    }
    for (int code = 0; code < CODES; code++) {
        const double p = 1.0 / 24.0;
        n_orders += frequency[code] > 0;
        ck_assert(frequency[code] == 0 || fabs(frequency[code] - N * p) < MOST * sqrt(N * p * (1.0 - p)));
    }
    ck_assert_int_eq(n_orders, 24);
}
END_TEST

/* What was in the numbers of events is not to be done again. */
START_TEST(truths_are_used_once)
{
    fb_truth truth = truth_of(1);
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        truth.nuisances.value[k] = 0.5 + 0.1 * k;
    }
    const fb_nuisances left = fb_truth_distortions(&truth);
    ck_assert(left.value[FB_TES] == 0.5 && left.value[FB_JES] == truth.nuisances.value[FB_JES]);
    ck_assert(left.value[FB_SOFT_MET] == truth.nuisances.value[FB_SOFT_MET]);
    ck_assert(left.value[FB_TTBAR_SCALE] == 1.0 && left.value[FB_DIBOSON_SCALE] == 1.0);
    ck_assert(left.value[FB_BKG_SCALE] == 1.0);
}
END_TEST

START_TEST(gathered_rows_are_not_distorted_yet)
{
    const uint32_t row[] = {5, 5, 2};
    fb_nuisances high = fb_nuisance_nominal();
    fb_block *block = NULL;
    fb_error error = {0};
    high.value[FB_TES] = 1.05;
    FB_ASSERT_OK(fb_block_create(8, &block, &error));
    fb_block_load(block, table, 0, 8);
    fb_distort(block, &high);
    fb_block_gather(block, table, 3, row, 70);
    ck_assert(block->nuisances.value[FB_TES] == 1.0);
    ck_assert_uint_eq(block->events->n, 3);
    ck_assert_uint_eq(block->events->first_row, 70);
    ck_assert(block->events->column[FB_LEP_PT][0] == 35.0f && block->events->column[FB_LEP_PT][1] == 35.0f);
    ck_assert(block->events->column[FB_LEP_PT][2] == 32.0f && block->events->weight[2] == 1.0f);
    fb_block_free(block);
}
END_TEST

static fb_status complain(void *context, uint64_t experiment, fb_block *block, fb_error *error)
{
    (void)context;
    (void)block;
    return fb_fail(error, FB_ERROR_DATA, "visit of %llu", (unsigned long long)experiment);
}

START_TEST(failures_are_reported)
{
    const fb_truth truth[2] = {truth_of(1), truth_of(2)};
    const fb_visitor visitor = {.visit = complain, .context = NULL};
    fb_error error = {0};
    ck_assert_int_eq(fb_pool_draw(source, &split, 2, truth, &visitor, &error), FB_ERROR_DATA);
    ck_assert_str_eq(error.text, "visit of 0");
    split = fb_split_by(FB_SPLIT_HASH, "0.4,0.3,0.3,0");
    FB_ASSERT_OK(fb_split_measure(&split, source, NULL, &error));
    ck_assert_int_eq(fb_pool_draw(source, &split, 2, truth, &visitor, &error), FB_ERROR_DATA);
    ck_assert(strstr(error.text, "table") != NULL && strstr(error.text, "pool") != NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pool");
    TCase *draws = tcase_create("draws");
    tcase_add_checked_fixture(draws, make_pool, free_pool);
    tcase_add_test(draws, copies_are_poisson);
    tcase_add_test(draws, experiments_are_their_own);
    tcase_add_test(draws, events_are_distorted);
    tcase_add_test(draws, pieces_add_up);
    tcase_add_test(draws, pieces_have_their_own_numbers);
    tcase_add_test(draws, numbers_of_events_are_independent);
    tcase_add_test(draws, experiments_have_their_own_noise);
    tcase_add_test(draws, orders_are_equally_frequent);
    tcase_add_test(draws, truths_are_used_once);
    tcase_add_test(draws, gathered_rows_are_not_distorted_yet);
    tcase_add_test(draws, failures_are_reported);
    suite_add_tcase(suite, draws);
    return fb_run_suite(suite);
}

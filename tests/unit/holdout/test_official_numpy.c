/* Pseudo-experiments of full size against numpy: tests/oracles/oracle_numpy.py draws them again. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "holdout/pseudo/official_sample.h"
#include "tests/support/noise.h"
#include "tests/support/official_table.h"
#include "tests/support/support.h"

#define POOL_FILE "official_pool.tmp.bin"
#define DRAWN_FILE "official_drawn.tmp.bin"

static void write_pool(const fb_events *events)
{
    FILE *stream = fopen(POOL_FILE, "wb");
    ck_assert_ptr_nonnull(stream);
    for (size_t i = 0; i < events->n; i++) {
        const double record[2] = {events->process[i], events->weight[i]};
        ck_assert_uint_eq(fwrite(record, sizeof record, 1, stream), 1);
    }
    ck_assert_int_eq(fclose(stream), 0);
}

static void write_drawn(const fb_official_truth *truth, const fb_official_draw *draw)
{
    fb_error error = {0};
    fb_noise_table table = {0};
    fb_noise noise;
    FB_ASSERT_OK(fb_official_table_noise(draw, &table, &noise, &error));
    uint64_t *row = malloc((draw->n + 1) * sizeof *row);
    FILE *stream = fopen(DRAWN_FILE, "wb");
    ck_assert(row != NULL && stream != NULL);
    for (size_t k = 0; k < draw->n; k++) {
        row[draw->position[k]] = draw->row[k];
    }
    ck_assert_uint_eq(fwrite(&truth->mu, sizeof(double), 1, stream), 1);
    ck_assert_uint_eq(fwrite(truth->nuisances.value, sizeof(double), FB_N_NUISANCE, stream), FB_N_NUISANCE);
    for (size_t k = 0; k < draw->n; k++) {
        double record[3] = {(double)row[k]};
        noise_of_row(&noise, k, &record[1], &record[2]);
        ck_assert_uint_eq(fwrite(record, sizeof record, 1, stream), 1);
    }
    ck_assert_int_eq(fclose(stream), 0);
    free(row);
    fb_noise_table_clear(&table);
}

static void check_experiment(fb_source *source, fb_official_scaling scaling, uint32_t seed, uint32_t s, uint32_t e)
{
    fb_error error = {0};
    char command[1024];
    double mu[10];
    fb_official_draw *draw = NULL;
    const fb_official_run run = {.seed = seed, .n_sets = 10, .n_experiments = 100, .drawn = FB_ALL_NUISANCES};
    const fb_official_pool pool = {.source = source, .n_rows = FB_ROWS_UNKNOWN, .scaling = scaling};
    FB_ASSERT_OK(fb_official_truth_check_run(&run, &error));
    fb_official_truth_mus(&run, mu);
    const fb_official_truth truth = fb_official_truth_of(&run, mu[s], s, e);
    FB_ASSERT_OK(fb_official_sample_draw(&pool, &truth, true, &draw, &error));
    ck_assert_uint_gt(draw->n, 900000);
    write_drawn(&truth, draw);
    fb_official_draw_free(draw);
    snprintf(command, sizeof command,
             "/usr/bin/python3 " FB_TEST_DATA "/../oracles/oracle_numpy.py " POOL_FILE " " DRAWN_FILE " %" PRIu32
             " 10 100 %" PRIu32 " %" PRIu32 " %.17g %.17g",
             seed, s, e, scaling.sum_weights, scaling.pool_sum_weights);
    fflush(NULL);
    int code = system(command);
    if (WIFEXITED(code) && (WEXITSTATUS(code) == 77 || WEXITSTATUS(code) == 127)) {
        fb_skip("no /usr/bin/python3 with numpy");
    }
    ck_assert_int_eq(code, 0);
}

/* Weights on both sides of 10, where numpy changes its method: of equal ones per process, every third is 40 times and
 * every other third a 20th as large. */
START_TEST(full_size_is_numpys)
{
    fb_error error = {0};
    fb_events *events = fb_simulated_events(60000, 5);
    fb_source *source = NULL;
    double sum = 0.0;
    for (size_t i = 0; i < events->n; i++) {
        events->weight[i] *= i % 3 == 0 ? 40.0f : i % 3 == 1 ? 0.05f : 1.0f;
        sum += events->weight[i];
    }
    for (size_t i = 0; i < events->n; i++) {
        events->weight[i] *= (float)(1.05e6 / sum);
    }
    FB_ASSERT_OK(fb_source_from_events(events, "pool", &source, &error));
    write_pool(events);
    check_experiment(source, (fb_official_scaling){0}, 31415, 0, 0);
    check_experiment(source, (fb_official_scaling){1051433.0, 1.05e6}, 42, 9, 99);
    remove(POOL_FILE);
    remove(DRAWN_FILE);
    fb_source_free(source);
    fb_events_free(events);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/official_numpy");
    TCase *tests = tcase_create("numpy");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, full_size_is_numpys);
    return fb_run_suite(suite);
}

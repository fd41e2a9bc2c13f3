/* The four parts of a set of events. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/pipeline/split.h"
#include "tests/support/support.h"

enum { N_ROWS = 40000 };

/* Sums of some ten thousand float32 weights in float64, scaled once in float32: 6e-8 each, mostly cancelling. */
static const double RESTORED = 1e-6;
/* Standard deviations; the seeds are fixed, so a pass stays a pass. */
static const double MOST = 4.0;

static fb_events *table;

static void make_table(void)
{
    table = fb_simulated_events(N_ROWS, 5);
}

static void free_table(void)
{
    fb_events_free(table);
}

static fb_split measured(const char *shares, fb_split_rule rule, double whole[FB_N_PROCESS])
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_split split = fb_split_by(rule, shares);
    FB_ASSERT_OK(fb_source_from_events(table, "table", &source, &error));
    FB_ASSERT_OK(fb_split_measure(&split, source, whole, &error));
    /* It rewinds: the first row is there again. */
    fb_events *all = NULL;
    FB_ASSERT_OK(fb_source_read_all(source, &all, &error));
    ck_assert_uint_eq(all->n, N_ROWS);
    fb_events_free(all);
    fb_source_free(source);
    return split;
}

static void count_parts(const fb_split *split, uint64_t n, uint64_t count[FB_N_PARTS])
{
    memset(count, 0, FB_N_PARTS * sizeof *count);
    for (uint64_t row = 0; row < n; row++) {
        fb_part part = fb_split_part(split, row);
        ck_assert(part >= FB_TRAIN && part < FB_N_PARTS);
        count[part]++;
    }
}

/* Divided by their sum, in the order of the parts. */
START_TEST(shares_become_fractions)
{
    const fb_split even = fb_split_by(FB_SPLIT_HASH, "1,0,1,2"), usual = fb_split_by(FB_SPLIT_HASH, NULL);
    const double fractions[] = {0.25, 0.0, 0.25, 0.5}, as_given[] = {1.0, 0.0, 1.0, 2.0};
    ck_assert_mem_eq(even.fraction, fractions, sizeof fractions);
    ck_assert_mem_eq(even.settings.share, as_given, sizeof as_given);
    ck_assert_mem_eq(usual.fraction, usual.settings.share, sizeof usual.fraction);
}
END_TEST

START_TEST(fractions_are_kept)
{
    static const char *const texts[] = {"0.3,0.1,0.3,0.3", "2,1,4,1", "0.5,0,0.5,0"};
    for (int k = 0; k < 3; k++) {
        const fb_split split = fb_split_by(FB_SPLIT_HASH, texts[k]);
        uint64_t count[FB_N_PARTS];
        count_parts(&split, N_ROWS, count);
        for (int part = 0; part < FB_N_PARTS; part++) {
            double p = split.fraction[part];
            FB_ASSERT_NEAR((double)count[part], N_ROWS * p, MOST * sqrt(N_ROWS * p * (1.0 - p)));
        }
    }
}
END_TEST

/* Every row of a block is kept by exactly the part that fb_split_part says, with its weight times the factor. */
START_TEST(parts_are_disjoint_and_complete)
{
    fb_error error = {0};
    fb_block *block = NULL;
    fb_split split = measured("0.3,0.1,0.3,0.3", FB_SPLIT_HASH, NULL);
    int *seen = calloc(N_ROWS, sizeof *seen);
    FB_ASSERT_OK(fb_block_create(FB_BLOCK_ROWS, &block, &error));
    for (int part = 0; part < FB_N_PARTS; part++) {
        for (size_t first = 0; first < N_ROWS; first += FB_BLOCK_ROWS) {
            fb_block_load(block, table, first, N_ROWS - first < FB_BLOCK_ROWS ? N_ROWS - first : FB_BLOCK_ROWS);
            fb_split_keep(&split, (fb_part)part, block);
            for (size_t i = 0; i < block->events->n; i++) {
                size_t row = first + block->origin[i];
                seen[row]++;
                ck_assert_int_eq(fb_split_part(&split, row), part);
                ck_assert_float_eq(block->events->column[FB_MET][i], table->column[FB_MET][row]);
                ck_assert_float_eq(block->events->weight[i],
                                   (float)(table->weight[row] * split.factor[part][table->process[row]]));
            }
        }
    }
    for (size_t row = 0; row < N_ROWS; row++) {
        ck_assert_int_eq(seen[row], 1);
    }
    free(seen);
    fb_block_free(block);
}
END_TEST

static void check_sums(fb_split_rule rule)
{
    double whole[FB_N_PROCESS], sum[FB_N_PARTS][FB_N_PROCESS] = {{0.0}}, truth[FB_N_PROCESS] = {0.0};
    uint64_t rows = 0;
    fb_split split = measured("0.3,0.1,0.3,0.3", rule, whole);
    for (size_t row = 0; row < N_ROWS; row++) {
        int process = table->process[row];
        fb_part part = fb_split_part(&split, row);
        truth[process] += table->weight[row];
        sum[part][process] += (float)(table->weight[row] * split.factor[part][process]);
    }
    for (int process = 0; process < FB_N_PROCESS; process++) {
        FB_ASSERT_NEAR(whole[process] / truth[process], 1.0, RESTORED);
        for (int part = 0; part < FB_N_PARTS; part++) {
            FB_ASSERT_NEAR(sum[part][process] / truth[process], 1.0, RESTORED);
            FB_ASSERT_NEAR(split.yield[part][process] * split.factor[part][process] / truth[process], 1.0, RESTORED);
            rows += split.n_rows[part][process];
        }
    }
    ck_assert_uint_eq(rows, N_ROWS);
}

START_TEST(sums_of_weights_are_restored)
{
    check_sums(FB_SPLIT_HASH);
    check_sums(FB_SPLIT_OFFICIAL);
}
END_TEST

/* The pool is the first 30 % of the rows, whatever fraction was asked for; the others share the rest as they would. */
START_TEST(official_rule)
{
    uint64_t count[FB_N_PARTS];
    fb_split split = measured("0.3,0.1,0.3,0.1", FB_SPLIT_OFFICIAL, NULL);
    ck_assert_uint_eq(split.n_pool_rows, N_ROWS * 3 / 10);
    for (uint64_t row = 0; row < N_ROWS; row++) {
        ck_assert_int_eq(fb_split_part(&split, row) == FB_POOL, row < N_ROWS * 3 / 10);
    }
    count_parts(&split, N_ROWS, count);
    const double n = N_ROWS * 0.7;
    static const double share[FB_POOL] = {3.0 / 7.0, 1.0 / 7.0, 3.0 / 7.0};
    for (int part = 0; part < FB_POOL; part++) {
        FB_ASSERT_NEAR((double)count[part], n * share[part], MOST * sqrt(n * share[part] * (1.0 - share[part])));
    }
}
END_TEST

START_TEST(a_part_depends_on_seed_and_row_only)
{
    fb_split plain = fb_split_by(FB_SPLIT_HASH, NULL);
    fb_split full = measured("0.3,0.1,0.3,0.3", FB_SPLIT_HASH, NULL);
    fb_split other = plain;
    other.settings.seed = 2;
    int differ = 0;
    for (uint64_t row = N_ROWS; row-- > 0;) { // backwards: no hidden state
        ck_assert_int_eq(fb_split_part(&plain, row), fb_split_part(&full, row));
        differ += fb_split_part(&plain, row) != fb_split_part(&other, row);
    }
    /* Two independent draws agree with probability .3^2 + .1^2 + .3^2 + .3^2 = .28. */
    FB_ASSERT_NEAR(differ, N_ROWS * 0.72, MOST * sqrt(N_ROWS * 0.72 * 0.28));
}
END_TEST

/* Squares per part, and both sides of the official cut whatever the rule. */
START_TEST(weights_are_summed)
{
    for (int rule = 0; rule < 2; rule++) {
        fb_weight_sums part[FB_N_PARTS][FB_N_PROCESS] = {{{0.0, 0.0, 0.0}}};
        fb_weight_sums side[2][FB_N_PROCESS] = {{{0.0, 0.0, 0.0}}};
        for (size_t i = 0; i < N_ROWS; i++) {
            table->weight[i] = (float)(1 + i % 7);
        }
        const fb_split split = measured("0.3,0.1,0.3,0.3", (fb_split_rule)rule, NULL);
        for (uint64_t i = 0; i < N_ROWS; i++) {
            const double w = table->weight[i];
            fb_weight_sums *sums[2] = {&part[fb_split_part(&split, i)][table->process[i]],
                                       &side[i >= N_ROWS * 3 / 10][table->process[i]]};
            for (int k = 0; k < 2; k++) {
                *sums[k] = (fb_weight_sums){sums[k]->n + 1.0, sums[k]->sum + w, sums[k]->square + w * w};
            }
        }
        for (int p = 0; p < FB_N_PROCESS; p++) {
            for (int k = 0; k < FB_N_PARTS; k++) {
                const fb_weight_sums found = fb_split_sums(&split, (fb_part)k, p);
                ck_assert_mem_eq(&found, &part[k][p], sizeof found);
            }
            ck_assert_mem_eq(&split.first[p], &side[0][p], sizeof split.first[p]);
            ck_assert_mem_eq(&split.rest[p], &side[1][p], sizeof split.rest[p]);
        }
    }
}
END_TEST

START_TEST(bad_input_rejected)
{
    static const char *const bad[] = {"",         "1,1,1",     "1,1,1,1,1", "1,1,1,x", "0,1,1,1", "1,1,0,1",
                                      "1,-1,1,1", "1,nan,1,1", "1,1,1,1x",  "1,1,1,",  "1,,1,1"};
    fb_error error = {0};
    fb_source *source = NULL;
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        fb_split_settings settings = fb_split_default(), before = settings;
        ck_assert_msg(fb_split_parse_shares(bad[k], settings.share, &error) == FB_ERROR_USAGE, "'%s'", bad[k]);
        ck_assert_mem_eq(settings.share, before.share, sizeof before.share);
        ck_assert_ptr_nonnull(strstr(error.text, "four numbers >= 0"));
    }
    fb_split split = fb_split_by(FB_SPLIT_HASH, NULL);
    table->has_weights = false;
    FB_ASSERT_OK(fb_source_from_events(table, "the table", &source, &error));
    table->has_weights = true;
    ck_assert_int_eq(fb_split_measure(&split, source, NULL, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "the table: has no column weights"));
    fb_source_free(source);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/split");
    TCase *tests = tcase_create("split");
    suite_add_tcase(suite, tests);
    tcase_add_unchecked_fixture(tests, make_table, free_table);
    tcase_add_test(tests, shares_become_fractions);
    tcase_add_test(tests, fractions_are_kept);
    tcase_add_test(tests, parts_are_disjoint_and_complete);
    tcase_add_test(tests, sums_of_weights_are_restored);
    tcase_add_test(tests, official_rule);
    tcase_add_test(tests, a_part_depends_on_seed_and_row_only);
    tcase_add_test(tests, weights_are_summed);
    tcase_add_test(tests, bad_input_rejected);
    return fb_run_suite(suite);
}

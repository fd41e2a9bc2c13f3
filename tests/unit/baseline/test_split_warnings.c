/* What is said about a split, and that nothing is said about a good one. */
#include <stdio.h>
#include <string.h>

#include "baseline/analysis/split_warnings.h"
#include "models/common/log.h"
#include "tests/support/support.h"

enum { N_ROWS = 20000 };

static fb_events *table;
static char said[4096];
static int n_said;

static void listen(fb_log_level level, const char *message, void *context)
{
    (void)context;
    ck_assert_int_eq(level, FB_LOG_WARNING);
    const size_t used = strlen(said);
    snprintf(said + used, sizeof said - used, "%s\n", message);
    n_said++;
}

static void begin(void)
{
    table = fb_simulated_events(N_ROWS, 3);
    fb_log_set(listen, NULL, FB_LOG_DEBUG);
}

static void end(void)
{
    fb_log_set(NULL, NULL, FB_LOG_ERROR);
    fb_events_free(table);
}

/* Measures the table's split and lets `warn` speak. */
static void hear_of(fb_split_rule rule, const char *shares, void (*warn)(const fb_split *split))
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_split split = fb_split_by(rule, shares);
    FB_ASSERT_OK(fb_source_from_events(table, "table", &source, &error));
    FB_ASSERT_OK(fb_split_measure(&split, source, NULL, &error));
    fb_source_free(source);
    said[0] = '\0';
    n_said = 0;
    warn(&split);
}

static void hear(fb_split_rule rule, void (*warn)(const fb_split *split))
{
    hear_of(rule, NULL, warn);
}

static void assert_said(int n, const char *words)
{
    ck_assert_msg(n_said == n && (n == 0 || strstr(said, words) != NULL), "expected %d lines with '%s', got %d:\n%s", n,
                  words, n_said, said);
}

/* Weights such that the pool has the statistics of data ten times as many. */
static void make_light(void)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        table->weight[i] = 0.03f;
    }
}

START_TEST(good_splits_are_silent)
{
    make_light();
    for (int rule = 0; rule < 2; rule++) {
        hear((fb_split_rule)rule, fb_split_warnings_training);
        assert_said(0, "");
        hear((fb_split_rule)rule, fb_split_warnings_pool);
        assert_said(0, "");
        hear((fb_split_rule)rule, fb_split_warnings_heavy_pool);
        assert_said(0, "");
    }
}
END_TEST

START_TEST(scaled_shares)
{
    static void (*const before[])(const fb_split *) = {fb_split_warnings_training, fb_split_warnings_pool};
    make_light();
    for (int k = 0; k < 2; k++) {
        hear_of(FB_SPLIT_HASH, "1,2,3,0.5", before[k]);
        assert_said(1, "--split 1,2,3,0.5: adds up to 6.5, not to 1");
        hear_of(FB_SPLIT_HASH, "0.333333,0,0.333333,0.333334", before[k]);
        assert_said(0, "");
        hear_of(FB_SPLIT_HASH, "0.7,0.1,0.1,0.1", before[k]);
        assert_said(0, "");
    }
    hear_of(FB_SPLIT_HASH, "1,1,1,0", fb_split_warnings_pool); /* refused */
    assert_said(0, "");
}
END_TEST

/* One signal row in 50 of the first quarter carries most of the weight. */
START_TEST(unequal_weights)
{
    make_light();
    for (size_t i = 0; i < N_ROWS / 4; i += 50) {
        table->process[i] = FB_HTAUTAU;
        table->weight[i] = 10.0f;
    }
    hear(FB_SPLIT_HASH, fb_split_warnings_training);
    assert_said(1, "the weights of htautau are very unequal");
    ck_assert_ptr_nonnull(strstr(said, "--split-rule official keeps the heavy ones in the pool"));
    hear(FB_SPLIT_OFFICIAL, fb_split_warnings_training);
    assert_said(0, "");
    /* Everywhere: no rule helps. */
    for (size_t i = 0; i < N_ROWS; i += 50) {
        table->process[i] = FB_HTAUTAU;
        table->weight[i] = 10.0f;
    }
    for (int rule = 0; rule < 2; rule++) {
        hear((fb_split_rule)rule, fb_split_warnings_training);
        assert_said(1, "the weights of htautau are very unequal");
        ck_assert_ptr_null(strstr(said, "--split-rule"));
    }
}
END_TEST

START_TEST(missing_processes)
{
    make_light();
    /* Top quarks in the first 30 % only, diboson in the rest only. */
    for (size_t i = 0; i < N_ROWS; i++) {
        table->process[i] = (uint8_t)(i % 3 == 0 ? (i < N_ROWS * 3 / 10 ? FB_TTBAR : FB_DIBOSON) : i % 3 - 1);
    }
    hear(FB_SPLIT_HASH, fb_split_warnings_training);
    assert_said(0, "");
    hear(FB_SPLIT_HASH, fb_split_warnings_pool);
    assert_said(0, "");
    hear(FB_SPLIT_OFFICIAL, fb_split_warnings_training);
    assert_said(2,
                "no ttbar among the train and holdout events: the templates know nothing of it; all are in the first");
    ck_assert_ptr_nonnull(strstr(said, "no diboson in the pool"));
    hear(FB_SPLIT_OFFICIAL, fb_split_warnings_pool);
    assert_said(1, "no diboson in the pool, so there is none in the pseudo-experiments; none is in the first 30 %");
    /* Missing from the file: no rule is broken. */
    for (size_t i = 0; i < N_ROWS; i++) {
        table->process[i] = (uint8_t)(i % 3);
    }
    hear(FB_SPLIT_OFFICIAL, fb_split_warnings_training);
    assert_said(1, "no diboson among the train and holdout events");
    ck_assert_ptr_null(strstr(said, "use hash"));
    /* And without signal the training says so. */
    memset(table->process, FB_ZTAUTAU, N_ROWS);
    hear(FB_SPLIT_HASH, fb_split_warnings_training);
    assert_said(0, "");
}
END_TEST

/* The variance counts, not the number of rows: a few heavy rows among many light ones are enough. */
START_TEST(heavy_pool)
{
    hear(FB_SPLIT_HASH, fb_split_warnings_heavy_pool);
    assert_said(1, "its own fluctuations move mu");
    make_light();
    hear(FB_SPLIT_HASH, fb_split_warnings_heavy_pool);
    assert_said(0, "");
    for (size_t i = 0; i < N_ROWS; i++) {
        table->weight[i] = 0.1f; /* and .1 / .3 = .33 is the variance over the yield */
    }
    hear(FB_SPLIT_HASH, fb_split_warnings_heavy_pool);
    assert_said(1, "times 0.6");
    make_light();
    for (size_t i = 0; i < N_ROWS; i += 100) {
        table->process[i] = FB_ZTAUTAU;
        table->weight[i] = 3.0f;
    }
    /* Six tenths of the weight are on rows that are drawn 3 / .3 = 10 times: variance over yield is 6, its root 2.4. */
    hear(FB_SPLIT_HASH, fb_split_warnings_heavy_pool);
    assert_said(1, "times 2.");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline/split_warnings");
    TCase *tests = tcase_create("split_warnings");
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, good_splits_are_silent);
    tcase_add_test(tests, scaled_shares);
    tcase_add_test(tests, unequal_weights);
    tcase_add_test(tests, missing_processes);
    tcase_add_test(tests, heavy_pool);
    return fb_run_suite(suite);
}

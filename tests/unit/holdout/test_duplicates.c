/* Duplicates among more rows than fit into the table. */
#include <math.h>

#include "holdout/validation/duplicates.h"
#include "tests/support/support.h"

enum { N_ROWS = 20000 };

static fb_events *table;

static void make_table(void)
{
    table = fb_simulated_events(N_ROWS, 11);
}

static void free_table(void)
{
    fb_events_free(table);
}

/* Above FB_DUPLICATES_MOST rows a share is compared: of rows that all come twice, half of that share are copies. */
START_TEST(duplicates_of_many_rows_are_found_in_proportion)
{
    enum { ROUNDS = 60 };
    fb_error error = {0};
    fb_duplicates *duplicates = NULL;
    FB_ASSERT_OK(fb_duplicates_create(&duplicates, &error));
    for (int k = 0; k < 2 * ROUNDS; k++) {
        for (size_t i = 0; i < N_ROWS; i++) {
            table->column[FB_MET][i] = (float)(k % ROUNDS);
        }
        table->first_row = (uint64_t)k * N_ROWS;
        fb_duplicates_add(duplicates, table);
    }
    const fb_duplicates_report report = fb_duplicates_result(duplicates);
    const double n = 2.0 * ROUNDS * N_ROWS;
    /* 1.2 million different rows: a quarter of them fits. */
    ck_assert_uint_eq(report.one_in, 4);
    ck_assert_uint_eq(report.n_copies * 2, report.n_compared);
    /* Pairs with probability 1/4: five standard deviations. */
    FB_ASSERT_NEAR((double)report.n_compared, n / 4.0, 5.0 * 2.0 * sqrt(n / 2.0 * 0.25 * 0.75));
    ck_assert_uint_eq(report.row - report.equal, (uint64_t)ROUNDS * N_ROWS);
    fb_duplicates_free(duplicates);
}
END_TEST

/* What was compared while the table was not full is not forgotten. */
START_TEST(an_early_duplicate_is_remembered)
{
    enum { ROUNDS = 60 };
    fb_error error = {0};
    fb_duplicates *duplicates = NULL;
    FB_ASSERT_OK(fb_duplicates_create(&duplicates, &error));
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        for (size_t i = 1; i < 64; i++) {
            table->column[k][i] = table->column[k][0]; /* some of these will go, whatever they hash to */
        }
    }
    for (int k = 0; k < ROUNDS; k++) {
        for (size_t i = 0; i < N_ROWS; i++) {
            table->column[FB_MET][i] = (float)(i < 64 ? i / 2 : 0) + (float)k * 1000.0f;
        }
        table->first_row = (uint64_t)k * N_ROWS;
        fb_duplicates_add(duplicates, table);
        for (int c = 0; k == 0 && c < FB_N_PRIMARY; c++) { /* from now on all rows differ */
            for (size_t i = 0; i < 64; i++) {
                table->column[c][i] = 100.0f + (float)i;
            }
        }
    }
    const fb_duplicates_report report = fb_duplicates_result(duplicates);
    ck_assert_uint_gt(report.one_in, 1);
    ck_assert_uint_eq(report.n_copies, 32);
    ck_assert_uint_eq(report.row, 1);
    ck_assert_uint_eq(report.equal, 0);
    fb_duplicates_free(duplicates);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/duplicates");
    TCase *tests = tcase_create("duplicates");
    tcase_add_checked_fixture(tests, make_table, free_table);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, duplicates_of_many_rows_are_found_in_proportion);
    tcase_add_test(tests, an_early_duplicate_is_remembered);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}

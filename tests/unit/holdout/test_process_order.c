/* The order of the processes in a file: runs, and what a cut between its rows separates. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/validation/event_validation.h"
#include "models/common/memory.h"
#include "models/common/random.h"
#include "tests/support/support.h"
#include "tests/support/validation.h"

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

/* Adds rows of these processes (digits of `text`). */
static fb_process_order *order_of(const char *text)
{
    fb_error error = {0};
    fb_process_order *s = NULL;
    FB_ASSERT_OK(fb_memory_allocate(1, sizeof *s, &s, &error));
    s->slot_rows = 1;
    table->n = strlen(text);
    for (size_t i = 0; i < table->n; i++) {
        table->process[i] = (uint8_t)(text[i] - '0');
    }
    fb_process_order_add(s, table);
    return s;
}

START_TEST(runs_are_those_of_shuffled_rows)
{
    double deviation = 0.0;
    fb_process_order *s = order_of("0110222300");
    ck_assert_uint_eq(s->n_runs, 6);
    free(s);
    /* Two kinds: mean 1 + 2 ab/n, variance 2 ab (2 ab - n) / (n^2 (n - 1)) (Wald and Wolfowitz). */
    s = order_of("000000011111");
    ck_assert_uint_eq(s->n_runs, 2);
    FB_ASSERT_NEAR(fb_process_order_expected_runs(s, &deviation), 1.0 + 70.0 / 12.0, 1e-12);
    FB_ASSERT_NEAR(deviation, sqrt(70.0 * 58.0 / (144.0 * 11.0)), 1e-12);
    /* Four kinds, by shuffling. */
    enum { N = 40, SHUFFLES = 20000 };
    char text[N + 1] = "0000000000000000000011111111112222222333";
    double sum = 0.0, square = 0.0;
    fb_random random = fb_random_at(1, FB_STREAM_SHUFFLE, 0);
    for (int k = 0; k < SHUFFLES; k++) {
        int n_runs = 1;
        for (int i = N - 1; i > 0; i--) {
            int j = (int)(fb_random_u64(&random) % (uint64_t)(i + 1));
            char c = text[i];
            text[i] = text[j];
            text[j] = c;
        }
        for (int i = 1; i < N; i++) {
            n_runs += text[i] != text[i - 1];
        }
        sum += n_runs;
        square += (double)n_runs * n_runs;
    }
    free(s);
    s = order_of(text);
    const double mean = sum / SHUFFLES;
    FB_ASSERT_NEAR(fb_process_order_expected_runs(s, &deviation), mean, 5.0 * deviation / sqrt(SHUFFLES));
    /* The error of a standard deviation is that of the mean over sqrt 2. */
    FB_ASSERT_NEAR(deviation, sqrt(square / SHUFFLES - mean * mean), 5.0 * deviation / sqrt(2.0 * SHUFFLES));
    free(s);
}
END_TEST

START_TEST(sums_before_and_after_a_row)
{
    fb_event_validation *validation = fb_validation_of(table, FB_EVENTS_RAW, 777);
    const fb_process_order *s = &validation->order;
    /* 20 000 rows in slots of 32: cuts on a border of slots are exact, others to a slot. */
    ck_assert_uint_eq(s->slot_rows, 32);
    static const uint64_t cuts[] = {0, 320, 6000, 6016, 19990, N_ROWS};
    for (int k = 0; k < 6; k++) {
        fb_weight_sums first[FB_N_PROCESS], rest[FB_N_PROCESS], seen[FB_N_PROCESS] = {{0.0, 0.0, 0.0}};
        fb_process_order_divide(s, cuts[k], first, rest);
        for (uint64_t i = 0; i < cuts[k]; i++) {
            seen[table->process[i]].n += 1.0;
            seen[table->process[i]].sum += table->weight[i];
        }
        double n = 0.0;
        for (int p = 0; p < FB_N_PROCESS; p++) {
            const fb_weight_sums all = fb_weight_stats_sums(&validation->stats, p);
            FB_ASSERT_NEAR(first[p].n, seen[p].n, cuts[k] % 32 == 0 ? 1e-9 : 32.0);
            FB_ASSERT_NEAR(first[p].sum, seen[p].sum, (cuts[k] % 32 == 0 ? 1e-9 : 32.0) * all.sum / all.n + 1e-6);
            FB_ASSERT_NEAR(first[p].n + rest[p].n, all.n, 1e-9);
            FB_ASSERT_NEAR(first[p].square + rest[p].square, all.square, 1e-9 * all.square);
            n += first[p].n;
        }
        FB_ASSERT_NEAR(n, (double)cuts[k], 1e-9);
    }
    fb_event_validation_free(validation);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/process_order");
    TCase *tests = tcase_create("process_order");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_table, free_table);
    tcase_add_test(tests, runs_are_those_of_shuffled_rows);
    tcase_add_test(tests, sums_before_and_after_a_row);
    return fb_run_suite(suite);
}

/* Random orders: permutations, and each as likely as any other. */
#include <math.h>
#include <string.h>

#include "models/common/random.h"
#include "models/common/shuffle.h"
#include "tests/support/support.h"

static fb_shuffle_draw *const draws[] = {fb_shuffle_draw_exact, fb_shuffle_draw_scaled};

static void shuffle(uint64_t index, uint32_t n, uint32_t *order, fb_shuffle_draw *draw)
{
    fb_random random = fb_random_at(7, FB_STREAM_TOY, index);
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
    }
    fb_shuffle(n, order, draw, &random);
}

START_TEST(an_order_is_a_permutation)
{
    enum { N = 1000 };
    uint32_t order[N];
    int seen[N] = {0};
    shuffle(0, N, order, draws[_i]);
    for (int i = 0; i < N; i++) {
        ck_assert_uint_lt(order[i], N);
        ck_assert_int_eq(seen[order[i]]++, 0);
    }
    shuffle(0, 1, order, draws[_i]);
    ck_assert_uint_eq(order[0], 0);
    shuffle(0, 0, order, draws[_i]);
}
END_TEST

/* All 24 orders of four numbers, a thousand times each: chi2 of 23 degrees of freedom is above 60 once in 40 000. */
START_TEST(all_orders_are_as_likely)
{
    enum { FEW = 4, TIMES = 24000 };
    uint32_t order[FEW];
    int count[256] = {0}, n_orders = 0;
    double chi2 = 0.0;
    for (uint64_t k = 0; k < TIMES; k++) {
        shuffle(k, FEW, order, draws[_i]);
        count[order[0] * 64 + order[1] * 16 + order[2] * 4 + order[3]]++;
    }
    for (int k = 0; k < 256; k++) {
        n_orders += count[k] > 0;
        chi2 += count[k] > 0 ? pow(count[k] - TIMES / 24.0, 2.0) / (TIMES / 24.0) : 0.0;
    }
    ck_assert_int_eq(n_orders, 24);
    ck_assert_double_lt(chi2, 60.0);
}
END_TEST

/* Results depend on it: the last is swapped first. */
static uint32_t always_first(void *context, uint32_t n)
{
    uint32_t *expected = context;
    ck_assert_uint_eq(n, *expected);
    --*expected;
    return 0;
}

START_TEST(swaps_go_from_the_end)
{
    uint32_t order[4] = {10, 11, 12, 13}, next = 4;
    const uint32_t expected[4] = {11, 12, 13, 10};
    fb_shuffle(4, order, always_first, &next);
    ck_assert_uint_eq(next, 1);
    ck_assert_mem_eq(order, expected, sizeof order);
}
END_TEST

/* 2^32 is no multiple of n: without another try, every third number would be twice as likely as the others. */
START_TEST(exact_draws_are_exact)
{
    enum { N = 200000 };
    const uint32_t n = 0xc0000000; /* 3/4 of 2^32 */
    fb_random random = fb_random_at(7, FB_STREAM_TOY, 1);
    int count[3] = {0};
    for (int k = 0; k < N; k++) {
        count[fb_shuffle_draw_exact(&random, n) % 3]++;
    }
    for (int k = 0; k < 3; k++) {
        FB_ASSERT_NEAR((double)count[k] / N, 1.0 / 3.0, 5.0 * sqrt(2.0 / 9.0 / N));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models/shuffle");
    TCase *tests = tcase_create("shuffle");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, an_order_is_a_permutation, 0, 2);
    tcase_add_loop_test(tests, all_orders_are_as_likely, 0, 2);
    tcase_add_test(tests, swaps_go_from_the_end);
    tcase_add_test(tests, exact_draws_are_exact);
    return fb_run_suite(suite);
}

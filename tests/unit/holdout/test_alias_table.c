/* The alias table: the distribution that it holds, and that of what is picked from it. */
#include <math.h>
#include <string.h>

#include "holdout/math/alias_table.h"
#include "models/common/random.h"
#include "tests/support/support.h"

/* The chance of every index, read off the table. */
static void chances(const fb_alias_table *alias, double *chance)
{
    memset(chance, 0, alias->n * sizeof *chance);
    for (size_t i = 0; i < alias->n; i++) {
        chance[i] += alias->keep[i] / (double)alias->n;
        chance[alias->other[i]] += (1.0 - alias->keep[i]) / (double)alias->n;
    }
}

START_TEST(the_table_holds_the_distribution)
{
    enum { N = 1000 };
    static float weight[N];
    static double chance[N];
    fb_alias_table alias;
    fb_error error = {0};
    fb_random random = fb_random_at(1, FB_STREAM_TOY, 0);
    FB_ASSERT_OK(fb_alias_table_reserve(&alias, N, &error));
    for (int kind = 0; kind < 4; kind++) {
        for (int i = 0; i < N; i++) { /* equal, exponential, heavy-tailed, many zeros */
            const double e = -log(fb_random_uniform(&random));
            const double kinds[] = {0.3, e, exp(4.0 * e), i % 7 == 0 ? e : 0.0};
            weight[i] = (float)kinds[kind];
        }
        fb_alias_table_build(&alias, N, weight);
        chances(&alias, chance);
        for (int i = 0; i < N; i++) {
            FB_ASSERT_NEAR(chance[i], (double)weight[i] / alias.total, 1e-12);
            ck_assert(weight[i] > 0.0f || chance[i] == 0.0);
        }
    }
    fb_alias_table_clear(&alias);
}
END_TEST

START_TEST(picks_follow_the_table)
{
    const float weight[] = {1.0f, 0.0f, 3.0f};
    double n[3] = {0.0, 0.0, 0.0};
    enum { N = 40000 };
    fb_alias_table alias;
    fb_error error = {0};
    FB_ASSERT_OK(fb_alias_table_reserve(&alias, 3, &error));
    fb_alias_table_build(&alias, 3, weight);
    for (int i = 0; i < N; i++) {
        n[fb_alias_table_pick(&alias, (i + 0.5) / N)] += 1.0; /* evenly spread numbers: no noise */
    }
    FB_ASSERT_NEAR(n[0], 0.25 * N, 2.0);
    ck_assert(n[1] == 0.0);
    ck_assert_uint_lt(fb_alias_table_pick(&alias, 1.0 - 0x1p-53), 3);
    fb_alias_table_clear(&alias);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alias_table");
    TCase *tests = tcase_create("alias_table");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, the_table_holds_the_distribution);
    tcase_add_test(tests, picks_follow_the_table);
    return fb_run_suite(suite);
}

/* Random numbers: the published known answers of Philox, and the moments of the distributions. */
#include <math.h>

#include "models/common/random.h"
#include "tests/support/support.h"

/* Known answer of Random123 1.14 (kat_vectors): philox4x32-10, counter 0, key 0. */
START_TEST(philox_gives_its_known_answer)
{
    fb_random random = fb_random_at(0, (fb_stream)0, 0);
    ck_assert_uint_eq(fb_random_u32(&random), 0x6627e8d5U);
    ck_assert_uint_eq(fb_random_u32(&random), 0xe169c58dU);
    ck_assert_uint_eq(fb_random_u32(&random), 0xbc57ac4cU);
    ck_assert_uint_eq(fb_random_u32(&random), 0x9b00dbd8U);
}
END_TEST

START_TEST(sequences_differ_by_seed_stream_and_index)
{
    fb_random first = fb_random_at(1, FB_STREAM_DRAW, 1);
    fb_random others[] = {fb_random_at(2, FB_STREAM_DRAW, 1), fb_random_at(1, FB_STREAM_SPLIT, 1),
                          fb_random_at(1, FB_STREAM_DRAW, 2), fb_random_at(1ULL << 32, FB_STREAM_DRAW, 1),
                          fb_random_at(1, FB_STREAM_DRAW, 1ULL << 32)};
    uint64_t word = fb_random_u64(&first);
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
        ck_assert(fb_random_u64(&others[k]) != word);
    }
}
END_TEST

/* Means and variances of 200 000 numbers, within 4.5 standard errors (one failure in 10^5 seeds; the seed is fixed). */
START_TEST(distributions_have_their_moments)
{
    enum { N = 200000 };
    static const double means[] = {0.01, 0.7, 5.0, 9.99, 10.0, 37.5, 2000.0};
    for (size_t m = 0; m < sizeof means / sizeof means[0]; m++) {
        fb_random random = fb_random_at(7, FB_STREAM_TOY, m);
        double sum = 0.0, sum2 = 0.0;
        for (int k = 0; k < N; k++) {
            double x = (double)fb_random_poisson(&random, means[m]);
            sum += x;
            sum2 += (x - means[m]) * (x - means[m]);
        }
        FB_ASSERT_NEAR(sum / N, means[m], 4.5 * sqrt(means[m] / N));
        double variance_of_square = means[m] * (1.0 + 3.0 * means[m]) - means[m] * means[m];
        FB_ASSERT_NEAR(sum2 / N, means[m], 4.5 * sqrt(variance_of_square / N));
    }
    fb_random random = fb_random_at(7, FB_STREAM_TOY, 100);
    double sum = 0.0, sum2 = 0.0, sum4 = 0.0, uniform = 0.0;
    for (int k = 0; k < N; k++) {
        double x = fb_random_normal(&random);
        sum += x;
        sum2 += x * x;
        sum4 += x * x * x * x;
        double u = fb_random_uniform(&random);
        ck_assert(u > 0.0 && u < 1.0);
        uniform += u;
    }
    FB_ASSERT_NEAR(sum / N, 0.0, 4.5 / sqrt(N));
    FB_ASSERT_NEAR(sum2 / N, 1.0, 4.5 * sqrt(2.0 / N));
    FB_ASSERT_NEAR(sum4 / N, 3.0, 4.5 * sqrt(96.0 / N));
    FB_ASSERT_NEAR(uniform / N, 0.5, 4.5 * sqrt(1.0 / 12.0 / N));
}
END_TEST

START_TEST(poisson_of_nothing_is_nothing)
{
    fb_random random = fb_random_at(7, FB_STREAM_TOY, 0);
    ck_assert_uint_eq(fb_random_poisson(&random, 0.0), 0);
    ck_assert_uint_eq(fb_random_poisson(&random, -1.0), 0);
    ck_assert_uint_eq(fb_random_poisson(&random, NAN), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models/random");
    TCase *tests = tcase_create("random");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, philox_gives_its_known_answer);
    tcase_add_test(tests, sequences_differ_by_seed_stream_and_index);
    tcase_add_test(tests, distributions_have_their_moments);
    tcase_add_test(tests, poisson_of_nothing_is_nothing);
    return fb_run_suite(suite);
}

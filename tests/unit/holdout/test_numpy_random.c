/* numpy.random.RandomState: all of tests/data/official/numbers_rng.json, which numpy 1.24.2 wrote, to the last bit. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/math/numpy_random.h"
#include "holdout/pipeline/noise.h"
#include "tests/support/noise.h"
#include "tests/support/reference.h"
#include "tests/support/support.h"

static const struct {
    const char *name;
    uint32_t seed;
} seeds[] = {{"31415", 31415U}, {"42", 42U}, {"0", 0U}, {"4294967295", 4294967295U}};

enum { N_SEEDS = sizeof seeds / sizeof seeds[0], LARGE = 1000000 };

static json_t *reference;
static long n_compared;

static void load_reference(void)
{
    reference = fb_reference_load(FB_TEST_DATA "/official/numbers_rng.json");
}

static void free_reference(void)
{
    json_decref(reference);
}

static double raw(fb_numpy_random *random, int k)
{
    (void)k;
    return fb_numpy_random_u32(random);
}

static double uniform(fb_numpy_random *random, int k)
{
    (void)k;
    return fb_numpy_random_uniform(random);
}

static double uniform_mu(fb_numpy_random *random, int k)
{
    return 0.1 + (3.0 - 0.1) * uniform(random, k);
}

static double normal(fb_numpy_random *random, int k)
{
    (void)k;
    return fb_numpy_random_normal(random);
}

static double normal_scale(fb_numpy_random *random, int k)
{
    return 1.0 + 0.01 * normal(random, k);
}

static double log_normal(fb_numpy_random *random, int k)
{
    return exp(normal(random, k));
}

/* The second normal is kept while a uniform is drawn. */
static double normal_or_uniform(fb_numpy_random *random, int k)
{
    return k == 1 ? uniform(random, k) : normal(random, k);
}

/* The six nuisance parameters as the official program draws them. */
static double nuisance(fb_numpy_random *random, int k)
{
    static const double width[6] = {0.01, 0.01, 1.0, 0.02, 0.25, 0.001};
    return k == 2 ? log_normal(random, k) : 1.0 + width[k] * normal(random, k);
}

static double up_to_9(fb_numpy_random *random, int k)
{
    (void)k;
    return fb_numpy_random_up_to(random, 9);
}

static double up_to_999(fb_numpy_random *random, int k)
{
    (void)k;
    return fb_numpy_random_up_to(random, 999);
}

static const struct {
    const char *key;
    size_t n;
    double (*draw)(fb_numpy_random *random, int k);
} sequences[] = {{"raw_uint32", 12, raw},
                 {"random_sample_8", 8, uniform},
                 {"uniform_0.1_3_10", 10, uniform_mu},
                 {"standard_normal_15", 15, normal},
                 {"normal_1_0.01_10", 10, normal_scale},
                 {"normal_then_uniform_then_normal", 4, normal_or_uniform},
                 {"lognormal_0_1_10", 10, log_normal},
                 {"normal_normal_lognormal_normal_normal_normal", 6, nuisance},
                 {"choice_10_size10_replace", 10, up_to_9},
                 {"randint_0_1000_12", 12, up_to_999}};

START_TEST(sequences_are_numpys)
{
    for (int s = 0; s < N_SEEDS; s++) {
        const json_t *numbers = json_object_get(reference, seeds[s].name);
        for (size_t q = 0; q < sizeof sequences / sizeof sequences[0]; q++) {
            size_t n = 0;
            double *theirs = fb_reference_list(numbers, sequences[q].key, &n);
            fb_numpy_random random;
            fb_numpy_random_init(&random, seeds[s].seed);
            ck_assert_uint_eq(n, sequences[q].n);
            for (size_t k = 0; k < n; k++) {
                const double ours = sequences[q].draw(&random, (int)k);
                ck_assert_msg(ours == theirs[k], "seed %s, %s[%zu]: %.17g, numpy has %.17g", seeds[s].name,
                              sequences[q].key, k, ours, theirs[k]);
                n_compared++;
            }
            free(theirs);
        }
    }
}
END_TEST

/* `list` of values, or of pairs (index, value) of those that are not 0. */
static uint64_t expected_poisson(const json_t *entry, size_t k)
{
    json_t *list = json_object_get(entry, "values");
    if (list != NULL) {
        return (uint64_t)json_integer_value(json_array_get(list, k));
    }
    list = json_object_get(entry, "nonzero_index_value");
    ck_assert(json_is_array(list));
    for (size_t j = 0; j < json_array_size(list); j++) {
        const json_t *pair = json_array_get(list, j);
        if ((size_t)json_integer_value(json_array_get(pair, 0)) == k) {
            return (uint64_t)json_integer_value(json_array_get(pair, 1));
        }
    }
    return 0;
}

static void check_poisson(const char *seed_name, uint32_t seed, const json_t *entry)
{
    const double mean = fb_reference_number(entry, "lam");
    const size_t n = (size_t)fb_reference_number(entry, "size");
    uint64_t sum = 0;
    fb_numpy_random random;
    fb_numpy_random_init(&random, seed);
    for (size_t k = 0; k < n; k++) {
        const uint64_t ours = fb_numpy_random_poisson(&random, mean);
        const uint64_t theirs = expected_poisson(entry, k);
        ck_assert_msg(ours == theirs, "seed %s, Poisson(%.17g)[%zu]: %llu, numpy has %llu", seed_name, mean, k,
                      (unsigned long long)ours, (unsigned long long)theirs);
        sum += ours;
        n_compared++;
    }
    ck_assert_uint_eq(sum, (uint64_t)fb_reference_number(entry, "sum"));
}

START_TEST(poisson_is_numpys)
{
    for (int s = 0; s < N_SEEDS; s++) {
        const json_t *numbers = json_object_get(reference, seeds[s].name);
        const json_t *list = json_object_get(numbers, "poisson");
        ck_assert_uint_eq(json_array_size(list), 11);
        for (size_t k = 0; k < json_array_size(list); k++) {
            check_poisson(seeds[s].name, seeds[s].seed, json_array_get(list, k));
        }
        /* One sequence with means of all kinds in turn. */
        size_t n = 0, m = 0;
        const json_t *mixed = json_object_get(numbers, "poisson_array");
        double *mean = fb_reference_list(mixed, "lam", &n), *theirs = fb_reference_list(mixed, "values", &m);
        ck_assert(n == m && n == 30);
        fb_numpy_random random;
        fb_numpy_random_init(&random, seeds[s].seed);
        for (size_t k = 0; k < n; k++) {
            ck_assert_uint_eq(fb_numpy_random_poisson(&random, mean[k]), (uint64_t)theirs[k]);
            n_compared++;
        }
        free(mean);
        free(theirs);
    }
}
END_TEST

/* pandas' sample(frac=1), a shuffled list and choice without replacement are permutations too. */
static const struct {
    const char *key;
    uint32_t n_permuted;
    size_t n;
} permutations[] = {{"permutation_5", 5, 5},          {"permutation_10", 10, 10},
                    {"permutation_1000", 1000, 1000}, {"choice_1000_size20_noreplace", 1000, 20},
                    {"shuffle_list_15", 15, 15},      {"pandas_sample_frac1_15", 15, 15}};

static void check_large_permutation(const json_t *large, uint32_t seed, uint32_t *order)
{
    size_t n = 0, m = 0;
    double *first = fb_reference_list(large, "first20", &n), *last = fb_reference_list(large, "last5", &m);
    const uint64_t modulus = (1ULL << 61) - 1;
    uint64_t sum = 0;
    fb_numpy_random random;
    fb_numpy_random_init(&random, seed);
    fb_numpy_random_permutation(&random, LARGE, order);
    ck_assert(n == 20 && m == 5);
    for (size_t k = 0; k < n; k++) {
        ck_assert_uint_eq(order[k], (uint32_t)first[k]);
    }
    for (size_t k = 0; k < m; k++) {
        ck_assert_uint_eq(order[LARGE - m + k], (uint32_t)last[k]);
    }
    for (uint64_t k = 0; k < LARGE; k++) {
        sum = (sum + k * order[k]) % modulus;
    }
    ck_assert_uint_eq(sum, (uint64_t)json_integer_value(json_object_get(large, "value")));
    n_compared += LARGE;
    free(first);
    free(last);
}

START_TEST(permutations_are_numpys)
{
    uint32_t *order = malloc(LARGE * sizeof *order);
    ck_assert_ptr_nonnull(order);
    for (int s = 0; s < N_SEEDS; s++) {
        const json_t *numbers = json_object_get(reference, seeds[s].name);
        for (size_t q = 0; q < sizeof permutations / sizeof permutations[0]; q++) {
            size_t n = 0;
            double *theirs = fb_reference_list(numbers, permutations[q].key, &n);
            fb_numpy_random random;
            fb_numpy_random_init(&random, seeds[s].seed);
            fb_numpy_random_permutation(&random, permutations[q].n_permuted, order);
            ck_assert_uint_eq(n, permutations[q].n);
            for (size_t k = 0; k < n; k++) {
                ck_assert_msg(order[k] == (uint32_t)theirs[k], "seed %s, %s[%zu]: %u, numpy has %g", seeds[s].name,
                              permutations[q].key, k, order[k], theirs[k]);
                n_compared++;
            }
            free(theirs);
        }
        check_large_permutation(json_object_get(numbers, "permutation_1000000"), seeds[s].seed, order);
    }
    free(order);
    printf("numbers_rng.json: %ld numbers compared, all identical\n", n_compared);
}
END_TEST

/* As in numpy, nothing is consumed where there is no choice. */
START_TEST(certain_results_consume_nothing)
{
    fb_numpy_random random, before;
    fb_numpy_random_init(&random, 42);
    before = random;
    ck_assert_uint_eq(fb_numpy_random_poisson(&random, 0.0), 0);
    ck_assert_uint_eq(fb_numpy_random_up_to(&random, 0), 0);
    fb_numpy_random_permutation(&random, 0, NULL);
    ck_assert_mem_eq(&random, &before, sizeof random);
    ck_assert_uint_eq(fb_numpy_random_up_to(&random, UINT32_MAX), 1608637542U);
}
END_TEST

/* All x numbers of the table come first, then all y numbers. */
START_TEST(official_noise_is_x_then_y)
{
    size_t n = 0;
    double *theirs = fb_reference_list(json_object_get(reference, "42"), "standard_normal_15", &n);
    fb_noise noise;
    double x = 0.0, y = 0.0;
    fb_noise_init_official(&noise, 42, 2);
    noise_of_row(&noise, 0, &x, &y);
    FB_ASSERT_NEAR(x, theirs[0], 0.0);
    FB_ASSERT_NEAR(y, theirs[2], 0.0);
    noise_of_row(&noise, 1, &x, &y);
    FB_ASSERT_NEAR(x, theirs[1], 0.0);
    FB_ASSERT_NEAR(y, theirs[3], 0.0);
    free(theirs);
}
END_TEST

/* One table serves experiments of several sizes, in any order of rows. */
START_TEST(placed_noise_is_the_drawn_one)
{
    static const uint32_t position[5] = {3, 0, 4, 1, 2};
    static const uint64_t sizes[3] = {2, 5, 3};
    fb_error error = {0};
    fb_noise_table table = {0};
    for (int s = 0; s < 3; s++) {
        const uint64_t n = sizes[s];
        double x[5], y[5];
        fb_noise drawn, placed;
        FB_ASSERT_OK(fb_noise_table_reserve(&table, n, &error));
        fb_noise_init_official(&drawn, FB_NOISE_OFFICIAL_SEED, n);
        for (uint64_t row = 0; row < n; row++) {
            noise_of_row(&drawn, row, &x[row], &y[row]);
        }
        const bool is_moved = n == 5;
        fb_noise_init_placed(&placed, &table, is_moved ? position : NULL, n);
        for (uint64_t row = n; row-- > 0;) {
            double px = 0.0, py = 0.0;
            const uint64_t official = is_moved ? position[row] : row;
            noise_of_row(&placed, row, &px, &py);
            ck_assert_msg(px == x[official] && py == y[official], "size %d, row %d", (int)n, (int)row);
        }
    }
    ck_assert_uint_eq(table.n_rows, 5);
    fb_noise_table_clear(&table);
}
END_TEST

START_TEST(stream_noise_depends_on_the_row_only)
{
    fb_noise noise;
    double x1 = 0.0, y1 = 0.0, x2 = 0.0, y2 = 0.0, other = 0.0;
    fb_noise_init_streams(&noise, 7);
    noise_of_row(&noise, 5, &x1, &y1);
    noise_of_row(&noise, 6, &other, &y2);
    noise_of_row(&noise, 5, &x2, &y2);
    FB_ASSERT_NEAR(x1, x2, 0.0);
    FB_ASSERT_NEAR(y1, y2, 0.0);
    ck_assert(x1 != other && x1 != y1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/legacy_random");
    TCase *tests = tcase_create("numpy");
    suite_add_tcase(suite, tests);
    tcase_add_unchecked_fixture(tests, load_reference, free_reference);
    tcase_add_test(tests, sequences_are_numpys);
    tcase_add_test(tests, poisson_is_numpys);
    tcase_add_test(tests, permutations_are_numpys);
    tcase_add_test(tests, certain_results_consume_nothing);
    tcase_add_test(tests, official_noise_is_x_then_y);
    tcase_add_test(tests, placed_noise_is_the_drawn_one);
    tcase_add_test(tests, stream_noise_depends_on_the_row_only);
    return fb_run_suite(suite);
}

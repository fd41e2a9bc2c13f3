/* What pictures are made from: results as they lie on disk, error bars, and where numbers go. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "baseline/reports/picture.h"
#include "tests/support/support.h"

static char folder[] = "picture_XXXXXX";

static void make_folder(void)
{
    strcpy(folder, "picture_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static const char *in_folder(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text)
{
    FILE *stream = fopen(in_folder(name), "w");
    ck_assert_ptr_nonnull(stream);
    ck_assert_int_ge(fputs(text, stream), 0);
    ck_assert_int_eq(fclose(stream), 0);
}

/* Central 68.27 % intervals of a Poisson mean: of 0 and 1 from exp(-b) = tail, and 1 - exp(-a) = tail with
 * exp(-b) (1 + b) = tail; of 10 from N. Gehrels, Astrophys. J. 303 (1986) 336, tables 1 and 2. */
START_TEST(error_bars_are_poisson)
{
    const double tail = 0.5 * (1.0 - 0.6827);
    double low, high;
    fb_picture_scores_poisson(0.0, &low, &high);
    ck_assert_double_eq(low, 0.0);
    FB_ASSERT_NEAR(exp(-high), tail, 1e-12);
    fb_picture_scores_poisson(1.0, &low, &high);
    FB_ASSERT_NEAR(1.0 - exp(-low), tail, 1e-12);
    FB_ASSERT_NEAR(exp(-high) * (1.0 + high), tail, 1e-12);
    fb_picture_scores_poisson(10.0, &low, &high);
    FB_ASSERT_NEAR(low, 6.891, 1e-3);
    FB_ASSERT_NEAR(high, 14.27, 5e-3);
    /* Both sides of the change to the root: the exact ends are n - sqrt(n) and n + sqrt(n) + 1 for large n. */
    for (double n = 99990.0; n < 100010.0; n += 1.0) {
        fb_picture_scores_poisson(n, &low, &high);
        FB_ASSERT_NEAR(low, n - sqrt(n), 0.1);
        FB_ASSERT_NEAR(high, n + sqrt(n) + (n > 1e5 ? 0.0 : 1.0), 0.1);
    }
}
END_TEST

START_TEST(results_are_read)
{
    fb_error error = {0};
    fb_results *results = NULL;
    write_file("test_settings.json", "{\"ground_truth_mus\": [1, 0.5], \"more\": true}");
    write_file("result_0.json", "{\"mu_hats\": [1, null], \"delta_mu_hats\": [2, null], \"p16\": [0.5, null], "
                                "\"p84\": [1.5, null]}");
    write_file("result_1.json", "{\"mu_hats\": [7], \"delta_mu_hats\": [8], \"p16\": [9], \"p84\": [10]}");
    FB_ASSERT_OK(fb_result_reader_read(folder, &results, &error));
    ck_assert_uint_eq(results->n_sets, 2);
    ck_assert(results->set[0].mu == 1.0 && results->set[1].mu == 0.5);
    ck_assert(results->set[0].n == 2 && results->set[1].n == 1);
    ck_assert(results->set[0].mu_hat[0] == 1.0 && isnan(results->set[0].mu_hat[1]));
    ck_assert(results->set[0].p84[0] == 1.5 && isnan(results->set[0].p84[1]));
    ck_assert(results->set[1].mu_hat[0] == 7.0 && results->set[1].delta_mu_hat[0] == 8.0);
    ck_assert(results->set[1].p16[0] == 9.0 && results->set[1].p84[0] == 10.0);
    fb_picture picture;
    FB_ASSERT_OK(fb_picture_coverage(results, "Title", &picture, &error));
    ck_assert_int_eq(json_integer_value(json_object_get(picture.numbers, "experiments")), 3);
    ck_assert_int_eq(json_integer_value(json_object_get(picture.numbers, "failed")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(picture.numbers, "covered")), 1);
    ck_assert_double_eq(json_number_value(json_object_get(picture.numbers, "coverage")), 0.5);
    fb_picture_clear(&picture);
    fb_result_reader_free(results);
}
END_TEST

START_TEST(bad_results_are_refused)
{
    static const struct {
        const char *settings, *result;
        fb_status status;
        const char *words;
    } cases[] = {
        {NULL, NULL, FB_ERROR_FILE, "test_settings.json"},
        {"{", NULL, FB_ERROR_DATA, "test_settings.json: line 1"},
        {"[]", NULL, FB_ERROR_DATA, "'ground_truth_mus' is missing"},
        {"{\"ground_truth_mus\": []}", NULL, FB_ERROR_DATA, "'ground_truth_mus' is empty"},
        {"{\"ground_truth_mus\": 1}", NULL, FB_ERROR_DATA, "'ground_truth_mus' is no list"},
        {"{\"ground_truth_mus\": [null]}", NULL, FB_ERROR_DATA, "entry 0 of 'ground_truth_mus' is no number"},
        {"{\"ground_truth_mus\": [1]}", NULL, FB_ERROR_FILE, "result_0.json"},
        {"{\"ground_truth_mus\": [1]}", "{\"mu_hats\": [1], \"delta_mu_hats\": [1], \"p16\": [1]}", FB_ERROR_DATA,
         "result_0.json: 'p84' is missing"},
        {"{\"ground_truth_mus\": [1]}", "{\"mu_hats\": [1], \"delta_mu_hats\": [1, 2], \"p16\": [1], \"p84\": [1]}",
         FB_ERROR_DATA, "'delta_mu_hats' has 2 entries, 'mu_hats' has 1"},
        {"{\"ground_truth_mus\": [1]}", "{\"mu_hats\": [1], \"delta_mu_hats\": [\"x\"], \"p16\": [1], \"p84\": [1]}",
         FB_ERROR_DATA, "result_0.json: set 0, experiment 0: 'delta_mu_hats' is no finite number: \"x\""},
        {"{\"ground_truth_mus\": [1]}", "{\"mu_hats\": [nan]}", FB_ERROR_DATA, "result_0.json: line 1"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        fb_error error = {0};
        fb_results *results = NULL;
        unlink(in_folder("test_settings.json"));
        unlink(in_folder("result_0.json"));
        if (cases[k].settings != NULL) {
            write_file("test_settings.json", cases[k].settings);
        }
        if (cases[k].result != NULL) {
            write_file("result_0.json", cases[k].result);
        }
        ck_assert_int_eq(fb_result_reader_read(folder, &results, &error), cases[k].status);
        ck_assert_msg(strstr(error.text, cases[k].words) != NULL, "'%s' is not in '%s'", cases[k].words, error.text);
        ck_assert_ptr_eq(results, NULL);
    }
}
END_TEST

/* The numbers take the place of an earlier picture's, and of nothing else. */
START_TEST(numbers_replace_only_numbers)
{
    static const char *const bad[] = {"a.png", ".svg", "a", "", "x/.svg", "a.svg.gz"};
    fb_error error = {0};
    char *path = NULL;
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        ck_assert_msg(fb_picture_numbers_path(bad[k], &path, &error) == FB_ERROR_USAGE, "%s", bad[k]);
        ck_assert_ptr_eq(path, NULL);
    }
    FB_ASSERT_OK(fb_picture_numbers_path("x/a.b.svg", &path, &error));
    ck_assert_str_eq(path, "x/a.b.json");
    free(path);
    char svg[128];
    strcpy(svg, in_folder("summary.svg"));
    static const char *const others[] = {"{\"seed\": 1}", "[]", "precious", ""};
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
        write_file("summary.json", others[k]);
        ck_assert_int_eq(fb_picture_numbers_path(svg, &path, &error), FB_ERROR_USAGE);
        ck_assert_ptr_nonnull(strstr(error.text, "summary.json"));
    }
    write_file("summary.json", "{\"picture\": \"nll\"}");
    fb_picture picture = {.svg = strdup("<svg/>\n"), .numbers = json_pack("{s:s,s:f}", "picture", "x", "a", 0.1)};
    FB_ASSERT_OK(fb_picture_write(&picture, svg, &error));
    size_t n = 0;
    char *text = fb_bytes_of(svg, &n);
    ck_assert_str_eq(text, "<svg/>\n");
    free(text);
    text = fb_bytes_of(in_folder("summary.json"), &n);
    ck_assert_str_eq(text, "{\n  \"picture\": \"x\",\n  \"a\": 0.10000000000000001\n}\n");
    free(text);
    fb_picture_clear(&picture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline/picture");
    TCase *tests = tcase_create("picture");
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, error_bars_are_poisson);
    tcase_add_test(tests, results_are_read);
    tcase_add_test(tests, bad_results_are_refused);
    tcase_add_test(tests, numbers_replace_only_numbers);
    return fb_run_suite(suite);
}

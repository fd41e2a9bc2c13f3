/* What a JSON file says of a file of events: where it is found, what is refused, what it is compared with. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/metadata.h"
#include "baseline/support/json_output.h"
#include "tests/support/support.h"

#define PATH "test_baseline_metadata.json"

static fb_status read_text(const char *text, fb_metadata *metadata, fb_error *error)
{
    FILE *stream = fopen(PATH, "w");
    ck_assert_ptr_nonnull(stream);
    fputs(text, stream);
    ck_assert_int_eq(fclose(stream), 0);
    fb_status status = fb_metadata_read(PATH, metadata, error);
    remove(PATH);
    return status;
}

static fb_metadata read_good(const char *text)
{
    fb_error error = {0};
    fb_metadata metadata;
    FB_ASSERT_OK(read_text(text, &metadata, &error));
    return metadata;
}

START_TEST(small_file_is_read)
{
    fb_metadata m = read_good("{\"total_rows\": 220099101, \"sum_weights\": 1051433.0, \"author\": [\"x\", null]}");
    ck_assert_str_eq(m.path, PATH);
    ck_assert(m.total.has_rows && m.total.has_sum_weights);
    ck_assert_uint_eq(m.total.rows, 220099101);
    ck_assert_double_eq(m.total.sum_weights, 1051433.0);
    for (int k = 0; k < FB_N_PROCESS; k++) {
        ck_assert(!m.process[k].has_rows && !m.process[k].has_sum_weights);
    }
    m = read_good("{\"total_rows\": 0}");
    ck_assert(m.total.has_rows && !m.total.has_sum_weights && m.total.rows == 0);
    m = read_good("[{\"sum_weights\": 7}]");
    ck_assert(!m.total.has_rows && m.total.has_sum_weights);
    ck_assert_double_eq(m.total.sum_weights, 7.0);
}
END_TEST

START_TEST(processes_are_distinguished)
{
    fb_metadata m = read_good("{\"total_rows\": 10, \"detail\": {\"htautau\": {\"rows\": 4, \"sum_weights\": 1.5},"
                              "\"ttbar\": {\"more\": [{\"total_rows\": 6}]}, \"ztautau\": 17}, \"rows\": \"any\"}");
    ck_assert(m.total.has_rows && !m.total.has_sum_weights && m.total.rows == 10);
    ck_assert(m.process[FB_HTAUTAU].has_rows && m.process[FB_HTAUTAU].rows == 4);
    ck_assert(m.process[FB_HTAUTAU].has_sum_weights);
    ck_assert_double_eq(m.process[FB_HTAUTAU].sum_weights, 1.5);
    ck_assert(m.process[FB_TTBAR].has_rows && m.process[FB_TTBAR].rows == 6);
    ck_assert(!m.process[FB_TTBAR].has_sum_weights);
    ck_assert(!m.process[FB_ZTAUTAU].has_rows && !m.process[FB_DIBOSON].has_rows);
}
END_TEST

START_TEST(croissant_is_searched_but_not_its_context)
{
    fb_metadata m =
        read_good("{\"@context\": {\"total_rows\": \"https://example.org/rows\", \"sum_weights\": {\"@id\": \"x\"}},"
                  "\"@type\": \"sc:Dataset\", \"distribution\": [{\"@type\": \"cr:FileObject\", \"sha256\": \"0\"}],"
                  "\"recordSet\": [{\"field\": [{\"name\": \"weights\"}], \"total_rows\": 12},"
                  "{\"data\": [{\"sum_weights\": 2.5, \"total_rows\": 12}]}]}");
    ck_assert(m.total.has_rows && m.total.rows == 12);
    ck_assert(m.total.has_sum_weights);
    ck_assert_double_eq(m.total.sum_weights, 2.5);
}
END_TEST

START_TEST(what_cannot_be_is_refused)
{
    static const struct {
        const char *text, *words[3];
    } cases[] = {
        {"", {"is not JSON"}},
        {"{\"total_rows\": 1", {"line 1", "is not JSON"}},
        {"{\"total_rows\": NaN}", {"is not JSON"}},
        {"{\"sum_weights\": 1e999}", {"is not JSON"}},
        {"{\"total_rows\": 1, \"total_rows\": 1}", {"is not JSON", "duplicate"}},
        {"{}", {"neither a key total_rows nor a key sum_weights"}},
        {"[1, 2]", {"neither"}},
        {"{\"rows\": 3}", {"neither"}},
        {"{\"total_rows\": \"12\"}", {"key total_rows: \"12\" is not a whole number"}},
        {"{\"total_rows\": 12.0}", {"key total_rows: 12.0 is not a whole number"}},
        {"{\"total_rows\": -1}", {"key total_rows: -1 is not"}},
        {"{\"total_rows\": null}", {"key total_rows: null"}},
        {"{\"total_rows\": [5]}", {"key total_rows: [5]"}},
        {"{\"total_rows\": true}", {"key total_rows: true"}},
        {"{\"total_rows\": 5, \"sum_weights\": \"5\"}", {"key sum_weights: \"5\" is not a number from 0"}},
        {"{\"sum_weights\": -0.5}", {"key sum_weights: -0.5"}},
        {"{\"sum_weights\": {\"all\": 1}}", {"key sum_weights: {\"all\":1}"}},
        {"{\"ttbar\": {\"rows\": 1.5}}", {"key rows of ttbar: 1.5"}},
        {"{\"total_rows\": 5, \"a\": {\"total_rows\": 6}}", {"key total_rows: 6 is another value than 5"}},
        {"{\"sum_weights\": 5, \"a\": [{\"sum_weights\": 5.5}]}", {"key sum_weights: 5.5 is another value than 5"}},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        fb_error error = {0};
        fb_metadata metadata;
        ck_assert_msg(read_text(cases[k].text, &metadata, &error) == FB_ERROR_DATA, "%s is read", cases[k].text);
        ck_assert_msg(strstr(error.text, PATH) != NULL, "'%s' does not name the file", error.text);
        for (int w = 0; w < 3 && cases[k].words[w] != NULL; w++) {
            ck_assert_msg(strstr(error.text, cases[k].words[w]) != NULL, "%s: '%s' lacks '%s'", cases[k].text,
                          error.text, cases[k].words[w]);
        }
    }
    fb_error error = {0};
    fb_metadata metadata;
    ck_assert_int_eq(fb_metadata_read("not_there.json", &metadata, &error), FB_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.text, "not_there.json"));
}
END_TEST

static const fb_process_counts whole = {.n_rows = 10,
                                        .sum_weights = 1000.0,
                                        .rows = {4, 3, 2, 1},
                                        .weight = {100.0, 200.0, 300.0, 400.0},
                                        .has_weights = true,
                                        .has_processes = true};

static void assert_agrees(const char *text, const fb_process_counts *counts)
{
    fb_error error = {0};
    const fb_metadata metadata = read_good(text);
    FB_ASSERT_OK(fb_metadata_check(&metadata, "events.h5", counts, &error));
}

static void assert_contradicts(const char *text, const fb_process_counts *counts, const char *words)
{
    fb_error error = {0};
    const fb_metadata metadata = read_good(text);
    ck_assert_msg(fb_metadata_check(&metadata, "events.h5", counts, &error) == FB_ERROR_DATA, "%s agrees", text);
    ck_assert_msg(strncmp(error.text, "events.h5: ", 11) == 0 && strstr(error.text, PATH) != NULL, "'%s'", error.text);
    ck_assert_msg(strstr(error.text, words) != NULL, "'%s' lacks '%s'", error.text, words);
}

START_TEST(rows_exactly_weights_within_a_thousandth)
{
    assert_agrees("{\"total_rows\": 10, \"sum_weights\": 1000.9}", &whole);
    assert_agrees("{\"total_rows\": 10, \"sum_weights\": 999.1}", &whole);
    assert_agrees("{\"htautau\": {\"rows\": 4}, \"diboson\": {\"rows\": 1, \"sum_weights\": 400.3}}", &whole);
    assert_contradicts("{\"total_rows\": 11}", &whole, "has 10 rows, but");
    assert_contradicts("{\"total_rows\": 11}", &whole, "says 11: it is cut, or another one");
    assert_contradicts("{\"total_rows\": 9}", &whole, "says 9: it is another one");
    assert_contradicts("{\"sum_weights\": 1001.1}", &whole, "sum up to 1000, but");
    assert_contradicts("{\"sum_weights\": 1001.1}", &whole, "says 1001.1");
    assert_contradicts("{\"sum_weights\": 998.9}", &whole, "says 998.9");
    assert_contradicts("{\"sum_weights\": 0}", &whole, "says 0");
    assert_contradicts("{\"ttbar\": {\"rows\": 3}}", &whole, "has 2 rows of ttbar, but");
    assert_contradicts("{\"ttbar\": {\"sum_weights\": 310}}", &whole, "rows of ttbar sum up to 300, but");
}
END_TEST

START_TEST(what_the_events_lack_is_not_taken_for_agreement)
{
    fb_process_counts data = whole;
    data.has_weights = data.has_processes = false;
    assert_agrees("{\"total_rows\": 10}", &data);
    assert_contradicts("{\"sum_weights\": 1000}", &data, "no column weights");
    data.has_weights = true;
    assert_agrees("{\"sum_weights\": 1000}", &data);
    assert_contradicts("{\"ttbar\": {\"rows\": 2}}", &data, "no column detailed_labels");
    fb_error error = {0};
    FB_ASSERT_OK(fb_metadata_check(&(fb_metadata){0}, "events.h5", &data, &error));
    data.sum_weights = NAN;
    assert_contradicts("{\"sum_weights\": 1000}", &data, "sum up to nan");
}
END_TEST

static fb_metadata write_and_read(const fb_process_counts *counts)
{
    fb_error error = {0};
    fb_metadata metadata;
    FB_ASSERT_OK(fb_json_output_write(".", PATH, fb_metadata_json(counts), &error));
    FB_ASSERT_OK(fb_metadata_read(PATH, &metadata, &error));
    remove(PATH);
    return metadata;
}

/* To the last bit, and the keys of the official file stand first, so that a program that looks no further finds them.
 */
START_TEST(what_is_written_is_read)
{
    fb_process_counts counts = whole;
    counts.sum_weights = 1051385.0 + 1.0 / 3.0;
    counts.weight[FB_TTBAR] = 0.1;
    fb_metadata m = write_and_read(&counts);
    ck_assert(m.total.has_rows && m.total.rows == 10);
    ck_assert(m.total.has_sum_weights && m.total.sum_weights == counts.sum_weights);
    for (int k = 0; k < FB_N_PROCESS; k++) {
        ck_assert(m.process[k].has_rows && m.process[k].rows == counts.rows[k]);
        ck_assert(m.process[k].has_sum_weights && m.process[k].sum_weights == counts.weight[k]);
    }
    counts.has_processes = false;
    m = write_and_read(&counts);
    ck_assert(m.total.has_rows && m.total.has_sum_weights);
    ck_assert(!m.process[FB_HTAUTAU].has_rows && !m.process[FB_TTBAR].has_sum_weights);
    char *text = NULL;
    fb_error error = {0};
    json_t *root = fb_metadata_json(&whole);
    FB_ASSERT_OK(fb_json_output_text(root, &text, &error));
    ck_assert_int_eq(strncmp(text, "{\n  \"total_rows\": 10,\n  \"sum_weights\": 1000.0,\n", 47), 0);
    json_decref(root);
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline/metadata");
    TCase *tests = tcase_create("metadata");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, small_file_is_read);
    tcase_add_test(tests, processes_are_distinguished);
    tcase_add_test(tests, croissant_is_searched_but_not_its_context);
    tcase_add_test(tests, what_cannot_be_is_refused);
    tcase_add_test(tests, rows_exactly_weights_within_a_thousandth);
    tcase_add_test(tests, what_the_events_lack_is_not_taken_for_agreement);
    tcase_add_test(tests, what_is_written_is_read);
    return fb_run_suite(suite);
}

/* Results scored as a whole, by hand: failed fits, strange intervals, remarks, the page. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "baseline/reports/score_report.h"
#include "baseline/support/python_json.h"
#include "notebooks_export/html.h"
#include "tests/support/support.h"

enum { N_SETS = 3, N = 4 };

/* Four lists for each set: mu_hat, delta, p16, p84. The second set has a failed fit, the third nothing else. */
static const double values[N_SETS][4][N] = {
    {{1.0, 1.2, 0.8, 1.0}, {0.2, 0.2, 0.2, 0.0}, {0.8, 1.4, 0.6, 1.0}, {1.2, 1.0, 0.9, 1.0}},
    {{2.0, NAN, 2.5, 2.0}, {0.5, NAN, 0.5, 0.5}, {1.5, NAN, 2.0, 2.1}, {2.5, NAN, 3.0, 2.1}},
    {{NAN, NAN, NAN, NAN}, {NAN, NAN, NAN, NAN}, {NAN, NAN, NAN, NAN}, {NAN, NAN, NAN, NAN}}};
static fb_result_set sets[N_SETS];
static fb_failed_fit failed[] = {
    {1, 1, "p16"}, {2, 0, "mu_hats"}, {2, 1, "mu_hats"}, {2, 2, "mu_hats"}, {2, 3, "mu_hats"}};
static json_t *systematics;

static fb_results results_of(size_t n_sets, size_t n_failed)
{
    static const double mu[N_SETS] = {1.0, 2.0, 3.0};
    for (size_t s = 0; s < N_SETS; s++) {
        sets[s] = (fb_result_set){mu[s], N, values[s][0], values[s][1], values[s][2], values[s][3]};
    }
    return (fb_results){.n_sets = n_sets,
                        .set = sets,
                        .n = n_sets * N,
                        .n_failed = n_failed,
                        .failed = failed,
                        .systematics = systematics};
}

static fb_score_set *scoring_of(const fb_results *results, const fb_score_set_options *options)
{
    fb_error error = {0};
    fb_score_set *scored = NULL;
    FB_ASSERT_OK(fb_score_set_create(results, options, "folder", &scored, &error));
    return scored;
}

START_TEST(failed_fits_are_left_out)
{
    fb_score_set_options options = fb_score_set_options_default();
    const fb_results results = results_of(N_SETS, 5);
    fb_error error = {0};
    fb_score_set *scored = NULL;
    ck_assert_int_eq(fb_score_set_create(&results, &options, "folder", &scored, &error), FB_ERROR_DATA);
    ck_assert_ptr_eq(scored, NULL);
    ck_assert_str_eq(error.text, "folder/result_1.json: set 1, experiment 1: 'p16' is null or NaN, a failed fit; there "
                                 "are 5 among 12 experiments, and --allow-failed leaves them out");
    options.allow_failed = true;
    scored = scoring_of(&results, &options);
    ck_assert(scored->n == 7 && scored->n_kept == 2 && scored->set[1].n == 3 && scored->set[2].n == 0);
    ck_assert(scored->set[1].mu_hat[1] == 2.5 && scored->set[1].p84[2] == 2.1);
    ck_assert(isnan(scored->of_set[2].coverage));
    /* Widths 0.4, 0.4, 0.3, 0 and 1, 1, 0; covered are experiments 0 and 3, and 0 and 2. */
    FB_ASSERT_NEAR(scored->scores.interval, 3.1 / 7.0, 1e-15);
    FB_ASSERT_NEAR(scored->scores.coverage, 4.0 / 7.0, 1e-15);
    FB_ASSERT_NEAR(scored->scores.mae, (1.0 / 4 * (0.2 + 0.2 + 0.2) + 1.0 / 3 * (0.5 + 0.5 + 0.5)) / 2, 1e-15);
    fb_score_set_free(scored);
}
END_TEST

START_TEST(nothing_but_failures)
{
    fb_score_set_options options = fb_score_set_options_default();
    fb_results results = results_of(1, 4);
    fb_error error = {0};
    fb_score_set *scored = NULL;
    results.set = &sets[2];
    options.allow_failed = true;
    ck_assert_int_eq(fb_score_set_create(&results, &options, "folder", &scored, &error), FB_ERROR_DATA);
    ck_assert_str_eq(error.text, "folder: all 4 fits failed: their numbers are null or NaN");
}
END_TEST

START_TEST(strange_intervals_are_named)
{
    fb_score_set_options options = fb_score_set_options_default();
    const fb_results results = results_of(2, 1);
    options.allow_failed = true;
    fb_score_set *scored = scoring_of(&results, &options);
    ck_assert(scored->negative.n == 1 && scored->negative.set == 0 && scored->negative.experiment == 1);
    ck_assert(scored->empty.n == 2 && scored->empty.set == 0 && scored->empty.experiment == 3);
    const fb_remarks remarks = fb_score_report_remarks(scored);
    ck_assert_int_eq(remarks.n, 3);
    ck_assert_str_eq(remarks.text[0], "1 failed fit is left out: set 1 experiment 1");
    ck_assert_str_eq(remarks.text[1], "1 of 7 intervals has p84 < p16, the first is set 0 experiment 1 with p16 = 1.4 "
                                      "and p84 = 1; as in the official program the width is |p84 - p16| and nothing "
                                      "is covered");
    ck_assert_str_eq(remarks.text[2], "2 of 7 intervals have zero width, the first is set 0 experiment 3 with p16 = 1 "
                                      "and p84 = 1; as in the official program that counts as a width of 0");
    fb_score_set_free(scored);
}
END_TEST

/* The replicas' spread against two passes over fb_score_formula_bootstrap; where it says nothing it is not there. */
START_TEST(bootstrap_is_summed_up)
{
    enum { REPLICAS = 7 };
    fb_score_set_options options = {FB_SCORE_OFFICIAL, REPLICAS, true};
    const fb_results two = results_of(2, 1);
    fb_score_set *scored = scoring_of(&two, &options);
    const fb_score_resampling resampling = {REPLICAS, 2, FB_SCORE_BOOTSTRAP_SEED};
    fb_scores replica[REPLICAS];
    fb_error error = {0};
    FB_ASSERT_OK(fb_score_formula_bootstrap(scored->set, 2, &resampling, options.formula, replica, &error));
    for (int k = 0; k < FB_N_SCORES; k++) {
        double sum = 0.0, sum2 = 0.0;
        for (int i = 0; i < REPLICAS; i++) {
            sum += replica[i].value[k];
            sum2 += replica[i].value[k] * replica[i].value[k];
        }
        FB_ASSERT_NEAR(scored->mean.value[k], sum / REPLICAS, 1e-13);
        FB_ASSERT_NEAR(scored->error.value[k], sqrt((sum2 - sum * sum / REPLICAS) / REPLICAS), 1e-7);
        ck_assert_double_gt(scored->error.value[k], 0.0);
    }
    ck_assert_uint_eq(fb_score_report_n_rows(scored), 5);
    fb_score_set_free(scored);
    for (int k = 0; k < 3; k++) { /* one set, one replica, none */
        const fb_results results = results_of(k == 0 ? 1 : 2, k == 0 ? 0 : 1);
        options.n_replicas = k == 0 ? REPLICAS : k == 1 ? 1 : 0;
        scored = scoring_of(&results, &options);
        ck_assert(isnan(scored->mean.rmse) && isnan(scored->error.quantiles_score));
        ck_assert_uint_eq(fb_score_report_n_rows(scored), results.n_sets + 1);
        fb_score_set_free(scored);
    }
}
END_TEST

static void expect(const char *text, const char *wanted)
{
    ck_assert_msg(strstr(text, wanted) != NULL, "'%s' is not in %.2000s", wanted, text);
}

START_TEST(page_holds_it_all)
{
    fb_score_set_options options = {FB_SCORE_WHITE_PAPER, 10, true};
    const fb_results results = results_of(N_SETS, 5);
    fb_score_set *scored = scoring_of(&results, &options);
    fb_error error = {0};
    char *page = NULL;
    FB_ASSERT_OK(fb_score_files_page(scored, &page, &error));
    expect(page, "12 pseudo-experiments in 3 sets; systematics that they draw: tes, &lt;jes&gt; &amp; "
                 "&quot;met&quot;.");
    expect(page, "<p class=\"warning\">5 failed fits are left out: set 1 experiment 1, set 2 experiment 0, set 2");
    expect(page, "<p class=\"warning\">1 of 7 intervals has p84 &lt; p16");
    expect(page, "<title>4 of 7 intervals hold the true");
    expect(page, "<tr><td>2</td><td>3.000</td><td>0</td><td>4</td><td>-</td>");
    expect(page, "<tr class=\"total\"><td>all</td><td></td><td>7</td><td>5</td>");
    expect(page, "(w + 0.01) f(c)");
    expect(page, "Bootstrap: 10 times 2 sets");
    ck_assert_ptr_eq(strstr(page, "first 3 of"), NULL);
    free(page);
    fb_score_set_free(scored);
}
END_TEST

/* So many sets that a browser could not show all their lines: the picture has the first ones, the table all. */
START_TEST(page_stays_small)
{
    enum { MANY = 60 };
    static fb_result_set many[MANY];
    const fb_score_set_options options = {FB_SCORE_OFFICIAL, 0, false};
    fb_results results = results_of(1, 0);
    fb_error error = {0};
    char *page = NULL;
    for (size_t s = 0; s < MANY; s++) {
        many[s] = sets[0];
    }
    results.set = many;
    results.n_sets = MANY;
    results.n = MANY * N;
    results.systematics = NULL;
    fb_score_set *scored = scoring_of(&results, &options);
    FB_ASSERT_OK(fb_score_files_page(scored, &page, &error));
    expect(page, "draw: not known.");
    expect(page, "Only the first 50 of 60 sets are drawn.");
    expect(page, "set 49: ");
    expect(page, "<tr><td>59</td>");
    ck_assert_ptr_eq(strstr(page, "set 50: "), NULL);
    ck_assert_ptr_eq(strstr(page, "Bootstrap"), NULL);
    free(page);
    fb_score_set_free(scored);
}
END_TEST

START_TEST(html_is_escaped)
{
    static const char *const cells[] = {"<b>", "a & \"b\""};
    fb_error error = {0};
    fb_html *html = NULL;
    char *text = NULL;
    FB_ASSERT_OK(fb_html_create("1 < 2", &html, &error));
    fb_html_heading(html, "\xCE\xBC");
    fb_html_paragraph(html, "bad \xFF\x01 bytes", false);
    fb_html_table_begin(html, 2, cells);
    fb_html_table_row(html, 2, cells, FB_HTML_ROW_TOTAL);
    fb_html_table_row(html, 1, cells, FB_HTML_ROW_UNCERTAIN);
    fb_html_table_end(html);
    FB_ASSERT_OK(fb_html_finish(html, &text, &error));
    expect(text, "<title>1 &lt; 2</title>");
    expect(text, "<h1>1 &lt; 2</h1>\n<h2>\xCE\xBC</h2>\n<p>bad \xEF\xBF\xBD\xEF\xBF\xBD bytes</p>\n<table>\n<thead>\n"
                 "<tr><th scope=\"col\">&lt;b&gt;</th><th scope=\"col\">a &amp; &quot;b&quot;</th></tr>\n</thead>\n"
                 "<tbody>\n<tr class=\"total\"><td>&lt;b&gt;</td><td>a &amp; &quot;b&quot;</td></tr>\n"
                 "<tr class=\"uncertain\"><td>&lt;b&gt;</td></tr>\n</tbody>\n"
                 "</table>\n<footer>fair-baseline ");
    expect(text, "</footer>\n</body>\n</html>\n");
    free(text);
    fb_html_free(html);
}
END_TEST

START_TEST(python_words_are_read)
{
    fb_error error = {0};
    json_t *root = NULL, *wanted;
    FILE *stream = fopen("python.json", "w");
    ck_assert_ptr_ne(stream, NULL);
    fputs("{\"NaN \\\" NaN\": [NaN,Infinity, -Infinity, \"-Infinity\\\\\", 1e3], \"b\":NaN}\n", stream);
    fclose(stream);
    FB_ASSERT_OK(fb_python_json_load("python.json", &root, &error));
    wanted = json_pack("{s:[s,s,s,s,f],s:s}", "NaN \" NaN", "NaN", "Infinity", "-Infinity", "-Infinity\\", 1000.0, "b",
                       "NaN");
    ck_assert_int_eq(json_equal(root, wanted), 1);
    json_decref(wanted);
    json_decref(root);
    stream = fopen("python.json", "w");
    fputs("{\"a\": NaN,\n\"a\": 1}", stream);
    fclose(stream);
    ck_assert_int_eq(fb_python_json_load("python.json", &root, &error), FB_ERROR_DATA);
    expect(error.text, "python.json: line 2: ");
    remove("python.json");
    ck_assert_int_eq(fb_python_json_load("python.json", &root, &error), FB_ERROR_FILE);
    ck_assert_int_eq(fb_python_json_load(".", &root, &error), FB_ERROR_FILE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline/scoring");
    TCase *tests = tcase_create("scoring");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, failed_fits_are_left_out);
    tcase_add_test(tests, nothing_but_failures);
    tcase_add_test(tests, strange_intervals_are_named);
    tcase_add_test(tests, bootstrap_is_summed_up);
    tcase_add_test(tests, page_holds_it_all);
    tcase_add_test(tests, page_stays_small);
    tcase_add_test(tests, html_is_escaped);
    tcase_add_test(tests, python_words_are_read);
    systematics = json_pack("{s:b,s:b,s:b}", "tes", true, "soft_met", false, "<jes> & \"met\"", true);
    const int failures = fb_run_suite(suite);
    json_decref(systematics);
    return failures;
}

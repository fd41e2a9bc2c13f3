/* scores.json and detailed_results.html */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/reports/picture.h"
#include "baseline/reports/score_report.h"
#include "baseline/support/json_output.h"
#include "models/common/output.h"
#include "models/common/path.h"
#include "models/common/text.h"
#include "notebooks_export/html.h"

/* More intervals than this make a page that no browser likes. */
enum { MOST_SETS = 50, MOST_INTERVALS = 100000, LINE_SIZE = 1024 };

static void add_summary(const fb_score_set *scored, fb_html *html)
{
    const fb_results *results = scored->results;
    const fb_remarks remarks = fb_score_report_remarks(scored);
    char line[LINE_SIZE], simulation[FB_SIMULATION_TEXT_SIZE], drawn[LINE_SIZE / 2] = "";
    const char *name;
    json_t *is_on;
    json_object_foreach(results->systematics, name, is_on)
    {
        const size_t used = strlen(drawn);
        if (json_is_true(is_on)) {
            snprintf(drawn + used, sizeof drawn - used, "%s%s", used > 0 ? ", " : "", name);
        }
    }
    snprintf(line, sizeof line, "%zu pseudo-experiments in %zu sets; systematics that they draw: %s.",
             scored->n + results->n_failed, results->n_sets,
             !json_is_object(results->systematics) ? "not known"
             : drawn[0] == '\0'                    ? "none"
                                                   : drawn);
    fb_html_paragraph(html, line, false);
    fb_score_report_simulation(results->template_events, results->pool_events, results->shared_template_error,
                               simulation);
    if (simulation[0] != '\0') {
        snprintf(line, sizeof line, "Behind them: %s.", simulation);
        fb_html_paragraph(html, line, false);
    }
    for (int k = 0; k < remarks.n; k++) {
        fb_html_paragraph(html, remarks.text[k], true);
    }
}

/* How many of the first sets are drawn. */
static size_t n_drawn(const fb_results *results)
{
    size_t n = 0, intervals = 0;
    while (n < results->n_sets && n < MOST_SETS && intervals + results->set[n].n <= MOST_INTERVALS) {
        intervals += results->set[n++].n;
    }
    return n;
}

static fb_status add_intervals(const fb_score_set *scored, fb_html *html, fb_error *error)
{
    fb_results drawn = *scored->results; /* the first sets of it */
    fb_picture picture = {0};
    char line[LINE_SIZE];
    fb_status status = FB_OK;
    drawn.n_sets = n_drawn(scored->results);
    fb_html_heading(html, "Intervals");
    if (drawn.n_sets < scored->results->n_sets) {
        snprintf(line, sizeof line, "Only the first %zu of %zu sets are drawn.", drawn.n_sets, scored->results->n_sets);
        fb_html_paragraph(html, line, false);
    }
    if (drawn.n_sets > 0) {
        FB_TRY(fb_picture_coverage(&drawn, NULL, &picture, error));
        fb_html_picture(html, picture.svg);
    }
cleanup:
    fb_picture_clear(&picture);
    return status;
}

static void add_table(const fb_score_set *scored, fb_html *html)
{
    fb_score_row row;
    fb_html_heading(html, "Scores");
    fb_html_table_begin(html, FB_SCORE_COLUMNS, fb_score_report_columns);
    for (size_t r = 0; r < fb_score_report_n_rows(scored); r++) {
        fb_score_report_row(scored, r, &row);
        fb_html_table_row(html, FB_SCORE_COLUMNS, row.cell,
                          r >= scored->results->n_sets ? FB_HTML_ROW_TOTAL : FB_HTML_ROW_USUAL);
    }
    fb_html_table_end(html);
}

static void add_formula(const fb_score_set *scored, fb_html *html)
{
    const fb_score_formula *formula = &scored->options.formula;
    char line[LINE_SIZE], level[FB_NUMBER_SIZE], epsilon[FB_NUMBER_SIZE];
    fb_text_of_double(formula->level, level);
    fb_text_of_double(formula->epsilon, epsilon);
    snprintf(line, sizeof line,
             "score = -ln((w + %s) f(c)), w = mean |p84 - p16| (interval), c = fraction with p16 <= mu <= p84 "
             "(coverage); f = 1 for c within %s +- 2 sigma68, 1 + d^4 at a distance of d sigma68 below that band, "
             "1 + d^3 above it; sigma68^2 = %s (1 - %s) / n. These are the constants '%s'.",
             epsilon, level, level, level, formula->name);
    fb_html_paragraph(html, line, false);
    fb_html_paragraph(html,
                      "rmse and mae: means of sqrt(d^2 + (d^2 - delta^2)^2) and |d| + ||d| - delta|, d = mu_hat - mu, "
                      "delta = delta_mu_hat. All together: rmse and mae are means over the sets, the rest pools all "
                      "experiments.",
                      false);
    if (scored->options.n_replicas > 0) {
        snprintf(line, sizeof line,
                 "Bootstrap: %u times %zu sets, chosen with replacement (numpy RandomState(%d + i)); mean and standard "
                 "deviation.",
                 (unsigned)scored->options.n_replicas, scored->n_kept, FB_SCORE_BOOTSTRAP_SEED);
        fb_html_paragraph(html, line, false);
    }
}

fb_status fb_score_files_page(const fb_score_set *scored, char **page, fb_error *error)
{
    fb_html *html = NULL;
    fb_status status = FB_OK;
    *page = NULL;
    FB_TRY(fb_html_create("Detailed results", &html, error));
    add_summary(scored, html);
    FB_TRY(add_intervals(scored, html, error));
    add_table(scored, html);
    add_formula(scored, html);
    FB_TRY(fb_html_finish(html, page, error));
cleanup:
    fb_html_free(html);
    return status;
}

/* The official program writes whole minutes. Constants that are not its own are named. */
static json_t *official_json(const fb_score_set *scored, double minutes)
{
    const fb_score_formula *formula = &scored->options.formula;
    json_t *root = fb_score_report_scores_json(&scored->scores);
    const bool is_whole = minutes == floor(minutes) && minutes < 1e15;
    json_object_set_new(root, "ingestion_duration",
                        is_whole ? json_integer((json_int_t)minutes) : fb_json_output_number(minutes));
    if (strcmp(formula->name, FB_SCORE_OFFICIAL.name) != 0) {
        json_object_set_new(
            root, "formula",
            json_pack("{s:s,s:f,s:f}", "name", formula->name, "level", formula->level, "epsilon", formula->epsilon));
    }
    return root;
}

fb_status fb_score_files_write(const fb_score_set *scored, double minutes, const char *folder, fb_error *error)
{
    char scores_path[FB_PATH_SIZE], page_path[FB_PATH_SIZE];
    json_t *root = official_json(scored, minutes);
    char *scores = NULL, *page = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_path_in(folder, "scores.json", scores_path, error));
    FB_TRY(fb_path_in(folder, "detailed_results.html", page_path, error));
    FB_TRY(fb_json_output_text(root, &scores, error));
    FB_TRY(fb_score_files_page(scored, &page, error));
    FB_TRY(fb_output_write_pair(scores_path, scores, page_path, page, error));
cleanup:
    free(scores);
    free(page);
    json_decref(root);
    return status;
}

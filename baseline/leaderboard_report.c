#include "baseline/leaderboard_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/print.h"
#include "models/ground/log.h"
#include "models/ground/memory.h"
#include "models/ground/output.h"
#include "notebooks_export/html.h"

enum { N_COLUMNS = 7, CELL_SIZE = 64 };

static const char *const columns[N_COLUMNS] = {
    "method", "score", "interval", "coverage", "bias", "failed", "seconds an experiment"};

typedef char cells[N_COLUMNS][CELL_SIZE];

static double seconds_of(const fb_leaderboard_row *row)
{
    const double n = (double)fb_evaluation_done(row->evaluation);
    return (row->evaluation->scoring_seconds + row->evaluation->fit_seconds) / n;
}

static void fill_cells(const fb_leaderboard_row *row, cells cell)
{
    snprintf(cell[0], CELL_SIZE, "%s", row->name);
    for (int metric = 0; metric < FB_N_METRIC; metric++) {
        snprintf(cell[1 + metric], CELL_SIZE, "%.4f \xc2\xb1 %.4f", row->standing.value[metric],
                 row->standing.error[metric]);
    }
    snprintf(cell[5], CELL_SIZE, "%zu of %zu", row->standing.n_failed, row->standing.n_failed + row->standing.n);
    snprintf(cell[6], CELL_SIZE, "%.3f", seconds_of(row));
}

/* A bar within a cell would end it. */
static void write_cell(const char *text, FILE *stream)
{
    for (; *text != '\0'; text++) {
        fputs(*text == '|' ? "\\" : "", stream);
        fputc(*text, stream);
    }
}

static void write_markdown(const fb_leaderboard *board, FILE *stream)
{
    for (int k = 0; k < N_COLUMNS; k++) {
        fprintf(stream, "| %s ", columns[k]);
    }
    fprintf(stream, "|\n|---|---|---|---|---|---|---|\n");
    for (int r = 0; r < board->n; r++) {
        cells cell;
        fill_cells(&board->row[r], cell);
        for (int k = 0; k < N_COLUMNS; k++) {
            fputs("| ", stream);
            write_cell(cell[k], stream);
            fputc(' ', stream);
        }
        fprintf(stream, "|\n");
    }
}

fb_status fb_leaderboard_print(const fb_leaderboard *board, fb_error *error)
{
    write_markdown(board, stdout);
    return ferror(stdout) ? fb_fail(error, FB_ERROR_FILE, "standard output: cannot be written") : FB_OK;
}

static json_t *settings_json(const fb_evaluation *evaluation)
{
    const fb_evaluation_settings *s = &evaluation->settings;
    return json_pack("{s:I,s:I,s:I,s:I,s:s}", "sets", (json_int_t)s->n_sets, "experiments",
                     (json_int_t)s->n_experiments, "seed", (json_int_t)s->seed, "drawn", (json_int_t)s->drawn,
                     "generator", fb_generator_name(s->generator));
}

json_t *fb_leaderboard_json(const fb_leaderboard *board)
{
    json_t *methods = json_array();
    for (int r = 0; r < board->n; r++) {
        const fb_leaderboard_row *row = &board->row[r];
        json_t *one = json_object();
        json_object_set_new(one, "name", json_string(row->name));
        for (int metric = 0; metric < FB_N_METRIC; metric++) {
            json_object_set_new(one, fb_metric_name((fb_metric)metric),
                                json_pack("{s:o,s:o}", "value", fb_json_number(row->standing.value[metric]), "error",
                                          fb_json_number(row->standing.error[metric])));
        }
        json_object_set_new(one, "failed", json_integer((json_int_t)row->standing.n_failed));
        json_object_set_new(one, "cpu_seconds", fb_json_number(seconds_of(row)));
        json_object_set_new(one, "results", fb_standing_results_json(row->evaluation));
        json_array_append_new(methods, one);
    }
    return json_pack("{s:s,s:o,s:s,s:o}", "kind", "fair-baseline leaderboard 1", "settings",
                     settings_json(board->row[0].evaluation), "pool", board->pool, "methods", methods);
}

static int by_score(const void *left, const void *right)
{
    const double a = ((const fb_leaderboard_row *)left)->standing.value[FB_METRIC_SCORE];
    const double b = ((const fb_leaderboard_row *)right)->standing.value[FB_METRIC_SCORE];
    if (isnan(a) || isnan(b)) {
        return isnan(a) - isnan(b);
    }
    return (a < b) - (a > b);
}

static fb_status write_html(const fb_leaderboard *board, FILE *stream, fb_error *error)
{
    fb_html *html = NULL;
    char *text = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_html_create("Leaderboard", &html, error));
    fb_html_paragraph(html, "All methods on the same pseudo-experiments; errors by bootstrap over the experiments.",
                      false);
    fb_html_table_begin(html, N_COLUMNS, columns);
    for (int r = 0; r < board->n; r++) {
        cells cell;
        const char *row[N_COLUMNS];
        fill_cells(&board->row[r], cell);
        for (int k = 0; k < N_COLUMNS; k++) {
            row[k] = cell[k];
        }
        fb_html_table_row(html, N_COLUMNS, row, false);
    }
    fb_html_table_end(html);
    FB_TRY(fb_html_finish(html, &text, error));
    fputs(text, stream);
cleanup:
    free(text);
    fb_html_free(html);
    return status;
}

static fb_status write_page(const fb_leaderboard *board, const char *folder, const char *name, fb_error *error)
{
    char path[4096];
    fb_output *output = NULL;
    fb_status status = FB_OK;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FB_TRY(fb_output_create(path, &output, error));
    if (strcmp(name, "leaderboard.md") == 0) {
        write_markdown(board, fb_output_stream(output));
    } else {
        FB_TRY(write_html(board, fb_output_stream(output), error));
    }
    FB_TRY(fb_output_commit(output, error));
cleanup:
    fb_output_free(output);
    return status;
}

fb_status fb_leaderboard_write(fb_leaderboard *board, const char *folder, fb_error *error)
{
    char path[4096];
    fb_status status = FB_OK;
    qsort(board->row, (size_t)board->n, sizeof *board->row, by_score);
    snprintf(path, sizeof path, "%s/leaderboard.json", folder);
    FB_TRY(fb_write_json(path, fb_leaderboard_json(board), error));
    FB_TRY(write_page(board, folder, "leaderboard.md", error));
    FB_TRY(write_page(board, folder, "leaderboard.html", error));
cleanup:
    return status;
}

/* --- comparing -----------------------------------------------------------------------------------------------------
 */

static const fb_leaderboard_row *find_row(const fb_leaderboard *board, const char *name)
{
    for (int r = 0; r < board->n; r++) {
        if (strcmp(board->row[r].name, name) == 0) {
            return &board->row[r];
        }
    }
    return NULL;
}

/* Prints how a method changed; the number of metrics in which it is worse. */
static int compare(const fb_leaderboard_row *row, const fb_standing *before, FILE *stream)
{
    int n_worse = 0;
    for (int metric = 0; metric < FB_N_METRIC; metric++) {
        double loss, tolerance;
        const bool worse = fb_standing_is_worse(&row->standing, before, (fb_metric)metric, &loss, &tolerance);
        fprintf(stream, "| %s | %s | %.4f | %.4f | %.4f | %.4f | %s |\n", row->name, fb_metric_name((fb_metric)metric),
                before->value[metric], row->standing.value[metric], loss, tolerance, worse ? "WORSE" : "ok");
        n_worse += worse;
    }
    if (fb_standing_fails_more(&row->standing, before)) {
        fprintf(stream, "| %s | failed | %zu | %zu | | | WORSE |\n", row->name, before->n_failed,
                row->standing.n_failed);
        n_worse++;
    }
    return n_worse;
}

static fb_status check_method(const fb_leaderboard *board, const json_t *method, const char *path, FILE *stream,
                              int *n_worse, fb_error *error)
{
    const char *name = json_string_value(json_object_get(method, "name"));
    const fb_leaderboard_row *row = name != NULL ? find_row(board, name) : NULL;
    fb_evaluation *kept = NULL;
    fb_standing before = {0};
    fb_status status = FB_OK;
    if (row == NULL) {
        return fb_fail(error, name != NULL ? FB_ERROR_REGRESSION : FB_ERROR_DATA,
                       "%s: method '%s' is in it, but was not run", path, name != NULL ? name : "?");
    }
    FB_TRY(fb_evaluation_create(&row->evaluation->settings, &kept, error));
    FB_TRY(fb_standing_results_read(json_object_get(method, "results"), path, kept, error));
    FB_TRY(fb_standing_find(kept, &before, error));
    *n_worse += compare(row, &before, stream);
cleanup:
    fb_standing_clear(&before);
    fb_evaluation_free(kept);
    return status;
}

static fb_status check_settings(const fb_leaderboard *board, const json_t *root, const char *path, fb_error *error)
{
    const char *kind = json_string_value(json_object_get(root, "kind"));
    const char *pool = json_string_value(json_object_get(root, "pool"));
    json_t *ours = settings_json(board->row[0].evaluation);
    fb_status status = FB_OK;
    if (kind == NULL || strcmp(kind, "fair-baseline leaderboard 1") != 0) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: is no leaderboard.json", path);
    } else if (json_array_size(json_object_get(root, "methods")) == 0) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: has no methods to compare with", path);
    } else if (!json_equal(ours, json_object_get(root, "settings"))) {
        char *is = json_dumps(ours, JSON_COMPACT);
        char *was = json_dumps(json_object_get(root, "settings"), JSON_COMPACT | JSON_ENCODE_ANY);
        status = fb_fail(error, FB_ERROR_DATA, "%s: was made with %.200s, not with %.200s", path,
                         was != NULL ? was : "nothing", is != NULL ? is : "these");
        free(is);
        free(was);
    } else if (pool == NULL || strcmp(pool, board->pool) != 0) {
        fb_log(FB_LOG_WARNING, "%s: was made with other events, so the comparison is not of the same experiments",
               path);
    }
    json_decref(ours);
    return status;
}

fb_status fb_leaderboard_check(const fb_leaderboard *board, const char *path, FILE *stream, fb_error *error)
{
    json_error_t reason;
    json_t *root = json_load_file(path, 0, &reason), *method;
    int n_worse = 0;
    size_t k;
    fb_status status = FB_OK;
    if (root == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "%s: line %d: %s", path, reason.line, reason.text);
    }
    FB_TRY(check_settings(board, root, path, error));
    fprintf(stream, "\n| method | metric | before | now | worse by | allowed | |\n|---|---|---|---|---|---|---|\n");
    json_array_foreach(json_object_get(root, "methods"), k, method)
    {
        FB_TRY(check_method(board, method, path, stream, &n_worse, error));
    }
    if (n_worse > 0) {
        status = fb_fail(error, FB_ERROR_REGRESSION, "%s: methods got worse in %d places", path, n_worse);
    }
cleanup:
    json_decref(root);
    return status;
}

#include "baseline/leaderboard/leaderboard_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/support/json_output.h"
#include "models/common/output.h"
#include "models/common/path.h"
#include "notebooks_export/html.h"

enum { N_COLUMNS = 8, CELL_SIZE = 64, EXPLANATION_SIZE = 256, WARNING_SIZE = 256 };

static const char *const columns[N_COLUMNS] = {
    "method", "score", "interval", "coverage", "bias", "failed", "shared template error", "seconds an experiment"};

typedef char cells[N_COLUMNS][CELL_SIZE];

/* NaN when all experiments were done before. */
static double seconds_of(const fb_leaderboard_row *row)
{
    const fb_evaluation *e = row->evaluation;
    return (e->times.scoring + e->times.fit) / (double)e->times.n_experiments;
}

static void fill_cells(const fb_leaderboard_row *row, cells cell)
{
    for (int k = 0; k < N_COLUMNS; k++) {
        snprintf(cell[k], CELL_SIZE, "-"); /* what is not known: no fit converged, the method does not say */
    }
    snprintf(cell[0], CELL_SIZE, "%s", row->name);
    for (int metric = 0; metric < FB_N_METRIC; metric++) {
        const double value = row->result.value[metric], error = row->result.error[metric];
        if (!isnan(value)) {
            snprintf(cell[1 + metric], CELL_SIZE, "%.4f \xc2\xb1 %.4f", value, error);
        }
    }
    snprintf(cell[5], CELL_SIZE, "%zu of %zu", row->result.n_failed, row->result.n_failed + row->result.n);
    if (isfinite(row->shared_error)) {
        snprintf(cell[6], CELL_SIZE, "%.2f sigma, %.0f events", row->shared_error,
                 row->evaluation->simulation.template_events);
    }
    if (isfinite(seconds_of(row))) {
        snprintf(cell[7], CELL_SIZE, "%.3f", seconds_of(row));
    }
}

/* One sigma of a fit: beyond it the template events that a method happened to get decide where it stands. */
static bool is_uncertain(const fb_leaderboard_row *row)
{
    return row->shared_error > 1.0;
}

/* Stands above the table; "" if its order is worth something. */
static void warn(const fb_leaderboard *board, char text[WARNING_SIZE])
{
    int n = 0;
    for (int r = 0; r < board->n; r++) {
        n += is_uncertain(&board->row[r]);
    }
    text[0] = '\0';
    if (n > 0) {
        snprintf(text, WARNING_SIZE,
                 "The order means little: of %d of %d methods the statistics of the templates move all experiments "
                 "together by more than one sigma (shared template error). More simulated events would mend it.",
                 n, board->n);
    }
}

/* An explanation of the columns, printed below the table. */
static void explain(const fb_leaderboard *board, char text[EXPLANATION_SIZE])
{
    snprintf(text, EXPLANATION_SIZE,
             "shared template error: by how much the statistics of a method's templates, of so many effective "
             "background events, move all its experiments together; %.0f effective background events in the pool",
             board->row[0].evaluation->simulation.pool_events);
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
    char above[WARNING_SIZE], below[EXPLANATION_SIZE];
    warn(board, above);
    fprintf(stream, "%s%s", above, above[0] != '\0' ? "\n\n" : "");
    for (int k = 0; k < N_COLUMNS; k++) {
        fprintf(stream, "| %s ", columns[k]);
    }
    fprintf(stream, "|\n|---|---|---|---|---|---|---|---|\n");
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
    explain(board, below);
    fprintf(stream, "\n%s\n", below);
}

fb_status fb_leaderboard_report_print(FILE *stream, const fb_leaderboard *board, fb_error *error)
{
    write_markdown(board, stream);
    return ferror(stream) ? fb_fail(error, FB_ERROR_FILE, "standard output: cannot be written") : FB_OK;
}

json_t *fb_leaderboard_report_settings_json(const fb_evaluation_settings *s)
{
    return json_pack("{s:I,s:I,s:I,s:I,s:s}", "sets", (json_int_t)s->n_sets, "experiments",
                     (json_int_t)s->n_experiments, "seed", (json_int_t)s->seed, "drawn", (json_int_t)s->drawn,
                     "generator", fb_evaluation_generator_names[s->generator]);
}

json_t *fb_leaderboard_report_json(const fb_leaderboard *board)
{
    json_t *methods = json_array();
    for (int r = 0; r < board->n; r++) {
        const fb_leaderboard_row *row = &board->row[r];
        json_t *one = json_object();
        json_object_set_new(one, "name", json_string(row->name));
        for (int metric = 0; metric < FB_N_METRIC; metric++) {
            json_object_set_new(one, fb_leaderboard_result_metrics[metric],
                                json_pack("{s:o,s:o}", "value", fb_json_output_number(row->result.value[metric]),
                                          "error", fb_json_output_number(row->result.error[metric])));
        }
        json_object_set_new(one, "failed", json_integer((json_int_t)row->result.n_failed));
        json_object_set_new(one, "shared_template_error_in_sigma", fb_json_output_number(row->shared_error));
        json_object_set_new(one, "template_events", fb_json_output_number(row->evaluation->simulation.template_events));
        json_object_set_new(one, "cpu_seconds", fb_json_output_number(seconds_of(row)));
        json_object_set_new(one, "results", fb_leaderboard_result_json(row->evaluation));
        json_array_append_new(methods, one);
    }
    const fb_evaluation *first = board->row[0].evaluation;
    json_t *root = json_pack("{s:s,s:o,s:s,s:o,s:o}", "kind", FB_LEADERBOARD_KIND, "settings",
                             fb_leaderboard_report_settings_json(&first->settings), "pool", board->pool, "pool_events",
                             fb_json_output_number(first->simulation.pool_events), "methods", methods);
    fb_json_output_sign(root);
    return root;
}

static int by_score(const void *left, const void *right)
{
    const double a = ((const fb_leaderboard_row *)left)->result.value[FB_METRIC_SCORE];
    const double b = ((const fb_leaderboard_row *)right)->result.value[FB_METRIC_SCORE];
    if (isnan(a) || isnan(b)) {
        return isnan(a) - isnan(b);
    }
    return (a < b) - (a > b);
}

static fb_status write_html(const fb_leaderboard *board, FILE *stream, fb_error *error)
{
    char above[WARNING_SIZE], below[EXPLANATION_SIZE];
    fb_html *html = NULL;
    char *text = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_html_create("Leaderboard", &html, error));
    fb_html_paragraph(html, "All methods on the same pseudo-experiments; errors by bootstrap over the experiments.",
                      false);
    warn(board, above);
    if (above[0] != '\0') {
        fb_html_paragraph(html, above, true);
    }
    fb_html_table_begin(html, N_COLUMNS, columns);
    for (int r = 0; r < board->n; r++) {
        cells cell;
        const char *row[N_COLUMNS];
        fill_cells(&board->row[r], cell);
        for (int k = 0; k < N_COLUMNS; k++) {
            row[k] = cell[k];
        }
        fb_html_table_row(html, N_COLUMNS, row,
                          is_uncertain(&board->row[r]) ? FB_HTML_ROW_UNCERTAIN : FB_HTML_ROW_USUAL);
    }
    fb_html_table_end(html);
    explain(board, below);
    fb_html_paragraph(html, below, false);
    FB_TRY(fb_html_finish(html, &text, error));
    fputs(text, stream);
cleanup:
    free(text);
    fb_html_free(html);
    return status;
}

static fb_status write_page(const fb_leaderboard *board, const char *folder, const char *name, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_output *output = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_path_in(folder, name, path, error));
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

fb_status fb_leaderboard_report_write(fb_leaderboard *board, const char *folder, fb_error *error)
{
    fb_status status = FB_OK;
    qsort(board->row, (size_t)board->n, sizeof *board->row, by_score);
    FB_TRY(fb_json_output_write(folder, "leaderboard.json", fb_leaderboard_report_json(board), error));
    FB_TRY(write_page(board, folder, "leaderboard.md", error));
    FB_TRY(write_page(board, folder, "leaderboard.html", error));
cleanup:
    return status;
}

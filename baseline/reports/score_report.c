#include "baseline/reports/score_report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "baseline/support/json_output.h"
#include "models/common/text.h"
#include "notebooks_export/axis.h"

/* --- remarks --------------------------------------------------------------------------------------------------------
 */

static void append(char text[FB_REMARK_SIZE], const char *format, ...) FB_PRINTF(2, 3);

static void append(char text[FB_REMARK_SIZE], const char *format, ...)
{
    const size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, FB_REMARK_SIZE - used, format, arguments);
    va_end(arguments);
}

static void remark_failed(const fb_results *results, char text[FB_REMARK_SIZE])
{
    enum { MOST_NAMED = 8 };
    append(text, "%zu failed %s left out: ", results->n_failed, results->n_failed == 1 ? "fit is" : "fits are");
    for (size_t k = 0; k < results->n_failed && k < MOST_NAMED; k++) {
        append(text, "%sset %zu experiment %zu", k > 0 ? ", " : "", results->failed[k].set,
               results->failed[k].experiment);
    }
    if (results->n_failed > MOST_NAMED) {
        append(text, " and %zu more", results->n_failed - MOST_NAMED);
    }
}

static void remark_flaw(const fb_score_set *scoring, const fb_flaw *flaw, const char *kind, const char *rule,
                        char text[FB_REMARK_SIZE])
{
    char p16[FB_NUMBER_SIZE], p84[FB_NUMBER_SIZE];
    append(text,
           "%zu of %zu intervals %s %s, the first is set %zu experiment %zu with p16 = %s and p84 = %s; as in the "
           "official program %s",
           flaw->n, scoring->n, flaw->n == 1 ? "has" : "have", kind, flaw->set, flaw->experiment,
           fb_text_of_double(flaw->p16, p16), fb_text_of_double(flaw->p84, p84), rule);
}

fb_remarks fb_score_report_remarks(const fb_score_set *scoring)
{
    fb_remarks remarks = {0};
    if (scoring->results->n_failed > 0) {
        remark_failed(scoring->results, remarks.text[remarks.n++]);
    }
    if (scoring->negative.n > 0) {
        remark_flaw(scoring, &scoring->negative, "p84 < p16", "the width is |p84 - p16| and nothing is covered",
                    remarks.text[remarks.n++]);
    }
    if (scoring->empty.n > 0) {
        remark_flaw(scoring, &scoring->empty, "zero width", "that counts as a width of 0", remarks.text[remarks.n++]);
    }
    return remarks;
}

void fb_score_report_simulation(const fb_score_set *scoring, char text[FB_SIMULATION_TEXT_SIZE])
{
    const fb_results *r = scoring->results;
    size_t n = 0;
    text[0] = '\0';
    if (isfinite(r->template_events)) {
        n += (size_t)snprintf(text + n, FB_SIMULATION_TEXT_SIZE - n,
                              "%.0f effective background events in the templates", r->template_events);
    }
    if (isfinite(r->pool_events)) {
        n += (size_t)snprintf(text + n, FB_SIMULATION_TEXT_SIZE - n, "%s%.0f %sin the pool", n > 0 ? ", " : "",
                              r->pool_events, n > 0 ? "" : "effective background events ");
    } else if (isinf(r->pool_events)) {
        n += (size_t)snprintf(text + n, FB_SIMULATION_TEXT_SIZE - n, "%sfresh ones in every experiment",
                              n > 0 ? ", " : "");
    }
    if (isfinite(r->common_shift)) {
        snprintf(text + n, FB_SIMULATION_TEXT_SIZE - n, "; common shift %.3f sigma", r->common_shift);
    }
}

/* --- JSON -----------------------------------------------------------------------------------------------------------
 */

json_t *fb_score_report_scores_json(const fb_scores *scores)
{
    json_t *root = json_object();
    for (int k = 0; k < FB_N_SCORES; k++) {
        json_object_set_new(root, fb_score_set_key(k), fb_json_output_number(fb_score_set_of(scores, k)));
    }
    return root;
}

static json_t *flaw_json(const fb_flaw *flaw)
{
    return flaw->n == 0
               ? json_pack("{s:i}", "n", 0)
               : json_pack("{s:I,s:{s:I,s:I,s:f,s:f}}", "n", (json_int_t)flaw->n, "first", "set", (json_int_t)flaw->set,
                           "experiment", (json_int_t)flaw->experiment, "p16", flaw->p16, "p84", flaw->p84);
}

static json_t *sets_json(const fb_score_set *scoring)
{
    json_t *sets = json_array();
    for (size_t s = 0; s < scoring->results->n_sets; s++) {
        const fb_result_set *set = &scoring->set[s];
        json_t *one = json_pack("{s:I,s:f,s:I,s:I}", "set", (json_int_t)s, "mu", set->mu, "n", (json_int_t)set->n,
                                "failed", (json_int_t)(scoring->results->set[s].n - set->n));
        json_t *scores = fb_score_report_scores_json(&scoring->of_set[s]);
        json_object_update(one, scores);
        json_decref(scores);
        json_array_append_new(sets, one);
    }
    return sets;
}

static json_t *failed_json(const fb_results *results)
{
    json_t *list = json_array();
    for (size_t k = 0; k < results->n_failed; k++) {
        json_array_append_new(list, json_pack("{s:I,s:I}", "set", (json_int_t)results->failed[k].set, "experiment",
                                              (json_int_t)results->failed[k].experiment));
    }
    return list;
}

json_t *fb_score_report_json(const fb_score_set *scoring)
{
    const fb_score_set_options *o = &scoring->options;
    return json_pack("{s:{s:s,s:f,s:f},s:I,s:o,s:o,s:{s:I,s:I,s:i,s:o,s:o},s:o,s:o,s:o,s:o,s:o,s:o}", "formula", "name",
                     o->formula.name, "level", o->formula.level, "epsilon", o->formula.epsilon, "experiments",
                     (json_int_t)scoring->n, "scores", fb_score_report_scores_json(&scoring->scores), "sets",
                     sets_json(scoring), "bootstrap", "replicas", (json_int_t)o->n_replicas, "sets_of_a_replica",
                     (json_int_t)scoring->n_kept, "seed", FB_SCORE_BOOTSTRAP_SEED, "mean",
                     fb_score_report_scores_json(&scoring->mean), "error", fb_score_report_scores_json(&scoring->error),
                     "failed", failed_json(scoring->results), "negative_intervals", flaw_json(&scoring->negative),
                     "zero_width_intervals", flaw_json(&scoring->empty), "template_events",
                     fb_json_output_number(scoring->results->template_events), "pool_events",
                     fb_json_output_number(scoring->results->pool_events), "common_shift_in_sigma",
                     fb_json_output_number(scoring->results->common_shift));
}

/* --- the table ------------------------------------------------------------------------------------------------------
 */

const char *fb_score_report_column(int k)
{
    static const char *const names[FB_SCORE_COLUMNS] = {"set", "mu",       "n",        "failed", "rmse",
                                                        "mae", "interval", "coverage", "score"};
    return names[k];
}

static bool has_bootstrap(const fb_score_set *scoring)
{
    return isfinite(scoring->error.interval);
}

size_t fb_score_report_n_rows(const fb_score_set *scoring)
{
    return scoring->results->n_sets + 1 + (has_bootstrap(scoring) ? 2 : 0);
}

fb_score_row fb_score_report_row(const fb_score_set *scoring, size_t r)
{
    const size_t n_sets = scoring->results->n_sets;
    const fb_scores *scores = r < n_sets        ? &scoring->of_set[r]
                              : r == n_sets     ? &scoring->scores
                              : r == n_sets + 1 ? &scoring->mean
                                                : &scoring->error;
    fb_score_row row = {0};
    if (r < n_sets) {
        snprintf(row.cell[0], FB_SCORE_CELL_SIZE, "%zu", r);
        fb_axis_number_text(scoring->set[r].mu, 3, row.cell[1]);
        snprintf(row.cell[2], FB_SCORE_CELL_SIZE, "%zu", scoring->set[r].n);
        snprintf(row.cell[3], FB_SCORE_CELL_SIZE, "%zu", scoring->results->set[r].n - scoring->set[r].n);
    } else if (r == n_sets) {
        snprintf(row.cell[0], FB_SCORE_CELL_SIZE, "all");
        snprintf(row.cell[2], FB_SCORE_CELL_SIZE, "%zu", scoring->n);
        snprintf(row.cell[3], FB_SCORE_CELL_SIZE, "%zu", scoring->results->n_failed);
    } else {
        snprintf(row.cell[0], FB_SCORE_CELL_SIZE, "bootstrap %s", r == n_sets + 1 ? "mean" : "error");
    }
    for (int k = 0; k < FB_N_SCORES; k++) {
        fb_axis_number_text(fb_score_set_of(scores, k), 4, row.cell[4 + k]);
    }
    return row;
}

/* A terminal may not know the minus of pictures and pages. */
static void print_cell(FILE *stream, const char *cell)
{
    static const char minus[] = "\xE2\x88\x92";
    const bool is_negative = strncmp(cell, minus, strlen(minus)) == 0;
    char text[FB_SCORE_CELL_SIZE];
    snprintf(text, sizeof text, "%s%s", is_negative ? "-" : "", is_negative ? cell + strlen(minus) : cell);
    fprintf(stream, " %8s", text);
}

static void print_row(FILE *stream, const char *const cell[FB_SCORE_COLUMNS])
{
    fprintf(stream, "  %-15s", cell[0]);
    for (int k = 1; k < FB_SCORE_COLUMNS; k++) {
        print_cell(stream, cell[k]);
    }
    fprintf(stream, "\n");
}

void fb_score_report_print(FILE *stream, const fb_score_set *scoring)
{
    const char *cell[FB_SCORE_COLUMNS];
    for (int k = 0; k < FB_SCORE_COLUMNS; k++) {
        cell[k] = fb_score_report_column(k);
    }
    print_row(stream, cell);
    for (size_t r = 0; r < fb_score_report_n_rows(scoring); r++) {
        const fb_score_row row = fb_score_report_row(scoring, r);
        for (int k = 0; k < FB_SCORE_COLUMNS; k++) {
            cell[k] = row.cell[k];
        }
        if (r == scoring->results->n_sets) {
            fprintf(stream, "\n");
        }
        print_row(stream, cell);
    }
    char behind[FB_SIMULATION_TEXT_SIZE];
    fb_score_report_simulation(scoring, behind);
    if (behind[0] != '\0') {
        fprintf(stream, "\n  behind them: %s\n", behind);
    }
    if (scoring->options.n_replicas > 0) {
        fprintf(stream, "\n  bootstrap: %u times %zu sets, chosen with replacement%s\n",
                (unsigned)scoring->options.n_replicas, scoring->n_kept,
                has_bootstrap(scoring) ? ""
                : scoring->n_kept == 1 ? "; from one set it says nothing"
                                       : "; once says nothing");
    }
}

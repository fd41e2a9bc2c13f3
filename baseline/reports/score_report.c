#include "baseline/reports/score_report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "baseline/support/json_output.h"
#include "models/common/text.h"
#include "notebooks_export/axis.h"

/* --- remarks ------------------------------------------------------------------------------------------------------ */

FB_PRINTF(3, 4) static void append(char *text, size_t size, const char *format, ...)
{
    const size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

static void remark_failed(const fb_results *results, char text[FB_REMARK_SIZE])
{
    enum { MOST_NAMED = 8 };
    snprintf(text, FB_REMARK_SIZE, "%zu failed %s left out: ", results->n_failed,
             results->n_failed == 1 ? "fit is" : "fits are");
    for (size_t k = 0; k < results->n_failed && k < MOST_NAMED; k++) {
        append(text, FB_REMARK_SIZE, "%sset %zu experiment %zu", k > 0 ? ", " : "", results->failed[k].set,
               results->failed[k].experiment);
    }
    if (results->n_failed > MOST_NAMED) {
        append(text, FB_REMARK_SIZE, " and %zu more", results->n_failed - MOST_NAMED);
    }
}

static void remark_flaw(const fb_score_set *scored, const fb_flaw *flaw, const char *kind, const char *rule,
                        char text[FB_REMARK_SIZE])
{
    char p16[FB_NUMBER_SIZE], p84[FB_NUMBER_SIZE];
    snprintf(text, FB_REMARK_SIZE,
             "%zu of %zu intervals %s %s, the first is set %zu experiment %zu with p16 = %s and p84 = %s; as in the "
             "official program %s",
             flaw->n, scored->n, flaw->n == 1 ? "has" : "have", kind, flaw->set, flaw->experiment,
             fb_text_of_double(flaw->p16, p16), fb_text_of_double(flaw->p84, p84), rule);
}

fb_remarks fb_score_report_remarks(const fb_score_set *scored)
{
    fb_remarks remarks = {0};
    if (scored->results->n_failed > 0) {
        remark_failed(scored->results, remarks.text[remarks.n++]);
    }
    if (scored->negative.n > 0) {
        remark_flaw(scored, &scored->negative, "p84 < p16", "the width is |p84 - p16| and nothing is covered",
                    remarks.text[remarks.n++]);
    }
    if (scored->empty.n > 0) {
        remark_flaw(scored, &scored->empty, "zero width", "that counts as a width of 0", remarks.text[remarks.n++]);
    }
    return remarks;
}

void fb_score_report_simulation(double template_events, double pool_events, double shared_error,
                                char text[FB_SIMULATION_TEXT_SIZE])
{
    const bool has_templates = isfinite(template_events);
    const char *comma = has_templates ? ", " : "";
    text[0] = '\0';
    if (has_templates) {
        append(text, FB_SIMULATION_TEXT_SIZE, "%.0f effective background events in the templates", template_events);
    }
    if (isfinite(pool_events)) {
        append(text, FB_SIMULATION_TEXT_SIZE, "%s%.0f %sin the pool", comma, pool_events,
               has_templates ? "" : "effective background events ");
    } else if (isinf(pool_events)) {
        append(text, FB_SIMULATION_TEXT_SIZE, "%sfresh ones in every experiment", comma);
    }
    if (isfinite(shared_error)) {
        append(text, FB_SIMULATION_TEXT_SIZE, "; shared template error %.3f sigma", shared_error);
    }
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

json_t *fb_score_report_scores_json(const fb_scores *scores)
{
    json_t *root = json_object();
    for (int k = 0; k < FB_N_SCORES; k++) {
        json_object_set_new(root, fb_score_formula_keys[k], fb_json_output_number(scores->value[k]));
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

static json_t *sets_json(const fb_score_set *scored)
{
    json_t *sets = json_array();
    for (size_t s = 0; s < scored->results->n_sets; s++) {
        const fb_result_set *set = &scored->set[s];
        json_t *one = json_pack("{s:I,s:f,s:I,s:I}", "set", (json_int_t)s, "mu", set->mu, "n", (json_int_t)set->n,
                                "failed", (json_int_t)(scored->results->set[s].n - set->n));
        json_t *scores = fb_score_report_scores_json(&scored->of_set[s]);
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

json_t *fb_score_report_json(const fb_score_set *scored)
{
    const fb_score_set_options *o = &scored->options;
    return json_pack("{s:{s:s,s:f,s:f},s:I,s:o,s:o,s:{s:I,s:I,s:i,s:o,s:o},s:o,s:o,s:o,s:o,s:o,s:o}", "formula", "name",
                     o->formula.name, "level", o->formula.level, "epsilon", o->formula.epsilon, "experiments",
                     (json_int_t)scored->n, "scores", fb_score_report_scores_json(&scored->scores), "sets",
                     sets_json(scored), "bootstrap", "replicas", (json_int_t)o->n_replicas, "sets_of_a_replica",
                     (json_int_t)scored->n_kept, "seed", FB_SCORE_BOOTSTRAP_SEED, "mean",
                     fb_score_report_scores_json(&scored->mean), "error", fb_score_report_scores_json(&scored->error),
                     "failed", failed_json(scored->results), "negative_intervals", flaw_json(&scored->negative),
                     "zero_width_intervals", flaw_json(&scored->empty), "template_events",
                     fb_json_output_number(scored->results->template_events), "pool_events",
                     fb_json_output_number(scored->results->pool_events), "shared_template_error_in_sigma",
                     fb_json_output_number(scored->results->shared_template_error));
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

const char *const fb_score_report_columns[FB_SCORE_COLUMNS] = {"set", "mu",       "n",        "failed", "rmse",
                                                               "mae", "interval", "coverage", "score"};

static bool has_bootstrap(const fb_score_set *scored)
{
    return isfinite(scored->error.interval);
}

size_t fb_score_report_n_rows(const fb_score_set *scored)
{
    return scored->results->n_sets + 1 + (has_bootstrap(scored) ? 2 : 0);
}

/* The sets, all of them together, mean and error of the bootstrap. */
static const fb_scores *scores_of_row(const fb_score_set *scored, size_t r)
{
    const size_t n_sets = scored->results->n_sets;
    if (r < n_sets) {
        return &scored->of_set[r];
    }
    if (r == n_sets) {
        return &scored->scores;
    }
    return r == n_sets + 1 ? &scored->mean : &scored->error;
}

void fb_score_report_row(const fb_score_set *scored, size_t r, fb_score_row *row)
{
    const size_t n_sets = scored->results->n_sets;
    const fb_scores *scores = scores_of_row(scored, r);
    for (int k = 0; k < FB_SCORE_COLUMNS; k++) {
        row->text[k][0] = '\0';
        row->cell[k] = row->text[k];
    }
    if (r < n_sets) {
        snprintf(row->text[0], FB_SCORE_CELL_SIZE, "%zu", r);
        fb_axis_number_text(scored->set[r].mu, 3, row->text[1]);
        snprintf(row->text[2], FB_SCORE_CELL_SIZE, "%zu", scored->set[r].n);
        snprintf(row->text[3], FB_SCORE_CELL_SIZE, "%zu", scored->results->set[r].n - scored->set[r].n);
    } else if (r == n_sets) {
        snprintf(row->text[0], FB_SCORE_CELL_SIZE, "all");
        snprintf(row->text[2], FB_SCORE_CELL_SIZE, "%zu", scored->n);
        snprintf(row->text[3], FB_SCORE_CELL_SIZE, "%zu", scored->results->n_failed);
    } else {
        snprintf(row->text[0], FB_SCORE_CELL_SIZE, "bootstrap %s", r == n_sets + 1 ? "mean" : "error");
    }
    for (int k = 0; k < FB_N_SCORES; k++) {
        fb_axis_number_text(scores->value[k], 4, row->text[4 + k]);
    }
}

/* A terminal may not know the minus of pictures and pages. */
static void print_row(const char *const cell[FB_SCORE_COLUMNS])
{
    static const char minus[] = "\xE2\x88\x92";
    printf("  %-15s", cell[0]);
    for (int k = 1; k < FB_SCORE_COLUMNS; k++) {
        const bool is_negative = strncmp(cell[k], minus, strlen(minus)) == 0;
        char text[FB_SCORE_CELL_SIZE];
        snprintf(text, sizeof text, "%s%s", is_negative ? "-" : "", cell[k] + (is_negative ? strlen(minus) : 0));
        printf(" %8s", text);
    }
    printf("\n");
}

void fb_score_report_print(const fb_score_set *scored)
{
    const fb_results *results = scored->results;
    char simulation[FB_SIMULATION_TEXT_SIZE];
    fb_score_row row;
    print_row(fb_score_report_columns);
    for (size_t r = 0; r < fb_score_report_n_rows(scored); r++) {
        fb_score_report_row(scored, r, &row);
        printf("%s", r == results->n_sets ? "\n" : "");
        print_row(row.cell);
    }
    fb_score_report_simulation(results->template_events, results->pool_events, results->shared_template_error,
                               simulation);
    if (simulation[0] != '\0') {
        printf("\n  simulation: %s\n", simulation);
    }
    if (scored->options.n_replicas > 0) {
        printf("\n  bootstrap: %u times %zu sets, chosen with replacement%s\n", (unsigned)scored->options.n_replicas,
               scored->n_kept,
               has_bootstrap(scored) ? ""
               : scored->n_kept == 1 ? "; from one set it says nothing"
                                     : "; once says nothing");
    }
}

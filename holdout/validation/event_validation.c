#include "holdout/validation/event_validation.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "holdout/pipeline/split.h"
#include "holdout/validation/usability.h"
#include "models/common/memory.h"

const char *const fb_event_validation_families[FB_EVENT_VALIDATION_FAMILIES] = {
    "ranges", "undefined", "jets", "duplicates", "yields", "weights", "order"};

/* A pull and a relative difference that chance does not make. */
static const double MOST_PULL = 5.0;
static const double MOST_DIFFERENCE = 0.01;
/* The least share of a process's weight that either side of the official cut should have. */
static const double LEAST_SHARE = 0.01;

fb_status fb_event_validation_create(const fb_source_info *info, fb_event_validation **out, fb_error *error)
{
    fb_event_validation *validation = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *validation, &validation, error));
    FB_TRY(fb_duplicates_create(&validation->duplicates, error));
    validation->has_weights = info->has_weights;
    validation->has_processes = info->has_processes;
    validation->declared = info->stage;
    validation->order.slot_rows = 1;
    *out = validation;
    validation = NULL;
cleanup:
    fb_event_validation_free(validation);
    return status;
}

void fb_event_validation_free(fb_event_validation *validation)
{
    if (validation != NULL) {
        fb_duplicates_free(validation->duplicates);
        free(validation);
    }
}

void fb_event_validation_add(fb_event_validation *validation, const fb_events *events)
{
    /* Each has its own results and sees all rows in order: how many threads there are does not matter. */
#pragma omp parallel sections
    {
#pragma omp section
        fb_value_rules_add(&validation->rules, events);
#pragma omp section
        fb_duplicates_add(validation->duplicates, events);
#pragma omp section
        {
            fb_weight_stats_add(&validation->stats, events);
            fb_process_order_add(&validation->order, events);
        }
    }
}

int fb_event_validation_count(const fb_event_validation *validation, fb_severity severity)
{
    int n = 0;
    for (int k = 0; k < validation->n_findings; k++) {
        n += validation->finding[k].severity == severity;
    }
    return n;
}

double fb_event_validation_pull(const fb_event_validation *validation, int process)
{
    const fb_weight_sums sums = fb_weight_stats_sums(&validation->stats, process);
    return sums.square > 0.0 ? (sums.sum - fb_process_expected[process]) / sqrt(sums.square) : NAN;
}

void fb_event_validation_divide(const fb_event_validation *validation, fb_weight_sums first[FB_N_PROCESS],
                                fb_weight_sums rest[FB_N_PROCESS])
{
    fb_process_order_divide(&validation->order, fb_split_official_rows(validation->order.n_rows), first, rest);
}

/* --- findings ----------------------------------------------------------------------------------------------------- */

FB_PRINTF(5, 6)
static fb_finding *find(fb_event_validation *validation, const char *family, const char *check, fb_severity severity,
                        const char *format, ...)
{
    fb_finding *f = &validation->finding[validation->n_findings];
    va_list arguments;
    *f = (fb_finding){.family = family, .check = check, .severity = severity, .value = NAN};
    va_start(arguments, format);
    vsnprintf(f->text, sizeof f->text, format, arguments);
    va_end(arguments);
    /* There is room for all; if ever not, the last one is overwritten. */
    validation->n_findings += validation->n_findings < FB_EVENT_VALIDATION_FINDINGS - 1;
    return f;
}

/* The rows that a finding concerns, and the first of them. */
static void add_rows(fb_finding *f, uint64_t n_rows, uint64_t first_row)
{
    f->n_rows = n_rows;
    f->has_example = true;
    f->first_row = first_row;
}

static void judge_values(fb_event_validation *validation, bool complete)
{
    if (complete && validation->rules.n_rows == 0) {
        find(validation, "ranges", "rows", FB_SEVERITY_ERROR, "no events");
    }
    for (int rule = 0; rule < fb_value_rules_n_rules(); rule++) {
        const fb_value_rule words = fb_value_rules_describe(rule);
        const fb_value_rule_count *c = &validation->rules.count[rule];
        const fb_severity severity = fb_value_rules_judge(&validation->rules, rule, validation->stage);
        fb_finding *f = find(validation, words.family, fb_column_name(words.column), severity, "%s", words.text);
        if (severity != FB_SEVERITY_OK) {
            add_rows(f, c->n, c->first_row);
            f->value = c->value;
        }
    }
}

/* Drawn events, which have no weights, may be copies of one another. */
static void judge_duplicates(fb_event_validation *validation)
{
    const fb_duplicates_report report = fb_duplicates_result(validation->duplicates);
    const bool drawn = validation->stage == FB_EVENTS_OBSERVED && !validation->has_weights;
    char among[64] = "all rows";
    if (report.one_in > 1) {
        snprintf(among, sizeof among, "%" PRIu64 " rows (1 in %" PRIu64 ")", report.n_compared, report.one_in);
    }
    if (report.n_copies == 0) {
        find(validation, "duplicates", "rows", FB_SEVERITY_OK, "none among %s", among);
        return;
    }
    fb_finding *f =
        find(validation, "duplicates", "rows", drawn ? FB_SEVERITY_NOTE : FB_SEVERITY_WARNING,
             "%" PRIu64 " among %s equal an earlier row%s; row %" PRIu64 " equals row %" PRIu64, report.n_copies, among,
             drawn ? ", as in events drawn with weights" : "", report.row, report.equal);
    add_rows(f, report.n_copies, report.row);
}

/* Raw events are there to be trained on. */
static void judge_classes(fb_event_validation *validation)
{
    double sum[FB_N_PROCESS];
    for (int process = 0; process < FB_N_PROCESS; process++) {
        sum[process] = fb_weight_stats_sums(&validation->stats, process).sum;
    }
    const char *missing = fb_usability_missing_class(sum);
    if (missing != NULL && validation->stage == FB_EVENTS_RAW) {
        find(validation, "yields", "classes", FB_SEVERITY_ERROR, "no weight of the %s: nothing can be trained",
             missing);
    }
}

static void judge_yield(fb_event_validation *validation, int process)
{
    const fb_weight_sums sums = fb_weight_stats_sums(&validation->stats, process);
    const char *name = fb_process_name(process);
    const double expected = fb_process_expected[process];
    const double pull = fb_event_validation_pull(validation, process);
    if (sums.n == 0.0 || sums.sum == 0.0) {
        find(validation, "yields", name, FB_SEVERITY_WARNING, "no %s", sums.n == 0.0 ? "such events" : "weight");
    } else if (validation->stage != FB_EVENTS_RAW) {
        find(validation, "yields", name, FB_SEVERITY_OK, "not compared: known for raw events only");
    } else {
        const bool far = fabs(pull) > MOST_PULL && fabs(sums.sum / expected - 1.0) > MOST_DIFFERENCE;
        find(validation, "yields", name, far ? FB_SEVERITY_WARNING : FB_SEVERITY_OK,
             "sum of weights %.6g, expected %.6g at 10 fb^-1: pull %.1f", sums.sum, expected, pull);
    }
}

/* Which split rule suits a process whose weights are very unequal. */
static const char *advice(const fb_event_validation *validation, int process)
{
    fb_weight_sums first[FB_N_PROCESS], rest[FB_N_PROCESS];
    fb_event_validation_divide(validation, first, rest);
    return rest[process].sum > 0.0 && !fb_weight_stats_are_uneven(&rest[process])
               ? "; the heavy ones are in the first 30 %: --split-rule official keeps them in the pool"
               : "; the heavy ones are in all parts: no split rule keeps them apart";
}

static void judge_weights(fb_event_validation *validation, int process)
{
    const fb_weight_stats_process *p = &validation->stats.process[process];
    const fb_weight_sums sums = fb_weight_stats_sums(&validation->stats, process);
    const char *name = fb_process_name(process);
    if (p->n_zero > 0) {
        fb_finding *f = find(validation, "weights", name, FB_SEVERITY_WARNING, "weight 0: the rows count for nothing");
        add_rows(f, p->n_zero, p->first_zero);
        f->value = 0.0;
    }
    if (fb_weight_stats_are_uneven(&sums)) {
        const double half = fb_weight_stats_half(&validation->stats, process);
        fb_finding *f = find(validation, "weights", name, FB_SEVERITY_WARNING,
                             "half of the weight is on %.2g %% of the rows: they are worth %.0f events%s", 100.0 * half,
                             fb_weight_stats_effective(&sums), advice(validation, process));
        f->n_rows = (uint64_t)ceil(half * (double)p->n);
    } else {
        find(validation, "weights", name, FB_SEVERITY_OK, "not too unequal");
    }
}

static void judge_order(fb_event_validation *validation)
{
    const fb_process_order *s = &validation->order;
    double deviation = 0.0;
    const double expected = fb_process_order_expected_runs(s, &deviation);
    if (!fb_process_order_has_blocks(s)) {
        find(validation, "order", "runs", FB_SEVERITY_OK,
             "mixed: %" PRIu64 " runs of one process, shuffled rows have %.0f", s->n_runs, expected);
        return;
    }
    fb_finding *f =
        find(validation, "order", "runs", FB_SEVERITY_NOTE,
             "blocks by process: the longest has only %s; %" PRIu64 " runs of one process, shuffled rows have "
             "%.0f",
             fb_process_name(s->longest_process), s->n_runs, expected);
    add_rows(f, s->longest, s->longest_end - s->longest);
}

static void judge_cut(fb_event_validation *validation, int process)
{
    fb_weight_sums first[FB_N_PROCESS], rest[FB_N_PROCESS];
    fb_event_validation_divide(validation, first, rest);
    /* Without weights the numbers of rows have to do. */
    const double a = validation->has_weights ? first[process].sum : first[process].n;
    const double b = validation->has_weights ? rest[process].sum : rest[process].n;
    const double share = a + b > 0.0 ? a / (a + b) : 0.3;
    if (share >= LEAST_SHARE && share <= 1.0 - LEAST_SHARE) {
        find(validation, "order", fb_process_name(process), FB_SEVERITY_OK,
             "on both sides of the first 30 %% of the rows");
        return;
    }
    const bool none = share == 0.0 || share == 1.0;
    const bool pool_lacks = share < LEAST_SHARE;
    find(validation, "order", fb_process_name(process), FB_SEVERITY_WARNING,
         "%s in %s: --split-rule official would leave %s without, use hash or shuffle the rows",
         none ? "no such events" : "hardly any",
         pool_lacks ? "the first 30 % of the rows" : "the last 70 % of the rows",
         pool_lacks ? "the pool" : "training and templates");
}

void fb_event_validation_judge(fb_event_validation *validation, bool complete)
{
    validation->n_findings = 0;
    validation->stage = fb_value_rules_stage(&validation->rules, validation->declared);
    judge_values(validation, complete);
    judge_duplicates(validation);
    if (!complete || validation->rules.n_rows == 0 || !validation->has_processes) {
        return;
    }
    if (validation->has_weights) {
        judge_classes(validation);
    }
    for (int process = 0; process < FB_N_PROCESS && validation->has_weights; process++) {
        judge_yield(validation, process);
    }
    for (int process = 0; process < FB_N_PROCESS && validation->has_weights; process++) {
        judge_weights(validation, process);
    }
    judge_order(validation);
    for (int process = 0; process < FB_N_PROCESS; process++) {
        judge_cut(validation, process);
    }
}

#include "baseline/reports/validation_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "baseline/support/json_output.h"

static const char *const stage_names[] = {"unknown", "raw", "observed"};

static int count_errors(const fb_validation_report *r)
{
    return fb_event_validation_count(r->validation, FB_SEVERITY_ERROR) + !r->complete + (r->disagreement != NULL);
}

/* --- as a table --------------------------------------------------------------------------------------------------- */

static void print_heading(const fb_validation_report *r)
{
    const fb_event_validation *c = r->validation;
    printf("%s: %" PRIu64 " events%s\n", r->info->name, c->rules.n_rows,
           r->complete ? "" : " checked before the reading stopped");
    printf("  stage    %s%s\n", stage_names[c->stage],
           c->declared == FB_EVENTS_UNKNOWN ? ", to judge by the values" : "");
    if (r->complete) {
        printf("  checksum %s\n", r->checksum);
    }
    if (!c->has_weights || !c->has_processes) {
        printf("  without  %s%s%s: not for training\n", c->has_weights ? "" : "weights",
               c->has_weights || c->has_processes ? "" : " and ", c->has_processes ? "" : "detailed_labels");
    }
}

static void print_weights(const fb_event_validation *c, int p)
{
    const fb_weight_sums sums = fb_weight_stats_sums(&c->stats, p);
    const int n_classes = c->stats.process[p].n_classes;
    char classes[16] = "many";
    if (n_classes <= FB_WEIGHT_STATS_CLASSES) {
        snprintf(classes, sizeof classes, "%d", n_classes);
    }
    printf(" %14.3f %10.3f", sums.sum, sqrt(sums.square));
    if (c->stage == FB_EVENTS_RAW && sums.square > 0.0) {
        const double pull = fb_event_validation_pull(c, p);
        printf(" %10.0f %6.1f", fb_process_expected[p], fabs(pull) < 0.05 ? 0.0 : pull); /* never "-0.0" */
    } else {
        printf(" %10s %6s", "-", "-");
    }
    printf(" %10.0f %8s", fb_weight_stats_effective(&sums), classes);
}

static void print_processes(const fb_event_validation *c)
{
    fb_weight_sums first[FB_N_PROCESS], rest[FB_N_PROCESS];
    fb_event_validation_divide(c, first, rest);
    printf("\n  %-8s %10s", "process", "rows");
    if (c->has_weights) {
        printf(" %14s %10s %10s %6s %10s %8s", "sum of weights", "error", "expected", "pull", "N_eff", "weights");
    }
    printf(" %12s\n", "first 30 %");
    for (int p = 0; p < FB_N_PROCESS; p++) {
        const double n = (double)c->stats.process[p].n;
        printf("  %-8s %10.0f", fb_process_name(p), n);
        if (c->has_weights) {
            print_weights(c, p);
        }
        printf(" %10.1f %%\n", n > 0.0 ? 100.0 * first[p].n / n : 0.0);
    }
}

static void print_finding(const fb_finding *f)
{
    char row[24] = "-", value[24] = "-";
    if (f->has_example) {
        snprintf(row, sizeof row, "%" PRIu64, f->first_row);
    }
    if (!isnan(f->value)) {
        snprintf(value, sizeof value, "%.6g", f->value);
    }
    printf("  %-10s %-8s %10" PRIu64 " %10s %10s  %s: %s\n", f->family, fb_value_rules_severity_name(f->severity),
           f->n_rows, row, value, f->check, f->text);
}

/* What was found, or one line that says that nothing was. */
static void print_family(const fb_event_validation *c, const char *family)
{
    const fb_finding *ok = NULL;
    int n = 0, n_ok = 0;
    for (int k = 0; k < c->n_findings; k++) {
        const fb_finding *f = &c->finding[k];
        if (strcmp(f->family, family) != 0) {
            continue;
        }
        n++;
        if (f->severity == FB_SEVERITY_OK) {
            n_ok++;
            ok = ok != NULL ? ok : f;
        } else {
            print_finding(f);
        }
    }
    /* The first check of duplicates and order has numbers worth showing. */
    const bool telling = ok != NULL && (strcmp(family, "duplicates") == 0 || strcmp(family, "order") == 0);
    char text[256] = "not judged";
    const bool judged = n > 0 && c->rules.n_rows > 0;
    if (judged) {
        snprintf(text, sizeof text, "%d checks", n);
    }
    if (n == n_ok) {
        printf("  %-10s %-8s %10s %10s %10s  %s\n", family, judged ? "ok" : "-", judged ? "0" : "-", "-", "-",
               telling && judged ? ok->text : text);
    }
}

void fb_validation_report_print(const fb_validation_report *r)
{
    const fb_event_validation *c = r->validation;
    print_heading(r);
    if (r->complete && c->has_processes) {
        print_processes(c);
    }
    printf("\n  %-10s %-8s %10s %10s %10s  %s\n", "check", "verdict", "rows", "first row", "value", "what");
    for (int k = 0; k < FB_EVENT_VALIDATION_FAMILIES; k++) {
        print_family(c, fb_event_validation_families[k]);
    }
    if (!r->complete) {
        printf("  %-10s %-8s %10s %10s %10s  %s\n", "reading", "error", "-", "-", "-", r->reason);
    }
    if (r->compared) {
        printf("  %-10s %-8s %10s %10s %10s  %s\n", "metadata", r->disagreement != NULL ? "error" : "ok", "-", "-", "-",
               r->disagreement != NULL ? r->disagreement : "rows and sums of weights agree");
    }
    const int n_errors = count_errors(r);
    const int n_warnings = fb_event_validation_count(c, FB_SEVERITY_WARNING);
    printf("\n  %s: %d error%s, %d warning%s\n", n_errors > 0 ? "not usable" : "usable", n_errors,
           n_errors == 1 ? "" : "s", n_warnings, n_warnings == 1 ? "" : "s");
}

/* --- as JSON ------------------------------------------------------------------------------------------------------ */

static json_t *sums_json(const fb_weight_sums *sums, bool has_weights)
{
    json_t *one = json_pack("{s:o}", "rows", fb_json_output_number(sums->n));
    if (has_weights) {
        json_object_set_new(one, "sum_of_weights", fb_json_output_number(sums->sum));
        json_object_set_new(one, "error", fb_json_output_number(sqrt(sums->square)));
        json_object_set_new(one, "effective", fb_json_output_number(fb_weight_stats_effective(sums)));
    }
    return one;
}

static json_t *processes_json(const fb_event_validation *c)
{
    fb_weight_sums first[FB_N_PROCESS], rest[FB_N_PROCESS];
    json_t *processes = json_object();
    fb_event_validation_divide(c, first, rest);
    for (int p = 0; p < FB_N_PROCESS; p++) {
        const fb_weight_sums sums = fb_weight_stats_sums(&c->stats, p);
        const fb_weight_stats_process *w = &c->stats.process[p];
        json_t *one = sums_json(&sums, c->has_weights);
        json_object_set_new(one, "rows", json_integer((json_int_t)w->n));
        if (c->has_weights) {
            const bool raw = c->stage == FB_EVENTS_RAW;
            json_object_set_new(one, "expected", raw ? json_real(fb_process_expected[p]) : json_null());
            json_object_set_new(one, "pull", raw ? fb_json_output_number(fb_event_validation_pull(c, p)) : json_null());
            json_object_set_new(one, "zero_weights", json_integer((json_int_t)w->n_zero));
            json_object_set_new(one, "distinct_weights",
                                w->n_classes > FB_WEIGHT_STATS_CLASSES ? json_null() : json_integer(w->n_classes));
            json_object_set_new(one, "share_of_rows_with_half_of_the_weight",
                                fb_json_output_number(fb_weight_stats_half(&c->stats, p)));
        }
        json_object_set_new(one, "first_30_percent", sums_json(&first[p], c->has_weights));
        json_object_set_new(one, "rest", sums_json(&rest[p], c->has_weights));
        json_object_set_new(processes, fb_process_name(p), one);
    }
    return processes;
}

static json_t *findings_json(const fb_event_validation *c)
{
    json_t *checks = json_array();
    for (int k = 0; k < c->n_findings; k++) {
        const fb_finding *f = &c->finding[k];
        json_t *one =
            json_pack("{s:s,s:s,s:s,s:I,s:s}", "family", f->family, "check", f->check, "severity",
                      fb_value_rules_severity_name(f->severity), "rows", (json_int_t)f->n_rows, "text", f->text);
        if (f->has_example) {
            json_object_set_new(one, "first_row", json_integer((json_int_t)f->first_row));
            json_object_set_new(one, "value", fb_json_output_number(f->value));
        }
        json_array_append_new(checks, one);
    }
    return checks;
}

json_t *fb_validation_report_json(const fb_validation_report *r)
{
    const fb_event_validation *c = r->validation;
    const int n_errors = count_errors(r);
    json_t *root = json_pack("{s:I,s:b,s:i,s:i,s:s,s:s}", "rows", (json_int_t)c->rules.n_rows, "usable", n_errors == 0,
                             "errors", n_errors, "warnings", fb_event_validation_count(c, FB_SEVERITY_WARNING), "stage",
                             stage_names[c->stage], "declared_stage", stage_names[c->declared]);
    json_object_set_new(root, "checksum", r->complete ? json_string(r->checksum) : json_null());
    json_object_set_new(root, "reading_stopped", r->complete ? json_null() : json_string(r->reason));
    if (r->compared) {
        json_object_set_new(root, "metadata_disagrees",
                            r->disagreement != NULL ? json_string(r->disagreement) : json_null());
    }
    json_object_set_new(root, "checks", findings_json(c));
    if (r->complete && c->has_processes) {
        double deviation = 0.0;
        const double expected = fb_process_order_expected_runs(&c->order, &deviation);
        json_object_set_new(root, "processes", processes_json(c));
        json_object_set_new(root, "runs",
                            json_pack("{s:I,s:f,s:f}", "found", (json_int_t)c->order.n_runs, "shuffled", expected,
                                      "deviation", deviation));
    }
    return root;
}

#include <stdio.h>

#include "baseline/analysis/fit_options.h"
#include "baseline/analysis/process_counts.h"
#include "baseline/commands/commands.h"
#include "baseline/reports/analysis_report.h"
#include "baseline/support/file_checksums.h"
#include "baseline/support/json_output.h"
#include "holdout/formats/event_file.h"
#include "nll/asimov.h"

/* Per primary column: range and mean of the defined values. */
typedef struct summary {
    fb_process_counts counts;
    double low[FB_N_PRIMARY], high[FB_N_PRIMARY], sum[FB_N_PRIMARY];
    uint64_t n_defined[FB_N_PRIMARY];
} summary;

static fb_status add_events(void *context, const fb_events *events, fb_error *error)
{
    summary *s = context;
    (void)error;
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        for (size_t i = 0; i < events->n; i++) {
            double value = events->column[k][i];
            if (events->column[k][i] == FB_MISSING) {
                continue;
            }
            s->low[k] = s->n_defined[k] == 0 || value < s->low[k] ? value : s->low[k];
            s->high[k] = s->n_defined[k] == 0 || value > s->high[k] ? value : s->high[k];
            s->sum[k] += value;
            s->n_defined[k]++;
        }
    }
    return FB_OK;
}

static void print_summary(const summary *s, const fb_source_info *info, const char *checksum)
{
    static const char *const stages[] = {"unknown", "raw", "observed (distorted and selected)"};
    fb_process_counts_print(stdout, &s->counts, info->name);
    printf("  stage    %s\n  made by  %s\n  checksum %s\n", stages[info->stage],
           info->provenance[0] ? info->provenance : "unknown", checksum);
    printf("\n  %-26s %10s %12s %12s %12s\n", "column", "defined", "mean", "minimum", "maximum");
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        printf("  %-26s %10llu %12.4f %12.4f %12.4f\n", fb_column_name(k), (unsigned long long)s->n_defined[k],
               s->n_defined[k] > 0 ? s->sum[k] / (double)s->n_defined[k] : 0.0, s->low[k], s->high[k]);
    }
}

static json_t *summary_json(const summary *s, const fb_source_info *info, const char *checksum)
{
    static const char *const stages[] = {"unknown", "raw", "observed"};
    json_t *root = fb_process_counts_json(&s->counts);
    json_t *columns = json_object();
    json_object_set_new(root, "stage", json_string(stages[info->stage]));
    json_object_set_new(root, "origin", json_string(info->origin));
    json_object_set_new(root, "provenance", json_string(info->provenance));
    json_object_set_new(root, "checksum", json_string(checksum));
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        json_object_set_new(columns, fb_column_name(k),
                            json_pack("{s:I,s:f,s:f,s:f}", "defined", (json_int_t)s->n_defined[k], "mean",
                                      s->n_defined[k] > 0 ? s->sum[k] / (double)s->n_defined[k] : 0.0, "minimum",
                                      s->low[k], "maximum", s->high[k]));
    }
    json_object_set_new(root, "columns", columns);
    return root;
}

static bool is_given(const fb_fit_settings *at)
{
    return at->mu_is_fixed || at->fixed != 0;
}

/* With what it expects at another truth than the typical one with mu = 1, if one is given. */
/* An analysis has a configuration of its own, that of its training. */
static fb_status print_json(const fb_command_line *line, json_t *root, fb_error *error)
{
    const fb_status status = fb_file_checksums_record(root, line->n_positional, line->positional, error);
    if (status != FB_OK) {
        json_decref(root);
        return status;
    }
    return fb_json_output_print(root, error);
}

static fb_status about_analysis(const fb_command_line *line, const fb_fit_settings *at, fb_error *error)
{
    const char *path = line->positional[0];
    const bool json = line->common.json;
    fb_analysis *analysis = NULL;
    fb_point point;
    double sigma = 0.0, shared_error = 0.0;
    char one[64];
    fb_status status = FB_OK;
    FB_TRY(fb_analysis_file_load(path, &analysis, error));
    FB_TRY(fb_asimov_central(at, at->mu_fixed_at, &point, error));
    FB_TRY(fb_analysis_expect(analysis, &point, &sigma, &shared_error, error));
    if (json) {
        json_t *root = fb_analysis_report_json(analysis);
        if (is_given(at)) {
            json_object_set_new(root, "expected_at",
                                json_pack("{s:o,s:o}", "sigma_mu", fb_json_output_number(sigma),
                                          "shared_template_error_mu", fb_json_output_number(shared_error)));
        }
        FB_TRY(print_json(line, root, error));
    } else {
        fb_analysis_report_print(analysis, path);
    }
    if (!json && is_given(at)) {
        printf("\n  expected at");
        for (int k = 0; fb_fit_settings_fixed_text(at, k, one, sizeof one); k++) {
            printf(" %s", one);
        }
        printf(": error of mu %.4f, shared template error %.4f\n", sigma, shared_error);
    }
cleanup:
    fb_analysis_free(analysis);
    return status;
}

static fb_status about_events(const fb_command_line *line, fb_error *error)
{
    const fb_common *common = &line->common;
    fb_source *source = NULL;
    summary s = {0};
    char checksum[FB_CHECKSUM_TEXT_SIZE];
    fb_status status = FB_OK;
    FB_TRY(fb_event_file_open(line->positional[0], &source, error));
    FB_TRY(fb_process_counts_read(source, "info", common->quiet, false, add_events, &s, &s.counts, checksum, error));
    if (common->json) {
        FB_TRY(print_json(line, summary_json(&s, fb_source_describe(source), checksum), error));
    } else {
        print_summary(&s, fb_source_describe(source), checksum);
    }
cleanup:
    fb_source_free(source);
    return status;
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    const fb_fit_settings *at = context;
    const char *path = line->positional[0];
    if (fb_analysis_file_is(path)) {
        return about_analysis(line, at, error);
    }
    return is_given(at) ? fb_fail(error, FB_ERROR_USAGE, "info: --at is for an analysis, and %s is none", path)
                        : about_events(line, error);
}

fb_status fb_cmd_info(int argc, char **argv, fb_error *error)
{
    fb_fit_settings at = fb_fit_settings_default();
    fb_command_line line = {.arguments = "FILE",
                            .summary = "Says what a file of events, or an analysis, holds.",
                            .example = "fair-baseline info events.h5",
                            .min_positional = 1};
    fb_option_add_parsed(&line.options, "at", "NAME=X", &at, &fb_fit_options_fixed,
                         "of an analysis: expect at this truth (mu, tes, ...); may be repeated");
    return fb_command_line_run(&line, argc, argv, run, &at, error);
}

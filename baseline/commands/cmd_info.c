#include <stdio.h>

#include "baseline/analysis/fit_options.h"
#include "baseline/analysis/process_counts.h"
#include "baseline/commands/commands.h"
#include "baseline/config/command_line.h"
#include "baseline/reports/analysis_report.h"
#include "baseline/support/json_output.h"
#include "baseline/support/progress.h"
#include "holdout/events/checksum.h"
#include "holdout/events/source.h"
#include "holdout/formats/event_file.h"
#include "models/common/interrupt.h"
#include "nll/asimov.h"

/* Per primary column: range and mean of the defined values. */
typedef struct summary {
    fb_process_counts counts;
    double low[FB_N_PRIMARY], high[FB_N_PRIMARY], sum[FB_N_PRIMARY];
    uint64_t n_defined[FB_N_PRIMARY];
} summary;

static void add_events(summary *s, const fb_events *events)
{
    fb_process_counts_add(&s->counts, events);
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

static fb_status summarise(fb_source *source, summary *s, fb_hash *checksum, bool quiet, fb_error *error)
{
    fb_events *piece = NULL;
    fb_status status = FB_OK;
    fb_progress progress = fb_progress_start("info", fb_source_describe(source)->n_rows, quiet);
    FB_TRY(fb_events_create(FB_READ_ROWS, &piece, error));
    do {
        FB_TRY(fb_interrupt_check(error));
        FB_TRY(fb_source_read(source, piece, error));
        add_events(s, piece);
        FB_TRY(fb_checksum_update(checksum, piece, error));
        fb_progress_show(&progress, s->counts.n_rows);
    } while (piece->n > 0);
cleanup:
    fb_progress_end(&progress);
    fb_events_free(piece);
    return status;
}

/* What the analysis expects at another truth than the typical one with mu = 1. */
typedef struct expectation {
    double sigma, shared_error;
} expectation;

static fb_status expect_at(const fb_analysis *analysis, const fb_fit_settings *at, expectation *e, fb_error *error)
{
    fb_point point;
    fb_status status = FB_OK;
    FB_TRY(fb_asimov_central(at, at->mu_fixed_at, &point, error));
    FB_TRY(fb_analysis_expect(analysis, &point, &e->sigma, &e->shared_error, error));
cleanup:
    return status;
}

static void print_at(const fb_fit_settings *at, const expectation *e)
{
    char one[64];
    printf("\n  expected at");
    for (int k = 0; fb_fit_settings_fixed_text(at, k, one, sizeof one); k++) {
        printf(" %s", one);
    }
    printf(": error of mu %.4f, shared template error %.4f\n", e->sigma, e->shared_error);
}

static bool is_given(const fb_fit_settings *at)
{
    return at->mu_is_fixed || at->fixed != 0;
}

static fb_status about_analysis(const char *path, const fb_fit_settings *at, bool json, fb_error *error)
{
    fb_analysis *analysis = NULL;
    expectation e;
    fb_status status = FB_OK;
    FB_TRY(fb_analysis_file_load(path, &analysis, error));
    FB_TRY(expect_at(analysis, at, &e, error));
    if (json) {
        json_t *root = fb_analysis_report_json(analysis);
        if (is_given(at)) {
            json_object_set_new(root, "expected_at",
                                json_pack("{s:o,s:o}", "sigma_mu", fb_json_output_number(e.sigma),
                                          "shared_template_error_mu", fb_json_output_number(e.shared_error)));
        }
        FB_TRY(fb_json_output_print(root, error));
    } else {
        fb_analysis_report_print(analysis, path);
    }
    if (!json && is_given(at)) {
        print_at(at, &e);
    }
cleanup:
    fb_analysis_free(analysis);
    return status;
}

static fb_status about_events(const char *path, const fb_common *common, fb_error *error)
{
    fb_source *source = NULL;
    fb_hash *checksum = NULL;
    summary s = {0};
    char text[FB_CHECKSUM_TEXT_SIZE];
    fb_status status = FB_OK;
    FB_TRY(fb_event_file_open(path, &source, error));
    FB_TRY(fb_hash_create(&checksum, error));
    FB_TRY(summarise(source, &s, checksum, common->quiet, error));
    fb_checksum_text(checksum, text);
    if (common->json) {
        FB_TRY(fb_json_output_print(summary_json(&s, fb_source_describe(source), text), error));
    } else {
        print_summary(&s, fb_source_describe(source), text);
    }
cleanup:
    fb_hash_free(checksum);
    fb_source_free(source);
    return status;
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    const fb_fit_settings *at = context;
    const char *path = line->positional[0];
    if (fb_analysis_file_is(path)) {
        return about_analysis(path, at, line->common.json, error);
    }
    return is_given(at) ? fb_fail(error, FB_ERROR_USAGE, "info: --at is for an analysis, and %s is none", path)
                        : about_events(path, &line->common, error);
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

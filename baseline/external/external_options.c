#include "baseline/external/external_options.h"

#include <string.h>

#include "baseline/analysis/split_metadata.h"
#include "baseline/analysis/train_options.h"
#include "baseline/experiments/method_name.h"

void fb_external_options_add(fb_option_table *table, fb_external_method_settings *settings)
{
    table->group = "method";
    fb_option_add_text(table, "method", "M", &settings->method,
                       "a plug-in, MINE.so, or a command; NAME=M gives it a name");
    fb_external_options_add_limits(table, settings);
    fb_train_options_add_split(table, &settings->split);
    fb_option_find(table, "split")->needs = "method";
    fb_option_find(table, "split-rule")->needs = "method";
    fb_option_find(table, "split-seed")->needs = "method split-rule=hash";
    table->group = "split";
    fb_option_add_text(table, "metadata", "FILE", &settings->metadata, FB_SPLIT_METADATA_HELP);
}

void fb_external_options_add_limits(fb_option_table *table, fb_external_method_settings *settings)
{
    fb_option_add_choice(table, "method-format", "F", &settings->format, fb_external_method_formats,
                         "of the files for a command: h5, csv or parquet")
        ->needs = "method";
    fb_option_add_number(table, "time-limit", "S", &settings->time_limit, 1e-3, 1e9, "seconds of M for an experiment")
        ->needs = "method";
    fb_option_add_number(table, "fit-time-limit", "S", &settings->fit_time_limit, 1e-3, 1e9, "seconds of M to learn")
        ->needs = "method";
}

static bool is_usual_fit(const fb_fit_choice *fit)
{
    const fb_fit_choice usual = fb_fit_options_default();
    json_t *left = fb_fit_options_json(fit), *right = fb_fit_options_json(&usual);
    const bool same = json_equal(left, right);
    json_decref(left);
    json_decref(right);
    return same;
}

static bool is_usual_split(const fb_split_settings *split)
{
    const fb_split_settings usual = fb_split_default();
    return split->rule == usual.rule && split->seed == usual.seed &&
           memcmp(split->share, usual.share, sizeof usual.share) == 0;
}

fb_status fb_external_options_check(const fb_external_method_settings *settings, const fb_fit_choice *fit,
                                    int n_arguments, fb_error *error)
{
    const int pool = settings->method == NULL ? 2 : 1;
    const char *command = NULL;
    char name[FB_METHOD_NAME_SIZE];
    fb_status status = FB_OK;
    if (settings->metadata != NULL && n_arguments < pool) {
        return fb_fail(error, FB_ERROR_USAGE, "--metadata means nothing without %s",
                       settings->method == NULL ? "POOL" : "EVENTS");
    }
    if (settings->method == NULL) {
        if (n_arguments == 0) {
            return fb_fail(error, FB_ERROR_USAGE,
                           "expected ANALYSIS, or --method M EVENTS; see 'fair-baseline evaluate --help'");
        }
        return is_usual_split(&settings->split)
                   ? FB_OK
                   : fb_fail(error, FB_ERROR_USAGE,
                             "the split of an analysis is its own: --split, --split-rule and "
                             "--split-seed go with --method only");
    }
    FB_TRY(fb_method_name_before(settings->method, &command, name, error));
    if (command[strspn(command, " \t\n")] == '\0') {
        return fb_fail(error, FB_ERROR_USAGE, "--method: is empty; a plug-in, MINE.so, or a command is needed");
    }
    if (n_arguments > 1) {
        return fb_fail(error, FB_ERROR_USAGE, "--method takes the place of ANALYSIS: expected EVENTS, got %d arguments",
                       n_arguments);
    }
    FB_TRY(is_usual_fit(fit) ? FB_OK
                             : fb_fail(error, FB_ERROR_USAGE,
                                       "--method fits as it wants: no --systematics, --fix, --interval, "
                                       "--priors, --no-mc-uncertainty"));
cleanup:
    return status;
}

#include <stdio.h>
#include <string.h>

#include "baseline/commands/commands.h"
#include "baseline/config/overwrite.h"
#include "baseline/experiments/folder_lock.h"
#include "baseline/reports/score_report.h"
#include "models/common/log.h"
#include "models/common/path.h"

typedef struct choices {
    const char *output;
    fb_score_formula formula;
    uint64_t n_replicas;
    bool allow_failed, overwrite;
} choices;

static fb_status check_new(const char *folder, fb_error *error)
{
    static const char *const names[] = {"scores.json", "detailed_results.html"};
    char path[FB_PATH_SIZE];
    fb_status status = FB_OK;
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        FB_TRY(fb_path_in(folder, names[k], path, error));
        FB_TRY(fb_overwrite_check(path, error));
    }
cleanup:
    return status;
}

static fb_status report(const fb_command_line *line, const fb_score_set *scored, const char *folder, fb_error *error)
{
    const fb_remarks remarks = fb_score_report_remarks(scored);
    for (int k = 0; k < remarks.n; k++) {
        fb_log(FB_LOG_WARNING, "%s", remarks.text[k]);
    }
    if (line->common.json) {
        return fb_command_line_print(line, fb_score_report_json(scored), error);
    }
    fb_score_report_print(scored);
    printf("  written: %s/scores.json, detailed_results.html\n", folder);
    return FB_OK;
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    const choices *c = context;
    const char *folder = line->positional[0];
    const char *output = c->output != NULL ? c->output : folder;
    fb_score_set_options options = fb_score_set_options_default();
    fb_results *results = NULL;
    fb_score_set *scored = NULL;
    double minutes = 0.0;
    fb_folder_lock *lock = NULL;
    fb_status status = FB_OK;
    options.n_replicas = (uint32_t)c->n_replicas;
    options.formula = c->formula;
    options.allow_failed = c->allow_failed;
    FB_TRY(c->output != NULL ? fb_folder_lock_make(output, &lock, error) : fb_folder_lock_take(output, &lock, error));
    FB_TRY(c->overwrite ? FB_OK : check_new(output, error));
    FB_TRY(fb_result_reader_read(folder, &results, error));
    FB_TRY(fb_result_reader_duration(folder, &minutes, error));
    FB_TRY(fb_score_set_create(results, &options, folder, &scored, error));
    FB_TRY(fb_score_files_write(scored, minutes, output, error));
    FB_TRY(report(line, scored, output, error));
cleanup:
    fb_score_set_free(scored);
    fb_result_reader_free(results);
    fb_folder_lock_free(lock);
    return status;
}

static fb_status parse_formula(const char *text, void *value, fb_error *error)
{
    return fb_score_formula_find(text, value, error);
}

static bool write_formula(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    snprintf(text, FB_OPTION_TEXT_SIZE, "%s", ((const fb_score_formula *)value)->name);
    return k == 0;
}

static const fb_option_type formula = {.parse = parse_formula, .write = write_formula};

fb_status fb_cmd_score(int argc, char **argv, fb_error *error)
{
    choices c = {.formula = FB_SCORE_OFFICIAL, .n_replicas = fb_score_set_options_default().n_replicas};
    fb_command_line line = {
        .arguments = "DIR",
        .summary = "Scores the results of many pseudo-experiments as the official program does.",
        .details =
            "DIR: a folder of the official ingestion program or of 'evaluate': test_settings.json\n"
            "(else ../ref/settings/data.json, where the platform has it), result_<set>.json, ingestion_duration.json.\n"
            "Writes scores.json and detailed_results.html; in a folder of 'evaluate', which has them, with --overwrite "
            "or -o.\nA file, list or number that is missing is refused; a failed fit is null or NaN.",
        .example = "fair-baseline score results -o scored",
        .min_positional = 1};
    fb_option_add_output(&line.options, "DIR", &c.output, "folder for the scores; that of the results if not given")
        ->is_needed = false;
    fb_option_add_parsed(&line.options, "formula", "NAME", &c.formula, &formula,
                         "official (coverage 0.6827, epsilon 1e-3) or white-paper (0.68, 1e-2)");
    fb_option_add_count(&line.options, "bootstrap", "N", &c.n_replicas, 0, 1e6,
                        "number of bootstrap replicas: sets chosen with replacement");
    fb_option_add_flag(&line.options, "allow-failed", &c.allow_failed,
                       "leave failed fits out instead of refusing them");
    fb_option_add_overwrite(&line.options, &c.overwrite);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}

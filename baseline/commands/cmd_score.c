#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "baseline/commands/commands.h"
#include "baseline/config/command_line.h"
#include "baseline/reports/score_report.h"
#include "models/common/log.h"

typedef struct choices {
    const char *output, *formula;
    uint64_t n_replicas;
    bool allow_failed;
} choices;

/* Makes the folder if it is not there; `*made` says so. */
static fb_status make_folder(const char *folder, bool *made, fb_error *error)
{
    *made = mkdir(folder, 0777) == 0;
    if (!*made && errno != EEXIST) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be made: %s", folder, strerror(errno));
    }
    return FB_OK;
}

static fb_status tell(const fb_command_line *line, const fb_score_set *scoring, const char *folder, fb_error *error)
{
    const fb_remarks remarks = fb_score_report_remarks(scoring);
    for (int k = 0; k < remarks.n; k++) {
        fb_log(FB_LOG_WARNING, "%s", remarks.text[k]);
    }
    if (line->common->json) {
        return fb_command_line_print(line, fb_score_report_json(scoring), error);
    }
    fb_score_report_print(stdout, scoring);
    printf("  written: %s/scores.json, detailed_results.html\n", folder);
    return FB_OK;
}

static fb_status run(const fb_command_line *line, const choices *c, fb_error *error)
{
    const char *folder = line->positional[0];
    const char *output = c->output != NULL ? c->output : folder;
    fb_score_set_options options = fb_score_set_options_default();
    fb_results *results = NULL;
    fb_score_set *scoring = NULL;
    double minutes = 0.0;
    bool made = false;
    fb_status status = FB_OK;
    options.n_replicas = (uint32_t)c->n_replicas;
    options.allow_failed = c->allow_failed;
    FB_TRY(fb_score_formula_find(c->formula, &options.formula, error));
    FB_TRY(fb_result_reader_read(folder, &results, error));
    FB_TRY(fb_result_reader_duration(folder, &minutes, error));
    FB_TRY(fb_score_set_create(results, &options, folder, &scoring, error));
    FB_TRY(make_folder(output, &made, error));
    FB_TRY(fb_score_files_write(scoring, minutes, output, error));
    FB_TRY(tell(line, scoring, output, error));
cleanup:
    if (made && status != FB_OK) {
        rmdir(output); /* stays if there is anything in it */
    }
    fb_score_set_free(scoring);
    fb_result_reader_free(results);
    return status;
}

fb_status fb_cmd_score(int argc, char **argv, fb_error *error)
{
    fb_common common = {0};
    choices c = {.formula = "official", .n_replicas = fb_score_set_options_default().n_replicas};
    const fb_option options[] = {
        {"output", 'o', "DIR", FB_OPTION_TEXT, &c.output, 0, 0,
         "folder for the scores; that of the results if not given"},
        {"formula", 0, "NAME", FB_OPTION_TEXT, &c.formula, 0, 0,
         "official (coverage 0.6827, epsilon 1e-3) or white-paper (0.68, 1e-2)"},
        {"bootstrap", 0, "N", FB_OPTION_COUNT, &c.n_replicas, 0, 1e6, "how often the sets are chosen anew"},
        {"allow-failed", 0, NULL, FB_OPTION_FLAG, &c.allow_failed, 0, 0,
         "leave failed fits out instead of refusing them"}};
    fb_command_line line = {
        .name = "score",
        .arguments = "DIR",
        .summary = "Scores the results of many pseudo-experiments as the official program does.",
        .details =
            "DIR: a folder of the official ingestion program or of 'evaluate': test_settings.json,\n"
            "result_<set>.json, ingestion_duration.json. Writes scores.json and detailed_results.html, in place of\n"
            "those that are there. A file, list or number that is missing is refused; a failed fit is null or NaN.",
        .example = "fair-baseline score results -o scored",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .common = &common,
        .min_positional = 1,
        .max_positional = 1};
    fb_status status = FB_OK;
    FB_TRY(fb_command_line_parse(&line, argc, argv, error));
    if (line.done) {
        return FB_OK;
    }
    FB_TRY(run(&line, &c, error));
cleanup:
    return status;
}

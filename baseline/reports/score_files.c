/* scores.json and detailed_results.html */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/reports/score_report.h"
#include "baseline/support/json_output.h"
#include "models/common/output.h"
#include "models/common/path.h"

/* The official program writes whole minutes. Constants that are not its own are named. */
static json_t *official_json(const fb_score_set *scored, double minutes)
{
    const fb_score_formula *formula = &scored->options.formula;
    json_t *root = fb_score_report_scores_json(&scored->scores);
    const bool is_whole = minutes == floor(minutes) && minutes < 1e15;
    json_object_set_new(root, "ingestion_duration",
                        is_whole ? json_integer((json_int_t)minutes) : fb_json_output_number(minutes));
    if (strcmp(formula->name, FB_SCORE_OFFICIAL.name) != 0) {
        json_object_set_new(
            root, "formula",
            json_pack("{s:s,s:f,s:f}", "name", formula->name, "level", formula->level, "epsilon", formula->epsilon));
    }
    return root;
}

/* Opens folder/name and fills it: on its way to the disk, but not yet under its name. */
static fb_status fill(const char *folder, const char *name, const char *text, fb_output **out, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_status status = fb_path_in(folder, name, path, error);
    if (status == FB_OK) {
        status = fb_output_create(path, out, error);
    }
    if (status == FB_OK && (fputs(text, fb_output_stream(*out)) == EOF || fflush(fb_output_stream(*out)) != 0)) {
        status = fb_fail(error, FB_ERROR_FILE, "%s: cannot be written", path);
    }
    return status;
}

fb_status fb_score_files_write(const fb_score_set *scored, double minutes, const char *folder, fb_error *error)
{
    json_t *root = official_json(scored, minutes);
    char *scores = NULL, *page = NULL;
    fb_output *scores_output = NULL, *page_output = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_json_output_text(root, &scores, error));
    FB_TRY(fb_score_page(scored, &page, error));
    FB_TRY(fill(folder, "scores.json", scores, &scores_output, error));
    FB_TRY(fill(folder, "detailed_results.html", page, &page_output, error));
    FB_TRY(fb_output_commit(page_output, error));
    FB_TRY(fb_output_commit(scores_output, error));
cleanup:
    fb_output_free(scores_output);
    fb_output_free(page_output);
    free(scores);
    free(page);
    json_decref(root);
    return status;
}

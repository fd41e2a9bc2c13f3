#include "baseline/commands/commands.h"
#include "baseline/reports/validation_report.h"
#include "baseline/support/json_output.h"
#include "holdout/formats/event_file.h"

static fb_status add_piece(void *validation, const fb_events *piece, fb_error *error)
{
    (void)error;
    fb_event_validation_add(validation, piece);
    return FB_OK;
}

/* After the report: the first of its errors as the status of the program. */
static fb_status verdict(const fb_validation_report *r, fb_error *error)
{
    const fb_event_validation *c = r->validation;
    for (int k = 0; k < c->n_findings; k++) {
        const fb_finding *f = &c->finding[k];
        if (f->severity == FB_SEVERITY_ERROR) {
            return fb_fail(error, FB_ERROR_DATA, "%s: not usable: %s: %s (and %d more)", r->info->name, f->check,
                           f->text, fb_event_validation_count(c, FB_SEVERITY_ERROR) - 1);
        }
    }
    return r->disagreement != NULL ? fb_fail(error, FB_ERROR_DATA, "%s", r->disagreement) : FB_OK;
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    const char *path = line->positional[0], **facts = context;
    fb_metadata metadata;
    fb_source *source = NULL;
    fb_event_validation *validation = NULL;
    fb_process_counts counts = {0};
    fb_error own = {0}, other = {0};
    fb_status status = FB_OK;
    FB_TRY(fb_metadata_read(*facts, &metadata, error));
    FB_TRY(fb_event_file_open(path, &source, error));
    FB_TRY(fb_event_validation_create(fb_source_describe(source), &validation, error));
    fb_validation_report r = {.info = fb_source_describe(source), .validation = validation, .reason = own.text};
    const fb_status reading = fb_process_counts_read(source, "validate", line->common.quiet, false, add_piece,
                                                     validation, &counts, r.checksum, &own);
    if (reading != FB_OK && reading != FB_ERROR_DATA && reading != FB_ERROR_FILE) {
        FB_TRY(fb_fail(error, reading, "%s", own.text));
    }
    r.complete = reading == FB_OK;
    r.compared = r.complete && metadata.path[0] != '\0';
    if (r.compared && fb_metadata_check(&metadata, path, &counts, &other) != FB_OK) {
        r.disagreement = other.text;
    }
    fb_event_validation_judge(validation, r.complete);
    if (line->common.json) {
        FB_TRY(fb_command_line_print(line, fb_validation_report_json(&r), error));
    } else {
        fb_validation_report_print(&r);
    }
    status = r.complete ? verdict(&r, error) : fb_fail(error, reading, "%s", own.text);
cleanup:
    fb_event_validation_free(validation);
    fb_source_free(source);
    return status;
}

fb_status fb_cmd_validate(int argc, char **argv, fb_error *error)
{
    const char *facts = NULL;
    fb_command_line line = {
        .arguments = "FILE",
        .summary =
            "Checks whether a file of events is usable, and plausible: values, jets, duplicates, weights, order.",
        .details = "Prints the sums of weights beside those expected, and every check that found something, with the "
                   "first row.\n"
                   "error: impossible, the file is not usable; warning: unusual; note: good to know. N_eff = (sum w)^2 "
                   "/ sum w^2.\n"
                   "weights: how many different ones; first 30 %: share of the process's rows that --split-rule "
                   "official takes.\n"
                   "Rows are counted from 0, without the header of a CSV file.\n"
                   "Above half a million rows, duplicates are looked for among a share of them.\n"
                   "Ends with 0 if there is no error, with 3 if there is one or the file cannot be read to its end.",
        .example = "fair-baseline validate events.h5",
        .min_positional = 1};
    fb_option_add_text(&line.options, "metadata", "FILE", &facts, FB_METADATA_HELP);
    return fb_command_line_run(&line, argc, argv, run, &facts, error);
}

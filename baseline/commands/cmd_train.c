#include "baseline/analysis/split_metadata.h"
#include "baseline/analysis/split_warnings.h"
#include "baseline/analysis/train_options.h"
#include "baseline/analysis/train_progress.h"
#include "baseline/commands/commands.h"
#include "baseline/external/score_command.h"
#include "baseline/reports/analysis_report.h"
#include "holdout/formats/event_file.h"
#include "models/common/output.h"

/* What is said of the events before the training, which takes longer than reading. */
typedef struct events_to_check {
    const char *input;
    fb_metadata metadata;
} events_to_check;

static fb_status look_at_split(void *context, const fb_analysis *a, fb_error *error)
{
    const events_to_check *e = context;
    fb_split_warnings_training(&a->split);
    return fb_split_metadata_compare(&e->metadata, e->input, &a->split, error);
}

typedef struct choices {
    const char *output, *metadata;
    fb_train_settings train;
} choices;

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    choices *c = context;
    const char *input = line->positional[0];
    fb_analysis *analysis = NULL;
    fb_source *source = NULL;
    events_to_check to_check = {.input = input};
    fb_train_progress progress = {.quiet = line->common.quiet, .measured = look_at_split, .context = &to_check};
    const fb_train_observer observer = fb_train_progress_observer(&progress);
    fb_status status = FB_OK;
    c->train.templates.seed = line->common.seed;
    FB_TRY(fb_split_metadata_read(c->metadata, input, &c->train.split, &to_check.metadata, error));
    fb_score_command_offer(input, &c->train.split, c->metadata);
    FB_TRY(fb_analysis_create(&c->train, &analysis, error));
    FB_TRY(fb_train_options_record(&c->train, analysis, error));
    FB_TRY(fb_event_file_open(input, &source, error));
    FB_TRY(fb_output_check_writable(c->output, error));
    status = fb_train(analysis, source, &observer, error);
    fb_train_progress_end(&progress);
    FB_TRY(status);
    FB_TRY(fb_analysis_report_publish(analysis, c->output, line->common.json, error));
cleanup:
    fb_source_free(source);
    fb_analysis_free(analysis);
    return status;
}

fb_status fb_cmd_train(int argc, char **argv, fb_error *error)
{
    char details[2048];
    choices c = {.train = fb_train_settings_default()};
    fb_command_line line = {.arguments = "EVENTS -o FILE",
                            .summary =
                                "Splits events, trains a classifier, measures the templates; writes one analysis file.",
                            .details = details,
                            .example = "fair-baseline train events.h5 -o analysis.h5 --set trees=100 --set depth=5",
                            .common = {.seed = 1},
                            .min_positional = 1};
    fb_train_options_describe_models(details, sizeof details);
    fb_option_add_output_file(&line.options, "FILE", &c.output, "analysis file to write (HDF5)");
    fb_option_add_text(&line.options, "metadata", "FILE", &c.metadata, FB_METADATA_HELP);
    fb_train_options_add(&line.options, &c.train);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}

#include "baseline/analysis/split_metadata.h"
#include "baseline/analysis/split_warnings.h"
#include "baseline/analysis/train.h"
#include "baseline/analysis/train_options.h"
#include "baseline/commands/commands.h"
#include "baseline/reports/analysis_report.h"
#include "baseline/support/progress.h"
#include "holdout/formats/event_file.h"
#include "models/common/log.h"
#include "models/common/output.h"

/* --- progress ----------------------------------------------------------------------------------------------------- */

typedef struct reporter {
    fb_progress progress;
    bool quiet;
    const char *input;
    fb_metadata metadata;
} reporter;

static void show_step(void *context, const char *what)
{
    reporter *r = context;
    fb_progress_end(&r->progress);
    fb_log(FB_LOG_INFO, "%s", what);
    r->progress = fb_progress_start(what, 0, r->quiet);
}

static void show_round(void *context, const fb_training_round *round)
{
    reporter *r = context;
    r->progress.total = (uint64_t)round->n_rounds;
    fb_progress_show(&r->progress, (uint64_t)round->round);
    fb_log(FB_LOG_DEBUG, "round %d: log-loss %.6f in training, %.6f in validation", round->round, round->train_log_loss,
           round->validation_log_loss);
}

static void show_pass(void *context, int done, int total)
{
    reporter *r = context;
    r->progress.total = (uint64_t)total;
    fb_progress_show(&r->progress, (uint64_t)done);
}

/* Before the training, which takes longer than reading. */
static fb_status look_at_split(void *context, const fb_analysis *a, fb_error *error)
{
    reporter *r = context;
    fb_progress_end(&r->progress);
    fb_split_warnings_training(&a->split);
    return fb_split_metadata_compare(&r->metadata, r->input, &a->split, error);
}

/* --- the command -------------------------------------------------------------------------------------------------- */

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
    reporter r = {.quiet = line->common.quiet, .input = input};
    const fb_train_observer observer = {
        .step = show_step, .round = show_round, .pass = show_pass, .measured = look_at_split, .context = &r};
    fb_status status = FB_OK;
    c->train.templates.seed = line->common.seed;
    FB_TRY(fb_split_metadata_read(c->metadata, input, &c->train.split, &r.metadata, error));
    FB_TRY(fb_analysis_create(&c->train, &analysis, error));
    FB_TRY(fb_train_options_record(&c->train, analysis, error));
    FB_TRY(fb_output_check_distinct(input, c->output, error));
    FB_TRY(fb_event_file_open(input, &source, error));
    FB_TRY(fb_output_check_writable(c->output, error));
    status = fb_train(analysis, source, &observer, error);
    fb_progress_end(&r.progress);
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
    fb_option_add_output(&line.options, "FILE", &c.output, "analysis file to write (HDF5)");
    fb_option_add_text(&line.options, "metadata", "FILE", &c.metadata, FB_METADATA_HELP);
    fb_train_options_add(&line.options, &c.train);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}

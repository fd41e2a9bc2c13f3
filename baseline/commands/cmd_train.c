#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "baseline/analysis/metadata.h"
#include "baseline/analysis/split_warnings.h"
#include "baseline/analysis/train.h"
#include "baseline/analysis/train_options.h"
#include "baseline/commands/commands.h"
#include "baseline/config/command_line.h"
#include "baseline/reports/analysis_report.h"
#include "baseline/support/progress.h"
#include "holdout/formats/event_file.h"
#include "models/common/log.h"
#include "models/common/output.h"

/* --- telling how it goes -------------------------------------------------------------------------------------------
 */

typedef struct teller {
    fb_progress progress;
    bool quiet;
    const char *input;
    fb_metadata metadata;
} teller;

static void tell_step(void *context, const char *what)
{
    teller *t = context;
    fb_progress_end(&t->progress);
    fb_log(FB_LOG_INFO, "%s", what);
    t->progress = fb_progress_start(what, 0, t->quiet);
}

static void tell_round(void *context, const fb_training_round *round)
{
    teller *t = context;
    t->progress.total = (uint64_t)round->n_rounds;
    fb_progress_show(&t->progress, (uint64_t)round->round);
    fb_log(FB_LOG_DEBUG, "round %d: log-loss %.6f in training, %.6f in validation", round->round, round->train_log_loss,
           round->validation_log_loss);
}

static void tell_pass(void *context, int done, int total)
{
    teller *t = context;
    t->progress.total = (uint64_t)total;
    fb_progress_show(&t->progress, (uint64_t)done);
}

/* Before the training, which takes longer than reading. */
static fb_status look_at_split(void *context, const fb_analysis *a, fb_error *error)
{
    teller *t = context;
    fb_process_counts tally = {.has_weights = true, .has_processes = true};
    for (int part = 0; part < FB_N_PARTS; part++) {
        for (int process = 0; process < FB_N_PROCESS; process++) {
            tally.rows[process] += a->split.n_rows[part][process];
            tally.weight[process] += a->split.yield[part][process];
            tally.n_rows += a->split.n_rows[part][process];
            tally.sum_weights += a->split.yield[part][process];
        }
    }
    fb_progress_end(&t->progress);
    fb_split_warnings_training(&a->split);
    return fb_metadata_check(&t->metadata, t->input, &tally, error);
}

/* --- the command ---------------------------------------------------------------------------------------------------
 */

typedef struct choices {
    const char *output, *metadata;
    fb_train_options train;
} choices;

static fb_status run(const choices *c, const char *input, const fb_common *common, fb_error *error)
{
    fb_analysis *analysis = NULL;
    fb_source *source = NULL;
    teller t = {.quiet = common->quiet, .input = input};
    const fb_train_observer observer = {
        .step = tell_step, .round = tell_round, .pass = tell_pass, .measured = look_at_split, .context = &t};
    fb_status status = FB_OK;
    FB_TRY(fb_analysis_create(&analysis, error));
    FB_TRY(fb_train_options_classifier(&c->train, &analysis->classifier, error));
    FB_TRY(fb_train_options_parse(&c->train, common->seed, analysis, error));
    FB_TRY(fb_output_check_distinct(input, c->output, error));
    if (c->metadata != NULL) {
        FB_TRY(fb_metadata_read(c->metadata, &t.metadata, error));
    }
    FB_TRY(fb_event_file_open(input, &source, error));
    FB_TRY(fb_output_check_writable(c->output, error));
    status = fb_train(analysis, source, &observer, error);
    fb_progress_end(&t.progress);
    FB_TRY(status);
    FB_TRY(fb_analysis_report_publish(analysis, c->output, common->json, error));
cleanup:
    fb_source_free(source);
    fb_analysis_free(analysis);
    return status;
}

fb_status fb_cmd_train(int argc, char **argv, fb_error *error)
{
    char details[2048];
    fb_common common = {.seed = 1};
    choices c = {.train = fb_train_options_default()};
    const fb_option options[] = {
        {"output", 'o', "FILE", FB_OPTION_TEXT, &c.output, 0, 0, "analysis file to write (HDF5)"},
        {"metadata", 0, "FILE", FB_OPTION_TEXT, &c.metadata, 0, 0, FB_METADATA_HELP},
        FB_TRAIN_OPTIONS(c.train)};
    fb_train_options_describe_models(details, sizeof details);
    fb_command_line line = {.name = "train",
                            .arguments = "EVENTS -o FILE",
                            .summary =
                                "Splits events, trains a classifier, measures the templates; writes one analysis file.",
                            .details = details,
                            .example = "fair-baseline train events.h5 -o analysis.h5 --set trees=100 --set depth=5",
                            .options = options,
                            .n_options = sizeof options / sizeof options[0],
                            .needs_output = true,
                            .common = &common,
                            .min_positional = 1,
                            .max_positional = 1};
    fb_status status = FB_OK;
    FB_TRY(fb_command_line_parse(&line, argc, argv, error));
    if (line.done) {
        return FB_OK;
    }
    FB_TRY(run(&c, line.positional[0], &common, error));
cleanup:
    return status;
}

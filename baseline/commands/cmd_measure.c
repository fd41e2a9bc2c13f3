#include <string.h>

#include "baseline/analysis/train_options.h"
#include "baseline/analysis/train_progress.h"
#include "baseline/commands/commands.h"
#include "baseline/reports/analysis_report.h"
#include "holdout/formats/event_file.h"
#include "holdout/pipeline/conditioning.h"
#include "models/common/output.h"

static fb_status check_conditioning(const fb_analysis *analysis, const fb_conditioning *conditioning, const char *path,
                                    fb_error *error)
{
    const fb_nuisance_mask trained = analysis->settings.augmentation.conditioned;
    for (int k = 0; k < FB_N_SHAPE; k++) {
        if (((conditioning->which & ~trained) >> k & 1U) != 0) {
            return fb_fail(error, FB_ERROR_USAGE, "--condition-on %s: the classifier of %s was not trained with",
                           fb_nuisance_describe((fb_nuisance)k)->name, path);
        }
    }
    return FB_OK;
}

typedef struct choices {
    const char *output;
    fb_template_settings templates;
} choices;

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    choices *c = context;
    const char *analysis_path = line->positional[0], *input = line->positional[1];
    fb_analysis *analysis = NULL;
    fb_source *source = NULL;
    fb_identity identity;
    fb_train_progress progress = {.quiet = line->common.quiet};
    const fb_train_observer observer = fb_train_progress_observer(&progress);
    fb_status status = FB_OK;
    FB_TRY(fb_analysis_file_load(analysis_path, &analysis, error));
    FB_TRY(check_conditioning(analysis, &c->templates.conditioning, analysis_path, error));
    c->templates.seed = line->common.seed;
    FB_TRY(fb_train_options_measure_again(&c->templates, analysis, error));
    FB_TRY(fb_event_file_open(input, &source, error));
    FB_TRY(fb_output_check_writable(c->output, error));
    /* The holdout is known by the numbers of its rows: other events would mix it with what was trained on. */
    FB_TRY(fb_analysis_identify(source, NULL, &identity, error));
    if (strcmp(identity.checksum, analysis->identity.checksum) != 0) {
        FB_TRY(fb_fail(error, FB_ERROR_DATA, "%s: are other events (%s) than the analysis was trained on (%s)", input,
                       identity.checksum, analysis->identity.checksum));
    }
    status = fb_train_templates(analysis, source, &observer, error);
    fb_train_progress_end(&progress);
    FB_TRY(status);
    FB_TRY(fb_analysis_report_publish(analysis, c->output, line->common.json, error));
cleanup:
    fb_source_free(source);
    fb_analysis_free(analysis);
    return status;
}

fb_status fb_cmd_measure(int argc, char **argv, fb_error *error)
{
    choices c = {.templates = fb_template_builder_default()};
    fb_command_line line = {
        .arguments = "ANALYSIS EVENTS -o FILE",
        .summary = "Measures the templates of an analysis again, with the classifier that it has.",
        .details = "EVENTS: those that the analysis was trained on; its holdout is used. What is not said is as by "
                   "default,\n"
                   "and not as in ANALYSIS.",
        .example = "fair-baseline measure analysis.h5 events.h5 -o ten-bins.h5 --bins 10",
        .common = {.seed = 1},
        .min_positional = 2};
    fb_option_add_output_file(&line.options, "FILE", &c.output, "analysis file to write (HDF5)");
    fb_train_options_add_templates(&line.options, &c.templates);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}

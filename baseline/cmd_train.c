#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "baseline/analysis_report.h"
#include "baseline/cli.h"
#include "baseline/commands.h"
#include "baseline/metadata.h"
#include "baseline/print.h"
#include "baseline/progress.h"
#include "baseline/split_options.h"
#include "baseline/split_warnings.h"
#include "baseline/train.h"
#include "models/ground/log.h"
#include "models/ground/output.h"

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
    fb_tally tally = {.has_weights = true, .has_processes = true};
    for (int part = 0; part < FB_N_PARTS; part++) {
        for (int process = 0; process < FB_N_PROCESS; process++) {
            tally.rows[process] += a->split.n_rows[part][process];
            tally.weight[process] += a->split.yield[part][process];
            tally.n_rows += a->split.n_rows[part][process];
            tally.sum_weights += a->split.yield[part][process];
        }
    }
    fb_progress_end(&t->progress);
    fb_split_warn_training(&a->split);
    return fb_metadata_check(&t->metadata, t->input, &tally, error);
}

/* --- the command ---------------------------------------------------------------------------------------------------
 */

typedef struct choices {
    const char *output, *model, *calibrate, *binning, *combination, *degree, *metadata;
    uint64_t bins, train_rows;
    fb_augmentation augmentation;
    fb_split_options split;
    fb_text_list set;
    double share;
} choices;

static fb_status parse_degrees(const char *text, fb_measure_settings *settings, fb_error *error)
{
    if (strcmp(text, "auto") == 0) {
        return FB_OK;
    }
    int *d = settings->degree;
    char rest = '\0';
    int n = sscanf(text, "%1d%c", &d[0], &rest);
    if (n == 1) {
        d[1] = d[2] = d[0];
    } else {
        n = sscanf(text, "%1d,%1d,%1d%c", &d[0], &d[1], &d[2], &rest);
        n = n == 1 ? 0 : n;
    }
    for (int k = 0; k < FB_N_SHAPE; k++) {
        if ((n != 1 && n != 3) || d[k] < 1 || d[k] > 5) {
            return fb_fail(error, FB_ERROR_USAGE,
                           "--degree: '%s' is not 'auto', one degree, or three (tes,jes,soft_met), each from 1 to 5",
                           text);
        }
    }
    return FB_OK;
}

static fb_status parse_calibrate(const char *text, bool *calibrate, fb_error *error)
{
    *calibrate = strcmp(text, "isotonic") == 0;
    return *calibrate || strcmp(text, "none") == 0
               ? FB_OK
               : fb_fail(error, FB_ERROR_USAGE, "--calibrate %s: known are none, isotonic", text);
}

static fb_status apply_choices(const choices *c, fb_analysis *a, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_classifier_create(c->model, &a->classifier, error));
    for (int k = 0; k < c->set.n; k++) {
        FB_TRY(fb_classifier_set(a->classifier, c->set.item[k], error));
    }
    FB_TRY(parse_calibrate(c->calibrate, &a->calibrate, error));
    FB_TRY(fb_split_options_parse(&c->split, &a->split, error));
    int uniform = strcmp(c->binning, "uniform") == 0;
    int combination = fb_combination_find(c->combination);
    if ((!uniform && strcmp(c->binning, "quantile") != 0) || combination < 0) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "--binning %s --combination %s: known are quantile, uniform; product, additive, average",
                       c->binning, c->combination);
    }
    a->measure.uniform = uniform;
    a->measure.combination = (fb_combination)combination;
    a->measure.n_bins = (int)c->bins;
    a->measure.share = c->share;
    a->augmentation = c->augmentation;
    fb_analysis_limit_rows(a, c->train_rows);
    FB_TRY(parse_degrees(c->degree, &a->measure, error));
cleanup:
    return status;
}

static void warn_of_bins(const fb_analysis *a)
{
    const fb_templates *t = a->measurement->templates;
    int n_poor = 0;
    for (int bin = 0; bin < t->n_bins; bin++) {
        double yield = 0.0, variance = 0.0;
        for (int process = FB_ZTAUTAU; process < FB_N_PROCESS; process++) {
            yield += t->yield[process * t->n_bins + bin];
            variance += t->variance[process * t->n_bins + bin];
        }
        n_poor += yield * yield < 10.0 * variance;
    }
    if (t->n_bins < a->measure.n_bins) {
        fb_log(FB_LOG_WARNING, "%d bins instead of %d: more have no background or no difference of score", t->n_bins,
               a->measure.n_bins);
    }
    if (n_poor > 0) {
        fb_log(FB_LOG_WARNING,
               "%d of %d bins have fewer than 10 simulated background events: use fewer bins or more events", n_poor,
               t->n_bins);
    }
}

static void warn_of_poor_templates(const fb_analysis *a)
{
    uint64_t background = 0;
    for (int process = FB_ZTAUTAU; process < FB_N_PROCESS; process++) {
        background += a->split.n_rows[FB_HOLDOUT][process];
    }
    if (a->measure.share * (double)background < 10000.0) {
        fb_log(FB_LOG_WARNING, "the effects of the nuisance parameters are measured on %.0f background events only",
               a->measure.share * (double)background);
    }
    warn_of_bins(a);
    if (isnan(a->expected_sigma)) {
        fb_log(FB_LOG_WARNING,
               "the fit to what these templates expect does not converge: there is no expected error of mu");
    } else if (a->common_shift > 0.5 * a->expected_sigma) {
        fb_log(FB_LOG_WARNING,
               "the statistics of the templates can shift every result by %.2f, the expected error is %.2f: more "
               "simulated "
               "background would help",
               a->common_shift, a->expected_sigma);
    }
}

static fb_status run(const choices *c, const char *input, const fb_common *common, fb_error *error)
{
    fb_analysis *analysis = NULL;
    fb_source *source = NULL;
    fb_output *probe = NULL;
    teller t = {.quiet = common->quiet, .input = input};
    const fb_train_observer observer = {
        .step = tell_step, .round = tell_round, .pass = tell_pass, .measured = look_at_split, .context = &t};
    fb_status status = FB_OK;
    FB_TRY(fb_analysis_create(&analysis, error));
    FB_TRY(apply_choices(c, analysis, error));
    analysis->measure.seed = common->seed;
    FB_TRY(fb_output_check_distinct(input, c->output, error));
    if (c->metadata != NULL) {
        FB_TRY(fb_metadata_read(c->metadata, &t.metadata, error));
    }
    FB_TRY(fb_source_open(input, &source, error));
    /* Better to hear now than after the training that the result cannot be written. */
    FB_TRY(fb_output_create(c->output, &probe, error));
    fb_output_free(probe);
    status = fb_train(analysis, source, &observer, error);
    fb_progress_end(&t.progress);
    FB_TRY(status);
    FB_TRY(fb_analysis_save(analysis, c->output, error));
    warn_of_poor_templates(analysis);
    if (common->json) {
        FB_TRY(fb_print_json(fb_analysis_json(analysis), error));
    } else {
        fb_analysis_print(analysis, c->output);
    }
cleanup:
    fb_source_free(source);
    fb_analysis_free(analysis);
    return status;
}

/* The settings of each model with their defaults, as the models themselves tell them. */
static void describe_models(char *text, size_t size)
{
    const fb_classifier_methods *kind = NULL;
    size_t used = 0;
    for (int k = 0; (kind = fb_classifier_kind_at(k)) != NULL && used < size; k++) {
        char settings[FB_SETTINGS_SIZE] = "";
        fb_classifier *classifier = NULL;
        if (fb_classifier_create(kind->name, &classifier, NULL) == FB_OK) {
            fb_classifier_describe(classifier, settings, sizeof settings);
        }
        fb_classifier_free(classifier);
        used += (size_t)snprintf(text + used, size - used, "Settings of model %s:\n  %s\n", kind->name, settings);
    }
    if (used < size) {
        snprintf(text + used, size - used,
                 "The result depends on the model's own number of threads, not on --threads.");
    }
}

fb_status fb_cmd_train(int argc, char **argv, fb_error *error)
{
    char details[2048];
    fb_common common = {.seed = 1};
    choices c = {.model = "bdt",
                 .calibrate = "none",
                 .binning = "quantile",
                 .combination = "product",
                 .degree = "auto",
                 .bins = 25,
                 .train_rows = FB_TRAIN_ROWS,
                 .augmentation.widening = 1.0,
                 .split = fb_split_options_default(),
                 .share = 1.0};
    const fb_option options[] = {
        {"output", 'o', "FILE", FB_OPTION_TEXT, &c.output, 0, 0, "analysis file to write (HDF5)"},
        {"model", 0, "NAME", FB_OPTION_TEXT, &c.model, 0, 0, "kind of classifier: bdt or dense"},
        {"set", 0, "KEY=VALUE", FB_OPTION_LIST, &c.set, 0, 0, "setting of the model; may be repeated"},
        {"calibrate", 0, "KIND", FB_OPTION_TEXT, &c.calibrate, 0, 0,
         "none, or isotonic: make the score the fraction of the signal, by the validation sample"},
        {"train-rows", 0, "N", FB_OPTION_COUNT, &c.train_rows, 100, 1e9,
         "train on at most about N rows, which bounds the memory; validate on a third"},
        {"augment", 0, "N", FB_OPTION_COUNT, &c.augmentation.n_copies, 0, 100,
         "train also on N copies of the events, with tes, jes and soft_met drawn for every few thousand"},
        {"augment-widening", 0, "X", FB_OPTION_NUMBER, &c.augmentation.widening, 0, 10,
         "of the distributions that these are drawn from"},
        {"bins", 0, "N", FB_OPTION_COUNT, &c.bins, 1, FB_MAX_BINS, "bins of the score"},
        {"binning", 0, "KIND", FB_OPTION_TEXT, &c.binning, 0, 0, "quantile (of the signal) or uniform"},
        {"combination", 0, "KIND", FB_OPTION_TEXT, &c.combination, 0, 0,
         "how shape effects combine: product, additive, or average (the official kit's)"},
        {"degree", 0, "D", FB_OPTION_TEXT, &c.degree, 0, 0,
         "of the polynomials: auto, one number, or tes,jes,soft_met"},
        {"share", 0, "X", FB_OPTION_NUMBER, &c.share, 1e-6, 1.0, "of the holdout that the shapes are measured on"},
        {"metadata", 0, "FILE", FB_OPTION_TEXT, &c.metadata, 0, 0, FB_METADATA_HELP},
        FB_SPLIT_OPTIONS(c.split)};
    describe_models(details, sizeof details);
    fb_command_line line = {.name = "train",
                            .arguments = "EVENTS -o FILE",
                            .summary =
                                "Splits events, trains a classifier, measures the templates; writes one analysis file.",
                            .details = details,
                            .example = "fair-baseline train events.h5 -o analysis.h5 --set trees=100 --set depth=5",
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
    if (c.output == NULL) {
        return fb_fail(error, FB_ERROR_USAGE, "train: -o FILE is missing");
    }
    FB_TRY(run(&c, line.positional[0], &common, error));
cleanup:
    return status;
}

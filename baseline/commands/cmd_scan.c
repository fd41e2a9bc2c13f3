#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/split_warnings.h"
#include "baseline/analysis/train_options.h"
#include "baseline/analysis/train_progress.h"
#include "baseline/commands/commands.h"
#include "baseline/support/json_output.h"
#include "baseline/support/progress.h"
#include "holdout/formats/event_file.h"
#include "models/common/log.h"
#include "models/common/memory.h"
#include "models/common/output.h"

/* One combination of settings and what came of it. */
typedef struct trial {
    char chosen[FB_SETTINGS_SIZE]; /* "key=value key=value" of what is scanned */
    int best_round;
    double auc, log_loss; /* of the holdout */
    double sigma, shared_error;
    double seconds;      /* of the training alone */
    uint64_t index;      /* of the combination */
    char *configuration; /* for 'train' */
} trial;

enum { MOST_TRIALS = 100000 };

typedef struct choices {
    const char *output;
    fb_text_list try;
    fb_train_settings train;
} choices;

/* --- the grid ----------------------------------------------------------------------------------------------------- */

static const char *values_of(const char *item)
{
    const char *equals = strchr(item, '=');
    return equals != NULL ? equals + 1 : item + strlen(item);
}

static int count_values(const char *item)
{
    int n = 1;
    for (const char *c = values_of(item); *c != '\0'; c++) {
        n += *c == ',';
    }
    return n;
}

/* More than MOST_TRIALS are counted as one more. */
static uint64_t count_trials(const choices *c)
{
    uint64_t n = 1;
    for (int k = 0; k < c->try.n && n <= MOST_TRIALS; k++) {
        n *= (uint64_t)count_values(c->try.item[k]);
    }
    return n <= MOST_TRIALS ? n : MOST_TRIALS + 1;
}

/* "key=b" from "key=a,b,c" and 1. */
static void pick(const char *item, int which, char *text, size_t size)
{
    const char *value = values_of(item);
    const int key = (int)(value - item);
    for (; which > 0; which--) {
        value += strcspn(value, ",") + 1;
    }
    snprintf(text, size, "%.*s%.*s", key, item, (int)strcspn(value, ","), value);
}

/* What combination `index` chooses, "key=value key=value", and the training with that: the last key changes fastest.
 * `words` is what the training borrows. */
static fb_status choose(const choices *c, uint64_t index, char chosen[FB_SETTINGS_SIZE], char words[FB_SETTINGS_SIZE],
                        fb_train_settings *training, fb_error *error)
{
    uint64_t below = count_trials(c);
    char *rest = words;
    size_t used = 0;
    for (int k = 0; k < c->try.n && used < FB_SETTINGS_SIZE; k++) {
        char assignment[128];
        below /= (uint64_t)count_values(c->try.item[k]);
        pick(c->try.item[k], (int)(index / below), assignment, sizeof assignment);
        index %= below;
        used += (size_t)snprintf(chosen + used, FB_SETTINGS_SIZE - used, "%s%s", k > 0 ? " " : "", assignment);
    }
    *training = c->train;
    strcpy(words, chosen);
    for (char *word = NULL; (word = strsep(&rest, " ")) != NULL;) {
        if (training->set.n == FB_MAX_LIST) {
            return fb_fail(error, FB_ERROR_USAGE, "--set and --try: more than %d settings", FB_MAX_LIST);
        }
        training->set.item[training->set.n++] = word;
    }
    return FB_OK;
}

static bool same_key(const char *a, const char *b)
{
    const size_t n = strcspn(a, "=");
    return n == strcspn(b, "=") && strncmp(a, b, n) == 0;
}

/* A wrong value shall be heard of before hours of training, not after. */
static fb_status check_all(const choices *c, fb_error *error)
{
    char chosen[FB_SETTINGS_SIZE], words[FB_SETTINGS_SIZE];
    fb_train_settings training;
    fb_status status = FB_OK;
    if (c->try.n == 0) {
        return fb_fail(error, FB_ERROR_USAGE, "scan: --try KEY=A,B,... is missing: nothing is to be tried");
    }
    for (int k = 0; k < c->try.n; k++) {
        for (int set = 0; set < c->train.set.n; set++) {
            if (same_key(c->train.set.item[set], c->try.item[k])) {
                return fb_fail(error, FB_ERROR_USAGE, "--try %s and --set %s: this key is either tried or set",
                               c->try.item[k], c->train.set.item[set]);
            }
        }
    }
    if (count_trials(c) > MOST_TRIALS) {
        return fb_fail(error, FB_ERROR_USAGE, "--try: more than %d combinations", MOST_TRIALS);
    }
    for (uint64_t k = 0; k < count_trials(c) && status == FB_OK; k++) {
        fb_classifier *classifier = NULL;
        FB_TRY(choose(c, k, chosen, words, &training, error));
        status = fb_train_settings_classifier(&training, &classifier, error);
        fb_classifier_free(classifier);
    }
cleanup:
    return status;
}

/* --- running it --------------------------------------------------------------------------------------------------- */

static fb_status run_trial(const choices *c, uint64_t index, fb_analysis *a, fb_source *source,
                           const fb_train_data *data, const fb_train_observer *observer, trial *t, fb_error *error)
{
    char words[FB_SETTINGS_SIZE];
    fb_train_settings training;
    fb_status status = FB_OK;
    t->index = index;
    fb_classifier_free(a->classifier);
    a->classifier = NULL;
    FB_TRY(choose(c, index, t->chosen, words, &training, error));
    FB_TRY(fb_train_settings_classifier(&training, &a->classifier, error));
    const double started = fb_progress_seconds();
    FB_TRY(fb_train_classifier(a, source, data, observer, error));
    t->seconds = fb_progress_seconds() - started;
    FB_TRY(fb_train_templates(a, source, observer, error));
    t->best_round = a->report.best_round;
    t->auc = a->auc[FB_HOLDOUT];
    t->log_loss = a->log_loss[FB_HOLDOUT];
    t->sigma = a->expected_sigma;
    t->shared_error = a->shared_template_error;
    FB_TRY(fb_train_options_record(&training, a, error)); /* how to train it without a scan */
    FB_TRY(fb_memory_allocate(strlen(a->configuration) + 1, 1, &t->configuration, error));
    strcpy(t->configuration, a->configuration);
    fb_log(FB_LOG_INFO, "%s: AUC %.5f, expected error of mu %.4f", t->chosen, t->auc, t->sigma);
cleanup:
    return status;
}

/* Those without a sigma last, and of equals the first. */
static int by_sigma(const void *left, const void *right)
{
    const trial *a = left, *b = right;
    if (isnan(a->sigma) != isnan(b->sigma)) {
        return isnan(a->sigma) ? 1 : -1;
    }
    const int order = (a->sigma > b->sigma) - (a->sigma < b->sigma);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static void print_trials(const trial *trials, uint64_t n)
{
    printf("| settings | best round | AUC | log-loss | expected error of mu | shared template error | seconds |\n"
           "|---|---|---|---|---|---|---|\n");
    for (uint64_t k = 0; k < n; k++) {
        const trial *t = &trials[k];
        printf("| %s | %d | %.5f | %.5f | %.4f | %.4f | %.1f |\n", t->chosen, t->best_round, t->auc, t->log_loss,
               t->sigma, t->shared_error, t->seconds);
    }
}

static json_t *trials_json(const trial *trials, uint64_t n)
{
    json_t *list = json_array();
    for (uint64_t k = 0; k < n; k++) {
        const trial *t = &trials[k];
        json_array_append_new(list, json_pack("{s:s,s:i,s:o,s:o,s:o,s:o,s:f,s:s}", "settings", t->chosen, "best_round",
                                              t->best_round, "auc", fb_json_output_number(t->auc), "log_loss",
                                              fb_json_output_number(t->log_loss), "expected_sigma_mu",
                                              fb_json_output_number(t->sigma), "shared_template_error_mu",
                                              fb_json_output_number(t->shared_error), "training_seconds", t->seconds,
                                              "configuration", t->configuration));
    }
    return list;
}

static fb_status warn_of_split(void *context, const fb_analysis *a, fb_error *error)
{
    (void)context;
    (void)error;
    fb_split_warnings_training(&a->split);
    return FB_OK;
}

/* Runs all trials; the analysis of the best one so far is always on disk. */
static fb_status run_all(const choices *c, fb_analysis *a, fb_source *source, bool quiet, trial *trials,
                         fb_error *error)
{
    fb_train_progress progress = {.quiet = quiet, .measured = warn_of_split};
    const fb_train_observer observer = fb_train_progress_observer(&progress);
    const uint64_t n = count_trials(c);
    fb_train_data data = {0};
    const trial *best = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_train_read(a, source, &observer, &data, error));
    for (uint64_t k = 0; k < n; k++) {
        fb_progress_set_step((int)k + 1, (int)n, "trial");
        FB_TRY(run_trial(c, k, a, source, &data, &observer, &trials[k], error));
        if (c->output != NULL && (best == NULL || by_sigma(&trials[k], best) < 0)) {
            best = &trials[k];
            FB_TRY(fb_analysis_file_save(a, c->output, error));
        }
    }
cleanup:
    fb_train_progress_end(&progress);
    fb_progress_set_step(0, 0, NULL);
    fb_train_data_clear(&data);
    return status;
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    choices *c = context;
    const char *input = line->positional[0];
    fb_analysis *analysis = NULL;
    fb_source *source = NULL;
    trial *trials = NULL;
    fb_status status = FB_OK;
    FB_TRY(check_all(c, error));
    c->train.templates.seed = line->common.seed;
    FB_TRY(fb_analysis_create(&c->train, &analysis, error));
    FB_TRY(fb_event_file_open(input, &source, error));
    if (c->output != NULL) {
        FB_TRY(fb_output_check_writable(c->output, error));
    }
    FB_TRY(fb_memory_allocate(count_trials(c), sizeof *trials, &trials, error));
    FB_TRY(run_all(c, analysis, source, line->common.quiet, trials, error));
    qsort(trials, count_trials(c), sizeof *trials, by_sigma);
    if (line->common.json) {
        FB_TRY(fb_command_line_print(line, trials_json(trials, count_trials(c)), error));
    } else {
        print_trials(trials, count_trials(c));
    }
cleanup:
    for (uint64_t k = 0; trials != NULL && k < count_trials(c); k++) {
        free(trials[k].configuration);
    }
    free(trials);
    fb_source_free(source);
    fb_analysis_free(analysis);
    return status;
}

fb_status fb_cmd_scan(int argc, char **argv, fb_error *error)
{
    char details[2048] =
        "Trains with every combination of the values to try and measures the templates of each. The table "
        "goes by the\nexpected error of mu, the smallest first; differences of a few per cent are noise "
        "of the binning.\n\n";
    choices c = {.train = fb_train_settings_default()};
    const size_t used = strlen(details);
    fb_train_options_describe_models(details + used, sizeof details - used);
    fb_command_line line = {.arguments = "EVENTS --try KEY=A,B,...",
                            .summary = "Tries settings of a classifier and says what each does to the error of mu.",
                            .details = details,
                            .example =
                                "fair-baseline scan events.h5 --model dense --try rate=0.004,0.008 --try epochs=10,20",
                            .common = {.seed = 1},
                            .min_positional = 1};
    fb_option_add_list(&line.options, "try", "KEY=A,B,...", &c.try,
                       "values of a setting of the model; may be repeated");
    fb_option_add_output_file(&line.options, "FILE", &c.output,
                              "write the best analysis (HDF5); after an interrupt the best so far")
        ->is_needed = false;
    fb_train_options_add(&line.options, &c.train);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}

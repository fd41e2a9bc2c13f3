#include "baseline/analysis/train_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/bin_options.h"
#include "baseline/config/config.h"
#include "baseline/config/config_writer.h"
#include "models/classifier_kinds.h"
#include "models/common/text.h"

/* --- split -------------------------------------------------------------------------------------------------------- */

static fb_status parse_shares(const char *text, void *value, fb_error *error)
{
    return fb_split_parse_shares(text, value, error);
}

static bool write_shares(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    fb_text_of_doubles(FB_N_PARTS, value, text, FB_OPTION_TEXT_SIZE);
    return k == 0;
}

static const fb_option_type shares = {.parse = parse_shares, .write = write_shares};

void fb_train_options_add_split(fb_option_table *table, fb_split_settings *settings)
{
    table->group = "split";
    fb_option_add_parsed(table, "split", "T,V,H,P", settings->share, &shares,
                         "fractions of train, validation, holdout, pool");
    fb_option_add_choice(table, "split-rule", "NAME", &settings->rule, fb_split_rule_names,
                         "hash, or official: the first 30 % of the rows are the pool");
    fb_option_add_count(table, "split-seed", "S", &settings->seed, 0, 9e18, "seed of the hash")->needs =
        "split-rule=hash";
}

/* --- degrees of the polynomials: int [FB_N_SHAPE], 0 for "auto" --------------------------------------------------- */

static fb_status parse_degrees(const char *text, void *value, fb_error *error)
{
    int d[FB_N_SHAPE] = {0};
    char rest = '\0';
    int n = sscanf(text, "%1d%c", &d[0], &rest);
    if (n == 1) {
        d[1] = d[2] = d[0];
    } else {
        n = sscanf(text, "%1d,%1d,%1d%c", &d[0], &d[1], &d[2], &rest);
        n = n == 1 ? 0 : n;
    }
    bool good = n == 1 || n == FB_N_SHAPE;
    for (int k = 0; k < FB_N_SHAPE; k++) {
        good = good && d[k] >= 1 && d[k] <= 5;
    }
    if (!good && strcmp(text, "auto") != 0) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "expected 'auto', one degree, or three (tes,jes,soft_met), each from 1 to 5");
    }
    memcpy(value, d, sizeof d);
    return FB_OK;
}

static bool write_degrees(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    const int *d = value;
    if (d[0] != d[1] || d[0] != d[2]) {
        snprintf(text, FB_OPTION_TEXT_SIZE, "%d,%d,%d", d[0], d[1], d[2]);
    } else if (d[0] != 0) {
        snprintf(text, FB_OPTION_TEXT_SIZE, "%d", d[0]);
    } else {
        snprintf(text, FB_OPTION_TEXT_SIZE, "auto");
    }
    return k == 0;
}

static const fb_option_type degrees = {.parse = parse_degrees, .write = write_degrees};

/* --- what the classifier is conditioned on: fb_conditioning ------------------------------------------------------- */

static fb_status parse_conditioning(const char *text, void *value, fb_error *error)
{
    return fb_conditioning_add(value, text, error);
}

static bool write_conditioning(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    return fb_conditioning_text(value, k, text, FB_OPTION_TEXT_SIZE);
}

static const fb_option_type conditioning_type = {
    .parse = parse_conditioning, .write = write_conditioning, .is_list = true};

void fb_train_options_add_templates(fb_option_table *table, fb_template_settings *settings)
{
    table->group = "templates";
    fb_bin_options_add(table, settings);
    fb_option_add_choice(table, "combination", "KIND", &settings->combination, fb_templates_combination_names,
                         "how shape effects combine: product, additive, or average (the official kit's)");
    fb_option_add_parsed(table, "degree", "D", settings->degree, &degrees,
                         "of the polynomials: auto, one number, or tes,jes,soft_met");
    fb_option_add_number(table, "share", "X", &settings->share, 1e-6, 1.0,
                         "of the holdout that the shapes are measured on");
    fb_option_add_parsed(
        table, "condition-on", "NAME[=X]", &settings->conditioning, &conditioning_type,
        "condition the classifier, trained with --augment, on tes, jes or soft_met at X [nominal]; may be repeated");
}

/* --- classifier --------------------------------------------------------------------------------------------------- */

/* The name of a kind of classifier, as the kind itself has it; it takes the place of a command that a configuration
 * named. `value` is an fb_train_settings. */
static fb_status parse_model(const char *text, void *value, fb_error *error)
{
    fb_train_settings *settings = value;
    fb_classifier *classifier = NULL;
    if (strcmp(text, FB_TRAIN_SETTINGS_COMMAND) == 0) {
        return fb_fail(error, FB_ERROR_USAGE, "is made with --score-command COMMAND, without --model");
    }
    const fb_status status = fb_classifier_create(text, &classifier, error);
    if (status == FB_OK) {
        settings->model = fb_classifier_kind(classifier);
        settings->score_command = NULL;
    }
    fb_classifier_free(classifier);
    return status;
}

/* Nothing if there is a command, which says it all. */
static bool write_model(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    const fb_train_settings *settings = value;
    snprintf(text, FB_OPTION_TEXT_SIZE, "%s", settings->model);
    return k == 0 && settings->score_command == NULL;
}

static const char *const models[] = {"bdt", "dense", "hardened", NULL};

static const fb_option_type model = {.parse = parse_model, .write = write_model};

void fb_train_options_add(fb_option_table *table, fb_train_settings *settings)
{
    table->group = "classifier";
    fb_option_add_parsed(table, "model", "NAME", settings, &model, "kind of classifier: bdt, dense or hardened")
        ->names = models;
    fb_option_add_list(table, "set", "KEY=VALUE", &settings->set, "setting of the model; may be repeated");
    fb_option_add_text(table, "score-command", "COMMAND", &settings->score_command,
                       "a program that answers scores is the classifier (PLUGINS.md); for 'sh -c'")
        ->excludes = "model set";
    fb_option_add_count(table, "train-rows", "N", &settings->train_rows, 100, 1e9,
                        "train on at most about N rows, which bounds the memory; validate on a third");
    fb_option_add_count(
        table, "augment", "N", &settings->augmentation.n_copies, 0, 100,
        "train also on N copies of the events, with tes, jes and soft_met drawn for every few thousand");
    fb_option_add_number(table, "augment-widening", "X", &settings->augmentation.widening, 0, 10,
                         "of the distributions that these are drawn from")
        ->needs = "augment";
    fb_option_add_choice(table, "calibrate", "KIND", &settings->calibrate, fb_train_settings_calibrations,
                         "none, or isotonic: make the score the fraction of the signal, by the validation sample");
    fb_train_options_add_templates(table, &settings->templates);
    fb_train_options_add_split(table, &settings->split);
}

/* --- what an analysis records ------------------------------------------------------------------------------------- */

/* What of 'train' its result depends on. */
static void add_recorded(fb_option_table *table, fb_train_settings *settings)
{
    fb_train_options_add(table, settings);
    fb_option_add_count(table, "seed", "S", &settings->templates.seed, 0, 9e18, "");
}

fb_status fb_train_options_record(const fb_train_settings *settings, fb_analysis *analysis, fb_error *error)
{
    fb_train_settings written = *settings;
    fb_option_table table = {0};
    char *text = NULL;
    fb_status status = FB_OK;
    add_recorded(&table, &written);
    FB_TRY(fb_config_writer_text("train", &table, &text, error));
    if (strlen(text) >= sizeof analysis->configuration) {
        FB_TRY(fb_fail(error, FB_ERROR_USAGE, "--set: the settings are too long to be recorded: %zu bytes, at most %d",
                       strlen(text), FB_CONFIGURATION_SIZE - 1));
    }
    strcpy(analysis->configuration, text);
cleanup:
    free(text);
    return status;
}

fb_status fb_train_options_measure_again(const fb_template_settings *measure, fb_analysis *analysis, fb_error *error)
{
    fb_train_settings recorded = fb_train_settings_default();
    fb_option_table table = {0};
    fb_status status = FB_OK;
    analysis->settings.templates = *measure;
    analysis->settings.templates.conditioning.which = analysis->settings.augmentation.conditioned;
    if (analysis->configuration[0] == '\0') {
        return FB_OK;
    }
    add_recorded(&table, &recorded);
    status = fb_config_apply_text(analysis->configuration, "configuration", "train", &table, error);
    if (status != FB_OK) {
        return fb_fail_prefix(error, FB_ERROR_DATA, "what the analysis says of its training");
    }
    recorded.templates = analysis->settings.templates;
    FB_TRY(fb_train_options_record(&recorded, analysis, error));
cleanup:
    return status;
}

void fb_train_options_describe_models(char *text, size_t size)
{
    const fb_classifier_methods *kind = NULL;
    size_t used = 0;
    for (int k = 0; (kind = fb_classifier_kinds_at(k)) != NULL && used < size; k++) {
        char settings[FB_SETTINGS_SIZE] = "";
        fb_classifier *classifier = NULL;
        if (fb_classifier_create(kind->name, &classifier, NULL) == FB_OK) {
            fb_classifier_describe(classifier, settings, sizeof settings);
        }
        fb_classifier_free(classifier);
        if (settings[0] != '\0') {
            used += (size_t)snprintf(text + used, size - used, "Settings of model %s:\n  %s\n", kind->name, settings);
        }
    }
    if (used < size) {
        snprintf(text + used, size - used,
                 "The trees depend on their own setting threads, the net on no number of threads; --threads changes no "
                 "result.");
    }
}

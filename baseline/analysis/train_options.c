#include "baseline/analysis/train_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/split_options.h"
#include "baseline/analysis/template_options.h"
#include "baseline/config/config.h"
#include "baseline/config/config_writer.h"
#include "models/classifier_kinds.h"

/* The name of a kind of classifier, as the kind itself has it. */
static fb_status parse_model(const char *text, void *value, fb_error *error)
{
    fb_classifier *classifier = NULL;
    const fb_status status = fb_classifier_create(text, &classifier, error);
    if (status == FB_OK) {
        *(const char **)value = fb_classifier_kind(classifier);
    }
    fb_classifier_free(classifier);
    return status;
}

static bool write_model(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    snprintf(text, FB_OPTION_TEXT_SIZE, "%s", *(const char *const *)value);
    return k == 0;
}

static const fb_option_type model = {parse_model, write_model, false};

void fb_train_options_add(fb_option_table *table, fb_train_settings *settings)
{
    fb_option_add_parsed(table, "model", "NAME", &settings->model, &model, "kind of classifier: bdt or dense");
    fb_option_add_list(table, "set", "KEY=VALUE", &settings->set, "setting of the model; may be repeated");
    fb_option_add_count(table, "train-rows", "N", &settings->train_rows, 100, 1e9,
                        "train on at most about N rows, which bounds the memory; validate on a third");
    fb_option_add_count(
        table, "augment", "N", &settings->augmentation.n_copies, 0, 100,
        "train also on N copies of the events, with tes, jes and soft_met drawn for every few thousand");
    fb_option_add_number(table, "augment-widening", "X", &settings->augmentation.widening, 0, 10,
                         "of the distributions that these are drawn from");
    fb_option_add_choice(table, "calibrate", "KIND", &settings->calibrate, fb_train_settings_calibrations,
                         "none, or isotonic: make the score the fraction of the signal, by the validation sample");
    fb_template_options_add(table, &settings->templates);
    fb_split_options_add(table, &settings->split);
}

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
        status =
            fb_fail(error, FB_ERROR_USAGE, "--set: the settings are too long to be recorded: %zu bytes, at most %d",
                    strlen(text), FB_CONFIGURATION_SIZE - 1);
        goto cleanup;
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
        used += (size_t)snprintf(text + used, size - used, "Settings of model %s:\n  %s\n", kind->name, settings);
    }
    if (used < size) {
        snprintf(text + used, size - used,
                 "The trees depend on their own setting threads, the net on no number of threads; --threads changes no "
                 "result.");
    }
}

#include "baseline/analysis/train_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/config/config.h"
#include "baseline/config/config_writer.h"
#include "models/classifier_kinds.h"

fb_train_options fb_train_options_default(void)
{
    return (fb_train_options){.model = "bdt",
                              .train_rows = FB_TRAIN_ROWS,
                              .augmentation.widening = 1.0,
                              .calibrate = "none",
                              .measure = fb_template_options_default(),
                              .split = fb_split_options_default()};
}

fb_status fb_train_options_classifier(const fb_train_options *options, fb_classifier **out, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_classifier_create(options->model, out, error));
    for (int k = 0; k < options->set.n; k++) {
        FB_TRY(fb_classifier_set(*out, options->set.item[k], error));
    }
cleanup:
    return status;
}

fb_status fb_train_options_parse(const fb_train_options *options, uint64_t seed, fb_analysis *analysis, fb_error *error)
{
    fb_status status = FB_OK;
    analysis->calibrate = strcmp(options->calibrate, "isotonic") == 0;
    if (!analysis->calibrate && strcmp(options->calibrate, "none") != 0) {
        return fb_fail(error, FB_ERROR_USAGE, "--calibrate %s: known are none, isotonic", options->calibrate);
    }
    FB_TRY(fb_split_options_parse(&options->split, &analysis->split, error));
    FB_TRY(fb_template_options_parse(&options->measure, &analysis->measure, error));
    if (analysis->measure.told.which != 0 &&
        (options->augmentation.n_copies == 0 || !(options->augmentation.widening > 0.0))) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "--tell needs --augment, and --augment-widening above 0: only distorted copies show what the "
                       "value told means");
    }
    analysis->augmentation = options->augmentation;
    analysis->augmentation.told = analysis->measure.told.which;
    analysis->measure.seed = seed;
    fb_analysis_limit_rows(analysis, options->train_rows);
    FB_TRY(fb_train_options_record(options, seed, analysis, error));
cleanup:
    return status;
}

/* What of 'train' its result depends on. */
#define RECORDED(o, seed)                                                                                              \
    {                                                                                                                  \
        FB_TRAIN_OPTIONS(o),                                                                                           \
        {                                                                                                              \
            "seed", 0, "S", FB_OPTION_COUNT, &(seed), 0, 9e18, ""                                                      \
        }                                                                                                              \
    }

fb_status fb_train_options_record(const fb_train_options *options, uint64_t seed, fb_analysis *analysis,
                                  fb_error *error)
{
    fb_train_options o = *options;
    const fb_option table[] = RECORDED(o, seed);
    char *text = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_config_writer_text("train", table, sizeof table / sizeof table[0], &text, error));
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

static size_t name_length(const char *told)
{
    return strcspn(told, "=");
}

/* A classifier is told what it was trained to be told: the value that is chosen now, else nominal. */
static void tell_anew(const fb_text_list *now, fb_text_list *told, char names[FB_MAX_LIST][FB_SETTINGS_SIZE])
{
    for (int k = 0; k < told->n; k++) {
        const size_t n = name_length(told->item[k]);
        snprintf(names[k], FB_SETTINGS_SIZE, "%.*s", (int)n, told->item[k]);
        for (int i = 0; i < now->n; i++) {
            if (name_length(now->item[i]) == n && strncmp(now->item[i], told->item[k], n) == 0) {
                snprintf(names[k], FB_SETTINGS_SIZE, "%s", now->item[i]);
            }
        }
        told->item[k] = names[k];
    }
}

fb_status fb_train_options_measure_anew(const fb_template_options *options, uint64_t seed, fb_analysis *analysis,
                                        fb_error *error)
{
    fb_train_options o = fb_train_options_default();
    uint64_t recorded_seed = 0;
    char names[FB_MAX_LIST][FB_SETTINGS_SIZE];
    const fb_option table[] = RECORDED(o, recorded_seed);
    fb_status status = FB_OK;
    FB_TRY(fb_template_options_parse(options, &analysis->measure, error));
    analysis->measure.seed = seed;
    if (analysis->configuration[0] == '\0') {
        return FB_OK;
    }
    status = fb_config_apply_text(analysis->configuration, "configuration", "train", table,
                                  sizeof table / sizeof table[0], error);
    if (status != FB_OK) {
        return fb_fail_prefix(error, FB_ERROR_DATA, "what the analysis says of its training");
    }
    fb_text_list told = o.measure.tell;
    tell_anew(&options->tell, &told, names);
    o.measure = *options;
    o.measure.tell = told;
    FB_TRY(fb_train_options_record(&o, seed, analysis, error));
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

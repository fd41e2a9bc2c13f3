#include "baseline/train_options.h"

#include <stdio.h>
#include <string.h>

fb_train_options fb_train_options_default(void)
{
    return (fb_train_options){.model = "bdt",
                              .train_rows = FB_TRAIN_ROWS,
                              .augmentation.widening = 1.0,
                              .calibrate = "none",
                              .measure = fb_measure_options_default(),
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
    FB_TRY(fb_measure_options_parse(&options->measure, &analysis->measure, error));
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
cleanup:
    return status;
}

void fb_train_options_describe_models(char *text, size_t size)
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
                 "The trees depend on their own setting threads, the net on no number of threads; --threads changes no "
                 "result.");
    }
}

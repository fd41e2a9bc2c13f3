#include "baseline/analysis/train_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"
#include "models/hardened.h"

const char *const fb_train_settings_calibrations[] = {
    [FB_CALIBRATION_NONE] = "none", [FB_CALIBRATION_ISOTONIC] = "isotonic", NULL};

fb_train_settings fb_train_settings_default(void)
{
    return (fb_train_settings){.model = "bdt",
                               .train_rows = FB_TRAIN_ROWS,
                               .augmentation.widening = 1.0,
                               .templates = fb_template_builder_default(),
                               .split = fb_split_default()};
}

fb_status fb_train_settings_check(const fb_train_settings *settings, fb_error *error)
{
    const fb_augmentation *a = &settings->augmentation;
    if (settings->score_command != NULL && a->n_copies > 0) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "--score-command and --augment contradict each other: the program learns by itself");
    }
    if (strcmp(settings->model, fb_hardened_methods.name) == 0 && settings->score_command == NULL &&
        (settings->templates.conditioning.which != 0 || settings->calibrate != FB_CALIBRATION_NONE)) {
        return fb_fail(
            error, FB_ERROR_USAGE,
            "--model hardened goes neither with --condition-on nor with --calibrate: it knows how the events "
            "move by itself, and its score is no probability");
    }
    return settings->templates.conditioning.which == 0 || (a->n_copies > 0 && a->widening > 0.0)
               ? FB_OK
               : fb_fail(
                     error, FB_ERROR_USAGE,
                     "--condition-on needs --augment, and --augment-widening above 0: only distorted copies show what "
                     "the value means");
}

static fb_status set_command(fb_classifier *classifier, const char *command, fb_error *error)
{
    static const char key[] = "command=";
    const size_t size = sizeof key + strlen(command);
    char *assignment = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(size, 1, &assignment, error));
    snprintf(assignment, size, "%s%s", key, command);
    FB_TRY(fb_classifier_set(classifier, assignment, error));
cleanup:
    free(assignment);
    return status;
}

fb_status fb_train_settings_classifier(const fb_train_settings *settings, fb_classifier **out, fb_error *error)
{
    const char *command = settings->score_command;
    fb_status status = FB_OK;
    FB_TRY(fb_classifier_create(command != NULL ? FB_TRAIN_SETTINGS_COMMAND : settings->model, out, error));
    if (command != NULL) {
        FB_TRY(set_command(*out, command, error));
    }
    for (int k = 0; k < settings->set.n; k++) {
        FB_TRY(fb_classifier_set(*out, settings->set.item[k], error));
    }
cleanup:
    return status;
}

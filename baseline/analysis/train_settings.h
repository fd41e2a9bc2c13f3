/** \file train_settings.h
 * What is chosen about a training.
 */
#ifndef FB_BASELINE_ANALYSIS_TRAIN_SETTINGS_H
#define FB_BASELINE_ANALYSIS_TRAIN_SETTINGS_H

#include "baseline/analysis/train_sample.h"
#include "baseline/config/option.h"
#include "holdout/templates/template_builder.h"

/** What fits into half a GB: 30 floats and 28 bytes of bins each, and a third as many rows to validate. */
#define FB_TRAIN_ROWS UINT64_C(2000000)

/** The kind of classifier that score_command makes; the program registers it (external/score_command.h). */
#define FB_TRAIN_SETTINGS_COMMAND "command"

typedef enum fb_calibration_kind {
    FB_CALIBRATION_NONE,
    FB_CALIBRATION_ISOTONIC ///< the score is made the fraction of the signal, by the validation sample
} fb_calibration_kind;

/** "none", "isotonic"; NULL behind the last. */
extern const char *const fb_train_settings_calibrations[];

typedef struct fb_train_settings {
    const char *model;         ///< kind of classifier (models/classifier_kinds.h), borrowed
    fb_text_list set;          ///< KEY=VALUE, settings of the model, borrowed
    const char *score_command; ///< a program that answers scores, in the place of the model; borrowed, NULL: none
    uint64_t train_rows; ///< that may be used to train, about, and a third of that to validate; more are thinned out
                         ///< (train_sample.h)
    fb_augmentation augmentation;
    fb_calibration_kind calibrate;
    fb_template_settings templates; ///< with the seed of the training
    fb_split_settings split;
} fb_train_settings;

/** bdt with its own defaults, FB_TRAIN_ROWS rows, no copies, no calibration, templates and split as by default. */
fb_train_settings fb_train_settings_default(void);

/** FB_ERROR_USAGE when what is chosen does not go together. */
fb_status fb_train_settings_check(const fb_train_settings *settings, fb_error *error) FB_MUST_USE;

/** A new classifier of the model with its settings. FB_ERROR_USAGE names the wrong one and what is allowed. */
fb_status fb_train_settings_classifier(const fb_train_settings *settings, fb_classifier **out,
                                       fb_error *error) FB_MUST_USE;

#endif

/** \file train_options.h
 * The options of a training as text, the same for every command that trains.
 */
#ifndef FB_BASELINE_ANALYSIS_TRAIN_OPTIONS_H
#define FB_BASELINE_ANALYSIS_TRAIN_OPTIONS_H

#include "baseline/analysis/analysis.h"
#include "baseline/analysis/split_options.h"
#include "baseline/analysis/template_options.h"

typedef struct fb_train_options {
    const char *model;
    fb_text_list set; ///< KEY=VALUE
    uint64_t train_rows;
    fb_augmentation augmentation; ///< but for what is told, which the measure options say
    const char *calibrate;        ///< "none" or "isotonic"
    fb_template_options measure;
    fb_split_options split;
} fb_train_options;

/** bdt with its own defaults, FB_TRAIN_ROWS rows, no copies, no calibration. */
FB_API fb_train_options fb_train_options_default(void);

/** A new classifier with the settings of `set`. FB_ERROR_USAGE names the wrong one and what is allowed. */
FB_API fb_status fb_train_options_classifier(const fb_train_options *options, fb_classifier **out,
                                             fb_error *error) FB_MUST_USE;

/** Puts all but the classifier into `analysis`, and records the options there. FB_ERROR_USAGE names the option and what
 * is allowed. */
FB_API fb_status fb_train_options_parse(const fb_train_options *options, uint64_t seed, fb_analysis *analysis,
                                        fb_error *error) FB_MUST_USE;

/** Makes `options` and `seed` the configuration that the analysis was made with. FB_ERROR_USAGE when there is no room
 * for it. */
FB_API fb_status fb_train_options_record(const fb_train_options *options, uint64_t seed, fb_analysis *analysis,
                                         fb_error *error) FB_MUST_USE;

/** Measuring anew: as fb_template_options_parse, and in the configuration that the analysis was made with, if it has
 * one, these options and the seed take the place of those it had. */
FB_API fb_status fb_train_options_measure_anew(const fb_template_options *options, uint64_t seed, fb_analysis *analysis,
                                               fb_error *error) FB_MUST_USE;

/** The settings of each model with their defaults, as the models themselves tell them, for --help. */
FB_API void fb_train_options_describe_models(char *text, size_t size);

/** The rows of an option table. */
#define FB_TRAIN_OPTIONS(o)                                                                                            \
    {"model", 0, "NAME", FB_OPTION_TEXT, &(o).model, 0, 0, "kind of classifier: bdt or dense"},                        \
        {"set", 0, "KEY=VALUE", FB_OPTION_LIST, &(o).set, 0, 0, "setting of the model; may be repeated"},              \
        {"train-rows",    0,   "N", FB_OPTION_COUNT,                                                                   \
         &(o).train_rows, 100, 1e9, "train on at most about N rows, which bounds the memory; validate on a third"},    \
        {"augment",                                                                                                    \
         0,                                                                                                            \
         "N",                                                                                                          \
         FB_OPTION_COUNT,                                                                                              \
         &(o).augmentation.n_copies,                                                                                   \
         0,                                                                                                            \
         100,                                                                                                          \
         "train also on N copies of the events, with tes, jes and soft_met drawn for every few thousand"},             \
        {"augment-widening",         0, "X", FB_OPTION_NUMBER,                                                         \
         &(o).augmentation.widening, 0, 10,  "of the distributions that these are drawn from"},                        \
        {"calibrate",                                                                                                  \
         0,                                                                                                            \
         "KIND",                                                                                                       \
         FB_OPTION_TEXT,                                                                                               \
         &(o).calibrate,                                                                                               \
         0,                                                                                                            \
         0,                                                                                                            \
         "none, or isotonic: make the score the fraction of the signal, by the validation sample"},                    \
        FB_TEMPLATE_OPTIONS((o).measure), FB_SPLIT_OPTIONS((o).split)

#endif

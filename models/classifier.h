/** \file classifier.h
 * What a classifier is to everything above: fit on rows of floats, score rows, become bytes and come back.
 *
 * A new kind of classifier is a table of functions, fb_classifier_methods, that is registered under a name; README.md
 * has one in full.
 */
#ifndef FB_MODELS_CLASSIFIER_H
#define FB_MODELS_CLASSIFIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/calibration.h"
#include "models/ground/status.h"

/** Labelled rows. All arrays are borrowed. */
typedef struct fb_sample {
    size_t n;            ///< rows
    int n_features;      ///< columns
    const float *matrix; ///< [n][n_features], feature fastest
    const float *label;  ///< [n] 0 (background) or 1 (signal)
    const float *weight; ///< [n] >= 0
} fb_sample;

/** A smaller sample of `n` of its rows (at most all), evenly spread, so that no process of a file in blocks and no
 * distorted copy of the events is left out.
 *  \param memory  what `out` points to, matrix first; release with free() */
FB_API fb_status fb_sample_thin_out(const fb_sample *from, size_t n, float **memory, fb_sample *out,
                                    fb_error *error) FB_MUST_USE;

/** How the training went. */
typedef struct fb_training_report {
    int n_rounds;         ///< rounds (trees, epochs) that were run
    int best_round;       ///< the one that is kept, from 1
    double best_log_loss; ///< on the validation sample
} fb_training_report;

/** A round that is over. Both log-losses are of the classifier as the round left it, with balanced weights, before any
 * calibration: while they fall together it learns, where they part it learns by heart. */
typedef struct fb_training_round {
    int round;    ///< from 1
    int n_rounds; ///< that there may be
    /** Of the rows trained on: of all of them (bdt), or of a fixed selection spread evenly over them (dense, see
     * dense.h). NaN where a kind does not tell. */
    double train_log_loss;
    double validation_log_loss; ///< of all rows of the validation sample
} fb_training_round;

/** Told after every round. */
typedef void fb_training_progress(void *context, const fb_training_round *round);

typedef struct fb_classifier fb_classifier;

enum {
    FB_MAX_CLASSIFIER_KINDS = 32, ///< kinds that can be known at a time
    FB_CLASSIFIER_NAME_SIZE = 64  ///< of the name of a kind, with its end
};

/** The functions of one kind of classifier; `state` is its own. All are needed but `gain`. */
typedef struct fb_classifier_methods {
    const char *name;    ///< as in `train --model NAME`, and in analysis files
    const char *summary; ///< in a few words
    /** An untrained state with default settings. */
    fb_status (*create)(void **state, fb_error *error);
    /** Also takes NULL. */
    void (*free)(void *state);
    /** Sets one setting; FB_ERROR_USAGE names unknown keys and wrong values with what is allowed. */
    fb_status (*set)(void *state, const char *key, const char *value, fb_error *error);
    /** Writes "key=value key=value ..." of all settings, as they are recorded. */
    void (*describe)(const void *state, char *text, size_t size);
    /** Trains from the start; weights are balanced already. Fills n_rounds, best_round and best_log_loss of `report`;
     * calls `progress`, if it is not NULL, after every round. On failure the state stays what it was. */
    fb_status (*fit)(void *state, const fb_sample *train, const fb_sample *validation, fb_training_progress *progress,
                     void *context, fb_training_report *report, fb_error *error);
    /** Writes `score` [n] in [0, 1] of the rows of `matrix` [n][n_features]. FB_ERROR_DATA when it is not trained, or
     * on another number of features. Re-entrant: several threads may score with one classifier. */
    fb_status (*score)(const void *state, size_t n, int n_features, const float *matrix, float *score, fb_error *error);
    /** As bytes in `*bytes`, released with free(), which `load` takes back: with a hash around them, so they are whole,
     * but a length of an older version is for `load` to notice (FB_ERROR_DATA). Settings need not come back. */
    fb_status (*save)(const void *state, uint8_t **bytes, size_t *n_bytes, fb_error *error);
    fb_status (*load)(void *state, const uint8_t *bytes, size_t n_bytes, fb_error *error);
    /** Writes what each feature gained in the training [n_features], any unit; false if that is not known (any more).
     * NULL: it never is. */
    bool (*gain)(const void *state, int n_features, double *gain);
} fb_classifier_methods;

/** Kind number k = 0, 1, ... of the known ones; NULL behind the last. */
FB_API const fb_classifier_methods *fb_classifier_kind_at(int k);

/** Makes another kind known, by its name, to everything that asks for one: fb_classifier_create and with it training
 * and analysis files. `methods` is borrowed until the program ends. Register before there are threads. FB_ERROR_USAGE
 * when a function is missing (it is named), the name is taken or too long, or there are FB_MAX_CLASSIFIER_KINDS. */
FB_API fb_status fb_classifier_register(const fb_classifier_methods *methods, fb_error *error) FB_MUST_USE;

/** An untrained classifier of a kind ("bdt", "dense", or a registered one), with its default settings. FB_ERROR_USAGE
 * lists the known kinds.
 */
FB_API fb_status fb_classifier_create(const char *kind, fb_classifier **out, fb_error *error) FB_MUST_USE;
FB_API void fb_classifier_free(fb_classifier *classifier);
FB_API const char *fb_classifier_kind(const fb_classifier *classifier);
/** Sets "key=value". */
FB_API fb_status fb_classifier_set(fb_classifier *classifier, const char *assignment, fb_error *error) FB_MUST_USE;
FB_API void fb_classifier_describe(const fb_classifier *classifier, char *text, size_t size);

/** Trains. The weights of each class are scaled so that both classes have the same sum and the mean weight is 1; the
 *  validation sample likewise. FB_ERROR_DATA when a class has no weight. `progress` may be NULL. */
FB_API fb_status fb_classifier_fit(fb_classifier *classifier, const fb_sample *train, const fb_sample *validation,
                                   fb_training_progress *progress, void *context, fb_training_report *report,
                                   fb_error *error) FB_MUST_USE;

/** Calibrates (calibration.h) with a sample that was not trained on, its classes balanced: from then on all scores are
 * calibrated ones. Replaces an earlier calibration; a new fit removes it. */
FB_API fb_status fb_classifier_calibrate(fb_classifier *classifier, const fb_sample *sample,
                                         fb_error *error) FB_MUST_USE;
/** Owned by the classifier; NULL: scores are not calibrated. */
FB_API const fb_calibration *fb_classifier_calibration(const fb_classifier *classifier);

/** Scores `n` rows of `matrix` [n][n_features]: `score` [n] in [0, 1], 1 is signal-like. FB_ERROR_DATA when the kind
 * writes anything else, as for rows with NaN it may. */
FB_API fb_status fb_classifier_score(const fb_classifier *classifier, size_t n, int n_features, const float *matrix,
                                     float *score, fb_error *error) FB_MUST_USE;

/** The same, on all OpenMP threads. */
FB_API fb_status fb_classifier_score_all(const fb_classifier *classifier, size_t n, int n_features, const float *matrix,
                                         float *score, fb_error *error) FB_MUST_USE;

/** Shares of the features [n_features] in what the training gained, sum 1; NaN where that is not known: for
 * classifiers that do not count it, and after loading. */
FB_API void fb_classifier_gain(const fb_classifier *classifier, int n_features, double *gain);

/** The trained classifier as bytes, released with free(), and back. 24 bytes of ours (magic, length, hash), and the
 * calibration if there is one, precede those of its kind; FB_ERROR_DATA when they do not fit, and the classifier stays
 * what it was. */
FB_API fb_status fb_classifier_save(const fb_classifier *classifier, uint8_t **bytes, size_t *n_bytes,
                                    fb_error *error) FB_MUST_USE;
FB_API fb_status fb_classifier_load(fb_classifier *classifier, const uint8_t *bytes, size_t n_bytes,
                                    fb_error *error) FB_MUST_USE;

#endif

/** \file classifier_methods.h
 * The interface of a kind of classifier: the table of functions that it consists of. The kinds of the project are in
 * bdt/ and dense/; models/README.md has one of a user in full.
 */
#ifndef FB_MODELS_COMMON_CLASSIFIER_METHODS_H
#define FB_MODELS_COMMON_CLASSIFIER_METHODS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/common/sample.h"
#include "models/common/status.h"

FB_BEGIN_DECLARATIONS

/** How the training went. */
typedef struct fb_training_report {
    int n_rounds;         ///< rounds (trees, epochs) that were run
    int best_round;       ///< the one that is kept, from 1
    double best_log_loss; ///< on the validation sample
} fb_training_report;

/** A finished round. Both log-losses are of the classifier as the round left it, with balanced weights, before any
 * calibration: while both fall the classifier learns; where they part it overtrains. */
typedef struct fb_training_round {
    int round;    ///< from 1
    int n_rounds; ///< that there may be
    /** Of the rows trained on: of all of them (bdt), or of a fixed selection spread evenly over them (dense, see
     * dense.h). NaN where a kind does not compute it. */
    double train_log_loss;
    double validation_log_loss; ///< of all rows of the validation sample
} fb_training_round;

/** Called after every round. */
typedef void fb_training_progress(void *context, const fb_training_round *round);

/** The functions of one kind of classifier; `state` is its own. All are needed but the last two. */
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
    /** Trains from the start; weights are balanced already (sample.h). A kind without `outputs` gets samples of one head
     * with two classes only. Fills n_rounds, best_round and best_log_loss of `report`;
     * calls `progress`, if it is not NULL, after every round. On failure the state is unchanged. */
    fb_status (*fit)(void *state, const fb_sample *train, const fb_sample *validation, fb_training_progress *progress,
                     void *context, fb_training_report *report, fb_error *error);
    /** Writes `score` [n] in [0, 1] of the rows of `matrix` [n][n_features]. FB_ERROR_DATA when it is not trained, or
     * on another number of features. Re-entrant: several threads may score with one classifier. */
    fb_status (*score)(const void *state, size_t n, int n_features, const float *matrix, float *score, fb_error *error);
    /** As bytes in `*bytes`, released with free(), which `load` takes back: with a hash around them, so they are whole,
     * but `load` has to detect the length of an older version (FB_ERROR_DATA). Settings need not be restored. */
    fb_status (*save)(const void *state, uint8_t **bytes, size_t *n_bytes, fb_error *error);
    fb_status (*load)(void *state, const uint8_t *bytes, size_t n_bytes, fb_error *error);
    /** Writes what each feature gained in the training [n_features], any unit; false if that is not known, as
     * after loading. NULL: it never is. */
    bool (*gain)(const void *state, int n_features, double *gain);
    /** For a kind that can have several heads: the outputs of all of them (sample.h), `out` [n][n_outputs], output
     * fastest. Such a classifier has no score of its own, unless its only head has two classes. NULL: it cannot. */
    fb_status (*outputs)(const void *state, size_t n, int n_features, const float *matrix, float *out, fb_error *error);
} fb_classifier_methods;

FB_END_DECLARATIONS

#endif

/** \file classifier.h
 * A classifier as the rest of the program uses it: fit on rows of floats, score rows, save as bytes and load.
 *
 * Its kinds are in classifier_kinds.h.
 */
#ifndef FB_MODELS_CLASSIFIER_H
#define FB_MODELS_CLASSIFIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/common/classifier_methods.h"
#include "models/common/sample.h"
#include "models/common/status.h"

FB_BEGIN_DECLARATIONS

typedef struct fb_classifier fb_classifier;
typedef struct fb_calibration fb_calibration; ///< models/calibration.h

/** An untrained classifier of a kind ("bdt", "dense", or a registered one), with its default settings. FB_ERROR_USAGE
 * lists the known kinds.
 */
FB_API fb_status fb_classifier_create(const char *kind, fb_classifier **out, fb_error *error) FB_MUST_USE;
FB_API void fb_classifier_free(fb_classifier *classifier);
FB_API const char *fb_classifier_kind(const fb_classifier *classifier);
/** Sets "key=value". */
FB_API fb_status fb_classifier_set(fb_classifier *classifier, const char *assignment, fb_error *error) FB_MUST_USE;
FB_API void fb_classifier_describe(const fb_classifier *classifier, char *text, size_t size);

/** Trains. The weights of each class are scaled so that both classes have the same sum and the mean weight is 1, or those
 *  of several heads as sample.h says; the validation sample likewise. FB_ERROR_DATA when a class has no weight,
 *  FB_ERROR_USAGE for several heads where a kind has one. `progress` may be NULL. */
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

/** The trained classifier as bytes, released with free(), and back. 24 bytes (magic, length, hash), and the
 * calibration if there is one, precede those of its kind; FB_ERROR_DATA when they do not fit, and the classifier is
 * unchanged. */
FB_API fb_status fb_classifier_save(const fb_classifier *classifier, uint8_t **bytes, size_t *n_bytes,
                                    fb_error *error) FB_MUST_USE;
FB_API fb_status fb_classifier_load(fb_classifier *classifier, const uint8_t *bytes, size_t n_bytes,
                                    fb_error *error) FB_MUST_USE;

FB_END_DECLARATIONS

#endif

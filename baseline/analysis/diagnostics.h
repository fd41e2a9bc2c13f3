/** \file diagnostics.h
 * How a trained classifier does: what plots of it are made from.
 */
#ifndef FB_BASELINE_ANALYSIS_DIAGNOSTICS_H
#define FB_BASELINE_ANALYSIS_DIAGNOSTICS_H

#include "holdout/pipeline/conditioning.h"
#include "holdout/templates/binning.h"
#include "models/classifier.h"
#include "models/common/h5.h"

enum {
    FB_ROC_POINTS = 201,
    FB_CALIBRATION_BINS = 20,
    FB_IMPORTANCE_ROWS = 50000 ///< of the validation sample: 28 scorings of it take a second or two
};

/** The log-losses of a training, round by round (fb_training_round). Zeroed is empty. */
typedef struct fb_learning_curve {
    int n_rounds, capacity;     ///< n_rounds 0: the kind of classifier reports no rounds
    double *train, *validation; ///< [n_rounds], owned
} fb_learning_curve;

/** Adds a round. */
fb_status fb_diagnostics_add_round(fb_learning_curve *curve, const fb_training_round *round,
                                   fb_error *error) FB_MUST_USE;

/** All with balanced classes, after the nominal final selection. What is not known is NaN. */
typedef struct fb_diagnostics {
    /** Of the holdout: the efficiency of the background, 0 .. 1, where the cut on the score leaves the fraction
     * k / (FB_ROC_POINTS - 1) of the signal. */
    double roc[FB_ROC_POINTS];
    /** Of the holdout, in bins of the score, 1 / FB_CALIBRATION_BINS wide: mean score, fraction of the signal, share of
     * all weight. A calibrated score equals the fraction. */
    double calibration[FB_CALIBRATION_BINS][3];
    int n_inputs;                      ///< columns that the classifier sees (holdout/pipeline/conditioning.h)
    double gain[FB_MAX_INPUTS];        ///< [n_inputs] share of the training's gain, sum 1 (trees)
    double permutation[FB_MAX_INPUTS]; ///< [n_inputs] fall of the validation AUC (models/importance.h)
    fb_learning_curve learning;
} fb_diagnostics;

/** Releases what the diagnostics own; they are zeroed. */
void fb_diagnostics_clear(fb_diagnostics *diagnostics);

/** ROC curve and calibration from the scores of the holdout. */
void fb_diagnostics_judge(fb_diagnostics *diagnostics, const fb_score_histogram *histogram);
/** Both importances, from the validation sample, of at most FB_MAX_INPUTS columns. */
fb_status fb_diagnostics_weigh_features(fb_diagnostics *diagnostics, const fb_classifier *classifier,
                                        const fb_sample *validation, uint64_t seed, fb_error *error) FB_MUST_USE;

/** Group /diagnostics of an analysis file. What is loaded is cleared first; FB_ERROR_DATA when the two learning curves
 * do not have the same length. */
fb_status fb_diagnostics_save(const fb_diagnostics *diagnostics, fb_h5 *file, fb_error *error) FB_MUST_USE;
fb_status fb_diagnostics_load(fb_diagnostics *diagnostics, fb_h5 *file, fb_error *error) FB_MUST_USE;

#endif

/** \file importance.h
 * Which features a classifier uses, asked from outside: how much worse it gets when a feature tells nothing.
 */
#ifndef FB_MODELS_IMPORTANCE_H
#define FB_MODELS_IMPORTANCE_H

#include "models/classifier.h"

/** By how much the AUC falls when the values of one feature are dealt out anew among the rows, feature after feature
 * (L. Breiman, Machine Learning 45 (2001) 5). Features that say the same share their importance: each may look idle.
 *  \param sample     labelled rows that were not trained on
 *  \param most_rows  so many of them are used at most, evenly spread
 *  \param seed       of the dealing
 *  \param drop       [n_features] AUC - AUC without the feature; NaN when a class is empty */
FB_API fb_status fb_importance_permutation(const fb_classifier *classifier, const fb_sample *sample, size_t most_rows,
                                           uint64_t seed, double *drop, fb_error *error) FB_MUST_USE;

#endif

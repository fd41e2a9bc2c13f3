/** \file importance.h
 * Which features a classifier uses, from its scores alone: how much worse they get without the information of a
 * feature.
 */
#ifndef FB_MODELS_IMPORTANCE_H
#define FB_MODELS_IMPORTANCE_H

#include "models/classifier.h"

/** By how much the AUC falls when the values of one feature are permuted among the rows, for each feature in turn
 * (L. Breiman, Machine Learning 45 (2001) 5). Features with the same information share their importance: each may seem
 * unused.
 *  \param sample     labelled rows that were not trained on
 *  \param most_rows  most rows that are used, evenly spread
 *  \param seed       of the permutations
 *  \param drop       [n_features] AUC - AUC without the feature; NaN when a class is empty */
fb_status fb_importance_permutation(const fb_classifier *classifier, const fb_sample *sample, size_t most_rows,
                                    uint64_t seed, double *drop, fb_error *error) FB_MUST_USE;

#endif

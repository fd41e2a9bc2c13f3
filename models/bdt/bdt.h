/** \file bdt.h
 * Boosted decision trees: XGBoost (Chen and Guestrin, arXiv:1603.02754) through its C interface, histogram method.
 *
 * Settings and defaults (the official kit's): trees=300, depth=8, eta=0.15, patience=10 (rounds without a better
 * validation log-loss before the training stops; the best round is kept), bins=256, lambda=1, min_child_weight=1,
 * subsample=1, seed=0, threads=2. With weights, XGBoost's result depends on its number of threads, so that number is a
 * setting of the training and not the program's --threads.
 */
#ifndef FB_MODELS_BDT_BDT_H
#define FB_MODELS_BDT_BDT_H

#include "models/common/classifier_methods.h"

extern const fb_classifier_methods fb_bdt_methods;

#endif

/** \file train.h
 * From events to an analysis: split, train, score, measure the templates, and the expected error of mu.
 */
#ifndef FB_BASELINE_TRAIN_H
#define FB_BASELINE_TRAIN_H

#include "baseline/analysis.h"

/** Told of the steps; any member may be NULL. */
typedef struct fb_train_observer {
    void (*step)(void *context, const char *what);
    void (*split)(void *context, const fb_split *split); ///< once it is measured, before the training
    fb_training_progress *round;
    void (*pass)(void *context, int done, int total);
    void *context;
} fb_train_observer;

/** Fills `analysis`, whose split (rule, seed, fractions), classifier and measure settings are chosen. The source must
 * have raw events with weights and processes. */
FB_API fb_status fb_train(fb_analysis *analysis, fb_source *source, const fb_train_observer *observer,
                          fb_error *error) FB_MUST_USE;

#endif

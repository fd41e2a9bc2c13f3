/** \file train.h
 * From events to an analysis: split, train, score, measure the templates, and the expected error of mu.
 */
#ifndef FB_BASELINE_ANALYSIS_TRAIN_H
#define FB_BASELINE_ANALYSIS_TRAIN_H

#include "baseline/analysis/analysis.h"

/** Called at the steps of a training; any member may be NULL. Zeroed is silent. */
typedef struct fb_train_observer {
    void (*step)(void *context, const char *what);
    fb_training_progress *round;
    void (*pass)(void *context, int done, int total);
    /** All events were read, analysis->split is measured; anything but FB_OK ends the training. */
    fb_status (*measured)(void *context, const fb_analysis *analysis, fb_error *error);
    void *context;
} fb_train_observer;

/** What the classifier is trained and stopped on. */
typedef struct fb_train_data {
    const char *name;        ///< of the source, borrowed
    fb_train_sample part[2]; ///< FB_TRAIN, FB_VALIDATION
} fb_train_data;

/** Fills `analysis` as its settings say: fb_train_read, fb_train_classifier and fb_train_templates. The source must
 * have raw events with weights and processes. */
fb_status fb_train(fb_analysis *analysis, fb_source *source, const fb_train_observer *observer,
                   fb_error *error) FB_MUST_USE;

/** Measures the split and collects the samples. `data` is to be cleared, whatever is returned. */
fb_status fb_train_read(fb_analysis *analysis, fb_source *source, const fb_train_observer *observer,
                        fb_train_data *data, fb_error *error) FB_MUST_USE;
void fb_train_data_clear(fb_train_data *data);

/** Trains and judges the classifier of the analysis. A hardened score is folded with the holdout of `source`, the events
 * that the split was measured on. */
fb_status fb_train_classifier(fb_analysis *analysis, fb_source *source, const fb_train_data *data,
                              const fb_train_observer *observer, fb_error *error) FB_MUST_USE;

/** Measures the templates as analysis->settings.templates says, in place of those it has, and what follows from them.
 * `source`: the events that the split was measured on. */
fb_status fb_train_templates(fb_analysis *analysis, fb_source *source, const fb_train_observer *observer,
                             fb_error *error) FB_MUST_USE;

#endif

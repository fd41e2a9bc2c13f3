/** \file train_progress.h
 * Shows the steps of a training: reading, rounds of the classifier, passes for the templates.
 */
#ifndef FB_BASELINE_ANALYSIS_TRAIN_PROGRESS_H
#define FB_BASELINE_ANALYSIS_TRAIN_PROGRESS_H

#include "baseline/analysis/train.h"
#include "baseline/support/progress.h"

/** Zeroed but for what is said of a member. It must stay where it is while something is trained. */
typedef struct fb_train_progress {
    bool quiet; ///< in: nothing is shown
    fb_progress progress;
    /** in: what the observer does when all events were read; may be NULL */
    fb_status (*measured)(void *context, const fb_analysis *analysis, fb_error *error);
    void *context; ///< in: of `measured`
} fb_train_progress;

/** For fb_train and its parts; borrows `progress`. */
fb_train_observer fb_train_progress_observer(fb_train_progress *progress);

/** After the training, however it ended. */
void fb_train_progress_end(fb_train_progress *progress);

#endif

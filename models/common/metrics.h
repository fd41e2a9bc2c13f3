/** \file metrics.h
 * The quality of a score. Sums run in a fixed order, so results do not depend on threads.
 */
#ifndef FB_MODELS_COMMON_METRICS_H
#define FB_MODELS_COMMON_METRICS_H

#include <stddef.h>

#include "models/common/status.h"

FB_BEGIN_DECLARATIONS

/** Weighted mean of -ln p(label), p = score for label 1 and 1 - score for label 0, cut at 1e-16.
 *  \param score   [n] in [0, 1]
 *  \param label   [n] 0 or 1; NULL: score is p(label) for all
 *  \param weight  [n] >= 0, with a positive sum (else NaN) */
FB_API double fb_metrics_log_loss(size_t n, const float *score, const float *label, const float *weight);

/** Area under the ROC curve: the probability that a signal scores above a background, ties counted half (Mann and
 * Whitney, Ann. Math. Stat. 18 (1947) 50), with weights. NaN in `*auc` when a class is empty. Same arguments. */
FB_API fb_status fb_metrics_auc(size_t n, const float *score, const float *label, const float *weight, double *auc,
                                fb_error *error) FB_MUST_USE;

FB_END_DECLARATIONS

#endif

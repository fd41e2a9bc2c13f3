/** \file external_evaluation.h
 * The experiments of fb_evaluation_execute through a participant's method: the same events, as a table in random order.
 */
#ifndef FB_BASELINE_EXTERNAL_EXTERNAL_EVALUATION_H
#define FB_BASELINE_EXTERNAL_EXTERNAL_EVALUATION_H

#include "baseline/experiments/evaluation.h"
#include "baseline/external/external_method.h"

/** Experiments that are drawn in one pass if nobody says how many: each is a table of about 120 MB. */
enum { FB_EXTERNAL_METHOD_BATCH = 4 };

/** Runs what is not done yet. That the method fails at an experiment is recorded as such.
 *  \param run          `record` is told method 0; on a team every rank comes with its own `participant`
 *  \param participant  may have been started
 *  \param origin       of the events, for the files of a command: fb_analysis_pool_origin, or ""
 *  \param evaluation   prepared with a method without analysis */
FB_API fb_status fb_external_evaluation_run(const fb_evaluation_run *run, fb_external_method *participant,
                                            const char *origin, fb_evaluation *evaluation, fb_error *error) FB_MUST_USE;

#endif

/** \file evaluate_participant.h
 * The experiments of fb_evaluate through a participant's method: the same events, as a table in random order.
 */
#ifndef FB_BASELINE_EVALUATE_PARTICIPANT_H
#define FB_BASELINE_EVALUATE_PARTICIPANT_H

#include "baseline/evaluate.h"
#include "baseline/participant.h"

/** Experiments that are drawn in one pass if nobody says how many: each is a table of about 120 MB. */
enum { FB_PARTICIPANT_BATCH = 4 };

/** Runs what is not done yet. That the method fails at an experiment is recorded as such.
 *  \param run          `record` is told method 0; on a team every rank comes with its own `participant`
 *  \param participant  may have been started
 *  \param origin       of the events, for the files of a command: fb_pool_origin, or ""
 *  \param evaluation   prepared with a method without analysis */
FB_API fb_status fb_evaluate_participant(const fb_evaluation_run *run, fb_participant *participant, const char *origin,
                                         fb_evaluation *evaluation, fb_error *error) FB_MUST_USE;

#endif

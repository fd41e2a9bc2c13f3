/** \file work_schedule.h
 * The order of the work of an evaluation: which experiments come next, which rank runs them, and in which order they
 * are recorded.
 */
#ifndef FB_BASELINE_EXPERIMENTS_WORK_SCHEDULE_H
#define FB_BASELINE_EXPERIMENTS_WORK_SCHEDULE_H

#include "baseline/experiments/evaluation.h"

/** Experiments that one process runs together. */
typedef struct fb_batch {
    uint64_t n;
    const uint64_t *index; ///< [n] which ones, set after set, increasing
    const fb_truth *truth; ///< [n] theirs
    uint64_t before;       ///< how many were finished before, for the progress
} fb_batch;

/** Runs a batch: fills the experiments of all methods that are not done yet, in order, and calls run->record for each
 * when it is finished. After a failure those that are finished stay. */
typedef fb_status fb_batch_work(void *context, const fb_batch *batch, fb_error *error);

/** Runs what is not done yet of run->shard, at most run->batch experiments at a time on each rank of run->communicator.
 * Each time the ranks have finished, rank 0 is given the experiments of the others, keeps them and calls run->record,
 * in the same order as one process alone would. What is done on rank 0 when this is called counts for all.
 *  \return on all ranks the failure of the first experiment that failed; those before it were recorded */
fb_status fb_work_schedule_run(const fb_evaluation_run *run, int n_methods, fb_evaluation *const *evaluations,
                               fb_batch_work *work, void *context, fb_error *error) FB_MUST_USE;

#endif

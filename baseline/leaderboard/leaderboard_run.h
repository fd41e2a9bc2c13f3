/** \file leaderboard_run.h
 * The methods of a leaderboard on the same pseudo-experiments: ours together, each participant's alone. The ranks of a
 * team (communicator.h) share the experiments; rank 0 writes.
 */
#ifndef FB_BASELINE_LEADERBOARD_LEADERBOARD_RUN_H
#define FB_BASELINE_LEADERBOARD_LEADERBOARD_RUN_H

#include "baseline/leaderboard/leaderboard_entries.h"

/** What is to be run, and how. */
typedef struct fb_leaderboard_order {
    fb_evaluation_settings settings;
    uint64_t batch; ///< experiments drawn in one pass over the pool, >= 1; changes no result
    fb_folder_use use;
    bool quiet;
    const fb_communicator *team; ///< NULL: this process alone
} fb_leaderboard_order;

typedef struct fb_leaderboard_run fb_leaderboard_run;

/** Measures the split on the events and makes every method ready; starts the participants', and opens the journals in
 * the folders of all.
 *  \param contest  with analyses; borrowed
 *  \param events   whose pool is drawn from, borrowed
 *  \return FB_ERROR_USAGE for an analysis with another split than the contest's; FB_ERROR_DATA for one that was trained
 *          on events of the pool, and for events that are distorted already. On all ranks what went wrong on one of
 * them; FB_ERROR_USAGE when they are not about to do the same */
FB_API fb_status fb_leaderboard_run_create(const fb_leaderboard_entries *contest, const fb_leaderboard_order *order,
                                           fb_source *events, fb_leaderboard_run **out, fb_error *error) FB_MUST_USE;
FB_API void fb_leaderboard_run_free(fb_leaderboard_run *run);

/** Runs the experiments that are not done yet and writes the files of every method, on rank 0. */
FB_API fb_status fb_leaderboard_run_experiments(fb_leaderboard_run *run, fb_error *error) FB_MUST_USE;

/** Where the events come from, as fb_analysis_pool_origin says it. */
FB_API const char *fb_leaderboard_run_origin(const fb_leaderboard_run *run);
/** The experiments of method k of the contest; all of them are known to rank 0 only. */
FB_API const fb_evaluation *fb_leaderboard_run_evaluation(const fb_leaderboard_run *run, int k);

#endif

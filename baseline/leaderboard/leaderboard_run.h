/** \file leaderboard_run.h
 * The methods of a leaderboard through the runner of experiments (experiments/runner.h).
 */
#ifndef FB_BASELINE_LEADERBOARD_LEADERBOARD_RUN_H
#define FB_BASELINE_LEADERBOARD_LEADERBOARD_RUN_H

#include "baseline/experiments/runner.h"
#include "baseline/leaderboard/leaderboard_entries.h"

typedef struct fb_leaderboard_run fb_leaderboard_run;

/** Measures the split on the events, starts the methods that are not ours, and makes all of them ready to be run.
 *  \param entries   with analyses; borrowed
 *  \param settings  of the runner
 *  \param events    whose pool is drawn from, borrowed
 *  \return FB_ERROR_USAGE for an analysis with another split than the leaderboard's; FB_ERROR_DATA for one that was
 *          trained on events of the pool, and for events that are distorted already; as fb_runner_create */
fb_status fb_leaderboard_run_create(const fb_leaderboard_entries *entries, const fb_runner_settings *settings,
                                    fb_source *events, fb_leaderboard_run **out, fb_error *error) FB_MUST_USE;
/** Releases; `status` as for fb_runner_free. */
void fb_leaderboard_run_free(fb_leaderboard_run *run, fb_status status);

/** Runs the experiments that are not done yet and writes the files of every method, on rank 0. */
fb_status fb_leaderboard_run_experiments(fb_leaderboard_run *run, fb_error *error) FB_MUST_USE;

/** Where the events come from, as fb_analysis_pool_origin says it. */
const char *fb_leaderboard_run_origin(const fb_leaderboard_run *run);
/** The experiments of entry `k`; all of them are known to rank 0 only. */
const fb_evaluation *fb_leaderboard_run_evaluation(const fb_leaderboard_run *run, int k);

#endif

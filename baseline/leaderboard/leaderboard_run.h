/** \file leaderboard_run.h
 * The methods of a leaderboard through the runner of experiments (experiments/runner.h).
 */
#ifndef FB_BASELINE_LEADERBOARD_LEADERBOARD_RUN_H
#define FB_BASELINE_LEADERBOARD_LEADERBOARD_RUN_H

#include "baseline/experiments/runner.h"
#include "baseline/leaderboard/leaderboard_entries.h"

/** Measures the split on the events, starts the methods that are not ours, and makes all of them ready to be run.
 *  \param entries   with analyses; borrowed
 *  \param events    whose pool is drawn from, borrowed
 *  \param pool      gets it, and must live as long as the runner
 *  \param runner    release with fb_runner_free
 *  \return FB_ERROR_USAGE for an analysis with another split than the leaderboard's; FB_ERROR_DATA for one that was
 *          trained on events of the pool, and for events that are distorted already; as fb_runner_create */
fb_status fb_leaderboard_run_prepare(const fb_leaderboard_entries *entries, const fb_runner_settings *settings,
                                     fb_source *events, fb_event_pool *pool, fb_runner **runner,
                                     fb_error *error) FB_MUST_USE;

/** Runs the experiments that are not done yet and writes the files of every method, on rank 0; in config.yaml of each
 * what that method alone was run with. */
fb_status fb_leaderboard_run(const fb_leaderboard_entries *entries, const fb_runner_settings *settings,
                             fb_runner *runner, fb_error *error) FB_MUST_USE;

#endif

/** \file runner.h
 * THE runner of pseudo-experiments: methods side by side on the same experiments, from the draw to the files in the
 * folder of each. `evaluate` runs one method, `leaderboard` several. The ranks of a communicator share the experiments;
 * rank 0 alone touches the folders.
 */
#ifndef FB_BASELINE_EXPERIMENTS_RUNNER_H
#define FB_BASELINE_EXPERIMENTS_RUNNER_H

#include <jansson.h>

#include "baseline/experiments/evaluation_folder.h"
#include "baseline/experiments/evaluation_summary.h"
#include "baseline/experiments/event_pool.h"

enum { FB_RUNNER_MOST_ENTRIES = 64 };

/** Another's method: how the runner runs experiments with it. */
typedef struct fb_runner_external {
    void *method; ///< started; of this rank alone
    /** Runs all experiments that are not done, as fb_analysis_methods_run does for one method.
     *  \param origin  of the events, for files that the method is given */
    fb_status (*run)(void *method, const fb_evaluation_run *run, const char *origin, fb_evaluation *evaluation,
                     fb_error *error);
    uint64_t batch; ///< experiments drawn together where nothing else is asked for
} fb_runner_external;

/** A method to be run. Everything is borrowed. */
typedef struct fb_runner_entry {
    fb_method method;            ///< its analysis, with the settings of its fit; or else ...
    fb_runner_external external; ///< ... zeros for an analysis
    json_t *fit; ///< what a result depends on besides the analysis, for the fingerprint; not read after the start
    const char *folder; ///< of its results; rank 0 has prepared it (evaluation_folder.h)
    bool folder_is_new; ///< it has nothing else in it
} fb_runner_entry;

/** What is to be run, and how. */
typedef struct fb_runner_settings {
    fb_evaluation_settings experiments;
    uint64_t shard, n_shards; ///< as in fb_evaluation_run
    uint64_t batch;           ///< as in fb_evaluation_run; 0: FB_BATCH, or that of another's method
    fb_folder_use use;
    const char *lets_fail; ///< the option to name when the first five experiments of a method all failed and the run
                           ///< ends with FB_ERROR_NOT_CONVERGED; NULL: it goes on
    bool quiet;
    const fb_communicator *communicator; ///< NULL: this process alone
} fb_runner_settings;

typedef struct fb_runner fb_runner;

/** Makes every entry ready: its truths, the simulation behind it and its journal.
 *  \param entries  [n] 1 to FB_RUNNER_MOST_ENTRIES; their names differ
 *  \param pool     to draw from, borrowed
 *  \return on all ranks what went wrong on one of them; FB_ERROR_USAGE when they are not about to do the same;
 *          FB_ERROR_FILE for a folder that cannot be used. Release with fb_runner_free */
fb_status fb_runner_create(const fb_runner_settings *settings, int n, const fb_runner_entry *entries,
                           const fb_event_pool *pool, fb_runner **out, fb_error *error) FB_MUST_USE;

/** Runs the experiments that are not done yet: all analyses together, then one external method after the other. */
fb_status fb_runner_run(fb_runner *runner, fb_error *error) FB_MUST_USE;

/** On rank 0, after the experiments: writes config.yaml and the files of entry `k` (result_writer.h); for a shard only
 * what `merge` needs.
 *  \param configuration  YAML
 *  \param summary        gets what the experiments say together; not filled for a shard
 *  \return FB_ERROR_NOT_CONVERGED when no experiment has a result */
fb_status fb_runner_write(fb_runner *runner, int k, const char *configuration, fb_evaluation_summary *summary,
                          fb_error *error) FB_MUST_USE;

/** The experiments of entry `k`; all of them are known to rank 0 only. */
const fb_evaluation *fb_runner_evaluation(const fb_runner *runner, int k);

/** Ends a run: after a failure (`status`) says what can be gone on with, and removes a journal that holds nothing from
 * a new folder. The runner may be NULL. */
void fb_runner_free(fb_runner *runner, fb_status status);

#endif

/** \file evaluation.h
 * Many pseudo-experiments through a method: their settings, their truths, and what was found.
 */
#ifndef FB_BASELINE_EXPERIMENTS_EVALUATION_H
#define FB_BASELINE_EXPERIMENTS_EVALUATION_H

#include "baseline/analysis/analysis.h"
#include "baseline/support/communicator.h"
#include "holdout/pseudo/pool.h"
#include "nll/fit.h"

/** Where the truths and the draws come from. */
typedef enum fb_generator {
    FB_GENERATOR_STREAMS, ///< counter-based, every experiment its own (holdout/pseudo/pool.h), or fresh simulated
                          ///< events
    FB_GENERATOR_OFFICIAL ///< the official program's, bit for bit (holdout/pseudo/README.md); needs a pool
} fb_generator;

/** "streams", "official"; NULL behind the last. */
extern const char *const fb_evaluation_generator_names[];

typedef struct fb_evaluation_settings {
    uint64_t n_sets;        ///< each with its own true mu, uniform in [0.1, 3]
    uint64_t n_experiments; ///< per set
    uint64_t seed;
    fb_nuisance_mask drawn; ///< nuisance parameters that the experiments draw from the official priors
    fb_generator generator;
} fb_evaluation_settings;

/** FB_ERROR_USAGE when the official generator cannot have such settings (its seeds have 32 bits). */
fb_status fb_evaluation_settings_check(const fb_evaluation_settings *settings, fb_error *error) FB_MUST_USE;

/** What is evaluated: an analysis, and how to fit with it. */
typedef struct fb_method {
    const char *name;
    const fb_analysis *analysis; ///< borrowed; NULL for another's method (baseline/external)
    fb_fit_settings fit;
} fb_method;

enum { FB_REASON_SIZE = 160 };

/** One experiment: the truth and what was found. */
typedef struct fb_experiment {
    fb_truth truth;
    bool is_done;
    uint64_t n_events;           ///< after the selection
    fb_status status;            ///< of the fit
    char reason[FB_REASON_SIZE]; ///< of a failure, else empty
    fb_fit_result result;        ///< also with what could be found when the fit failed
} fb_experiment;

/** After a method has measured: an experiment without events has failed, whatever the method says. `error` is its own. */
void fb_evaluation_need_events(fb_experiment *experiment, fb_error *error);

/** The simulation behind an evaluation, whose own statistics moves all of its experiments together. */
typedef struct fb_simulation_statistics {
    double *shared_error;   ///< [n_sets] the error of mu_hat at the set's mu that is the same for all experiments, from
                            ///< the statistics of templates and pool (nll/asimov.h); NaN where it is not known
    double template_events; ///< effective number of background events in the templates, (sum w)^2 / sum w^2
    double pool_events;     ///< the same of the pool; INFINITY for fresh events
} fb_simulation_statistics;

/** Seconds of all threads in this run, and the number of experiments that took them. */
typedef struct fb_method_times {
    double scoring; ///< shared by methods with the same classifier
    double fit;     ///< of another's method: until it replied
    uint64_t n_experiments;
} fb_method_times;

/** The experiments of one method. */
typedef struct fb_evaluation {
    fb_evaluation_settings settings;
    const fb_method *method; ///< NULL for what was read from a file: nothing more can be run
    double *mu;              ///< [n_sets]
    fb_simulation_statistics simulation;
    fb_method_times times;
    uint64_t n;                ///< n_sets * n_experiments
    fb_experiment *experiment; ///< [n_sets][n_experiments]
} fb_evaluation;

/** All truths, which are functions of the settings, nothing done, no method, nothing known of templates and pool.
 * Release with fb_evaluation_free. */
fb_status fb_evaluation_create(const fb_evaluation_settings *settings, fb_evaluation **out,
                               fb_error *error) FB_MUST_USE;

/** Says which method is evaluated (borrowed), and finds the simulation behind its templates and the pool.
 *  \param pool_split  measured on the pool; NULL for fresh events */
fb_status fb_evaluation_prepare(fb_evaluation *evaluation, const fb_method *method, const fb_split *pool_split,
                                fb_error *error) FB_MUST_USE;
void fb_evaluation_free(fb_evaluation *evaluation);

/** Experiments that are drawn in one pass where nothing else is asked for. */
enum { FB_BATCH = 32 };

/** Which experiments are run, where their events come from, and where finished ones go. */
typedef struct fb_evaluation_run {
    fb_source *pool;          ///< events to draw from; NULL: fresh simulated events for every experiment
    const fb_split *split;    ///< measured on `pool`; not read without it
    uint64_t shard, n_shards; ///< only experiments k (set after set) with k % n_shards = shard
    uint64_t batch;           ///< experiments that are drawn in one pass over the pool, >= 1; changes no result
    fb_stage_times *times;    ///< gets where the time of this process goes; may be NULL
    const fb_communicator *communicator; ///< shares the work, every rank with the same run but for the functions below;
                                         ///< only rank 0 gets all experiments. NULL: this process alone
    /** Gets every finished experiment of each method, in order, on one thread. May be NULL, as on the other ranks. */
    fb_status (*record)(void *context, int method, uint64_t index, const fb_experiment *experiment, fb_error *error);
    /** Gets the number of finished experiments. May be NULL, as on the other ranks. */
    void (*progress)(void *context, uint64_t done);
    /** Gets how many more events were drawn, from any thread. May be NULL. */
    void (*drawn)(void *context, uint64_t n_events);
    void *context;
} fb_evaluation_run;

/** How many experiments are finished. */
uint64_t fb_evaluation_n_done(const fb_evaluation *evaluation);

#endif

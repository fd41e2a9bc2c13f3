/** \file evaluation.h
 * Many pseudo-experiments through one or several methods: draw the truth, make the events, count, fit.
 */
#ifndef FB_BASELINE_EXPERIMENTS_EVALUATION_H
#define FB_BASELINE_EXPERIMENTS_EVALUATION_H

#include "baseline/analysis/analysis.h"
#include "baseline/support/communicator.h"
#include "holdout/pseudo/pool.h"
#include "nll/fit.h"

/** Where the truths and the draws come from. */
typedef enum fb_generator {
    FB_GENERATOR_STREAMS, ///< counter-based, every experiment its own (holdout/pseudo/pool.h), or fresh simulated events
    FB_GENERATOR_OFFICIAL ///< the official program's, bit for bit (holdout/pseudo/README.md); needs a pool
} fb_generator;

/** "streams", "official"; NULL behind the last. */
FB_API extern const char *const fb_evaluation_generator_names[];

typedef struct fb_evaluation_settings {
    uint64_t n_sets;        ///< each with its own true mu, uniform in [0.1, 3]
    uint64_t n_experiments; ///< per set
    uint64_t seed;
    fb_nuisance_mask drawn; ///< nuisance parameters that the experiments draw from the official priors
    fb_generator generator;
} fb_evaluation_settings;

/** FB_ERROR_USAGE when the official generator cannot have such settings (its seeds have 32 bits). */
FB_API fb_status fb_evaluation_settings_check(const fb_evaluation_settings *settings, fb_error *error) FB_MUST_USE;

/** What is evaluated: an analysis, and how to fit with it. */
typedef struct fb_method {
    const char *name;
    const fb_analysis *analysis; ///< borrowed; NULL for a participant's method (external_evaluation.h)
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

/** The experiments of one method. */
typedef struct fb_evaluation {
    fb_evaluation_settings settings;
    const fb_method *method;   ///< NULL for what was read from a file: nothing more can be run
    double *mu;                ///< [n_sets]
    double *shift;             ///< [n_sets] of mu_hat at that mu, the same for all experiments, that the statistics of
                               ///< the templates and of the pool allows (nll/asimov.h); NaN where it is not known
    double template_events;    ///< effective number of background events behind the templates, (sum w)^2 / sum w^2
    double pool_events;        ///< and behind the pool; INFINITY for fresh events
    double scoring_seconds;    ///< of all threads in this run, shared by methods with the same classifier
    double fit_seconds;        ///< in this run
    uint64_t n_run;            ///< experiments of this run, which took that time
    fb_experiment *experiment; ///< [n_sets][n_experiments]
} fb_evaluation;

/** All truths, which are functions of the settings, nothing done, no method, nothing known of templates and pool.
 * Release with fb_evaluation_free. */
FB_API fb_status fb_evaluation_create(const fb_evaluation_settings *settings, fb_evaluation **out,
                                      fb_error *error) FB_MUST_USE;

/** Says which method is evaluated (borrowed) and what stands behind its templates and the pool.
 *  \param pool_split  measured on the pool; NULL for fresh events */
FB_API fb_status fb_evaluation_prepare(fb_evaluation *evaluation, const fb_method *method, const fb_split *pool_split,
                                       fb_error *error) FB_MUST_USE;
FB_API void fb_evaluation_free(fb_evaluation *evaluation);

/** Experiments that are drawn in one pass if nobody says how many. */
enum { FB_BATCH = 32 };

/** Who runs which experiments, and where their events come from. */
typedef struct fb_evaluation_run {
    fb_source *pool;             ///< events to draw from; NULL: fresh simulated events for every experiment
    const fb_split *split;       ///< measured on `pool`; not read without it
    uint64_t shard, n_shards;    ///< only experiments k (set after set) with k % n_shards = shard
    uint64_t batch;              ///< experiments that are drawn in one pass over the pool, >= 1; changes no result
    fb_stage_times *laps;        ///< gets where the time of this process goes; NULL: nobody wants to know
    const fb_communicator *team; ///< shares the work, every rank with the same run but for the functions below; only
                                 ///< rank 0 gets all experiments. NULL: this process alone
    /** Told every finished experiment of each method, in order, on one thread. NULL: nobody wants to know, as on the
     * other ranks of a team. */
    fb_status (*record)(void *context, int method, uint64_t index, const fb_experiment *experiment, fb_error *error);
    /** Told how many experiments are finished. May be NULL, as on the other ranks of a team. */
    void (*progress)(void *context, uint64_t done);
    void *context;
} fb_evaluation_run;

/** Runs what is not done yet. All methods see the same events; those that share a classifier share its scores.
 *  \param evaluations  [n_methods] of the same settings, with methods that have an analysis. A fit that fails is
 * recorded as such and does not stop the others */
FB_API fb_status fb_evaluation_execute(const fb_evaluation_run *run, int n_methods, fb_evaluation *const *evaluations,
                                       fb_error *error) FB_MUST_USE;

/** How many experiments are finished. */
FB_API uint64_t fb_evaluation_done(const fb_evaluation *evaluation);

#endif

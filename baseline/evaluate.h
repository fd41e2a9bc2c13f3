/** \file evaluate.h
 * Many pseudo-experiments through one analysis: draw the truth, make the events, count, fit.
 */
#ifndef FB_BASELINE_EVALUATE_H
#define FB_BASELINE_EVALUATE_H

#include "baseline/pseudo.h"
#include "baseline/score.h"
#include "nll/fit.h"

typedef struct fb_evaluation_settings {
    uint64_t n_sets;        ///< each with its own true mu, uniform in [0.1, 3]
    uint64_t n_experiments; ///< per set
    uint64_t seed;
    fb_nuisance_mask drawn; ///< nuisance parameters that the experiments draw from the official priors
    fb_fit_settings fit;
} fb_evaluation_settings;

/** One experiment: the truth and what was found. */
typedef struct fb_experiment {
    fb_truth truth;
    uint64_t n_events; ///< after the selection
    fb_status status;  ///< of the fit
    fb_fit_result result;
} fb_experiment;

typedef struct fb_evaluation {
    fb_evaluation_settings settings;
    double *mu;                ///< [n_sets]
    fb_experiment *experiment; ///< [n_sets][n_experiments]
} fb_evaluation;

/** The truth of experiment `e` of set `s`: a function of (seed, s, e) only. */
FB_API fb_truth fb_evaluation_truth(const fb_evaluation_settings *settings, uint64_t s, uint64_t e);

/** Runs all experiments.
 *  \param pool   events to draw from, with the analysis' own split; NULL: fresh simulated events for every experiment
 *  \param split  measured on `pool`; not read without it
 *  \param progress  told the number of finished experiments; may be NULL
 *  \param out    release with fb_evaluation_free; a fit that fails is recorded as such and does not stop the others */
FB_API fb_status fb_evaluate(const fb_analysis *analysis, const fb_evaluation_settings *settings, fb_source *pool,
                             const fb_split *split, void (*progress)(void *context, uint64_t done), void *context,
                             fb_evaluation **out, fb_error *error) FB_MUST_USE;
FB_API void fb_evaluation_free(fb_evaluation *evaluation);

/** What the experiments say together. Failed fits are counted and left out of the rest. */
typedef struct fb_evaluation_summary {
    size_t n, n_failed, n_at_limit;
    double mean_pull, pull_width; ///< of (mu_hat - mu) / sigma
    double common;  ///< the shift of all pulls that the statistics of templates and pool allows: root of the
                    ///< mean square over experiments of shift / sigma
    double allowed; ///< 3 sqrt(1/n + common^2), for |mean pull|
    fb_scores scores;
} fb_evaluation_summary;

/** \param pool_variance  variance of the pool's events over that of the holdout's: 0 for fresh events, else about the
 * ratio of holdout rows to pool rows */
FB_API fb_status fb_evaluation_summarise(const fb_evaluation *evaluation, const fb_analysis *analysis,
                                         double pool_variance, fb_evaluation_summary *summary,
                                         fb_error *error) FB_MUST_USE;

#endif

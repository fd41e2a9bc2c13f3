/** \file evaluation_summary.h
 * What many pseudo-experiments say together: pulls, coverage, score.
 */
#ifndef FB_BASELINE_EXPERIMENTS_EVALUATION_SUMMARY_H
#define FB_BASELINE_EXPERIMENTS_EVALUATION_SUMMARY_H

#include "baseline/experiments/evaluation.h"
#include "baseline/scores/score_formula.h"

/** What the experiments say together. Failed fits are counted and left out of the rest. */
typedef struct fb_evaluation_summary {
    size_t n, n_failed, n_at_limit;
    double mean_pull, pull_width; ///< of (mu_hat - mu) / sigma
    double shared_error; ///< of all pulls together, from the statistics of templates and pool: root of the mean
                         ///< square over experiments of shared error / sigma
    double allowed;      ///< 3 sqrt(1/n + shared_error^2), for |mean pull|
    fb_scores scores;
} fb_evaluation_summary;

/** Of the experiments that are done. FB_ERROR_NOT_CONVERGED when all of them failed. */
fb_status fb_evaluation_summary_make(const fb_evaluation *evaluation, fb_evaluation_summary *summary,
                                     fb_error *error) FB_MUST_USE;

/** Prints a table of the experiments and what they say together. */
void fb_evaluation_summary_print(const fb_evaluation *evaluation, const fb_evaluation_summary *summary);

#endif

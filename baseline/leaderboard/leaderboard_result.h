/** \file leaderboard_result.h
 * Methods side by side on the same pseudo-experiments, with the errors that the number of experiments leaves, and the
 * question whether one got worse than it was.
 */
#ifndef FB_BASELINE_LEADERBOARD_LEADERBOARD_RESULT_H
#define FB_BASELINE_LEADERBOARD_LEADERBOARD_RESULT_H

#include <jansson.h>

#include "baseline/experiments/evaluation.h"

/** What is compared. */
typedef enum fb_metric {
    FB_METRIC_SCORE,    ///< quantiles score; higher is better
    FB_METRIC_INTERVAL, ///< mean width; lower is better
    FB_METRIC_COVERAGE, ///< nearer to 0.6827 is better
    FB_METRIC_BIAS,     ///< mean of mu_hat - mu; nearer to 0 is better
    FB_N_METRIC
} fb_metric;

/** Bootstrap replicas: each draws, in every set, as many experiments as the set has, with replacement (sets of one
 * experiment are drawn from together). Replica k draws the same ones for all methods, so that differences between
 * methods are of the same experiments. */
enum { FB_LEADERBOARD_REPLICAS = 1000 };

/** One method. */
typedef struct fb_leaderboard_result {
    size_t n, n_failed;        ///< experiments that have a result, and not
    double value[FB_N_METRIC]; ///< NaN when all failed
    double error[FB_N_METRIC]; ///< standard deviation over the replicas, times small_sample; NaN for one experiment
    double small_sample;       ///< sqrt(m / (m - 1)): m experiments, drawn from themselves, spread too little
    double replica[FB_LEADERBOARD_REPLICAS][FB_N_METRIC];
} fb_leaderboard_result;

/** "score", "interval", "coverage", "bias". */
extern const char *const fb_leaderboard_result_metrics[FB_N_METRIC];

/** Judges a finished evaluation; failed experiments are left out. */
void fb_leaderboard_result_find(const fb_evaluation *evaluation, fb_leaderboard_result *result);

/** Whether `now` is worse than `before` in a metric, on the same experiments: by more than three standard deviations of
 * the difference, and by more than a tenth of the error that the value itself has (other rounding of the same program
 * stays far below). For coverage and bias the distance from 0.6827 and 0 counts. A value that is lost because all
 * experiments failed is worse; where there was none before, or where one experiment gives no deviation, nothing is.
 *  \param loss       how much worse, in units of the metric (negative: better)
 *  \param tolerance  what is allowed */
bool fb_leaderboard_result_is_worse(const fb_leaderboard_result *now, const fb_leaderboard_result *before,
                                    fb_metric metric, double *loss, double *tolerance);
/** Whether more experiments failed than before, beyond three Poisson errors of their number. */
bool fb_leaderboard_result_fails_more(const fb_leaderboard_result *now, const fb_leaderboard_result *before);

/** The results of one method as they are kept in a reference, a new reference; and back into an evaluation of the same
 * settings. FB_ERROR_DATA names `path` and what is wrong. */
json_t *fb_leaderboard_result_json(const fb_evaluation *evaluation);
fb_status fb_leaderboard_result_read(const json_t *results, const char *path, fb_evaluation *evaluation,
                                     fb_error *error) FB_MUST_USE;

#endif

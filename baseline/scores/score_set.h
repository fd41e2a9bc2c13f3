/** \file score_set.h
 * The results of a folder, scored: set by set, all together, and how far the scores depend on which sets there are.
 */
#ifndef FB_BASELINE_SCORES_SCORE_SET_H
#define FB_BASELINE_SCORES_SCORE_SET_H

#include <stdbool.h>

#include "baseline/scores/result_reader.h"

typedef struct fb_score_set_options {
    fb_score_formula formula;
    uint32_t n_replicas; ///< of the bootstrap; 0: none
    bool allow_failed;   ///< leave failed fits out; else they are an error
} fb_score_set_options;

/** What `score` does unless it is asked for something else. */
fb_score_set_options fb_score_set_options_default(void);

/** Intervals of a strange kind: how many, and the first of them. */
typedef struct fb_flaw {
    size_t n, set, experiment;
    double p16, p84;
} fb_flaw;

typedef struct fb_score_set {
    fb_score_set_options options;
    const fb_results *results; ///< borrowed
    size_t n;                  ///< experiments that are scored: all but the failed ones
    size_t n_kept;             ///< sets with any
    fb_result_set *set;        ///< [results->n_sets] without failed fits
    double *values;            ///< what those point into
    fb_scores *of_set;         ///< [results->n_sets] NaN for a set without experiments
    fb_scores scores;          ///< of all sets that have any
    fb_scores mean, error;     ///< of the bootstrap over those sets, as many as there are each time: mean and standard
        ///< deviation of the replicas; NaN where they say nothing: one set, or below two replicas
    fb_flaw negative; ///< p84 < p16: width |p84 - p16|, never covers
    fb_flaw empty;    ///< p84 = p16: width 0, covers mu = p16 only
} fb_score_set;

/** \param results  borrowed, for as long as it lives
 *  \param folder   for messages
 *  \param out      release with fb_score_set_free
 *  \return FB_ERROR_DATA when there are failed fits and they are not allowed, or nothing is left without them */
fb_status fb_score_set_create(const fb_results *results, const fb_score_set_options *options, const char *folder,
                              fb_score_set **out, fb_error *error) FB_MUST_USE;
void fb_score_set_free(fb_score_set *scored);

#endif

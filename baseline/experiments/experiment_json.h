/** \file experiment_json.h
 * A finished experiment as a JSON object, a line of the journal.
 */
#ifndef FB_BASELINE_EXPERIMENTS_EXPERIMENT_JSON_H
#define FB_BASELINE_EXPERIMENTS_EXPERIMENT_JSON_H

#include <jansson.h>

#include "baseline/experiments/evaluation.h"

/** A new reference; NULL when there is no memory. */
json_t *fb_experiment_json_write(uint64_t index, const fb_experiment *experiment);

/** Reads it back, and whether it makes sense: what converged has its numbers, nothing counts below 0. The interval of
 * a method of ours is in order; that of another's is what it answered.
 *  \param ours   of an analysis
 *  \param n      experiments that there are
 *  \param index  below `n`
 *  \param out    what was recorded; the truth is not
 *  \return FB_ERROR_DATA with the experiment, the value and what is allowed */
fb_status fb_experiment_json_read(const json_t *root, bool ours, uint64_t n, uint64_t *index, fb_experiment *out,
                                  fb_error *error) FB_MUST_USE;

/** FB_ERROR_DATA, with the first value that differs, unless both record the same. */
fb_status fb_experiment_json_compare(uint64_t index, const fb_experiment *before, const fb_experiment *now,
                                     fb_error *error) FB_MUST_USE;

#endif

/** \file run_fingerprint.h
 * What an evaluation is about, as one line of JSON: everything that its results depend on.
 */
#ifndef FB_BASELINE_EXPERIMENTS_RUN_FINGERPRINT_H
#define FB_BASELINE_EXPERIMENTS_RUN_FINGERPRINT_H

#include <jansson.h>

#include "baseline/experiments/evaluation.h"

/** The line, without its end; release with free().
 *  \param fit   how the method fits: its options, or fb_external_method_json; borrowed
 *  \param pool  where the events come from: fb_analysis_pool_origin, or what the fresh ones are */
fb_status fb_run_fingerprint_write(const fb_evaluation *evaluation, json_t *fit, const char *pool, char **line,
                                   fb_error *error) FB_MUST_USE;

/** An evaluation without experiments and method from such a line. FB_ERROR_DATA names `path` and what is wrong. */
fb_status fb_run_fingerprint_read(const char *path, const char *line, fb_evaluation **out, fb_error *error) FB_MUST_USE;

#endif

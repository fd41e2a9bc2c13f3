/** \file analysis_methods.h
 * Pseudo-experiments through methods that are an analysis: draw, count, fit.
 */
#ifndef FB_BASELINE_EXPERIMENTS_ANALYSIS_METHODS_H
#define FB_BASELINE_EXPERIMENTS_ANALYSIS_METHODS_H

#include "baseline/experiments/evaluation.h"

/** Runs what is not done yet. All methods get the same events; those that share a classifier share its scores.
 *  \param evaluations  [n_methods] of the same settings, prepared with methods that have an analysis. A fit that fails
 *                      is recorded as such and does not stop the others */
fb_status fb_analysis_methods_run(const fb_evaluation_run *run, int n_methods, fb_evaluation *const *evaluations,
                                  fb_error *error) FB_MUST_USE;

#endif

/** \file analysis_check.h
 * Whether the numbers of an analysis make sense, beyond the shapes and types that reading it asks for.
 */
#ifndef FB_BASELINE_ANALYSIS_ANALYSIS_CHECK_H
#define FB_BASELINE_ANALYSIS_ANALYSIS_CHECK_H

#include "baseline/analysis/analysis.h"

/** \param path  of the file, for messages
 *  \return FB_ERROR_DATA for the first number that training cannot have written, with its dataset, its place there and
 *          what is allowed: sums of weights and numbers of rows, edges, yields, polynomials that leave the measured
 *          points, figures of merit */
fb_status fb_analysis_check(const fb_analysis *analysis, const char *path, fb_error *error) FB_MUST_USE;

#endif

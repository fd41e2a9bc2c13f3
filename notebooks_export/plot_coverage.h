/** \file plot_coverage.h
 * The intervals of many pseudo-experiments, set by set, and whether they hold the truth.
 */
#ifndef FB_NOTEBOOKS_EXPORT_PLOT_COVERAGE_H
#define FB_NOTEBOOKS_EXPORT_PLOT_COVERAGE_H

#include <stddef.h>

#include "models/common/status.h"

/** The experiments of one true mu; NaN: a fit that failed. */
typedef struct fb_coverage_set {
    double mu;
    size_t n;
    const double *mu_hat, *p16, *p84; ///< [n]
} fb_coverage_set;

/** What a set comes to. */
typedef struct fb_coverage_count {
    size_t n_failed;  ///< without an interval
    size_t n_covered; ///< p16 <= mu <= p84
    double coverage;  ///< n_covered over those with an interval; NaN without any
    double error;     ///< of it, if it is what it should be: fb_coverage_error of the experiments with an interval
} fb_coverage_count;

fb_coverage_count fb_plot_coverage_of(const fb_coverage_set *set);

/** All pointers are borrowed. */
typedef struct fb_coverage_picture {
    const char *title;
    size_t n_sets; ///< >= 1
    const fb_coverage_set *set;
} fb_coverage_picture;

/** \param svg  text of the picture, release with free()
 *  \return FB_ERROR_MEMORY */
fb_status fb_plot_coverage(const fb_coverage_picture *picture, char **svg, fb_error *error) FB_MUST_USE;

#endif

/** \file picture.h
 * Pictures of an analysis and of what was measured with it, each with all the numbers that it shows.
 */
#ifndef FB_BASELINE_REPORTS_PICTURE_H
#define FB_BASELINE_REPORTS_PICTURE_H

#include <jansson.h>

#include "baseline/analysis/analysis.h"
#include "baseline/scores/result_reader.h"
#include "nll/fit.h"

/** In memory: for a file, or for a page that has several of them. */
typedef struct fb_picture {
    char *svg;       ///< `<svg ...> ... </svg>`
    json_t *numbers; ///< an object whose key "picture" says which one it is; `plot` adds "configuration"
} fb_picture;

void fb_picture_clear(fb_picture *picture);

/** S_i(alpha) and B_i(alpha) of some bins.
 *  \param which   one of the parameters that move events (a shape)
 *  \param n_bins  >= 1
 *  \param bin     [n_bins] of the analysis
 *  \param title   NULL: a plain one; so below
 *  \param out     release with fb_picture_clear; so below
 *  \return FB_ERROR_USAGE for a parameter or bin that is not there */
fb_status fb_picture_templates(const fb_analysis *analysis, fb_nuisance which, int n_bins, const int *bin,
                               const char *title, fb_picture *out, fb_error *error) FB_MUST_USE;

/** The stacked expectation, observed counts and their ratio.
 *  \param counts      [n_bins of the analysis] observed
 *  \param fit         what is expected is that of the fit; NULL: mu = 1 and nominal nuisance parameters
 *  \param is_density  events per unit of the score instead of events per bin */
fb_status fb_picture_scores(const fb_analysis *analysis, const double *counts, const fb_fit_result *fit,
                            bool is_density, const char *title, fb_picture *out, fb_error *error) FB_MUST_USE;

/** Error bar of an observed count: the central 68.27 % interval of its Poisson mean (F. Garwood, Biometrika 28 (1936)
 *  437).
 *  \param n  >= 0 */
void fb_picture_scores_poisson(double n, double *low, double *high);

typedef struct fb_nll_range {
    int n_points;     ///< >= 2
    double low, high; ///< of mu; NaN: mu_hat -+ 3 sigma
} fb_nll_range;

/** The profile of t in mu, with nuisance parameters profiled and held where the fit put them.
 *  \param settings  of the fit; mu is free
 *  \param counts    [n_bins of the templates] observed
 *  \return FB_ERROR_NOT_CONVERGED as fb_fit; FB_ERROR_USAGE when mu is fixed, or the range empty */
fb_status fb_picture_nll(const fb_templates *templates, const fb_fit_settings *settings, const double *counts,
                         const fb_nll_range *range, const char *title, fb_picture *out, fb_error *error) FB_MUST_USE;

/** The intervals of many experiments. */
fb_status fb_picture_coverage(const fb_results *results, const char *title, fb_picture *out,
                              fb_error *error) FB_MUST_USE;

/** Where the numbers of the picture `path` go: NAME.json for NAME.svg. FB_ERROR_USAGE when `path` does not end in .svg,
 * or when there is a file of that name which holds no picture's numbers and would be lost.
 *  \param out  release with free() */
fb_status fb_picture_numbers_path(const char *path, char **out, fb_error *error) FB_MUST_USE;

/** Writes `path` and its numbers; neither file appears unless both could be written. */
fb_status fb_picture_write(const fb_picture *picture, const char *path, fb_error *error) FB_MUST_USE;

#endif

/** \file nll_model.h
 * Invented templates for the tests of the likelihood, and t straight from its formula.
 */
#ifndef FB_TESTS_SUPPORT_NLL_MODEL_H
#define FB_TESTS_SUPPORT_NLL_MODEL_H

#include "nll/likelihood.h"

/** 25 bins of a good classifier with the yields of the challenge (H 1015, Z 1.0e6, tt 44192, VV 3783) and effects of
 *  some per cent per prior width, a tenth of them quadratic. \param curvature  1; larger: that many times the quadratic
 *  and the linear effect, so that several minima appear. Free it. */
fb_templates *model_realistic(fb_combination combination, double curvature);

/** The same with any number of bins. Free it. */
fb_templates *model_of_bins(int n_bins, fb_combination combination, double curvature);

/** `n_bins` bins with random yields (some zero), variances and shapes. With FB_COMBINE_AVERAGE all six parameters have
 *  one. Free it. */
fb_templates *model_random(fb_random *random, fb_combination combination, int n_bins);

/** A random point inside the ranges, nuisance parameters within +-1.5 prior widths, mu in [0.1, 3]. */
fb_point model_random_point(fb_random *random);

/** Expectation and variance of one bin, straight from the formula. */
void model_expectation(const fb_templates *templates, const fb_point *point, int bin, double *nu, double *v);

/** t straight from its formula, without any derivative or shortcut: b of each bin is found by golden section.
 *  Held parameters must be at the values where the settings hold them. */
double model_literal_t(const fb_templates *templates, const fb_fit_settings *settings, const fb_point *point,
                       const double *counts);

/** One toy: counts around the expectation, which itself moves within the Monte-Carlo uncertainty if asked. */
void model_toy(const fb_templates *templates, const fb_point *point, bool move_expectation, fb_random *random,
               double *counts);

#endif

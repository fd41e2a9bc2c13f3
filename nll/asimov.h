/** \file asimov.h
 * The Asimov data set: each bin holds exactly what it expects (Cowan, Cranmer, Gross and Vitells, arXiv:1007.1727,
 * section 3.2). Fitting it gives back the true parameters, and its error is the expected one.
 */
#ifndef FB_NLL_ASIMOV_H
#define FB_NLL_ASIMOV_H

#include "nll/fit.h"

/** The typical truth of an analysis: mu, and every floating nuisance parameter where its auxiliary measurement is (the
 *  median of its prior; 1 GeV for the official soft_met), held ones where they are held.
 *  \return as fb_fit_settings_check */
fb_status fb_asimov_central(const fb_fit_settings *settings, double mu, fb_point *point, fb_error *error) FB_MUST_USE;

/** Fits the Asimov data set of `point`, whose auxiliary measurements come out at the true nuisance parameters too:
 *  result->sigma is the expected error of mu, and mu_hat is point->mu. But a log-normal parameter of 0 (soft_met) has
 * no finite pull: its auxiliary measurement stays where the settings put it, and mu_hat is then only near point->mu.
 *  \return as fb_fit; FB_ERROR_DATA also for a point where a bin expects less than 0 */
fb_status fb_asimov_fit(const fb_templates *templates, const fb_fit_settings *settings, const fb_point *point,
                        fb_fit_result *result, fb_error *error) FB_MUST_USE;

/** The error of mu that the statistics of the templates makes. Templates that came out too high or too low somewhere
 *  move mu_hat of every data set alike, by sum_i (d mu_hat / d n_i) (N_i - true N_i) in linear approximation; this is
 *  the root of its variance, sqrt(sum_i (d mu_hat / d n_i)^2 v_i), at the Asimov data set of `point`. The statistics
 *  of the shapes, measured on the same events at every value, is smaller and not in it.
 *
 *  \param error_of_mu  result, in units of mu
 *  \return as fb_asimov_fit */
fb_status fb_asimov_shared_error(const fb_templates *templates, const fb_fit_settings *settings, const fb_point *point,
                                 double *error_of_mu, fb_error *error) FB_MUST_USE;

#endif

/** \file likelihood.h
 * t(mu, alpha) = -2 ln [ L(mu, alpha) / L(perfect fit) ]:
 *
 *   t = sum_i t_i(nu_i, v_i; n_i) + sum_k (x_k - observed_k)^2
 *
 * with nu_i, v_i of nll/expectation.h, t_i of nll/bin_term.h and the coordinates x of nll/coordinates.h. Dividing by
 * the likelihood of a perfect fit changes t by a constant, without the factorials sum_i 2 (n_i - n_i ln n_i), so Delta
 * t is that of -2 ln L, but t itself is a goodness of fit of order the number of bins, and small differences of it are
 * exact.
 *
 * An fb_likelihood is the workspace of a fit: made once, filled with the counts of one data set after the other. Use
 * one per thread. Evaluation allocates nothing.
 */
#ifndef FB_NLL_LIKELIHOOD_H
#define FB_NLL_LIKELIHOOD_H

#include "nll/coordinates.h"
#include "nll/fit_settings.h"

typedef struct fb_likelihood fb_likelihood;

/** Value and derivatives of t with respect to the coordinates. Rows and columns of held parameters are zero. */
typedef struct fb_nll_value {
    double value;
    double gradient[FB_N_PARAMETER];
    double hessian[FB_N_PAIR]; ///< lower triangle, fb_pair
    double metric[FB_N_PAIR];  ///< positive semi-definite stand-in for the Hessian: the expected information
} fb_nll_value;

/** \param templates  copied
 *  \param settings   copied; checked by fb_fit_settings_check
 *  \param out        release with fb_likelihood_free. The counts start as zeros.
 *  \return FB_ERROR_USAGE (settings) or FB_ERROR_DATA (templates); the latter also when mu is free and no bin expects
 *  signal. */
fb_status fb_likelihood_create(const fb_templates *templates, const fb_fit_settings *settings, fb_likelihood **out,
                               fb_error *error) FB_MUST_USE;
void fb_likelihood_free(fb_likelihood *likelihood);

/** Sets the data.
 *  \param n_bins  must be that of the templates
 *  \param counts  [n_bins] >= 0 and finite, need not be whole (Asimov data); copied
 *  \return FB_ERROR_DATA naming the bin. Counts in a bin where nothing is ever expected are not an error here: no
 *  parameter changes their (infinite) part of t, so they are left out of it; see fb_likelihood_impossible. */
fb_status fb_likelihood_set_counts(fb_likelihood *likelihood, int n_bins, const double *counts,
                                   fb_error *error) FB_MUST_USE;

/** t, and derivatives up to `order`.
 *  \param x  [FB_N_PARAMETER] coordinates, any finite values */
void fb_likelihood_evaluate(const fb_likelihood *likelihood, const double *x, fb_order order, fb_nll_value *out);

/** Number of bins with counts where nothing is ever expected, and how many counts that are. */
int fb_likelihood_impossible(const fb_likelihood *likelihood, double *counts);

/** Number of bins whose expectation at x is below the floor, where t is not the likelihood but its continuation. */
int fb_likelihood_floored(const fb_likelihood *likelihood, const double *x);

/** Signal strength that fits the data best to first order at the nuisance parameters of x, within the limits of mu:
 *  weighted least squares, mu = sum_i S_i (n_i - B_i) / e_i / sum_i S_i^2 / e_i with e_i = max(n_i, 1) + v_i. */
double fb_likelihood_guess_mu(const fb_likelihood *likelihood, const double *x);

const fb_expectation *fb_likelihood_expectation(const fb_likelihood *likelihood);
const fb_coordinates *fb_likelihood_coordinates(const fb_likelihood *likelihood);
const fb_fit_settings *fb_likelihood_settings(const fb_likelihood *likelihood);

#endif

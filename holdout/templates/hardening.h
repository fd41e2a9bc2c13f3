/** \file hardening.h
 * Chooses how the components of a hardened score (models/hardened.h) are folded into one number: the linear form that a
 * fit of mu with all nuisance parameters would weigh the events by, from sums that are measured on the holdout.
 *
 * Let an analysis know of its events only the sums T_k = sum_i w_i z_k(x_i). Near a point theta_0 they are Gaussian with
 *
 *     expectation   T_k(theta_0) + sum_a J_ka (theta_a - theta_0a),     J_ka = d/dtheta_a sum_i w_i z_k(x_i)
 *     covariance    C_kl = sum_i w_i z_k(x_i) z_l(x_i)                  (Poisson numbers of events)
 *
 * With theta = (mu, nuisance parameters in units of their prior widths) and the constraint P = diag(0, 1, ..., 1) the
 * least-squares estimate is
 *
 *     theta^ - theta_0 = (J^T C^-1 J + P)^-1 J^T C^-1 (T - T(theta_0)),
 *
 * and its row of mu says what each event adds to mu^: the sum of A_k z_k(x) with
 *
 *     A = e_mu^T (J^T C^-1 J + P)^-1 J^T C^-1.
 *
 * Events are binned in this number, divided by A_1, so that the signal fraction has the factor 1. Where a shift of a
 * nuisance parameter and one of mu look alike in the signal fraction alone, they do no more.
 *
 * J and C are measured, not taken from what the nets claim: J from events that are distorted down and up, C at theta_0
 * (mu = 1, the medians of the priors). A constant 1 is a further component: the number of events.
 */
#ifndef FB_HOLDOUT_TEMPLATES_HARDENING_H
#define FB_HOLDOUT_TEMPLATES_HARDENING_H

#include "holdout/pipeline/pipeline.h"
#include "models/hardened.h"

enum { FB_HARDENING_PARAMETERS = 1 + FB_N_NUISANCE, FB_HARDENING_MOST_SUMS = FB_HARDENED_MOST_COMPONENTS + 1 };

typedef struct fb_hardening {
    int n_sums;                                                        ///< components, and last the constant 1
    double slope[FB_HARDENING_MOST_SUMS][FB_HARDENING_PARAMETERS];     ///< J, [n_sums][mu, nuisance parameters]
    double covariance[FB_HARDENING_MOST_SUMS][FB_HARDENING_MOST_SUMS]; ///< C
    double form[FB_HARDENING_MOST_SUMS];                               ///< A, of the constant, too
    double sigma;                                                      ///< of mu, of this estimate: its expected error
} fb_hardening;

/** The point around which all of this is done: nuisance parameters at the medians of their priors. */
fb_nuisances fb_hardening_central(fb_prior_set priors);

/** The two values of shape parameter `which` that the derivative classifier tells apart: two prior widths below and
 *  above nominal; of a log-normal one half and twice the median.
 *  \return their distance in prior widths */
double fb_hardening_points(fb_prior_set priors, fb_nuisance which, double point[2]);

/** A and sigma from the sums. FB_ERROR_DATA when no form is found: components that are all alike, or without signal. */
fb_status fb_hardening_solve(fb_hardening *hardening, fb_error *error) FB_MUST_USE;

/** Measures the sums on part FB_HOLDOUT of `source`, which is read several times, solves, and gives the classifier the
 *  form and knots: equal bins of the score are so dense in the form as the cube root of the density of the events, which
 *  loses the least of it (hardening.c).
 *  \param seed  of the soft-MET numbers
 *  \param pass  called with the number of finished passes and their total; may be NULL
 *  \param out   what was measured */
fb_status fb_hardening_run(fb_prior_set priors, uint64_t seed, fb_source *source, const fb_split *split,
                           fb_classifier *classifier, void (*pass)(void *context, int done, int total), void *context,
                           fb_hardening *out, fb_error *error) FB_MUST_USE;

#endif

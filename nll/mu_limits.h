/** \file mu_limits.h
 * Limits of mu that follow what templates can measure: at least 1 -+ FB_MU_LIMITS_REACH expected errors.
 *
 * Limits are there so that data which no mu describes end at one, with a reason, instead of anywhere. They must not be
 * what decides: templates of some hundred events measure mu to +-50, and with limits of +-50 most of the intervals
 * would end beyond them. Data that the templates describe are never 20 errors from mu = 1: a fluctuation is within 5,
 * and the interval ends 1 further. The remainder is for a true mu that is far away, where the error is larger, and for
 * tails that are not Gaussian. Where the error is below 2.5 the limits of the settings are wider, and stay.
 */
#ifndef FB_NLL_MU_LIMITS_H
#define FB_NLL_MU_LIMITS_H

#include "nll/likelihood.h"

#define FB_MU_LIMITS_REACH 20.0

/** The expected error of mu at mu = 1 and the auxiliary measurements, from the expected information alone: without a
 * fit, which would need the limits.
 *
 *   sigma^2 = 2 (M^-1)_mu,mu,     M the metric of t there (likelihood.h)
 *
 *  \param likelihood  in which mu is free; its counts do not matter
 *  \return NaN when the templates do not determine mu */
double fb_mu_limits_expected_error(const fb_likelihood *likelihood);

/** fb_likelihood_create with these limits; those of the settings when they say so, or when mu is fixed or not
 * determined.
 *  \return as fb_likelihood_create */
fb_status fb_mu_limits_likelihood_create(const fb_templates *templates, const fb_fit_settings *settings,
                                         fb_likelihood **out, fb_error *error) FB_MUST_USE;

#endif

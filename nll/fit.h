/** \file fit.h
 * From counts to mu_hat, p16 and p84 in one call, with the health of the fit beside the numbers.
 */
#ifndef FB_NLL_FIT_H
#define FB_NLL_FIT_H

#include "nll/interval.h"

/** Where the profile of a parameter has risen by 1 on one side of its fitted value. */
typedef struct fb_fit_side {
    fb_side_status status; ///< FB_SIDE_NOT_SOUGHT for held parameters, and unless the settings ask for all sides
    double error;          ///< distance from the fitted value, > 0, unit of the parameter; NaN unless found
} fb_fit_side;

/** Result of a fit. After a failure every number that the fit should have found is NaN and `status` says why; when only
 *  the interval could not be had, these are sigma, sigma_hesse, delta_mu_hat, p16 and p84. The fields from
 * gradient_norm on always say what happened. */
typedef struct fb_fit_result {
    bool is_valid; ///< status is FB_FIT_CONVERGED
    fb_fit_status status;

    double mu_hat;
    double delta_mu_hat; ///< sigma times the settings' delta_in_sigmas
    double p16, p84;     ///< NaN where mu is fixed, as sigma and delta_mu_hat
    double sigma;        ///< of mu, by the settings' kind of interval
    double sigma_hesse;  ///< of mu, from the curvature at the minimum

    double nuisance[FB_N_NUISANCE]; ///< fitted values (held ones: where they were held)
    double error[FB_N_NUISANCE];    ///< from the curvature, unit of the parameter; 0 for held ones and at a limit
    double pull[FB_N_NUISANCE];     ///< (fitted - prior centre) / prior width, of ln soft_met where log-normal; held: 0
    double constraint[FB_N_NUISANCE]; ///< error over prior width, in the same coordinate
    double covariance[FB_N_PAIR]; ///< 2 H^-1 in the coordinates (mu, pulls), fb_pair; 0 for held ones and at a limit
    fb_fit_side low[FB_N_PARAMETER], high[FB_N_PARAMETER]; ///< asymmetric errors, of mu and the nuisance parameters
    int n_bins;                                            ///< of the data
    double mu_low, mu_high;                                ///< limits of mu that were in force
    double p_value; ///< probability of a larger t, from chi^2 with n_bins - 1 degrees of freedom (n_bins where mu is
                    ///< fixed): approximate, but a tiny one means that the templates do not describe the data
    double t;       ///< at the minimum: -2 ln of the likelihood ratio to a perfect fit, so a goodness of fit

    double gradient_norm; ///< sqrt(g^T H^-1 g) at the minimum
    double edm;           ///< estimated distance to the minimum, in t
    unsigned at_limit;    ///< bit 0: mu, bit 1 + k: nuisance k
    int n_starts, n_failed_starts;
    int n_disagreeing;         ///< starts that ended in another minimum
    double largest_difference; ///< of t among the minima found
    fb_side_status low_side, high_side;
    int n_floored_bins;       ///< bins whose expectation at the minimum is below the floor
    int n_impossible_bins;    ///< bins with counts where nothing is ever expected; they are left out of t
    double impossible_counts; ///< counts in them
} fb_fit_result;

/** Fits one data set with a likelihood that is kept from data set to data set; no allocation.
 *  \param n_bins    must be that of the likelihood's templates
 *  \param counts    [n_bins] >= 0
 *  \param result    always filled
 *  \return FB_OK; FB_ERROR_DATA for bad counts; FB_ERROR_NOT_CONVERGED with the reason and the state of the fit */
fb_status fb_fit_counts(fb_likelihood *likelihood, int n_bins, const double *counts, fb_fit_result *result,
                        fb_error *error) FB_MUST_USE;

/** The same from templates and settings, for a single fit.
 *  \return also what fb_mu_limits_likelihood_create returns */
fb_status fb_fit(const fb_templates *templates, const fb_fit_settings *settings, int n_bins, const double *counts,
                 fb_fit_result *result, fb_error *error) FB_MUST_USE;

/** Error of mu from the curvature at the minimum, also where its interval could not be had; 0 where mu is fixed, NaN
 *  where the fit failed. */
double fb_fit_mu_error(const fb_fit_result *result);

/** Correlation C_ab / sqrt(C_aa C_bb) of two parameters (FB_MU, 1 + FB_TES, ...) in the fit, from its covariance C. A
 *  monotonic change of a parameter's unit, such as that from a pull to its value, keeps it to first order.
 *  \return -1 .. 1; NaN where one of them is held or at a limit, or the fit failed */
double fb_fit_correlation(const fb_fit_result *result, int a, int b);

/** One line for people about what is worth knowing besides the numbers: "ok", or limits, other minima, floored and
 *  impossible bins, or the reason of the failure.
 *  \param size  of `text`, at least 1; longer texts are cut */
void fb_fit_describe_health(const fb_fit_result *result, char *text, size_t size);

#endif

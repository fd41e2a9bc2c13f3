/** \file yields.h
 * How many events of each process an analysis expects in its selection, before and after a fit, and how sure it is of
 * them. The yield of process p at the coordinates x (nll/coordinates.h) is Y_p(x) = sum_i nu_pi(x), and its error is
 * propagated to first order:
 *
 *   prefit:   var = sum_k (dY_p/dx_k)^2 over the nuisance parameters that float, whose priors have the width 1 in x
 *   postfit:  var = sum_ab (dY_p/dx_a) C_ab (dY_p/dx_b) with the covariance C of the fit, mu included
 *
 * and likewise for the sum of all processes, in which errors that move them together add up and others cancel. Beside
 * it stands the error from the statistics of the templates, sqrt(sum_i v_pi). Before the fit the two are independent;
 * after it C includes what these statistics do to the parameters, so that they must not be added.
 */
#ifndef FB_NLL_YIELDS_H
#define FB_NLL_YIELDS_H

#include "nll/fit.h"

enum { FB_YIELD_ALL = FB_N_PROCESS, FB_N_YIELD }; ///< the processes in their order, then their sum

/** Expected events of a process, or of all. */
typedef struct fb_yield {
    double events;
    double error;          ///< from the parameters
    double template_error; ///< from the statistics of the templates
} fb_yield;

/** Before the fit: every floating nuisance parameter where its auxiliary measurement is (fb_asimov_central), held ones
 *  and a fixed mu where they are held, else mu = 1, which has no prior and therefore no error here,
 *  whatever its limits.
 *  \param out  [FB_N_YIELD]
 *  \return as fb_likelihood_create, or FB_ERROR_MEMORY */
fb_status fb_yields_prefit(const fb_templates *templates, const fb_fit_settings *settings, fb_yield *out,
                           fb_error *error) FB_MUST_USE;

/** After the fit that gave `result`; all NaN where it found no minimum.
 *  \param settings  of that fit
 *  \param out       [FB_N_YIELD]
 *  \return as fb_yields_prefit */
fb_status fb_yields_postfit(const fb_templates *templates, const fb_fit_settings *settings, const fb_fit_result *result,
                            fb_yield *out, fb_error *error) FB_MUST_USE;

#endif

/** \file expectation.h
 * How many events each bin expects, and how sure the simulation is of it:
 *
 *   nu_i = mu S_i + bkg_scale (Z_i + ttbar_scale T_i + diboson_scale V_i)   = sum_p N_pi g_pi
 *   v_i  = sum_p g_pi^2 V_pi
 *
 * g_pi is everything that multiplies the nominal yield N_pi: the normalisation of its process times h_pi(alpha), the
 * shape dependences of the templates combined as product, sum or average (holdout/templates/templates.h). V_pi is the
 * variance of N_pi. With the official kit's average the three normalisation parameters have no exact effect, only the
 * template that the average gives them.
 *
 * In bin_sums.h all this is a function of the normalisations f_p and the arguments u_s of the polynomials; here is how
 * these variables, and the derivatives with respect to them, follow from the parameters. Nothing here allocates after
 * fb_expectation_create, and a finished fb_expectation is never written to: any number of threads may share it.
 */
#ifndef FB_NLL_EXPECTATION_H
#define FB_NLL_EXPECTATION_H

#include "holdout/templates/templates.h"
#include "nll/bin_sums.h"

/** The parameters of a fit: the signal strength, then the nuisance parameters in the order of fb_nuisance. */
enum {
    FB_MU = 0,
    FB_N_PARAMETER = 1 + FB_N_NUISANCE,
    FB_N_PAIR = FB_N_PARAMETER * (FB_N_PARAMETER + 1) / 2 ///< entries of a symmetric matrix (pair.inc)
};

/** One hypothesis, in the units of people: mu and the nuisance parameters. */
typedef struct fb_point {
    double mu;
    fb_nuisances nuisances;
} fb_point;

typedef struct fb_expectation fb_expectation;

enum { FB_MAX_DEPENDENT = 3 }; ///< most variables that one parameter acts on: bkg_scale on three normalisations

/** The variables at one point. Plain data on the caller's stack. */
typedef struct fb_expectation_at {
    fb_bin_variables variables;
    double slope[FB_N_PARAMETER][FB_MAX_DEPENDENT]; ///< d variable / d parameter, of the variables that depend on it
} fb_expectation_at;

/** Compiles templates for evaluation.
 *  \param templates  copied: may be freed afterwards
 *  \param out        release with fb_expectation_free
 *  \return FB_ERROR_DATA as fb_templates_check */
fb_status fb_expectation_create(const fb_templates *templates, fb_expectation **out, fb_error *error) FB_MUST_USE;
void fb_expectation_free(fb_expectation *expectation);

int fb_expectation_n_bins(const fb_expectation *expectation);

/** Whether any bin expects signal, so that mu has an effect. */
bool fb_expectation_has_signal(const fb_expectation *expectation);

/** Whether parameter `which` moves events between bins, so that the likelihood can have several minima in it. */
bool fb_expectation_has_shape(const fb_expectation *expectation, fb_nuisance which);

/** Whether nothing is ever expected in a bin: all its yields are zero, and all variances if `with_variance`. */
bool fb_expectation_is_always_empty(const fb_expectation *expectation, int bin, bool with_variance);

/** The variables at `point`, any finite values. */
void fb_expectation_prepare(const fb_expectation *expectation, const fb_point *point, fb_expectation_at *at);

/** Expected events in the bins from FB_BIN_LANES * block on; 0 beyond the last bin.
 *  \param nu  [FB_BIN_LANES] events
 *  \param v   [FB_BIN_LANES] Monte-Carlo variance */
void fb_expectation_block(const fb_expectation *expectation, const fb_bin_variables *at, int block, double *nu,
                          double *v);

/** t and its derivatives up to `order` with respect to the parameters in their own units, (mu, tes, jes, soft_met,
 *  ttbar_scale, diboson_scale, bkg_scale), without penalties.
 *  \param counts    of as many blocks
 *  \param gradient  [FB_N_PARAMETER]
 *  \param hessian   [FB_N_PAIR] at fb_pair(a, b), pair.inc
 *  \param metric    [FB_N_PAIR] as of fb_bin_totals
 *  \return t */
double fb_expectation_compare(const fb_expectation *expectation, const fb_expectation_at *at, const fb_bin_data *counts,
                              fb_order order, double *gradient, double *hessian, double *metric);

/** Expected events in all bins.
 *  \param nu  [n_bins] events
 *  \param v   [n_bins] Monte-Carlo variance, or NULL */
void fb_expectation_counts(const fb_expectation *expectation, const fb_point *point, double *nu, double *v);

/** The same, process by process.
 *  \param nu  [FB_N_PROCESS][n_bins] events
 *  \param v   [FB_N_PROCESS][n_bins] Monte-Carlo variance, or NULL */
void fb_expectation_processes(const fb_expectation *expectation, const fb_point *point, double *nu, double *v);

#endif

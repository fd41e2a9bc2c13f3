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
 * Both come with their exact first and second derivatives. Nothing here allocates after fb_expectation_create, and a
 * finished fb_expectation is never written to: any number of threads may share it.
 */
#ifndef FB_NLL_EXPECTATION_H
#define FB_NLL_EXPECTATION_H

#include "holdout/templates/templates.h"

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

/** How many derivatives to compute. */
typedef enum fb_order { FB_VALUE, FB_GRADIENT, FB_HESSIAN } fb_order;

/** What one bin expects; derivatives are with respect to (mu, tes, jes, soft_met, ttbar_scale, diboson_scale,
 *  bkg_scale) in their own units. */
typedef struct fb_bin_expectation {
    double nu;                  ///< events
    double v;                   ///< events^2, >= 0
    double nu1[FB_N_PARAMETER]; ///< d nu / d a
    double v1[FB_N_PARAMETER];
    double nu2[FB_N_PAIR]; ///< d2 nu / d a d b at fb_pair(a, b), pair.inc
    double v2[FB_N_PAIR];
} fb_bin_expectation;

typedef struct fb_expectation fb_expectation;

/** What is the same in all bins at one point. Plain data on the caller's stack. */
typedef struct fb_expectation_at {
    fb_order order;
    double u[FB_N_NUISANCE];                 ///< arguments of the polynomials
    double f[FB_N_PROCESS];                  ///< normalisation of each process
    double f1[FB_N_PROCESS][FB_N_PARAMETER]; ///< its first derivatives
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

/** Prepares an evaluation at `point`, any finite values. */
void fb_expectation_prepare(const fb_expectation *expectation, const fb_point *point, fb_order order,
                            fb_expectation_at *at);

/** Evaluates one bin, 0 .. n_bins-1, to the order of `at`; higher derivatives are left as they were. */
void fb_expectation_bin(const fb_expectation *expectation, const fb_expectation_at *at, int bin,
                        fb_bin_expectation *out);

/** Expected events in all bins.
 *  \param nu  [n_bins] events
 *  \param v   [n_bins] Monte-Carlo variance, or NULL */
void fb_expectation_counts(const fb_expectation *expectation, const fb_point *point, double *nu, double *v);

/** The same, process by process.
 *  \param nu  [FB_N_PROCESS][n_bins] events */
void fb_expectation_processes(const fb_expectation *expectation, const fb_point *point, double *nu);

#endif

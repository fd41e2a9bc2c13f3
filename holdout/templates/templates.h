/** \file templates.h
 * The expected number of events of each process in each bin of the score, and how it moves with the nuisance
 * parameters: S_i(alpha) and B_i(alpha) of the analysis, process by process.
 *
 * Nominal yields N_pi (sums of weights) carry their statistical variances V_pi (sums of squared weights). Each
 * parameter k that moves events has, for each process p and bin i, the yield at alpha_k over the nominal one as a
 * polynomial:
 *
 *     r_kpi(alpha_k) = sum_j c_kpij u^j,     u = (alpha_k - nominal_k) / unit_k
 *
 * Fitted ones have c_kpi0 = 1 exactly; those of the official kit do not.
 */
#ifndef FB_HOLDOUT_TEMPLATES_TEMPLATES_H
#define FB_HOLDOUT_TEMPLATES_TEMPLATES_H

#include "holdout/events/events.h"
#include "holdout/events/nuisance.h"

enum { FB_MAX_DEGREE = 8, FB_MAX_POINTS = 16 };

/** How the dependences on single parameters combine to one on all of them. */
typedef enum fb_combination {
    FB_COMBINE_PRODUCT,  ///< nu_pi = N_pi prod_k r_kpi          (default)
    FB_COMBINE_ADDITIVE, ///< nu_pi = N_pi (1 + sum_k (r_kpi - 1))
    FB_COMBINE_AVERAGE   ///< nu_pi = N_pi (1/6) sum_k r_kpi, over all six: the official kit's defect, each acts at 1/6
} fb_combination;

/** "product", "additive", "average"; NULL behind the last. */
extern const char *const fb_templates_combination_names[];

/** Shape dependence on one parameter. degree = 0 and no coefficients: none, r = 1. */
typedef struct fb_shape {
    int degree;          ///< 0 .. FB_MAX_DEGREE
    double unit;         ///< of u, > 0, in the unit of the parameter
    double *coefficient; ///< [FB_N_PROCESS][n_bins][degree + 1], power fastest, or NULL
} fb_shape;

typedef struct fb_templates {
    int n_bins;
    fb_combination combination;
    double *yield;    ///< [FB_N_PROCESS][n_bins] sums of weights, nominal
    double *variance; ///< [FB_N_PROCESS][n_bins] sums of squared weights, nominal
    fb_shape shape[FB_N_NUISANCE];
} fb_templates;

/** Zero yields, no shape dependence. n_bins >= 1. */
fb_status fb_templates_create(int n_bins, fb_templates **out, fb_error *error) FB_MUST_USE;
void fb_templates_free(fb_templates *templates);

/** Gives parameter `which` polynomials of `degree` (>= 1) in units of `unit`, all r = 1 to begin with. */
fb_status fb_templates_set_shape(fb_templates *templates, fb_nuisance which, int degree, double unit,
                                 fb_error *error) FB_MUST_USE;

/** Fits the polynomials of one parameter to measured yields by least squares (GSL), with r(nominal) = 1 imposed.
 *  \param which     a parameter that fb_templates_set_shape gave a degree
 *  \param n_points  number of points, >= degree and at most FB_MAX_POINTS
 *  \param alpha     [n_points] values of the parameter, its unit, none nominal
 *  \param ratio     [n_points][FB_N_PROCESS][n_bins] yield at alpha over nominal yield; of any value without weight
 *  \param weight    [n_points][FB_N_PROCESS][n_bins] weights of the points, finite, >= 0 (1 / variance of the ratio); a
 * bin whose weights leave fewer points than the degree keeps r = 1
 */
fb_status fb_templates_fit_shape(fb_templates *templates, fb_nuisance which, int n_points, const double *alpha,
                                 const double *ratio, const double *weight, fb_error *error) FB_MUST_USE;

/** Value of r_kpi at `alpha` (its unit); 1 where there is no shape dependence. */
double fb_templates_ratio(const fb_templates *templates, fb_nuisance which, int process, int bin, double alpha);

/** FB_ERROR_DATA naming process and bin when a yield, variance or coefficient is not finite, a yield or variance is
 *  negative, or all yields are zero; also when a normalisation parameter has a shape although the combination is not
 * the average, since it would then act twice. */
fb_status fb_templates_check(const fb_templates *templates, fb_error *error) FB_MUST_USE;

#endif

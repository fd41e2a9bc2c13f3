/** \file nll_twin.h
 * What nll/bin_sums_kernel.c and nll/bin_term.inc compute for eight bins at once, for one bin after the other and as
 * the formulas are usually written: the slow twin that the fast one is compared with.
 */
#ifndef FB_TESTS_SUPPORT_NLL_TWIN_H
#define FB_TESTS_SUPPORT_NLL_TWIN_H

#include "nll/likelihood.h"

/** Value and derivatives of one bin's term. */
typedef struct twin_term {
    double t;
    double t_nu, t_v;
    double t_nunu, t_nuv, t_vv;
    double fisher; ///< 2 / (nu + v)
} twin_term;

/** \param kind, floor  what happens below the floor where v = 0 */
twin_term twin_term_at(double n, double nu, double v, fb_floor_kind kind, double floor);

/** t, its gradient, Hessian and metric in the coordinates x, as fb_likelihood_evaluate.
 *  \param size  what each entry of `out` consists of, with all signs positive: the scale of its rounding */
void twin_evaluate(const fb_templates *templates, const fb_fit_settings *settings, const double *counts,
                   const double *x, fb_nll_value *out, fb_nll_value *size);

#endif

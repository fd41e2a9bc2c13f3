/** \file bin_term.h
 * What one bin adds to t = -2 ln L, as a function of what it expects, nu, and of the variance v of that expectation.
 *
 * Without Monte-Carlo uncertainty (v = 0): t = 2 [nu - n - n ln(nu/n)], the likelihood ratio to a perfect fit (Baker
 * and Cousins, Nucl. Instrum. Meth. 221 (1984) 437, eq. 4).
 *
 * With it, the true expectation is m = nu + b, where b has been measured as 0 +- sqrt(v) (Barlow and Beeston, Comput.
 * Phys. Commun. 77 (1993) 219, reduced to one b per bin by Conway, arXiv:1103.0354, section 5), and b is profiled:
 *
 *   t = min_b 2 [m - n - n ln(m/n)] + b^2/v
 *   dt/dm = 0:  m^2 + (v - nu) m - v n = 0, positive root;   u = 1 - n/m,  b = -v u
 *   dt/dnu = 2u, dt/dv = -u^2          (the derivative through b vanishes at the minimum)
 *   D = 2m + v - nu, dm/dnu = m/D, dm/dv = (n - m)/D, du/dm = n/m^2, and from these the second derivatives.
 *
 * n = 0: m = nu - v, t = 2 nu - v where nu > v; else m = 0, t = nu^2/v.
 */
#ifndef FB_NLL_BIN_TERM_H
#define FB_NLL_BIN_TERM_H

#include "nll/fit_settings.h"

/** Value and derivatives of one bin's term. */
typedef struct fb_bin_term {
    double t;
    double t_nu, t_v;
    double t_nunu, t_nuv, t_vv;
    double fisher; ///< an expected d2t/dnu2 that is always positive: 2 / (nu + v)
} fb_bin_term;

/** \param n      counts, >= 0, need not be whole
 *  \param nu     expected events; <= 0 is dealt with as the settings' floor says (v = 0) or by the formula itself
 *  \param v      variance of nu, >= 0; 0: no Monte-Carlo uncertainty
 *  \param kind   what happens below the floor where v = 0
 *  \param floor  events, > 0 */
fb_bin_term fb_bin_term_at(double n, double nu, double v, fb_floor_kind kind, double floor);

#endif

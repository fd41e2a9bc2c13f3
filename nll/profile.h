/** \file profile.h
 * The profile likelihood of one parameter, t(mu) = min_alpha t(mu, alpha) or the same with a nuisance parameter in the
 * place of mu: conditional minima, each started where the last one ended. The parameter is given by its coordinate
 * (nll/coordinates.h), which is mu itself, or a pull.
 *
 * Where t has several minima, each continues with the parameter as a branch of conditional minima, and which branch is
 * the lowest can change on the way. All are tracked, and the lowest is the answer.
 */
#ifndef FB_NLL_PROFILE_H
#define FB_NLL_PROFILE_H

#include "nll/multistart.h"

/** The branches of conditional minima that are tracked. Plain data. */
typedef struct fb_profile_branches {
    int parameter; ///< that is profiled: FB_MU, 1 + FB_TES, ...
    int n;
    double x[FB_MAX_STARTS][FB_N_PARAMETER]; ///< [n] where each was last seen, deepest minimum first
    double slope[FB_N_PARAMETER];            ///< dx/dx[parameter] along the deepest one, to first order
} fb_profile_branches;

/** Starts at the minima, of which the first has converged.
 *  \param parameter  not held by the settings */
void fb_profile_branches_start(const fb_minima *minima, int parameter, fb_profile_branches *out);

/** The lowest conditional minimum at `value` of the parameter over all branches, which move along: small steps track
 *  them best.
 *  \param value  within the limits of the coordinate, or beyond them: only starts are limited
 *  \param out    always filled; out->status says whether it converged, out->t is t there, out->x[parameter] is value */
void fb_profile_at(const fb_likelihood *likelihood, fb_profile_branches *tracked, double value, fb_minimum *out);

/** Profiles t at `n` values of a parameter, walking outwards from the minimum on either side, and trying the starts of
 *  a fit at every value: far out there can be branches that lead to no minimum of t.
 *  \param minima     of the same likelihood with the parameter free, converged
 *  \param parameter  FB_MU, 1 + FB_TES, ...
 *  \param value      [n] of its coordinate, rising, finite
 *  \param out        [n] as of fb_profile_at. A t below that of the minimum means that the starts have missed it.
 *  A point that did not converge says so in its status. */
void fb_profile_scan(const fb_likelihood *likelihood, const fb_minima *minima, int parameter, size_t n,
                     const double *value, fb_minimum *out);

#endif

/** \file profile.h
 * The profile likelihood t(mu) = min_alpha t(mu, alpha): conditional minima, each started where the last one ended.
 *
 * Where t has several minima, each continues with mu as a branch of conditional minima, and which branch is the lowest
 * can change with mu. All are tracked, and the lowest is the answer.
 */
#ifndef FB_NLL_PROFILE_H
#define FB_NLL_PROFILE_H

#include "nll/multistart.h"

/** The branches of conditional minima that are tracked. Plain data. */
typedef struct fb_profile_branches {
    int n;
    double x[FB_MAX_STARTS][FB_N_PARAMETER]; ///< [n] where each was last seen, deepest minimum first
    double slope[FB_N_PARAMETER];            ///< dx/dmu along the deepest one, to first order
} fb_profile_branches;

/** Starts at the minima, of which the first has converged. */
void fb_profile_branches_start(const fb_minima *minima, fb_profile_branches *out);

/** The lowest conditional minimum at `mu` over all branches, which move along: small steps of mu track them best.
 *  \param mu   within the limits of mu, or beyond them: only starts are limited
 *  \param out  always filled; out->status says whether it converged, out->t is t there, out->x[FB_MU] is mu */
void fb_profile_at(const fb_likelihood *likelihood, fb_profile_branches *tracked, double mu, fb_minimum *out);

/** Profiles t at `n` values of mu, walking outwards from the minimum on either side, and trying the starts of a fit at
 * every value: far out there can be branches that lead to no minimum of t.
 *  \param minima  of the same likelihood with mu free, converged
 *  \param mu      [n] rising, finite
 *  \param out     [n] as of fb_profile_at. A t below that of the minimum means that the starts have missed it.
 *  A point that did not converge says so in its status. */
void fb_profile_scan(const fb_likelihood *likelihood, const fb_minima *minima, size_t n, const double *mu,
                     fb_minimum *out);

#endif

/** \file interval.h
 * The 68.27 % interval of mu from the profiled likelihood t(mu) = min_alpha t(mu, alpha).
 *
 * The two points where t(mu) is 1 above its minimum (Cowan, Cranmer, Gross and Vitells, arXiv:1007.1727, eqs. 7 and 31)
 * are found by secants on sqrt(Delta t), which is nearly linear in mu, kept within a bracket; each trial is a
 * conditional fit that starts where the last one ended. Where the starts of the fit found several minima, every
 * trial tracks their branches and takes the lowest. The same search serves the nuisance parameters.
 */
#ifndef FB_NLL_INTERVAL_H
#define FB_NLL_INTERVAL_H

#include "nll/multistart.h"

/** What happened on one side of the fitted value. */
typedef enum fb_side_status {
    FB_SIDE_NOT_SOUGHT,  ///< the kind of interval does not need it, or the fit failed
    FB_SIDE_FOUND,       ///< Delta t = 1 to 1e-6 in sqrt(Delta t)
    FB_SIDE_AT_LIMIT,    ///< Delta t is still below 1 at the limit of the parameter
    FB_SIDE_NEW_MINIMUM, ///< t fell below the minimum on the way
    FB_SIDE_FAILED       ///< a conditional fit did not converge, or no solution within the allowed steps
} fb_side_status;

/** "found", "at limit", ... */
const char *fb_interval_side_text(fb_side_status status);

typedef struct fb_side {
    fb_side_status status;
    double x;         ///< coordinate of the point (coordinates.h: mu itself, or a pull); NaN unless found
    fb_minimum lower; ///< FB_SIDE_NEW_MINIMUM: the lower point
} fb_side;

/** Interval and error of mu. */
typedef struct fb_interval {
    double sigma;       ///< what p16 and p84 are made of
    double sigma_hesse; ///< from the curvature
    double p16, p84;
    fb_side low, high;
} fb_interval;

/** Both sides and the numbers that the settings' kind of interval makes of them. New minima on the way are added to
 *  `minima` as starts and the search begins again, at most 3 times. Where mu is fixed all numbers are NaN.
 *  \return FB_FIT_CONVERGED, or why there is no interval (numbers are then NaN) */
fb_fit_status fb_interval_find(const fb_likelihood *likelihood, fb_minima *minima, fb_interval *out);

/** The two points where the profile of one parameter has risen by 1, under any kind of interval. New minima on the way
 *  are added to `minima` as in fb_interval_find. A parameter whose best value rests on a limit has no point on that
 *  side.
 *  \param minima     the first has converged
 *  \param parameter  FB_MU, 1 + FB_TES, ...; not held
 *  \return FB_FIT_CONVERGED when both are found, or why one of them is not, which its status says, too */
fb_fit_status fb_interval_sides(const fb_likelihood *likelihood, fb_minima *minima, int parameter, fb_side *low,
                                fb_side *high);

#endif

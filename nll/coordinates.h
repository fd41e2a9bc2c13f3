/** \file coordinates.h
 * The coordinates of the minimiser: x[FB_N_PARAMETER]; x[0] = mu; x[1 + k] = the pull of nuisance parameter k, the
 * distance from the centre of its prior in prior widths, taken on the logarithm where the prior is log-normal:
 *
 *   normal:      alpha_k = centre + width x      log-normal:  alpha_k = exp(centre + width x)
 *
 * so that every penalty is (x - observed)^2 and every coordinate is of order 1. Box limits are those of the prior.
 */
#ifndef FB_NLL_COORDINATES_H
#define FB_NLL_COORDINATES_H

#include "nll/fit_settings.h"

/** One coordinate of the minimiser. */
typedef struct fb_coordinate {
    bool is_held;        ///< not a coordinate at all: the parameter is at `held_at`
    double held_at;      ///< unit of the parameter
    bool is_logarithmic; ///< alpha = exp(centre + width x), else centre + width x
    double centre, width;
    double observed;  ///< of a nuisance parameter: where the penalty (x - observed)^2 is 0
    double low, high; ///< limits of x; may be infinite
} fb_coordinate;

/** The coordinates of a fit, in the order of the parameters. */
typedef struct fb_coordinates {
    fb_coordinate of[FB_N_PARAMETER];
    double constant; ///< penalty of the parameters fixed at a value; those off or without a finite pull add nothing
} fb_coordinates;

/** \return as fb_fit_settings_check, which it calls. */
fb_status fb_coordinates_create(const fb_fit_settings *settings, fb_coordinates *out, fb_error *error) FB_MUST_USE;

/** From coordinates to parameters.
 *  \param x       [FB_N_PARAMETER]; entries of held parameters are not read
 *  \param first   [FB_N_PARAMETER] dalpha/dx, 0 for held parameters; may be NULL
 *  \param second  [FB_N_PARAMETER] d2alpha/dx2; may be NULL */
void fb_coordinates_to_point(const fb_coordinates *coordinates, const double *x, fb_point *point, double *first,
                             double *second);

/** From parameters to coordinates, moved into the box; held parameters give 0. A log-normal parameter at 0 goes to
 *  its lower limit. */
void fb_coordinates_from_point(const fb_coordinates *coordinates, const fb_point *point, double *x);

#endif

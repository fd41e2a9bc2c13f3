/** \file plot_nll.h
 * The profile of t in mu, and the interval that it gives.
 */
#ifndef FB_NOTEBOOKS_EXPORT_PLOT_NLL_H
#define FB_NOTEBOOKS_EXPORT_PLOT_NLL_H

#include <stddef.h>

#include "models/common/status.h"

/** All pointers are borrowed. */
typedef struct fb_nll_picture {
    const char *title;
    size_t n;               ///< >= 2
    const double *mu;       ///< [n] rising
    const double *profiled; ///< [n] Delta t, nuisance parameters profiled; NaN where there is none
    const double *fixed;    ///< [n] Delta t, nuisance parameters held where the fit put them
    double mu_hat, p16, p84;
} fb_nll_picture;

/** \param svg  text of the picture, release with free()
 *  \return FB_ERROR_MEMORY */
fb_status fb_plot_nll(const fb_nll_picture *picture, char **svg, fb_error *error) FB_MUST_USE;

#endif

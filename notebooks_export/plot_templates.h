/** \file plot_templates.h
 * How the yields of some bins move with one nuisance parameter: measured points and fitted curves, signal above
 * background, a pair of panels for each bin.
 */
#ifndef FB_NOTEBOOKS_EXPORT_PLOT_TEMPLATES_H
#define FB_NOTEBOOKS_EXPORT_PLOT_TEMPLATES_H

#include <stddef.h>

#include "models/common/status.h"

/** Points and curve of one class of events in one bin; events of NaN are not drawn. */
typedef struct fb_template_curve {
    const double *measured; ///< [n_points] events
    const double *curve;    ///< [n_curve] events
    double nominal;         ///< events at the nominal value
    double error;           ///< of it, from the statistics of the simulation
} fb_template_curve;

typedef struct fb_templates_bin {
    int bin;
    double low, high; ///< of the score
    fb_template_curve signal, background;
} fb_templates_bin;

/** All pointers are borrowed. */
typedef struct fb_templates_picture {
    const char *title;
    const char *parameter;        ///< "tes", or as it is called in an axis label
    double nominal;               ///< its nominal value
    double prior_low, prior_high; ///< the central 68 % of its prior, shaded
    size_t n_points, n_curve;
    const double *alpha;         ///< [n_points] where it was measured
    const double *curve_alpha;   ///< [n_curve] rising
    size_t n_bins;               ///< >= 1
    const fb_templates_bin *bin; ///< [n_bins]
} fb_templates_picture;

/** \param svg  text of the picture, release with free()
 *  \return FB_ERROR_MEMORY */
fb_status fb_plot_templates(const fb_templates_picture *picture, char **svg, fb_error *error) FB_MUST_USE;

#endif

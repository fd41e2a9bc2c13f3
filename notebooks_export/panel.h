/** \file panel.h
 * One frame with two axes in a picture. What is drawn into it is given in the units of its axes and never leaves the
 * frame: lines, areas and error bars are cut at its edge, points beyond it are not drawn, and values that are not
 * finite are passed over (a line through one has a gap there).
 */
#ifndef FB_NOTEBOOKS_EXPORT_PANEL_H
#define FB_NOTEBOOKS_EXPORT_PANEL_H

#include "notebooks_export/axis.h"
#include "notebooks_export/svg.h"

/** Plain data: fill it in and draw. The picture is borrowed. */
typedef struct fb_panel {
    fb_svg *svg;
    double left, top, width, height; ///< of the frame, px
    fb_axis x, y;
    bool hides_x; ///< no numbers and no label below it (another panel stands there)
    int most_x;   ///< ticks with numbers; 0: as many as look well
    int most_y;
} fb_panel;

/** Sizes of fonts, px. */
#define FB_LABEL_SIZE 12.0
#define FB_NUMBER_SIZE_PX 11.0

/** Frame, ticks, numbers and labels. Draw it last: it hides the ends of what was cut. */
void fb_panel_frame(const fb_panel *panel);

/** A point in pixels; the coordinates of what is not on the axis at all are not finite. */
double fb_panel_x(const fb_panel *panel, double x);
double fb_panel_y(const fb_panel *panel, double y);

/** Whether a point is within the frame. */
bool fb_panel_holds(const fb_panel *panel, double x, double y);

/** A line through `n` points. */
void fb_panel_line(const fb_panel *panel, size_t n, const double *x, const double *y, const fb_svg_style *style);

/** The outline of a histogram.
 *  \param n       bins
 *  \param edges   [n + 1] rising
 *  \param values  [n] */
void fb_panel_steps(const fb_panel *panel, size_t n, const double *edges, const double *values,
                    const fb_svg_style *style);

/** The area between two histograms, bin by bin; a bin without two finite values stays empty.
 *  \param low, high  [n]; low NULL: the lower end of the axis */
void fb_panel_fill(const fb_panel *panel, size_t n, const double *edges, const double *low, const double *high,
                   const fb_svg_style *style);

/** Full circles with vertical error bars.
 *  \param low, high  [n] ends of the bars, or both NULL: none; a bar is drawn even where its point is outside
 *  \param radius     px
 *  \param colour     of both; `is_open`: the circles are white inside */
void fb_panel_points(const fb_panel *panel, size_t n, const double *x, const double *y, const double *low,
                     const double *high, double radius, const char *colour, bool is_open);

/** `n` horizontal lines from low[k] to high[k] at y[k], as one element. */
void fb_panel_intervals(const fb_panel *panel, size_t n, const double *low, const double *high, const double *y,
                        const fb_svg_style *style);

/** A line over the whole height, or width. */
void fb_panel_vertical(const fb_panel *panel, double x, const fb_svg_style *style);
void fb_panel_horizontal(const fb_panel *panel, double y, const fb_svg_style *style);

/** A band over the whole height between two values of x. */
void fb_panel_band(const fb_panel *panel, double low, double high, const fb_svg_style *style);

#endif

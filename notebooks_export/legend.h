/** \file legend.h
 * Words above the panels of a picture: its title, and what the lines and areas mean.
 */
#ifndef FB_NOTEBOOKS_EXPORT_LEGEND_H
#define FB_NOTEBOOKS_EXPORT_LEGEND_H

#include <stdbool.h>

#include "notebooks_export/svg.h"

#define FB_TITLE_SIZE 15.0   ///< of the font, px
#define FB_TITLE_HEIGHT 30.0 ///< where what follows the title begins

/** The title of a picture on its first line, in smaller letters if it is longer than `width` px. */
void fb_legend_title(fb_svg *svg, double left, double width, const char *text);

/** One entry of a legend: a sample and words. */
typedef struct fb_legend_entry {
    const char *text;
    fb_svg_style line; ///< of a line, or of a box where it has a fill
    bool is_point;     ///< a circle instead, coloured line.stroke, white inside unless filled with line.fill
} fb_legend_entry;

/** Entries side by side from `left`, with a new line where the next one would pass `left + width`: a legend above a
 * panel cannot hide what is in it.
 *  \param svg  NULL: nothing is drawn, for the height only
 *  \param top  px
 *  \return its height, px */
double fb_legend(fb_svg *svg, double left, double top, double width, int n, const fb_legend_entry *entries);

#endif

/** \file svg.h
 * The text of an SVG picture: lines, fills, circles and words in pixels.
 *
 * The same calls give the same bytes everywhere: numbers have at most two decimals and a point whatever the locale, and
 * nothing depends on fonts or time. There are no ids, so several pictures can stand in one HTML page. A coordinate that
 * is not finite is never written: the element that has it, or the point of a path, is left out.
 *
 * Calls that draw return nothing. When memory runs out the picture remembers it, and fb_svg_finish says so.
 */
#ifndef FB_NOTEBOOKS_EXPORT_SVG_H
#define FB_NOTEBOOKS_EXPORT_SVG_H

#include "notebooks_export/markup.h"

/** Colours that people with any common kind of colour vision tell apart (M. Okabe and K. Ito, "Color universal design",
 *  2008). */
#define FB_BLACK "#000000"
#define FB_ORANGE "#E69F00"
#define FB_SKY_BLUE "#56B4E9"
#define FB_GREEN "#009E73"
#define FB_YELLOW "#F0E442"
#define FB_BLUE "#0072B2"
#define FB_VERMILLION "#D55E00"
#define FB_PURPLE "#CC79A7"
/** For what stands behind the data. */
#define FB_GREY "#767676"
#define FB_LIGHT_GREY "#DDDDDD"

/** How something is drawn; zero members are left out. */
typedef struct fb_svg_style {
    const char *stroke; ///< colour of the line; NULL: none
    double width;       ///< of the line, px
    const char *dash;   ///< for example "4 3"; NULL: solid
    const char *fill;   ///< colour of the area; NULL: none
    double opacity;     ///< of the area, 0 < opacity < 1; 0: opaque
} fb_svg_style;

/** What of the words is at their point; FB_SVG_UPWARDS: the middle, and they are turned to read upwards. */
typedef enum fb_svg_anchor { FB_SVG_START, FB_SVG_MIDDLE, FB_SVG_END, FB_SVG_UPWARDS } fb_svg_anchor;

/** A picture, made by fb_svg_begin and released by fb_svg_finish. */
typedef struct fb_svg {
    fb_markup markup;
    size_t path_start; ///< of the element
    bool has_line;
    bool is_lifted; ///< the last point of the path was left out: a line is a move
    double last[2]; ///< point of the path
} fb_svg;

/** A white picture.
 *  \param width   px, > 0
 *  \param height  px, > 0
 *  \param title   what a reader hears, and a browser shows; any text */
void fb_svg_begin(fb_svg *svg, double width, double height, const char *title);

/** Ends the picture and hands over its text, `<svg ...> ... </svg>` and a newline; it stands alone as a file, and
 * within HTML. Nothing can be drawn afterwards.
 *  \param text  UTF-8, release with free()
 *  \return FB_ERROR_MEMORY when something on the way did not fit into memory */
fb_status fb_svg_finish(fb_svg *svg, char **text, fb_error *error) FB_MUST_USE;

/** A straight line. */
void fb_svg_line(fb_svg *svg, double x1, double y1, double x2, double y2, const fb_svg_style *style);
/** `width` and `height` >= 0, else nothing is drawn. */
void fb_svg_rectangle(fb_svg *svg, double x, double y, double width, double height, const fb_svg_style *style);
/** \param style  NULL: that of the group around it */
void fb_svg_circle(fb_svg *svg, double x, double y, double radius, const fb_svg_style *style);

/** A style for everything until the end of the group that has none of its own. */
void fb_svg_group_begin(fb_svg *svg, const fb_svg_style *style);
void fb_svg_group_end(fb_svg *svg);

/** A path: begin, then any number of moves and lines, then end. A path without a line leaves no trace. */
void fb_svg_path_begin(fb_svg *svg, const fb_svg_style *style);
void fb_svg_path_move(fb_svg *svg, double x, double y);
void fb_svg_path_line(fb_svg *svg, double x, double y);
/** Back to the last move. */
void fb_svg_path_close(fb_svg *svg);
void fb_svg_path_end(fb_svg *svg);

/** Words.
 *  \param x       of the anchor
 *  \param y       of the baseline
 *  \param size    of the font, px
 *  \param text    any bytes; what XML cannot hold becomes U+FFFD. `_{...}` and `^{...}` lower and raise what they
 * enclose */
void fb_svg_words(fb_svg *svg, double x, double y, double size, fb_svg_anchor anchor, const char *text);

/** How wide `text` will be, px: an estimate, a little too much for most sans-serif fonts. */
double fb_svg_text_width(double size, const char *text);

#endif

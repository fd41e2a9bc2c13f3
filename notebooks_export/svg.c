#include "notebooks_export/svg.h"

#include <math.h>
#include <string.h>

void fb_svg_begin(fb_svg *svg, double width, double height, const char *title)
{
    *svg = (fb_svg){0};
    fb_markup_add(&svg->markup,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%f\" height=\"%f\" "
                  "viewBox=\"0 0 %f %f\" font-family=\"sans-serif\">\n<title>%s</title>\n",
                  width, height, width, height, title);
    fb_svg_rectangle(svg, 0.0, 0.0, width, height, &(fb_svg_style){.fill = "#FFFFFF"});
}

fb_status fb_svg_finish(fb_svg *svg, char **text, fb_error *error)
{
    fb_markup_add(&svg->markup, "</svg>\n");
    return fb_markup_finish(&svg->markup, "a picture", text, error);
}

/* --- shapes ------------------------------------------------------------------------------------------------------- */

static void add_style(fb_svg *svg, const fb_svg_style *style)
{
    fb_markup_add(&svg->markup, " fill=\"%s\"", style->fill != NULL ? style->fill : "none");
    if (style->fill != NULL && style->opacity > 0.0) {
        fb_markup_add(&svg->markup, " fill-opacity=\"%f\"", style->opacity);
    }
    if (style->stroke != NULL) {
        fb_markup_add(&svg->markup, " stroke=\"%s\" stroke-width=\"%f\"", style->stroke, style->width);
    }
    if (style->stroke != NULL && style->dash != NULL) {
        fb_markup_add(&svg->markup, " stroke-dasharray=\"%s\"", style->dash);
    }
}

void fb_svg_line(fb_svg *svg, double x1, double y1, double x2, double y2, const fb_svg_style *style)
{
    fb_svg_path_begin(svg, style);
    fb_svg_path_move(svg, x1, y1);
    fb_svg_path_line(svg, x2, y2);
    fb_svg_path_end(svg);
}

void fb_svg_rectangle(fb_svg *svg, double x, double y, double width, double height, const fb_svg_style *style)
{
    if (!isfinite(x) || !isfinite(y) || !isfinite(width) || !isfinite(height) || width < 0.0 || height < 0.0) {
        return;
    }
    fb_markup_add(&svg->markup, "<rect x=\"%f\" y=\"%f\" width=\"%f\" height=\"%f\"", x, y, width, height);
    add_style(svg, style);
    fb_markup_add(&svg->markup, "/>\n");
}

void fb_svg_circle(fb_svg *svg, double x, double y, double radius, const fb_svg_style *style)
{
    if (!isfinite(x) || !isfinite(y) || !(radius > 0.0)) {
        return;
    }
    fb_markup_add(&svg->markup, "<circle cx=\"%f\" cy=\"%f\" r=\"%f\"", x, y, radius);
    if (style != NULL) {
        add_style(svg, style);
    }
    fb_markup_add(&svg->markup, "/>\n");
}

void fb_svg_group_begin(fb_svg *svg, const fb_svg_style *style)
{
    fb_markup_add(&svg->markup, "<g");
    add_style(svg, style);
    fb_markup_add(&svg->markup, ">\n");
}

void fb_svg_group_end(fb_svg *svg)
{
    fb_markup_add(&svg->markup, "</g>\n");
}

void fb_svg_path_begin(fb_svg *svg, const fb_svg_style *style)
{
    svg->path_start = svg->markup.length;
    svg->is_lifted = true;
    svg->has_line = false;
    fb_markup_add(&svg->markup, "<path");
    add_style(svg, style);
    fb_markup_add(&svg->markup, " d=\"");
}

/* Takes the point as the last one; whether it can be drawn. */
static bool take_point(fb_svg *svg, double x, double y)
{
    svg->is_lifted = !isfinite(x) || !isfinite(y);
    svg->last[0] = x;
    svg->last[1] = y;
    return !svg->is_lifted;
}

void fb_svg_path_move(fb_svg *svg, double x, double y)
{
    if (take_point(svg, x, y)) {
        fb_markup_add(&svg->markup, "M%f %f", x, y);
    }
}

void fb_svg_path_line(fb_svg *svg, double x, double y)
{
    if (svg->is_lifted) {
        fb_svg_path_move(svg, x, y);
        return;
    }
    const bool same_x = fb_markup_hundredths(x) == fb_markup_hundredths(svg->last[0]);
    const bool same_y = fb_markup_hundredths(y) == fb_markup_hundredths(svg->last[1]);
    if (!take_point(svg, x, y) || (same_x && same_y)) {
        return;
    }
    svg->has_line = true;
    if (same_x) {
        fb_markup_add(&svg->markup, "V%f", y);
    } else if (same_y) {
        fb_markup_add(&svg->markup, "H%f", x);
    } else {
        fb_markup_add(&svg->markup, "L%f %f", x, y);
    }
}

void fb_svg_path_close(fb_svg *svg)
{
    if (svg->has_line && !svg->is_lifted) {
        fb_markup_add(&svg->markup, "Z");
    }
}

void fb_svg_path_end(fb_svg *svg)
{
    if (svg->has_line) {
        fb_markup_add(&svg->markup, "\"/>\n");
    } else if (!svg->markup.is_full) {
        svg->markup.length = svg->path_start;
        svg->markup.text[svg->markup.length] = '\0';
    }
}

/* --- words -------------------------------------------------------------------------------------------------------- */

static const double SMALL = 0.72; // size of lowered and raised text

/* Text on one level. */
typedef struct run {
    int level; // -1 lowered, 0, +1 raised
    const char *start;
    size_t length;
    const char *next; // where to go on
} run;

/* Whether a lowered or raised part begins here, and where it ends. */
static const char *end_of_part(const char *text)
{
    return (text[0] == '_' || text[0] == '^') && text[1] == '{' ? strchr(text, '}') : NULL;
}

/* The first run of `text`, which is not empty. An unfinished `_{` or `^{` is text. */
static run next_run(const char *text)
{
    const char *end = end_of_part(text);
    if (end != NULL) {
        return (run){text[0] == '_' ? -1 : 1, text + 2, (size_t)(end - text - 2), end + 1};
    }
    end = text + 1;
    while (*end != '\0' && end_of_part(end) == NULL) {
        end++;
    }
    return (run){0, text, (size_t)(end - text), end};
}

/* Text with lowered and raised parts. */
static void add_marked_up(fb_svg *svg, double size, const char *text)
{
    double shift = 0.0; // of the baseline, to be taken back
    while (*text != '\0') {
        const run r = next_run(text);
        const double wanted = r.level < 0 ? 0.25 * size : r.level > 0 ? -0.38 * size : 0.0;
        const bool is_shifted = wanted != 0.0 || shift != 0.0;
        if (is_shifted) {
            fb_markup_add(&svg->markup, "<tspan dy=\"%f\"", wanted - shift);
            if (r.level != 0) {
                fb_markup_add(&svg->markup, " font-size=\"%f\"", SMALL * size);
            }
            fb_markup_add(&svg->markup, ">");
        }
        fb_markup_add_escaped(&svg->markup, r.start, r.length);
        if (is_shifted) {
            fb_markup_add(&svg->markup, "</tspan>");
        }
        shift = wanted;
        text = r.next;
    }
}

void fb_svg_words(fb_svg *svg, double x, double y, double size, fb_svg_anchor anchor, const char *text)
{
    static const char *const anchors[] = {
        [FB_SVG_MIDDLE] = "middle", [FB_SVG_END] = "end", [FB_SVG_UPWARDS] = "middle"};
    if (!isfinite(x) || !isfinite(y) || text[0] == '\0') {
        return;
    }
    fb_markup_add(&svg->markup,
                  anchor == FB_SVG_UPWARDS ? "<text transform=\"translate(%f %f) rotate(-90)\""
                                           : "<text x=\"%f\" y=\"%f\"",
                  x, y);
    fb_markup_add(&svg->markup, " font-size=\"%f\"", size);
    if (anchor != FB_SVG_START) {
        fb_markup_add(&svg->markup, " text-anchor=\"%s\"", anchors[anchor]);
    }
    fb_markup_add(&svg->markup, ">");
    add_marked_up(svg, size, text);
    fb_markup_add(&svg->markup, "</text>\n");
}

/* In units of the font's size; DejaVu Sans, one of the widest fonts that are common, rounded. */
static double width_of(const char *character, size_t length)
{
    if (length > 1) {
        const bool is_combining = (unsigned char)character[0] == 0xCC; // U+0300 .. U+033F
        return is_combining ? 0.0 : 0.66;
    }
    if (strchr("ijlI|'.,:;", *character) != NULL) {
        return 0.32;
    }
    if (strchr("frt()[]!/ -", *character) != NULL) {
        return 0.40;
    }
    if (strchr("mMwW%+=<>", *character) != NULL) {
        return 0.92;
    }
    return *character >= 'A' && *character <= 'Z' ? 0.70 : 0.62;
}

double fb_svg_text_width(double size, const char *text)
{
    double sum = 0.0;
    while (*text != '\0') {
        const run r = next_run(text);
        for (size_t at = 0; at < r.length;) {
            size_t length = fb_markup_character(r.start + at, r.length - at);
            sum += width_of(r.start + at, length) * (r.level != 0 ? SMALL : 1.0);
            at += length > 0 ? length : 1;
        }
        text = r.next;
    }
    return sum * size;
}

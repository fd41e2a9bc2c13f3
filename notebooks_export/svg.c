#include "notebooks_export/svg.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"
#include "notebooks_export/markup_internal.h"
#include "notebooks_export/svg_text_internal.h"

struct fb_svg {
    fb_markup markup;
    size_t path_start; // of the element
    bool has_line;
    bool is_lifted; // the last point of the path was left out: a line is a move
    double last[2]; // point of the path
};

static const double LARGEST = 1e7; // px; beyond it is no picture

static void add(fb_svg *svg, const char *text)
{
    fb_markup_add(&svg->markup, text);
}

static long long in_cents(double value)
{
    return llround(fmin(fmax(value, -LARGEST), LARGEST) * 100.0);
}

/* At most two decimals. printf would ask the locale for the decimal point. */
static void add_number(fb_svg *svg, double value)
{
    char digits[32];
    long long cents = in_cents(value);
    long long size = cents < 0 ? -cents : cents;
    int fraction = (int)(size % 100);
    int n = snprintf(digits, sizeof digits, "%s%lld", cents < 0 ? "-" : "", size / 100);
    if (fraction % 10 != 0) {
        snprintf(digits + n, sizeof digits - (size_t)n, ".%02d", fraction);
    } else if (fraction != 0) {
        snprintf(digits + n, sizeof digits - (size_t)n, ".%d", fraction / 10);
    }
    add(svg, digits);
}

static void add_attribute(fb_svg *svg, const char *name, double value)
{
    add(svg, " ");
    add(svg, name);
    add(svg, "=\"");
    add_number(svg, value);
    add(svg, "\"");
}

static void add_word(fb_svg *svg, const char *name, const char *value)
{
    add(svg, " ");
    add(svg, name);
    add(svg, "=\"");
    add(svg, value);
    add(svg, "\"");
}

static void add_style(fb_svg *svg, const fb_svg_style *style)
{
    add_word(svg, "fill", style->fill != NULL ? style->fill : "none");
    if (style->fill != NULL && style->opacity > 0.0) {
        add_attribute(svg, "fill-opacity", style->opacity);
    }
    if (style->stroke != NULL) {
        add_word(svg, "stroke", style->stroke);
        add_attribute(svg, "stroke-width", style->width);
    }
    if (style->stroke != NULL && style->dash != NULL) {
        add_word(svg, "stroke-dasharray", style->dash);
    }
}

fb_status fb_svg_create(double width, double height, const char *title, fb_svg **out, fb_error *error)
{
    fb_svg *svg = NULL;
    fb_status status = fb_memory_allocate(1, sizeof *svg, &svg, error);
    *out = svg;
    if (status != FB_OK) {
        return status;
    }
    add(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
    add_attribute(svg, "width", width);
    add_attribute(svg, "height", height);
    add(svg, " viewBox=\"0 0 ");
    add_number(svg, width);
    add(svg, " ");
    add_number(svg, height);
    add(svg, "\" font-family=\"sans-serif\">\n<title>");
    fb_markup_add_escaped(&svg->markup, title, strlen(title));
    add(svg, "</title>\n");
    fb_svg_rectangle(svg, 0.0, 0.0, width, height, &(fb_svg_style){.fill = "#FFFFFF"});
    return FB_OK;
}

void fb_svg_free(fb_svg *svg)
{
    if (svg != NULL) {
        free(svg->markup.text);
        free(svg);
    }
}

fb_status fb_svg_finish(fb_svg *svg, char **text, fb_error *error)
{
    add(svg, "</svg>\n");
    return fb_markup_finish(&svg->markup, "a picture", text, error);
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
    add(svg, "<rect");
    add_attribute(svg, "x", x);
    add_attribute(svg, "y", y);
    add_attribute(svg, "width", width);
    add_attribute(svg, "height", height);
    add_style(svg, style);
    add(svg, "/>\n");
}

void fb_svg_circle(fb_svg *svg, double x, double y, double radius, const fb_svg_style *style)
{
    if (!isfinite(x) || !isfinite(y) || !(radius > 0.0)) {
        return;
    }
    add(svg, "<circle");
    add_attribute(svg, "cx", x);
    add_attribute(svg, "cy", y);
    add_attribute(svg, "r", radius);
    if (style != NULL) {
        add_style(svg, style);
    }
    add(svg, "/>\n");
}

void fb_svg_group_begin(fb_svg *svg, const fb_svg_style *style)
{
    add(svg, "<g");
    add_style(svg, style);
    add(svg, ">\n");
}

void fb_svg_group_end(fb_svg *svg)
{
    add(svg, "</g>\n");
}

void fb_svg_path_begin(fb_svg *svg, const fb_svg_style *style)
{
    svg->path_start = svg->markup.length;
    svg->is_lifted = true;
    svg->has_line = false;
    add(svg, "<path");
    add_style(svg, style);
    add(svg, " d=\"");
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
        add(svg, "M");
        add_number(svg, x);
        add(svg, " ");
        add_number(svg, y);
    }
}

void fb_svg_path_line(fb_svg *svg, double x, double y)
{
    if (svg->is_lifted) {
        fb_svg_path_move(svg, x, y);
        return;
    }
    const bool same_x = in_cents(x) == in_cents(svg->last[0]), same_y = in_cents(y) == in_cents(svg->last[1]);
    if (!take_point(svg, x, y) || (same_x && same_y)) {
        return;
    }
    svg->has_line = true;
    add(svg, same_x ? "V" : same_y ? "H" : "L");
    if (!same_x) {
        add_number(svg, x);
    }
    if (!same_x && !same_y) {
        add(svg, " ");
    }
    if (same_x || !same_y) {
        add_number(svg, y);
    }
}

void fb_svg_path_close(fb_svg *svg)
{
    if (svg->has_line && !svg->is_lifted) {
        add(svg, "Z");
    }
}

void fb_svg_path_end(fb_svg *svg)
{
    if (svg->has_line) {
        add(svg, "\"/>\n");
    } else if (!svg->markup.is_full) {
        svg->markup.length = svg->path_start;
        svg->markup.text[svg->markup.length] = '\0';
    }
}

/* Text with lowered and raised parts. */
static void add_marked_up(fb_svg *svg, double size, const char *text)
{
    double shift = 0.0; // of the baseline, to be taken back
    while (*text != '\0') {
        fb_svg_run run = fb_svg_text_next_run(text);
        double wanted = run.level < 0 ? 0.25 * size : run.level > 0 ? -0.38 * size : 0.0;
        if (wanted == 0.0 && shift == 0.0) {
            fb_markup_add_escaped(&svg->markup, run.start, run.length);
        } else {
            add(svg, "<tspan");
            add_attribute(svg, "dy", wanted - shift);
            if (run.level != 0) {
                add_attribute(svg, "font-size", FB_SVG_SMALL * size);
            }
            add(svg, ">");
            fb_markup_add_escaped(&svg->markup, run.start, run.length);
            add(svg, "</tspan>");
            shift = wanted;
        }
        text = run.next;
    }
}

static void write_words(fb_svg *svg, double x, double y, double size, fb_svg_anchor anchor, const char *colour,
                        bool upwards, const char *text)
{
    static const char *const anchors[] = {[FB_SVG_START] = "start", [FB_SVG_MIDDLE] = "middle", [FB_SVG_END] = "end"};
    if (!isfinite(x) || !isfinite(y) || text[0] == '\0') {
        return;
    }
    add(svg, "<text");
    if (upwards) {
        add(svg, " transform=\"translate(");
        add_number(svg, x);
        add(svg, " ");
        add_number(svg, y);
        add(svg, ") rotate(-90)\"");
    } else {
        add_attribute(svg, "x", x);
        add_attribute(svg, "y", y);
    }
    add_attribute(svg, "font-size", size);
    if (anchor != FB_SVG_START) {
        add_word(svg, "text-anchor", anchors[anchor]);
    }
    if (colour != NULL) {
        add_word(svg, "fill", colour);
    }
    add(svg, ">");
    add_marked_up(svg, size, text);
    add(svg, "</text>\n");
}

void fb_svg_words(fb_svg *svg, double x, double y, double size, fb_svg_anchor anchor, const char *colour,
                  const char *text)
{
    write_words(svg, x, y, size, anchor, colour, false, text);
}

void fb_svg_words_upwards(fb_svg *svg, double x, double y, double size, fb_svg_anchor anchor, const char *colour,
                          const char *text)
{
    write_words(svg, x, y, size, anchor, colour, true, text);
}

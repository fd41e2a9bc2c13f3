#include "notebooks_export/panel.h"

#include <math.h>

static const double TICK = 5.0, MINOR_TICK = 2.5;         // px, inwards
static const double X_NUMBERS = 15.0, X_LABEL = 33.0;     // px, baselines below the frame
static const double Y_NUMBERS = 5.0, Y_LABEL = 8.0;       // px, gaps left of the frame
static const double PER_TICK_X = 65.0, PER_TICK_Y = 32.0; // px, at least, from number to number
static const double HALF_DIGIT = 0.36;                    // of the font's size, from middle to baseline

double fb_panel_x(const fb_panel *panel, double x)
{
    return panel->left + panel->width * fb_axis_place(&panel->x, x);
}

double fb_panel_y(const fb_panel *panel, double y)
{
    return panel->top + panel->height * (1.0 - fb_axis_place(&panel->y, y));
}

bool fb_panel_holds(const fb_panel *panel, double x, double y)
{
    const double u = fb_axis_place(&panel->x, x), v = fb_axis_place(&panel->y, y);
    return u >= 0.0 && u <= 1.0 && v >= 0.0 && v <= 1.0;
}

/* --- the frame ---------------------------------------------------------------------------------------------------- */

/* Ticks with numbers are on both sides. */
static void x_tick(const fb_panel *panel, double value, double length)
{
    const double x = fb_panel_x(panel, value), bottom = panel->top + panel->height;
    fb_svg_path_move(panel->svg, x, bottom);
    fb_svg_path_line(panel->svg, x, bottom - length);
    if (length == TICK) {
        fb_svg_path_move(panel->svg, x, panel->top);
        fb_svg_path_line(panel->svg, x, panel->top + length);
    }
}

static void y_tick(const fb_panel *panel, double value, double length)
{
    const double y = fb_panel_y(panel, value), right = panel->left + panel->width;
    fb_svg_path_move(panel->svg, panel->left, y);
    fb_svg_path_line(panel->svg, panel->left + length, y);
    if (length == TICK) {
        fb_svg_path_move(panel->svg, right, y);
        fb_svg_path_line(panel->svg, right - length, y);
    }
}

static void draw_ticks(const fb_panel *panel, const fb_ticks *ticks, void (*draw)(const fb_panel *, double, double))
{
    for (int k = 0; k < ticks->n_minor; k++) {
        draw(panel, ticks->minor[k], MINOR_TICK);
    }
    for (int k = 0; k < ticks->n; k++) {
        draw(panel, ticks->value[k], TICK);
    }
}

static void label_x(const fb_panel *panel, const fb_ticks *ticks)
{
    const double bottom = panel->top + panel->height;
    char text[FB_TICK_SIZE];
    for (int k = 0; k < ticks->n; k++) {
        fb_svg_words(panel->svg, fb_panel_x(panel, ticks->value[k]), bottom + X_NUMBERS, FB_NUMBER_SIZE_PX,
                     FB_SVG_MIDDLE, fb_axis_tick_text(ticks, k, text));
    }
    if (panel->x.label != NULL) {
        fb_svg_words(panel->svg, panel->left + 0.5 * panel->width, bottom + X_LABEL, FB_LABEL_SIZE, FB_SVG_MIDDLE,
                     panel->x.label);
    }
}

static void label_y(const fb_panel *panel, const fb_ticks *ticks)
{
    char text[FB_TICK_SIZE];
    double widest = 0.0;
    for (int k = 0; k < ticks->n; k++) {
        fb_axis_tick_text(ticks, k, text);
        widest = fmax(widest, fb_svg_text_width(FB_NUMBER_SIZE_PX, text));
        fb_svg_words(panel->svg, panel->left - Y_NUMBERS,
                     fb_panel_y(panel, ticks->value[k]) + HALF_DIGIT * FB_NUMBER_SIZE_PX, FB_NUMBER_SIZE_PX, FB_SVG_END,
                     text);
    }
    if (panel->y.label != NULL) {
        fb_svg_words(panel->svg, panel->left - Y_NUMBERS - widest - Y_LABEL, panel->top + 0.5 * panel->height,
                     FB_LABEL_SIZE, FB_SVG_UPWARDS, panel->y.label);
    }
}

void fb_panel_frame(const fb_panel *panel)
{
    const fb_svg_style thin = {.stroke = FB_BLACK, .width = 0.8}, thick = {.stroke = FB_BLACK, .width = 1.0};
    fb_ticks x = fb_axis_ticks(&panel->x, panel->most_x > 0 ? panel->most_x : (int)(panel->width / PER_TICK_X) + 1);
    fb_ticks y = fb_axis_ticks(&panel->y, panel->most_y > 0 ? panel->most_y : (int)(panel->height / PER_TICK_Y) + 1);
    fb_svg_path_begin(panel->svg, &thin);
    draw_ticks(panel, &x, x_tick);
    draw_ticks(panel, &y, y_tick);
    fb_svg_path_end(panel->svg);
    fb_svg_rectangle(panel->svg, panel->left, panel->top, panel->width, panel->height, &thick);
    if (!panel->hides_x) {
        label_x(panel, &x);
    }
    label_y(panel, &y);
}

/* --- what is in it ------------------------------------------------------------------------------------------------ */

/* A pixel, moved to the nearest edge of the frame from outside; NaN stays. */
static double clamp(double at, double edge, double size)
{
    return isnan(at) ? at : fmin(fmax(at, edge), edge + size);
}

static double within_width(const fb_panel *panel, double x)
{
    return clamp(fb_panel_x(panel, x), panel->left, panel->width);
}

static double within_height(const fb_panel *panel, double y)
{
    return clamp(fb_panel_y(panel, y), panel->top, panel->height);
}

/* Shortens [*from, *to], parts of a line that goes from a to a + step, to where it is within [low, high]. */
static bool cut(double a, double step, double low, double high, double *from, double *to)
{
    if (step == 0.0) {
        return a >= low && a <= high;
    }
    const double enters = ((step > 0.0 ? low : high) - a) / step, leaves = ((step > 0.0 ? high : low) - a) / step;
    *from = fmax(*from, enters);
    *to = fmin(*to, leaves);
    return *from <= *to;
}

/* Adds what the frame shows of a line between two points in pixels, which are finite (Y.-D. Liang and B. A. Barsky, ACM
 * Trans. Graph. 3 (1984) 1); rounding where they are far away does not carry it over the edge. `is_joined`: the path is
 * already at the first point. */
static void add_cut_line(const fb_panel *panel, const double a[2], const double b[2], bool is_joined)
{
    const double step[2] = {b[0] - a[0], b[1] - a[1]};
    double from = 0.0, to = 1.0;
    if (!cut(a[0], step[0], panel->left, panel->left + panel->width, &from, &to) ||
        !cut(a[1], step[1], panel->top, panel->top + panel->height, &from, &to)) {
        return;
    }
    if (!is_joined || from > 0.0) {
        fb_svg_path_move(panel->svg, clamp(a[0] + from * step[0], panel->left, panel->width),
                         clamp(a[1] + from * step[1], panel->top, panel->height));
    }
    fb_svg_path_line(panel->svg, clamp(a[0] + to * step[0], panel->left, panel->width),
                     clamp(a[1] + to * step[1], panel->top, panel->height));
}

static bool is_inside(const fb_panel *panel, const double a[2])
{
    return a[0] >= panel->left && a[0] <= panel->left + panel->width && a[1] >= panel->top &&
           a[1] <= panel->top + panel->height;
}

/* Adds a line through `n` points to the path. */
static void add_line(const fb_panel *panel, size_t n, const double *x, const double *y)
{
    double last[2] = {NAN, NAN};
    bool is_joined = false;
    for (size_t k = 0; k < n; k++) {
        const double next[2] = {fb_panel_x(panel, x[k]), fb_panel_y(panel, y[k])};
        const bool has_both = isfinite(last[0]) && isfinite(last[1]) && isfinite(next[0]) && isfinite(next[1]);
        if (has_both) {
            add_cut_line(panel, last, next, is_joined);
        }
        is_joined = has_both && is_inside(panel, next);
        last[0] = next[0];
        last[1] = next[1];
    }
}

void fb_panel_line(const fb_panel *panel, size_t n, const double *x, const double *y, const fb_svg_style *style)
{
    fb_svg_path_begin(panel->svg, style);
    add_line(panel, n, x, y);
    fb_svg_path_end(panel->svg);
}

void fb_panel_steps(const fb_panel *panel, size_t n, const double *edges, const double *values,
                    const fb_svg_style *style)
{
    fb_svg_path_begin(panel->svg, style);
    for (size_t k = 0; k < n; k++) {
        const double before = k > 0 ? values[k - 1] : NAN;
        if (isfinite(before) && isfinite(values[k])) {
            add_line(panel, 2, (const double[]){edges[k], edges[k]},
                     (const double[]){fmax(before, panel->y.low), fmax(values[k], panel->y.low)});
        }
        add_line(panel, 2, &edges[k], (const double[]){values[k], values[k]});
    }
    fb_svg_path_end(panel->svg);
}

/* Whether bin `k` has an area to fill. */
static bool has_area(const fb_panel *panel, size_t k, const double *edges, const double *low, const double *high)
{
    return within_width(panel, edges[k + 1]) > within_width(panel, edges[k]) && !isnan(fb_panel_y(panel, high[k])) &&
           (low == NULL || !isnan(fb_panel_y(panel, low[k])));
}

/* One outline for the bins [first, end), up along the high values and back along the low ones: bins that were filled
 * one by one would show seams. */
static void add_outline(const fb_panel *panel, size_t first, size_t end, const double *edges, const double *low,
                        const double *high)
{
    for (size_t k = first; k < end; k++) {
        const double top = within_height(panel, high[k]), left = within_width(panel, edges[k]);
        if (k == first) {
            fb_svg_path_move(panel->svg, left, top);
        } else {
            fb_svg_path_line(panel->svg, left, top);
        }
        fb_svg_path_line(panel->svg, within_width(panel, edges[k + 1]), top);
    }
    for (size_t k = end; k-- > first;) {
        const double bottom = within_height(panel, low != NULL ? low[k] : panel->y.low);
        fb_svg_path_line(panel->svg, within_width(panel, edges[k + 1]), bottom);
        fb_svg_path_line(panel->svg, within_width(panel, edges[k]), bottom);
    }
    fb_svg_path_close(panel->svg);
}

void fb_panel_fill(const fb_panel *panel, size_t n, const double *edges, const double *low, const double *high,
                   const fb_svg_style *style)
{
    fb_svg_path_begin(panel->svg, style);
    for (size_t k = 0; k < n;) {
        size_t end = k;
        while (end < n && has_area(panel, end, edges, low, high)) {
            end++;
        }
        if (end > k) {
            add_outline(panel, k, end, edges, low, high);
        }
        k = end > k ? end : k + 1;
    }
    fb_svg_path_end(panel->svg);
}

void fb_panel_points(const fb_panel *panel, size_t n, const double *x, const double *y, const double *low,
                     const double *high, double radius, const char *colour, bool is_open)
{
    const fb_svg_style bar = {.stroke = colour, .width = 1.2};
    const fb_svg_style circle = {.stroke = colour, .width = 1.2, .fill = is_open ? "#FFFFFF" : colour};
    fb_svg_path_begin(panel->svg, &bar);
    for (size_t k = 0; low != NULL && high != NULL && k < n; k++) {
        const double at = fb_panel_x(panel, x[k]);
        const double bottom = within_height(panel, low[k]), top = within_height(panel, high[k]);
        if (at >= panel->left && at <= panel->left + panel->width && top < bottom) {
            fb_svg_path_move(panel->svg, at, bottom);
            fb_svg_path_line(panel->svg, at, top);
        }
    }
    fb_svg_path_end(panel->svg);
    fb_svg_group_begin(panel->svg, &circle);
    for (size_t k = 0; k < n; k++) {
        if (fb_panel_holds(panel, x[k], y[k])) {
            fb_svg_circle(panel->svg, fb_panel_x(panel, x[k]), fb_panel_y(panel, y[k]), radius, NULL);
        }
    }
    fb_svg_group_end(panel->svg);
}

void fb_panel_intervals(const fb_panel *panel, size_t n, const double *low, const double *high, const double *y,
                        const fb_svg_style *style)
{
    fb_svg_path_begin(panel->svg, style);
    for (size_t k = 0; k < n; k++) {
        const double from = within_width(panel, fmin(low[k], high[k])), to = within_width(panel, fmax(low[k], high[k]));
        const double at = fb_panel_y(panel, y[k]);
        if (at >= panel->top && at <= panel->top + panel->height && from < to && isfinite(low[k] + high[k])) {
            fb_svg_path_move(panel->svg, from, at);
            fb_svg_path_line(panel->svg, to, at);
        }
    }
    fb_svg_path_end(panel->svg);
}

void fb_panel_vertical(const fb_panel *panel, double x, const fb_svg_style *style)
{
    const double at = fb_panel_x(panel, x);
    if (at >= panel->left && at <= panel->left + panel->width) {
        fb_svg_line(panel->svg, at, panel->top, at, panel->top + panel->height, style);
    }
}

void fb_panel_horizontal(const fb_panel *panel, double y, const fb_svg_style *style)
{
    const double at = fb_panel_y(panel, y);
    if (at >= panel->top && at <= panel->top + panel->height) {
        fb_svg_line(panel->svg, panel->left, at, panel->left + panel->width, at, style);
    }
}

void fb_panel_band(const fb_panel *panel, double low, double high, const fb_svg_style *style)
{
    const double from = within_width(panel, low), to = within_width(panel, high);
    if (from < to) {
        fb_svg_rectangle(panel->svg, from, panel->top, to - from, panel->height, style);
    }
}

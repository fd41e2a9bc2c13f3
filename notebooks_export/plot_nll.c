#include "notebooks_export/plot_nll.h"

#include <math.h>
#include <stdio.h>

#include "notebooks_export/legend.h"
#include "notebooks_export/panel.h"

/* px */
static const double WIDTH = 640.0, LEFT = 60.0, RIGHT = 20.0, HEIGHT = 330.0, BOTTOM = 46.0;

static double draw_legend(const fb_nll_picture *p, fb_svg *svg)
{
    char interval[128], mu[FB_TICK_SIZE], up[FB_TICK_SIZE], down[FB_TICK_SIZE];
    snprintf(interval, sizeof interval, "\xCE\xBC\xCC\x82 = %s, interval %s to %s",
             fb_axis_number_text(p->mu_hat, 3, mu), fb_axis_number_text(p->p16, 3, down),
             fb_axis_number_text(p->p84, 3, up));
    const fb_legend_entry entries[] = {
        {"nuisance parameters profiled", {.stroke = FB_BLUE, .width = 2.0}, false},
        {"nuisance parameters held at their fitted values", {.stroke = FB_ORANGE, .width = 2.0, .dash = "7 3"}, false},
        {interval, {.fill = FB_SKY_BLUE, .opacity = 0.3}, false},
    };
    return fb_legend(svg, LEFT, FB_TITLE_HEIGHT, WIDTH - LEFT - RIGHT, sizeof entries / sizeof entries[0], entries);
}

/* High enough for the whole profile; the other curve, which is steeper, is cut. */
static fb_axis height_of(const fb_nll_picture *p)
{
    fb_range range = FB_RANGE_EMPTY;
    fb_axis_range_add(&range, p->n, p->profiled);
    const double high = range.low > range.high ? 4.0 : fmax(range.high, 1.5);
    return (fb_axis){.low = fmin(0.0, range.low <= range.high ? range.low : 0.0),
                     .high = 1.04 * high,
                     .label = "t(\xCE\xBC) \xE2\x88\x92 t_{min}"};
}

/* Names beside the upright lines, in the shaded area above the curves, where there is room for them. */
static void name_lines(const fb_nll_picture *p, const fb_panel *panel)
{
    const double y = panel->top + 18.0, gap = 4.0;
    if (fb_panel_x(panel, p->p84) - fb_panel_x(panel, p->p16) < 100.0) {
        return;
    }
    if (p->p16 >= panel->x.low) {
        fb_svg_words(panel->svg, fb_panel_x(panel, p->p16) + gap, y, FB_LABEL_SIZE, FB_SVG_START, "p16");
    }
    if (p->p84 <= panel->x.high) {
        fb_svg_words(panel->svg, fb_panel_x(panel, p->p84) - gap, y, FB_LABEL_SIZE, FB_SVG_END, "p84");
    }
    if (fb_panel_holds(panel, p->mu_hat, panel->y.high)) {
        fb_svg_words(panel->svg, fb_panel_x(panel, p->mu_hat) + gap, y, FB_LABEL_SIZE, FB_SVG_START,
                     "\xCE\xBC\xCC\x82");
    }
}

static void draw(const fb_nll_picture *p, fb_svg *svg, double top)
{
    const fb_panel panel = {.svg = svg,
                            .left = LEFT,
                            .top = top,
                            .width = WIDTH - LEFT - RIGHT,
                            .height = HEIGHT,
                            .x = {.low = p->mu[0], .high = p->mu[p->n - 1], .label = "\xCE\xBC"},
                            .y = height_of(p)};
    const fb_svg_style band = {.fill = FB_SKY_BLUE, .opacity = 0.3}, edge = {.stroke = FB_BLUE, .width = 0.8},
                       best = {.stroke = FB_BLACK, .width = 1.0, .dash = "2 2"},
                       one = {.stroke = FB_GREY, .width = 1.0, .dash = "5 3"},
                       profiled = {.stroke = FB_BLUE, .width = 2.0},
                       fixed = {.stroke = FB_ORANGE, .width = 2.0, .dash = "7 3"};
    fb_panel_band(&panel, p->p16, p->p84, &band);
    fb_panel_vertical(&panel, p->p16, &edge);
    fb_panel_vertical(&panel, p->p84, &edge);
    fb_panel_vertical(&panel, p->mu_hat, &best);
    fb_panel_horizontal(&panel, 1.0, &one);
    fb_panel_line(&panel, p->n, p->mu, p->fixed, &fixed);
    fb_panel_line(&panel, p->n, p->mu, p->profiled, &profiled);
    name_lines(p, &panel);
    fb_panel_frame(&panel);
}

fb_status fb_plot_nll(const fb_nll_picture *p, char **svg, fb_error *error)
{
    const double top = FB_TITLE_HEIGHT + draw_legend(p, NULL) + 6.0;
    fb_svg s;
    fb_svg_begin(&s, WIDTH, top + HEIGHT + BOTTOM, p->title);
    fb_legend_title(&s, LEFT, WIDTH - LEFT - RIGHT, p->title);
    draw_legend(p, &s);
    draw(p, &s, top);
    return fb_svg_finish(&s, svg, error);
}

#include "notebooks_export/plot_templates.h"

#include <math.h>
#include <stdio.h>

#include "notebooks_export/legend.h"
#include "notebooks_export/panel.h"

/* px. A cell has a line of words, the panel of the signal and that of the background, a small gap apart: the numbers of
 * both axes end there. */
enum { MOST_COLUMNS = 3 };
static const double MARGIN = 16.0, CELL_LEFT = 66.0, CELL_WIDTH = 222.0, PANEL_HEIGHT = 100.0, PANEL_GAP = 9.0;
static const double CELL_TOP = 24.0, CELL_BOTTOM = 46.0;

static const char signal_colour[] = FB_VERMILLION, background_colour[] = FB_BLUE;

/* The y axis: points, curve and the nominal error bar. */
static fb_axis range_of(const fb_templates_picture *p, const fb_template_curve *c, const char *label)
{
    fb_range range = FB_RANGE_EMPTY;
    fb_axis_range_add(&range, p->n_points, c->measured);
    fb_axis_range_add(&range, p->n_curve, c->curve);
    fb_axis_range_add(&range, 2, (const double[]){c->nominal - c->error, c->nominal + c->error});
    return fb_axis_around(range, 0.12, label);
}

static void draw_curve(const fb_templates_picture *p, const fb_template_curve *c, const fb_panel *panel,
                       const char *colour)
{
    const fb_svg_style prior = {.fill = FB_LIGHT_GREY, .opacity = 0.6}, line = {.stroke = colour, .width = 1.6};
    const double low = c->nominal - c->error, high = c->nominal + c->error;
    fb_panel_band(panel, p->prior_low, p->prior_high, &prior);
    fb_panel_line(panel, p->n_curve, p->curve_alpha, c->curve, &line);
    fb_panel_points(panel, p->n_points, p->alpha, c->measured, NULL, NULL, 2.4, colour, false);
    fb_panel_points(panel, 1, &p->nominal, &c->nominal, &low, &high, 2.4, colour, true);
    fb_panel_frame(panel);
}

static void draw_cell(const fb_templates_picture *p, const fb_templates_bin *bin, fb_svg *svg, double left, double top,
                      const fb_axis *x)
{
    char words[96], low[FB_TICK_SIZE], high[FB_TICK_SIZE];
    snprintf(words, sizeof words, "bin %d: score %s \xE2\x80\x93 %s", bin->bin, fb_axis_number_text(bin->low, 4, low),
             fb_axis_number_text(bin->high, 4, high));
    fb_svg_words(svg, left, top + CELL_TOP - 7.0, FB_LABEL_SIZE, FB_SVG_START, words);
    fb_panel panel = {.svg = svg,
                      .left = left,
                      .top = top + CELL_TOP,
                      .width = CELL_WIDTH,
                      .height = PANEL_HEIGHT,
                      .x = *x,
                      .y = range_of(p, &bin->signal, "S_{i}(\xCE\xB1)"),
                      .hides_x = true,
                      .most_x = 5,
                      .most_y = 4};
    draw_curve(p, &bin->signal, &panel, signal_colour);
    panel.top += PANEL_HEIGHT + PANEL_GAP;
    panel.y = range_of(p, &bin->background, "B_{i}(\xCE\xB1)");
    panel.hides_x = false;
    draw_curve(p, &bin->background, &panel, background_colour);
}

static double draw_legend(fb_svg *svg, double width)
{
    const fb_legend_entry entries[] = {
        {"signal, polynomial", {.stroke = signal_colour, .width = 1.6}, false},
        {"background, polynomial", {.stroke = background_colour, .width = 1.6}, false},
        {"measured", {.stroke = FB_BLACK, .fill = FB_BLACK}, true},
        {"nominal \xC2\xB1 MC statistics", {.stroke = FB_BLACK}, true},
        {"68 % of the prior", {.fill = FB_LIGHT_GREY, .opacity = 0.6}, false},
    };
    return fb_legend(svg, MARGIN, FB_TITLE_HEIGHT, width - 2.0 * MARGIN, sizeof entries / sizeof entries[0], entries);
}

fb_status fb_plot_templates(const fb_templates_picture *p, char **svg, fb_error *error)
{
    const int n_columns = p->n_bins < MOST_COLUMNS ? (int)p->n_bins : MOST_COLUMNS;
    const int n_rows = ((int)p->n_bins + n_columns - 1) / n_columns;
    const double pitch_x = CELL_LEFT + CELL_WIDTH, pitch_y = CELL_TOP + 2.0 * PANEL_HEIGHT + PANEL_GAP + CELL_BOTTOM;
    const double width = fmax(n_columns * pitch_x + 2.0 * MARGIN, 420.0);
    const double top = FB_TITLE_HEIGHT + draw_legend(NULL, width) + 4.0;
    fb_svg s;
    fb_range range = FB_RANGE_EMPTY;
    fb_svg_begin(&s, width, top + n_rows * pitch_y + 4.0, p->title);
    fb_legend_title(&s, MARGIN, width - 2.0 * MARGIN, p->title);
    draw_legend(&s, width);
    fb_axis_range_add(&range, p->n_points, p->alpha);
    fb_axis_range_add(&range, p->n_curve, p->curve_alpha);
    const fb_axis x = fb_axis_around(range, 0.04, p->parameter);
    for (size_t k = 0; k < p->n_bins; k++) {
        draw_cell(p, &p->bin[k], &s, MARGIN + (double)(k % (size_t)n_columns) * pitch_x + CELL_LEFT,
                  top + (double)(k / (size_t)n_columns) * pitch_y, &x);
    }
    return fb_svg_finish(&s, svg, error);
}

#include "notebooks_export/plot_scores.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/common/memory.h"
#include "notebooks_export/legend.h"
#include "notebooks_export/panel.h"

/* px */
static const double WIDTH = 720.0, LEFT = 74.0, RIGHT = 18.0;
static const double MAIN_HEIGHT = 300.0, BETWEEN = 10.0, RATIO_HEIGHT = 120.0, BOTTOM = 44.0;

static const char *const colours[FB_MOST_STACKED] = {FB_VERMILLION, FB_SKY_BLUE, FB_ORANGE,
                                                     FB_GREEN,      FB_PURPLE,   FB_YELLOW};

/* What is drawn, in the units of the axes; one block of memory. */
typedef struct shapes {
    double *block;
    double *edges;                 // [n + 1]
    double *centres;               // [n]
    double *stack;                 // [n_processes + 1][n] the sum of this process and those below it; the last is zero
    double *signal;                // [n]
    double *observed, *low, *high; // [n]
    double *ratio, *ratio_low, *ratio_high; // [n] observed over expected
    double *band_low, *band_high;           // [n] of the expectation, relative
} shapes;

static void fill_bin(const fb_scores_picture *p, shapes *s, size_t bin)
{
    const size_t n = p->n_bins;
    const double unit = p->is_density ? p->edges[bin + 1] - p->edges[bin] : 1.0;
    double sum = 0.0;
    for (size_t k = p->n_processes; k-- > 0;) {
        sum += p->expected[k * n + bin];
        s->stack[k * n + bin] = sum / unit;
    }
    s->centres[bin] = 0.5 * (s->edges[bin] + s->edges[bin + 1]);
    s->signal[bin] = p->expected[bin] / unit;
    s->observed[bin] = p->observed[bin] / unit;
    s->low[bin] = p->observed_low[bin] / unit;
    s->high[bin] = p->observed_high[bin] / unit;
    const double expected = sum > 0.0 ? sum : NAN;
    s->ratio[bin] = p->observed[bin] / expected;
    s->ratio_low[bin] = p->observed_low[bin] / expected;
    s->ratio_high[bin] = p->observed_high[bin] / expected;
    s->band_low[bin] = 1.0 - p->error[bin] / expected;
    s->band_high[bin] = 1.0 + p->error[bin] / expected;
}

static fb_status prepare(const fb_scores_picture *p, shapes *s, fb_error *error)
{
    const size_t n = p->n_bins;
    fb_status status = fb_memory_allocate((p->n_processes + 14) * n + 1, sizeof(double), &s->block, error);
    if (status != FB_OK) {
        return status;
    }
    double **const lists[] = {&s->centres, &s->signal,    &s->observed,   &s->low,      &s->high,
                              &s->ratio,   &s->ratio_low, &s->ratio_high, &s->band_low, &s->band_high};
    double *next = s->block + n + 1;
    s->edges = s->block;
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++, next += n) {
        *lists[k] = next;
    }
    s->stack = next;
    for (size_t k = 0; k <= n; k++) {
        s->edges[k] = p->is_density ? p->edges[k] : (double)k - 0.5;
    }
    for (size_t bin = 0; bin < n; bin++) {
        fill_bin(p, s, bin);
    }
    return FB_OK;
}

/* A panel that lacks its y axis. Numbers of bins are whole. */
static fb_panel panel_at(const fb_scores_picture *p, const shapes *s, fb_svg *svg, double top, double height)
{
    return (fb_panel){
        .svg = svg,
        .left = LEFT,
        .top = top,
        .width = WIDTH - LEFT - RIGHT,
        .height = height,
        .x = {.low = s->edges[0], .high = s->edges[p->n_bins], .label = p->is_density ? "score" : "bin of the score"},
        .most_x = p->is_density || p->n_bins > 10 ? 0 : (int)p->n_bins};
}

static void draw_main(const fb_scores_picture *p, const shapes *s, fb_svg *svg, double top)
{
    const size_t n = p->n_bins;
    fb_range range = FB_RANGE_EMPTY;
    for (size_t bin = 0; bin < n; bin++) { /* what is on a logarithmic axis; below the signal there is room */
        const double below = 0.4 * s->signal[bin];
        fb_axis_range_add(&range, below > 0.0, &below);
        fb_axis_range_add(&range, s->stack[bin] > 0.0, &s->stack[bin]);
        fb_axis_range_add(&range, s->observed[bin] > 0.0, &s->observed[bin]);
    }
    fb_panel panel = panel_at(p, s, svg, top, MAIN_HEIGHT);
    panel.y = fb_axis_logarithmic(range, 0.25, p->is_density ? "events per unit of the score" : "events per bin");
    panel.hides_x = true;
    for (size_t k = p->n_processes; k-- > 0;) {
        const fb_svg_style fill = {.fill = colours[k]}, outline = {.stroke = FB_BLACK, .width = 0.5};
        fb_panel_fill(&panel, n, s->edges, k + 1 < p->n_processes ? s->stack + (k + 1) * n : NULL, s->stack + k * n,
                      &fill);
        fb_panel_steps(&panel, n, s->edges, s->stack + k * n, &outline);
    }
    /* On a logarithmic axis the top of a stack looks thin; the signal alone shows its size. White first, so that it is
     * seen on any colour. */
    fb_panel_steps(&panel, n, s->edges, s->signal, &(fb_svg_style){.stroke = "#FFFFFF", .width = 4.0});
    fb_panel_steps(&panel, n, s->edges, s->signal, &(fb_svg_style){.stroke = FB_VERMILLION, .width = 2.0});
    fb_panel_points(&panel, n, s->centres, s->observed, s->low, s->high, 2.8, FB_BLACK, false);
    fb_panel_frame(&panel);
}

/* Room for the points and most of their error bars, the same on either side of 1. */
static fb_axis ratio_axis(const fb_scores_picture *p, const shapes *s)
{
    fb_range range = FB_RANGE_EMPTY;
    fb_axis_range_add(&range, p->n_bins, s->ratio);
    fb_axis_range_add(&range, p->n_bins, s->ratio_low);
    fb_axis_range_add(&range, p->n_bins, s->ratio_high);
    double room = range.low > range.high ? 0.1 : fmax(fabs(range.low - 1.0), fabs(range.high - 1.0));
    room = fmin(fmax(1.08 * room, 1e-3), 1.0);
    return (fb_axis){.low = 1.0 - room, .high = 1.0 + room, .label = "data / expected"};
}

static void draw_ratio(const fb_scores_picture *p, const shapes *s, fb_svg *svg, double top)
{
    fb_panel panel = panel_at(p, s, svg, top, RATIO_HEIGHT);
    panel.y = ratio_axis(p, s);
    panel.most_y = 5;
    const fb_svg_style band = {.fill = "#BBBBBB", .opacity = 0.7}, one = {.stroke = FB_BLACK, .width = 0.8};
    fb_panel_fill(&panel, p->n_bins, s->edges, s->band_low, s->band_high, &band);
    fb_panel_horizontal(&panel, 1.0, &one);
    fb_panel_points(&panel, p->n_bins, s->centres, s->ratio, s->ratio_low, s->ratio_high, 2.8, FB_BLACK, false);
    fb_panel_frame(&panel);
}

static double draw_legend(const fb_scores_picture *p, fb_svg *svg)
{
    fb_legend_entry entries[FB_MOST_STACKED + 4];
    char alone[96], stacked[128];
    int n = 0;
    snprintf(alone, sizeof alone, "%s alone", p->process[0]);
    snprintf(stacked, sizeof stacked, "stacked, %s:", p->expectation);
    entries[n++] = (fb_legend_entry){"data", {.stroke = FB_BLACK, .fill = FB_BLACK}, true};
    entries[n++] = (fb_legend_entry){alone, {.stroke = FB_VERMILLION, .width = 2.0}, false};
    entries[n++] = (fb_legend_entry){"MC statistics of the expectation", {.fill = "#BBBBBB", .opacity = 0.7}, false};
    for (size_t k = 0; k < p->n_processes; k++) {
        entries[n++] = (fb_legend_entry){p->process[k], {.fill = colours[k], .stroke = FB_BLACK, .width = 0.5}, false};
    }
    const double first = fb_legend(svg, LEFT, FB_TITLE_HEIGHT, WIDTH - LEFT - RIGHT, 3, entries);
    const double words = fb_svg_text_width(FB_LABEL_SIZE, stacked) + 8.0;
    if (svg != NULL) {
        fb_svg_words(svg, LEFT, FB_TITLE_HEIGHT + first + 12.0, FB_LABEL_SIZE, FB_SVG_START, stacked);
    }
    return first +
           fb_legend(svg, LEFT + words, FB_TITLE_HEIGHT + first, WIDTH - LEFT - RIGHT - words, n - 3, entries + 3);
}

fb_status fb_plot_scores(const fb_scores_picture *p, char **svg, fb_error *error)
{
    const double top = FB_TITLE_HEIGHT + draw_legend(p, NULL) + 6.0, ratio_top = top + MAIN_HEIGHT + BETWEEN;
    fb_svg s;
    shapes drawn;
    fb_status status = prepare(p, &drawn, error);
    if (status != FB_OK) {
        return status;
    }
    fb_svg_begin(&s, WIDTH, ratio_top + RATIO_HEIGHT + BOTTOM, p->title);
    fb_legend_title(&s, LEFT, WIDTH - LEFT - RIGHT, p->title);
    draw_legend(p, &s);
    draw_main(p, &drawn, &s, top);
    draw_ratio(p, &drawn, &s, ratio_top);
    free(drawn.block);
    return fb_svg_finish(&s, svg, error);
}

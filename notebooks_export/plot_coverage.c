#include "notebooks_export/plot_coverage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/common/coverage.h"
#include "models/common/memory.h"
#include "notebooks_export/legend.h"
#include "notebooks_export/panel.h"

/* px */
enum { MOST_COLUMNS = 5 };
static const double MARGIN = 16.0, PANEL_WIDTH = 186.0, PANEL_LEFT = 42.0, PANEL_TOP = 44.0, PANEL_BOTTOM = 44.0,
                    LOWEST = 130.0, HIGHEST = 420.0, PER_INTERVAL = 4.0;
static const size_t MOST_MARKED = 120; // experiments of a set whose mu_hat are marked

static bool has_interval(const fb_coverage_set *set, size_t k)
{
    return isfinite(set->p16[k]) && isfinite(set->p84[k]);
}

static bool is_covered(const fb_coverage_set *set, size_t k)
{
    return set->p16[k] <= set->mu && set->mu <= set->p84[k];
}

fb_coverage_count fb_plot_coverage_of(const fb_coverage_set *set)
{
    fb_coverage_count count = {0};
    for (size_t k = 0; k < set->n; k++) {
        count.n_failed += !has_interval(set, k);
        count.n_covered += has_interval(set, k) && is_covered(set, k);
    }
    const double n = (double)(set->n - count.n_failed);
    count.coverage = n > 0.0 ? (double)count.n_covered / n : NAN;
    count.error = n > 0.0 ? fb_coverage_error(n) : NAN;
    return count;
}

/* The intervals of `set` that hold mu, or those that do not; the others become NaN. low, high: [set->n] */
static void pick(const fb_coverage_set *set, bool covered, double *low, double *high)
{
    for (size_t k = 0; k < set->n; k++) {
        const bool wanted = has_interval(set, k) && is_covered(set, k) == covered;
        low[k] = wanted ? set->p16[k] : NAN;
        high[k] = wanted ? set->p84[k] : NAN;
    }
}

static void draw_words(const fb_coverage_set *set, int number, fb_svg *svg, double left, double top)
{
    const fb_coverage_count count = fb_plot_coverage_of(set);
    char words[128], failed[48] = "", a[FB_TICK_SIZE], b[FB_TICK_SIZE];
    if (count.n_failed > 0) {
        snprintf(failed, sizeof failed, ", %zu failed", count.n_failed);
    }
    snprintf(words, sizeof words, "set %d: \xCE\xBC = %s%s", number, fb_axis_number_text(set->mu, 3, a), failed);
    fb_svg_words(svg, left, top + PANEL_TOP - 22.0, FB_LABEL_SIZE, FB_SVG_START, words);
    snprintf(words, sizeof words, "coverage %s (0.683 \xC2\xB1 %s)", fb_axis_number_text(count.coverage, 3, a),
             fb_axis_number_text(count.error, 3, b));
    fb_svg_words(svg, left, top + PANEL_TOP - 7.0, FB_LABEL_SIZE, FB_SVG_START, words);
}

/* `scratch`: [3 * set->n] */
static void draw_set(const fb_coverage_set *set, const fb_panel *panel, double *scratch)
{
    double *low = scratch, *high = scratch + set->n, *y = scratch + 2 * set->n;
    const double width = fmin(fmax(0.5 * panel->height / (double)(set->n > 0 ? set->n : 1), 0.4), 2.0);
    const fb_svg_style truth = {.stroke = FB_BLACK, .width = 1.2};
    static const char *const colours[] = {FB_VERMILLION, FB_BLUE};
    for (size_t k = 0; k < set->n; k++) {
        y[k] = (double)k;
    }
    for (int covered = 1; covered >= 0; covered--) {
        pick(set, covered != 0, low, high);
        fb_panel_intervals(panel, set->n, low, high, y, &(fb_svg_style){.stroke = colours[covered], .width = width});
        for (size_t k = 0; k < set->n && set->n <= MOST_MARKED; k++) {
            low[k] = isfinite(low[k]) ? set->mu_hat[k] : NAN;
        }
        if (set->n <= MOST_MARKED) {
            fb_panel_points(panel, set->n, low, y, NULL, NULL, 1.4, colours[covered], false);
        }
    }
    fb_panel_vertical(panel, set->mu, &truth);
    fb_panel_frame(panel);
}

static double draw_legend(fb_svg *svg, double width)
{
    static const fb_legend_entry entries[] = {
        {"interval holds the truth", {.stroke = FB_BLUE, .width = 2.0}, false},
        {"interval misses it", {.stroke = FB_VERMILLION, .width = 2.0}, false},
        {"true \xCE\xBC", {.stroke = FB_BLACK, .width = 1.2}, false},
    };
    return fb_legend(svg, MARGIN, FB_TITLE_HEIGHT, width - 2.0 * MARGIN, sizeof entries / sizeof entries[0], entries);
}

/* Intervals and truths of all sets: one axis for all, so that widths can be compared. */
static fb_axis common_axis(const fb_coverage_picture *p)
{
    fb_range range = FB_RANGE_EMPTY;
    for (size_t s = 0; s < p->n_sets; s++) {
        fb_axis_range_add(&range, p->set[s].n, p->set[s].p16);
        fb_axis_range_add(&range, p->set[s].n, p->set[s].p84);
        fb_axis_range_add(&range, 1, &p->set[s].mu);
    }
    return fb_axis_around(range, 0.04, "\xCE\xBC");
}

fb_status fb_plot_coverage(const fb_coverage_picture *p, char **svg, fb_error *error)
{
    size_t most = 1; // experiments of a set
    for (size_t k = 0; k < p->n_sets; k++) {
        most = p->set[k].n > most ? p->set[k].n : most;
    }
    const size_t n_columns = p->n_sets < MOST_COLUMNS ? p->n_sets : MOST_COLUMNS;
    const size_t n_rows = (p->n_sets + n_columns - 1) / n_columns;
    const double height = fmin(fmax(PER_INTERVAL * (double)most, LOWEST), HIGHEST);
    const double pitch_x = PANEL_LEFT + PANEL_WIDTH, pitch_y = PANEL_TOP + height + PANEL_BOTTOM;
    const double width = fmax((double)n_columns * pitch_x + 2.0 * MARGIN, 480.0);
    const double top = FB_TITLE_HEIGHT + draw_legend(NULL, width);
    fb_svg s;
    double *scratch = NULL;
    fb_status status = fb_memory_allocate(3 * most, sizeof(double), &scratch, error);
    if (status != FB_OK) {
        return status;
    }
    fb_svg_begin(&s, width, top + (double)n_rows * pitch_y + 4.0, p->title);
    fb_legend_title(&s, MARGIN, width - 2.0 * MARGIN, p->title);
    draw_legend(&s, width);
    const fb_axis x = common_axis(p);
    for (size_t k = 0; k < p->n_sets; k++) {
        const double left = MARGIN + (double)(k % n_columns) * pitch_x + PANEL_LEFT;
        const double cell = top + (double)(k / n_columns) * pitch_y;
        const fb_panel panel = {
            .svg = &s,
            .left = left,
            .top = cell + PANEL_TOP,
            .width = PANEL_WIDTH,
            .height = height,
            .x = x,
            .y = {.low = -0.7, .high = (double)most - 0.3, .label = k % n_columns == 0 ? "experiment" : NULL},
            .most_x = 6,
            .most_y = most < 8 ? (int)most : 8};
        draw_words(&p->set[k], (int)k, &s, left, cell);
        draw_set(&p->set[k], &panel, scratch);
    }
    free(scratch);
    return fb_svg_finish(&s, svg, error);
}

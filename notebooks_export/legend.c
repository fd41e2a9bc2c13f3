#include "notebooks_export/legend.h"

#include <stddef.h>

#include "notebooks_export/panel.h"

/* px */
static const double TITLE_BASELINE = 22.0;
static const double SAMPLE = 22.0, GAP = 6.0, BETWEEN = 18.0;
static const double LEGEND_LINE = 17.0, LEGEND_BASELINE = 12.0;

void fb_legend_title(fb_svg *svg, double left, double width, const char *text)
{
    const double needed = fb_svg_text_width(FB_TITLE_SIZE, text);
    fb_svg_words(svg, left, TITLE_BASELINE, needed > width ? FB_TITLE_SIZE * width / needed : FB_TITLE_SIZE,
                 FB_SVG_START, text);
}

static void draw_sample(fb_svg *svg, double x, double y, const fb_legend_entry *entry)
{
    const double middle = y - 4.0;
    if (entry->is_point) {
        const fb_svg_style circle = {.stroke = entry->line.stroke,
                                     .width = 1.2,
                                     .fill = entry->line.fill != NULL ? entry->line.fill : "#FFFFFF"};
        fb_svg_circle(svg, x + 0.5 * SAMPLE, middle, 3.0, &circle);
    } else if (entry->line.fill != NULL) {
        fb_svg_rectangle(svg, x, middle - 5.0, SAMPLE, 10.0, &entry->line);
    } else {
        fb_svg_line(svg, x, middle, x + SAMPLE, middle, &entry->line);
    }
}

double fb_legend(fb_svg *svg, double left, double top, double width, int n, const fb_legend_entry *entries)
{
    double x = left, y = top;
    for (int k = 0; k < n; k++) {
        const double needed = SAMPLE + GAP + fb_svg_text_width(FB_LABEL_SIZE, entries[k].text);
        if (x > left && x + needed > left + width) {
            x = left;
            y += LEGEND_LINE;
        }
        if (svg != NULL) {
            draw_sample(svg, x, y + LEGEND_BASELINE, &entries[k]);
            fb_svg_words(svg, x + SAMPLE + GAP, y + LEGEND_BASELINE, FB_LABEL_SIZE, FB_SVG_START, entries[k].text);
        }
        x += needed + BETWEEN;
    }
    return y - top + LEGEND_LINE;
}

/* Text as a picture needs it: runs on one level. */
#ifndef FB_NOTEBOOKS_EXPORT_SVG_TEXT_INTERNAL_H
#define FB_NOTEBOOKS_EXPORT_SVG_TEXT_INTERNAL_H

#include <stddef.h>

/* Size of lowered and raised text. */
#define FB_SVG_SMALL 0.72

/* Text on one level. */
typedef struct fb_svg_run {
    int level; /* -1 lowered, 0, +1 raised */
    const char *start;
    size_t length;
    const char *next; /* where to go on */
} fb_svg_run;

/* The first run of `text`, which is not empty. An unfinished `_{` or `^{` is text. */
fb_svg_run fb_svg_text_next_run(const char *text);

#endif

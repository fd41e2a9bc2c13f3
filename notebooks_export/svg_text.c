#include "notebooks_export/svg_text_internal.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "notebooks_export/markup_internal.h"
#include "notebooks_export/svg.h"

/* Whether a lowered or raised part begins here, and where it ends. */
static const char *end_of_part(const char *text)
{
    return (text[0] == '_' || text[0] == '^') && text[1] == '{' ? strchr(text, '}') : NULL;
}

fb_svg_run fb_svg_text_next_run(const char *text)
{
    const char *end = end_of_part(text);
    if (end != NULL) {
        return (fb_svg_run){text[0] == '_' ? -1 : 1, text + 2, (size_t)(end - text - 2), end + 1};
    }
    end = text + 1;
    while (*end != '\0' && end_of_part(end) == NULL) {
        end++;
    }
    return (fb_svg_run){0, text, (size_t)(end - text), end};
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
        fb_svg_run run = fb_svg_text_next_run(text);
        for (size_t at = 0; at < run.length;) {
            size_t length = fb_markup_character(run.start + at, run.length - at);
            sum += width_of(run.start + at, length) * (run.level != 0 ? FB_SVG_SMALL : 1.0);
            at += length > 0 ? length : 1;
        }
        text = run.next;
    }
    return sum * size;
}

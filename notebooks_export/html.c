#include "notebooks_export/html.h"

#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"
#include "notebooks_export/markup_internal.h"

struct fb_html {
    fb_markup markup;
};

static const char style[] =
    "body{font:16px/1.4 sans-serif;margin:2em auto;max-width:76em;padding:0 1em;color:#000;background:#fff}\n"
    "figure{margin:1em 0;overflow-x:auto}\n"
    "table{border-collapse:collapse}\n"
    "th,td{padding:.15em .7em;text-align:right;border-bottom:1px solid #ddd;font-variant-numeric:tabular-nums}\n"
    "tr.total td{font-weight:bold}\n"
    "p.warning{border-left:.3em solid #D55E00;padding-left:.7em}\n";

static void add(fb_html *html, const char *text)
{
    fb_markup_add(&html->markup, text);
}

/* <name>text</name>; `name` may have attributes. */
static void add_element(fb_html *html, const char *name, const char *text)
{
    add(html, "<");
    add(html, name);
    add(html, ">");
    fb_markup_add_escaped(&html->markup, text, strlen(text));
    add(html, "</");
    fb_markup_add_bytes(&html->markup, name, strcspn(name, " "));
    add(html, ">");
}

fb_status fb_html_create(const char *title, fb_html **out, fb_error *error)
{
    fb_html *html = NULL;
    fb_status status = fb_memory_allocate(1, sizeof *html, &html, error);
    *out = html;
    if (status != FB_OK) {
        return status;
    }
    add(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta name=\"viewport\" content=\"width=device-width\">\n");
    add_element(html, "title", title);
    add(html, "\n<style>\n");
    add(html, style);
    add(html, "</style>\n</head>\n<body>\n");
    add_element(html, "h1", title);
    add(html, "\n");
    return FB_OK;
}

void fb_html_free(fb_html *html)
{
    if (html != NULL) {
        free(html->markup.text);
        free(html);
    }
}

void fb_html_heading(fb_html *html, const char *text)
{
    add_element(html, "h2", text);
    add(html, "\n");
}

void fb_html_paragraph(fb_html *html, const char *text, bool is_warning)
{
    add_element(html, is_warning ? "p class=\"warning\"" : "p", text);
    add(html, "\n");
}

void fb_html_picture(fb_html *html, const char *svg)
{
    add(html, "<figure>\n");
    add(html, svg);
    add(html, "</figure>\n");
}

static void add_cells(fb_html *html, const char *name, size_t n, const char *const *cells)
{
    for (size_t k = 0; k < n; k++) {
        add_element(html, name, cells[k]);
    }
    add(html, "</tr>\n");
}

void fb_html_table_begin(fb_html *html, size_t n_columns, const char *const *names)
{
    add(html, "<table>\n<thead>\n<tr>");
    add_cells(html, "th scope=\"col\"", n_columns, names);
    add(html, "</thead>\n<tbody>\n");
}

void fb_html_table_row(fb_html *html, size_t n_columns, const char *const *cells, bool is_total)
{
    add(html, is_total ? "<tr class=\"total\">" : "<tr>");
    add_cells(html, "td", n_columns, cells);
}

void fb_html_table_end(fb_html *html)
{
    add(html, "</tbody>\n</table>\n");
}

fb_status fb_html_finish(fb_html *html, char **text, fb_error *error)
{
    add(html, "</body>\n</html>\n");
    return fb_markup_finish(&html->markup, "the page", text, error);
}

#include "notebooks_export/html.h"

#include <stdlib.h>
#include <string.h>

#include "models/common/build_info.h"
#include "models/common/memory.h"
#include "notebooks_export/markup.h"

fb_status fb_html_create(const char *title, fb_html **out, fb_error *error)
{
    fb_status status = fb_memory_allocate(1, sizeof **out, out, error);
    if (status == FB_OK) {
        fb_markup_add(*out,
                      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>%s</title>\n<style>\n"
                      "body{font:16px/1.4 sans-serif;margin:2em auto;max-width:76em;padding:0 1em;"
                      "color:#000;background:#fff}\n"
                      "figure{margin:1em 0;overflow-x:auto}\n"
                      "table{border-collapse:collapse}\n"
                      "th,td{padding:.15em .7em;text-align:right;border-bottom:1px solid #ddd;"
                      "font-variant-numeric:tabular-nums}\n"
                      "tr.total td{font-weight:bold}\n"
                      "tr.uncertain td{color:#767676}\n"
                      "footer{margin-top:2em;color:#555}\n"
                      "p.warning{border-left:.3em solid #D55E00;padding-left:.7em}\n"
                      "</style>\n</head>\n<body>\n<h1>%s</h1>\n",
                      title, title);
    }
    return status;
}

void fb_html_free(fb_html *html)
{
    if (html != NULL) {
        free(html->text);
        free(html);
    }
}

void fb_html_heading(fb_html *html, const char *text)
{
    fb_markup_add(html, "<h2>%s</h2>\n", text);
}

void fb_html_paragraph(fb_html *html, const char *text, bool is_warning)
{
    fb_markup_add(html, is_warning ? "<p class=\"warning\">%s</p>\n" : "<p>%s</p>\n", text);
}

void fb_html_picture(fb_html *html, const char *svg)
{
    fb_markup_add(html, "<figure>\n");
    fb_markup_add_bytes(html, svg, strlen(svg));
    fb_markup_add(html, "</figure>\n");
}

void fb_html_table_begin(fb_html *html, size_t n_columns, const char *const *names)
{
    fb_markup_add(html, "<table>\n<thead>\n<tr>");
    for (size_t k = 0; k < n_columns; k++) {
        fb_markup_add(html, "<th scope=\"col\">%s</th>", names[k]);
    }
    fb_markup_add(html, "</tr>\n</thead>\n<tbody>\n");
}

void fb_html_table_row(fb_html *html, size_t n_columns, const char *const *cells, fb_html_row kind)
{
    static const char *const classes[] = {
        [FB_HTML_ROW_USUAL] = "usual", [FB_HTML_ROW_TOTAL] = "total", [FB_HTML_ROW_UNCERTAIN] = "uncertain"};
    fb_markup_add(html, kind == FB_HTML_ROW_USUAL ? "<tr>" : "<tr class=\"%s\">", classes[kind]);
    for (size_t k = 0; k < n_columns; k++) {
        fb_markup_add(html, "<td>%s</td>", cells[k]);
    }
    fb_markup_add(html, "</tr>\n");
}

void fb_html_table_end(fb_html *html)
{
    fb_markup_add(html, "</tbody>\n</table>\n");
}

fb_status fb_html_finish(fb_html *html, char **text, fb_error *error)
{
    fb_markup_add(html, "<footer>fair-baseline %s, %s</footer>\n</body>\n</html>\n", fb_build_info_version(),
                  fb_build_info_compiler());
    return fb_markup_finish(html, "the page", text, error);
}

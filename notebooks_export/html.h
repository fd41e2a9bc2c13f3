/** \file html.h
 * The text of a plain HTML page: one file, no scripts, nothing fetched from elsewhere. The same calls give the same
 * bytes.
 *
 * Calls that write return nothing. When memory runs out the page remembers it, and fb_html_finish says so. Text may
 * have any bytes: what HTML reserves is escaped, what it cannot hold becomes U+FFFD.
 */
#ifndef FB_NOTEBOOKS_EXPORT_HTML_H
#define FB_NOTEBOOKS_EXPORT_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "models/common/status.h"

typedef struct fb_markup fb_html; ///< markup.h

/** A page with its title as the first heading.
 *  \param out  release with fb_html_free */
fb_status fb_html_create(const char *title, fb_html **out, fb_error *error) FB_MUST_USE;
void fb_html_free(fb_html *html);

/** A heading below that of the page. */
void fb_html_heading(fb_html *html, const char *text);
/** \param is_warning  with a mark at its side */
void fb_html_paragraph(fb_html *html, const char *text, bool is_warning);
/** A picture (svg.h): `svg` is put into the page as it is. */
void fb_html_picture(fb_html *html, const char *svg);

/** A table: begin with the names of its columns, then any number of rows, then end. */
void fb_html_table_begin(fb_html *html, size_t n_columns, const char *const *names);
typedef enum fb_html_row {
    FB_HTML_ROW_USUAL,
    FB_HTML_ROW_TOTAL,    ///< set apart from those above
    FB_HTML_ROW_UNCERTAIN ///< grey
} fb_html_row;

/** \param cells  [n_columns] */
void fb_html_table_row(fb_html *html, size_t n_columns, const char *const *cells, fb_html_row kind);
void fb_html_table_end(fb_html *html);

/** Ends the page and hands over its text; nothing can be added afterwards.
 *  \param text  UTF-8, release with free()
 *  \return FB_ERROR_MEMORY when something on the way did not fit into memory */
fb_status fb_html_finish(fb_html *html, char **text, fb_error *error) FB_MUST_USE;

#endif

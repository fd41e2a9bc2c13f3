/* The records of a CSV file: lines of fields with commas between, which may stand in quotes.
 *
 * A field that begins with a quote ends with the next single one; two quotes stand for one, and commas and ends of line
 * between quotes belong to the field. Lines end with LF or CR LF, and blank ones are passed over.
 *
 * Source: RFC 4180.
 */
#ifndef FB_HOLDOUT_FORMATS_CSV_RECORDS_INTERNAL_H
#define FB_HOLDOUT_FORMATS_CSV_RECORDS_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "models/common/status.h"

typedef struct fb_csv_records {
    FILE *stream;
    char *path; /* for messages */
    char *line; /* the record */
    size_t line_capacity;
    char *more; /* the next line of a record of several lines */
    size_t more_capacity;
    char *at;           /* the next field of the record; NULL behind the last one */
    bool has_quotes;    /* the record */
    bool is_unfinished; /* the last line of the file has no end */
} fb_csv_records;

/* Opens a file; `records` is to be closed in any case. */
fb_status fb_csv_records_open(const char *path, fb_csv_records *records, fb_error *error) FB_MUST_USE;
void fb_csv_records_close(fb_csv_records *records);

/* Takes up the next record, whose row number is for messages; `*found` is false at the end of the file. */
fb_status fb_csv_records_next(fb_csv_records *records, uint64_t row, bool *found, fb_error *error) FB_MUST_USE;

/* The next field of a record that has fields left (records->at), without its quotes; NULL if there is text behind the
 * closing quote. */
char *fb_csv_records_field(fb_csv_records *records);

fb_status fb_csv_records_rewind(fb_csv_records *records, fb_error *error) FB_MUST_USE;

#endif

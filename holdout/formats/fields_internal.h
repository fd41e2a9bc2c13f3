/* What the columns of a table of events are called, for the formats that take them in any order. */
#ifndef FB_HOLDOUT_FORMATS_FIELDS_INTERNAL_H
#define FB_HOLDOUT_FORMATS_FIELDS_INTERNAL_H

#include "holdout/events/events.h"

/* What a column of a file is. Values below FB_N_PRIMARY are primary columns. */
enum { FB_FIELD_WEIGHT = FB_N_PRIMARY, FB_FIELD_LABEL, FB_FIELD_PROCESS, FB_N_FIELDS, FB_FIELD_IGNORED = FB_N_FIELDS };

/* Whose names the columns have. Derived columns (DER_...) belong to both. */
typedef enum fb_vocabulary {
    FB_NAMES_OFFICIAL, /* of this challenge */
    FB_NAMES_2014      /* of the HiggsML challenge of 2014: Kaggle's, and CERN Open Data's with two columns more */
} fb_vocabulary;

/* The field of a column name; FB_FIELD_IGNORED for derived columns, row numbers and what has no counterpart here, -1
 * for a name that is not known. */
int fb_fields_find(fb_vocabulary vocabulary, const char *name);

/* The name of a field that is not ignored; NULL for FB_FIELD_PROCESS in 2014. */
const char *fb_fields_name(fb_vocabulary vocabulary, int field);

/* FB_ERROR_DATA unless the fields that were `seen` make a table of events; `where` is the part of the file that has the
 * names ("the header"). */
fb_status fb_fields_check(fb_vocabulary vocabulary, const bool seen[FB_N_FIELDS], const char *path, const char *where,
                          fb_error *error) FB_MUST_USE;

#endif

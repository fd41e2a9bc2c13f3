/* What the columns of a table of events are called, for the formats that take them in any order. */
#ifndef FB_HOLDOUT_FORMATS_FIELDS_INTERNAL_H
#define FB_HOLDOUT_FORMATS_FIELDS_INTERNAL_H

#include "holdout/events/events.h"

/* What a column of a file is. Values below FB_N_PRIMARY are primary columns. */
enum { FB_FIELD_WEIGHT = FB_N_PRIMARY, FB_FIELD_LABEL, FB_FIELD_PROCESS, FB_N_FIELDS, FB_FIELD_IGNORED = FB_N_FIELDS };

/* The field of a column name; FB_FIELD_IGNORED for derived columns and row numbers, -1 for a name that is not known. */
int fb_fields_find(const char *name);

/* The name of a field that is not ignored. */
const char *fb_fields_name(int field);

/* Whether a column name is one of the HiggsML challenge of 2014 (Kaggle, CERN Open Data) and none of ours: a table of
 * another year, with other weights and without the processes of its backgrounds. */
bool fb_fields_are_of_2014(const char *name);

/* FB_ERROR_DATA unless the fields that were `seen` make a table of events; `where` is the part of the file that has the
 * names ("the header"). */
fb_status fb_fields_check(const bool seen[FB_N_FIELDS], const char *path, const char *where,
                          fb_error *error) FB_MUST_USE;

#endif

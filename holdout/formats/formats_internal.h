/* The file formats: a file events_*.c each, and what it needs. */
#ifndef FB_HOLDOUT_FORMATS_FORMATS_INTERNAL_H
#define FB_HOLDOUT_FORMATS_FORMATS_INTERNAL_H

#include "holdout/events/sink.h"
#include "holdout/events/source.h"
#include "models/common/h5.h"

fb_status fb_events_hdf5_open(const char *path, fb_source **out, fb_error *error) FB_MUST_USE;
/* An HDF5 file that is not of our layout; the source owns `file`, also on failure. */
fb_status fb_events_matrix_open(fb_h5 *file, fb_source **out, fb_error *error) FB_MUST_USE;
fb_status fb_events_csv_open(const char *path, fb_source **out, fb_error *error) FB_MUST_USE;
fb_status fb_events_parquet_open(const char *path, fb_source **out, fb_error *error) FB_MUST_USE;
fb_status fb_events_hdf5_create(const char *path, const fb_sink_settings *settings, fb_sink **out,
                                fb_error *error) FB_MUST_USE;
fb_status fb_events_parquet_sink_create(const char *path, const fb_sink_settings *settings, fb_sink **out,
                                        fb_error *error) FB_MUST_USE;
fb_status fb_events_csv_create(const char *path, const fb_sink_settings *settings, fb_sink **out,
                               fb_error *error) FB_MUST_USE;

/* --- what the columns of a table of events are called, for the formats that take them in any order (fields.c) ---- */

/* What a column of a file is. Values below FB_N_PRIMARY are primary columns. */
enum { FB_FIELD_WEIGHT = FB_N_PRIMARY, FB_FIELD_LABEL, FB_FIELD_PROCESS, FB_N_FIELDS, FB_FIELD_IGNORED = FB_N_FIELDS };

/* The field of a column name; FB_FIELD_IGNORED for derived columns and row numbers, -1 for a name that is not known. */
int fb_fields_find(const char *name);

/* The name of a field that is not ignored. */
const char *fb_fields_name(int field);

/* How a file says at which stage its events are, and what that means; FB_EVENTS_UNKNOWN for any other text. */
const char *fb_fields_stage_name(fb_event_stage stage);
fb_event_stage fb_fields_find_stage(const char *name);

/* FB_ERROR_DATA unless the fields that were `seen` make a table of events; `where` is the part of the file that has the
 * names ("the header"). */
fb_status fb_fields_check(const bool seen[FB_N_FIELDS], const char *path, const char *where,
                          fb_error *error) FB_MUST_USE;

#endif

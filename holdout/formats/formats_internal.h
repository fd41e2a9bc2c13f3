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
fb_status fb_events_csv_create(const char *path, const fb_sink_settings *settings, fb_sink **out,
                               fb_error *error) FB_MUST_USE;

#endif

/* The file formats: a file events_*.c each, and what it needs. */
#ifndef FB_HOLDOUT_FORMATS_FORMATS_INTERNAL_H
#define FB_HOLDOUT_FORMATS_FORMATS_INTERNAL_H

#include "holdout/sink.h"
#include "holdout/source.h"
#include "models/ground/h5.h"

typedef enum fb_format { FB_FORMAT_UNKNOWN, FB_FORMAT_HDF5, FB_FORMAT_CSV, FB_FORMAT_PARQUET } fb_format;

/* By the extension of the path. */
fb_format fb_format_of(const char *path);

fb_status fb_source_open_hdf5(const char *path, fb_source **out, fb_error *error) FB_MUST_USE;
/* An HDF5 file that is not of our layout; the source owns `file`, also on failure. */
fb_status fb_source_open_matrix(fb_h5 *file, fb_source **out, fb_error *error) FB_MUST_USE;
fb_status fb_source_open_csv(const char *path, fb_source **out, fb_error *error) FB_MUST_USE;
fb_status fb_source_open_parquet(const char *path, fb_source **out, fb_error *error) FB_MUST_USE;
fb_status fb_sink_create_hdf5(const char *path, const fb_sink_settings *settings, fb_sink **out,
                              fb_error *error) FB_MUST_USE;
fb_status fb_sink_create_csv(const char *path, const fb_sink_settings *settings, fb_sink **out,
                             fb_error *error) FB_MUST_USE;

#endif

/** \file event_file.h
 * Files of events: opened to be read block after block, or started to be written.
 */
#ifndef FB_HOLDOUT_FORMATS_EVENT_FILE_H
#define FB_HOLDOUT_FORMATS_EVENT_FILE_H

#include "holdout/events/sink.h"
#include "holdout/events/source.h"

FB_BEGIN_DECLARATIONS

/** Opens a file by its extension: .h5 / .hdf5 (columns, or one (N, 30) matrix), .csv, .parquet, or a folder
 * of files *.parquet, which are one table in the order of their names. FB_ERROR_FILE or
 * FB_ERROR_DATA name the file and what is wrong. */
FB_API fb_status fb_event_file_open(const char *path, fb_source **out, fb_error *error) FB_MUST_USE;

/** Starts the file `path`; its extension, .h5 / .hdf5, .csv or .parquet, decides the format (FB_ERROR_USAGE for
 * others). The texts in `settings` are copied. */
FB_API fb_status fb_event_file_create(const char *path, const fb_sink_settings *settings, fb_sink **out,
                                      fb_error *error) FB_MUST_USE;

FB_END_DECLARATIONS

#endif

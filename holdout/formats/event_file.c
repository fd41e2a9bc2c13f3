#include "holdout/formats/event_file.h"

#include <string.h>
#include <strings.h>

#include "holdout/formats/formats_internal.h"

typedef enum format { FORMAT_UNKNOWN, FORMAT_HDF5, FORMAT_CSV, FORMAT_PARQUET } format;

static format format_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    if (dot == NULL) {
        return FORMAT_UNKNOWN;
    }
    if (strcasecmp(dot, ".h5") == 0 || strcasecmp(dot, ".hdf5") == 0) {
        return FORMAT_HDF5;
    }
    if (strcasecmp(dot, ".parquet") == 0) {
        return FORMAT_PARQUET;
    }
    return strcasecmp(dot, ".csv") == 0 ? FORMAT_CSV : FORMAT_UNKNOWN;
}

fb_status fb_event_file_open(const char *path, fb_source **out, fb_error *error)
{
    *out = NULL;
    switch (format_of(path)) {
    case FORMAT_HDF5:
        return fb_events_hdf5_open(path, out, error);
    case FORMAT_CSV:
        return fb_events_csv_open(path, out, error);
    case FORMAT_PARQUET:
        return fb_events_parquet_open(path, out, error);
    default:
        return fb_fail(error, FB_ERROR_USAGE,
                       "%s: unknown kind of file; known extensions are .h5, .hdf5, .csv and .parquet", path);
    }
}

fb_status fb_event_file_create(const char *path, const fb_sink_settings *settings, fb_sink **out, fb_error *error)
{
    *out = NULL;
    switch (format_of(path)) {
    case FORMAT_HDF5:
        return fb_events_hdf5_create(path, settings, out, error);
    case FORMAT_CSV:
        return fb_events_csv_create(path, settings, out, error);
    case FORMAT_PARQUET:
        return fb_fail(error, FB_ERROR_USAGE, "%s: Parquet files are read, not written; write .h5, .hdf5 or .csv",
                       path);
    default:
        return fb_fail(error, FB_ERROR_USAGE, "%s: unknown kind of file; known extensions are .h5, .hdf5 and .csv",
                       path);
    }
}

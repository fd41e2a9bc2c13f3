#include "holdout/formats/event_file.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "holdout/formats/formats_internal.h"
#include "models/common/c_locale.h"
#include "models/common/thread_limit.h"

typedef struct format {
    const char *extension;
    fb_status (*open)(const char *path, fb_source **out, fb_error *error);
    fb_status (*create)(const char *path, const fb_sink_settings *settings, fb_sink **out, fb_error *error);
} format;

static fb_status open_npy(const char *path, fb_source **out, fb_error *error)
{
    (void)out;
    return fb_numpy_files_refuse(path, error);
}

static const format formats[] = {{".h5", fb_events_hdf5_open, fb_events_hdf5_create},
                                 {".hdf5", fb_events_hdf5_open, fb_events_hdf5_create},
                                 {".csv", fb_events_csv_open, fb_events_csv_create},
                                 {".parquet", fb_events_parquet_open, fb_events_parquet_sink_create},
                                 {".npy", open_npy, NULL}};

static const format *format_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    for (size_t k = 0; k < sizeof formats / sizeof formats[0]; k++) {
        if (dot != NULL && strcasecmp(dot, formats[k].extension) == 0) {
            return &formats[k];
        }
    }
    return NULL;
}

static fb_status unknown_format(const char *path, fb_error *error)
{
    return fb_fail(error, FB_ERROR_USAGE,
                   "%s: unknown kind of file; known extensions are .h5, .hdf5, .csv and .parquet", path);
}

fb_status fb_event_file_open(const char *path, fb_source **out, fb_error *error)
{
    FB_C_LOCALE;
    const format *of = format_of(path);
    struct stat facts;
    *out = NULL;
    fb_thread_limit_apply();
    if ((of == NULL || of->open == fb_events_parquet_open) && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) {
        return fb_events_parts_open(path, out, error);
    }
    return of != NULL ? of->open(path, out, error) : unknown_format(path, error);
}

fb_status fb_event_file_create(const char *path, const fb_sink_settings *settings, fb_sink **out, fb_error *error)
{
    FB_C_LOCALE;
    const format *of = format_of(path);
    *out = NULL;
    fb_thread_limit_apply();
    if (settings->gzip > 0 && of != NULL && of->create != fb_events_hdf5_create) {
        return fb_fail(error, FB_ERROR_USAGE, "%s: compression by gzip is for columns of HDF5 files (.h5, .hdf5) only",
                       path);
    }
    return of != NULL && of->create != NULL ? of->create(path, settings, out, error) : unknown_format(path, error);
}

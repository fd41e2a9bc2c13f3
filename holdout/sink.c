#include "holdout/sink.h"

#include <stdlib.h>

#include "holdout/formats/formats_internal.h"
#include "models/ground/memory.h"

struct fb_sink {
    fb_sink_methods methods;
    void *state;
};

fb_status fb_sink_wrap(const fb_sink_methods *methods, void *state, fb_sink **out, fb_error *error)
{
    fb_status status = fb_allocate(1, sizeof **out, out, error);
    if (status != FB_OK) {
        methods->free(state);
        return status;
    }
    (*out)->methods = *methods;
    (*out)->state = state;
    return FB_OK;
}

fb_status fb_sink_create(const char *path, const fb_sink_settings *settings, fb_sink **out, fb_error *error)
{
    *out = NULL;
    switch (fb_format_of(path)) {
    case FB_FORMAT_HDF5:
        return fb_sink_create_hdf5(path, settings, out, error);
    case FB_FORMAT_CSV:
        return fb_sink_create_csv(path, settings, out, error);
    case FB_FORMAT_PARQUET:
        return fb_fail(error, FB_ERROR_USAGE, "%s: Parquet files are read, not written; write .h5, .hdf5 or .csv",
                       path);
    default:
        return fb_fail(error, FB_ERROR_USAGE, "%s: unknown kind of file; known extensions are .h5, .hdf5 and .csv",
                       path);
    }
}

fb_status fb_sink_write(fb_sink *sink, const fb_events *events, float *const *derived, fb_error *error)
{
    return sink->methods.write(sink->state, events, derived, error);
}

fb_status fb_sink_commit(fb_sink *sink, fb_error *error)
{
    return sink->methods.commit(sink->state, error);
}

void fb_sink_free(fb_sink *sink)
{
    if (sink != NULL) {
        sink->methods.free(sink->state);
        free(sink);
    }
}

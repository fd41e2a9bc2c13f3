#include "holdout/events/sink.h"

#include <stdlib.h>

#include "models/common/c_locale.h"
#include "models/common/memory.h"

struct fb_sink {
    fb_sink_methods methods;
    void *state;
};

fb_status fb_sink_create(const fb_sink_methods *methods, void *state, fb_sink **out, fb_error *error)
{
    FB_C_LOCALE;
    fb_status status = fb_memory_allocate(1, sizeof **out, out, error);
    if (status != FB_OK) {
        methods->free(state);
        return status;
    }
    (*out)->methods = *methods;
    (*out)->state = state;
    return FB_OK;
}

fb_status fb_sink_write(fb_sink *sink, const fb_events *events, float *const *derived, fb_error *error)
{
    FB_C_LOCALE;
    return fb_sink_write_rows(sink, events, derived, NULL, error);
}

fb_status fb_sink_write_rows(fb_sink *sink, const fb_events *events, float *const *derived, const int64_t *row,
                             fb_error *error)
{
    FB_C_LOCALE;
    return sink->methods.write(sink->state, events, derived, row, error);
}

fb_status fb_sink_commit(fb_sink *sink, fb_error *error)
{
    FB_C_LOCALE;
    return sink->methods.commit(sink->state, error);
}

void fb_sink_free(fb_sink *sink)
{
    if (sink != NULL) {
        sink->methods.free(sink->state);
        free(sink);
    }
}

#include "tests/support/validation.h"

#include "tests/support/support.h"

fb_event_validation *fb_validation_of(const fb_events *events, fb_event_stage stage, size_t block)
{
    fb_error error = {0};
    fb_event_validation *validation = NULL;
    fb_events *piece = NULL;
    fb_source *source = NULL;
    fb_source_info info = {.has_weights = events->has_weights, .has_processes = events->has_processes, .stage = stage};
    FB_ASSERT_OK(fb_event_validation_create(&info, &validation, &error));
    FB_ASSERT_OK(fb_events_create(block, &piece, &error));
    FB_ASSERT_OK(fb_source_from_events(events, "table", &source, &error));
    do {
        FB_ASSERT_OK(fb_source_read(source, piece, &error));
        fb_event_validation_add(validation, piece);
    } while (piece->n > 0);
    fb_event_validation_judge(validation, true);
    fb_source_free(source);
    fb_events_free(piece);
    return validation;
}

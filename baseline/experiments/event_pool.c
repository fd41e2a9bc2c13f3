#include "baseline/experiments/event_pool.h"

#include "baseline/analysis/split_metadata.h"
#include "baseline/analysis/split_warnings.h"

fb_status fb_event_pool_from(fb_source *source, const char *metadata, const fb_split *split, fb_event_pool *out,
                             fb_error *error)
{
    const fb_source_info *info = fb_source_describe(source);
    fb_metadata said;
    fb_identity identity;
    fb_status status = FB_OK;
    *out = (fb_event_pool){.source = source, .split = *split};
    if (info->stage == FB_EVENTS_OBSERVED) {
        return fb_fail(error, FB_ERROR_DATA, "%s: its events are distorted and selected already", info->name);
    }
    FB_TRY(fb_source_rewind(source, error));
    FB_TRY(fb_split_metadata_read(metadata, info->name, &out->split.settings, &said, error));
    FB_TRY(fb_split_measure(&out->split, source, NULL, error));
    FB_TRY(fb_split_metadata_compare(&said, info->name, &out->split, error));
    fb_split_warnings_pool(&out->split);
    FB_TRY(fb_analysis_identify(source, NULL, &identity, error));
    fb_analysis_pool_origin(&identity, &out->split, out->origin);
cleanup:
    return status;
}

fb_status fb_event_pool_check(const fb_event_pool *pool, const fb_analysis *analysis, const char *who, fb_error *error)
{
    return fb_analysis_pool_overlaps(analysis, pool->origin)
               ? fb_fail(error, FB_ERROR_DATA, "%s: its pool overlaps with the events that %s was trained on",
                         fb_source_describe(pool->source)->name, who)
               : FB_OK;
}

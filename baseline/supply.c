#include "baseline/supply.h"

#include "baseline/split_warnings.h"

fb_status fb_supply_from(fb_source *source, const fb_split *split, fb_supply *out, fb_error *error)
{
    const fb_source_info *info = fb_source_describe(source);
    fb_identity identity;
    fb_status status = FB_OK;
    *out = (fb_supply){.source = source, .split = *split};
    if (info->stage == FB_STAGE_OBSERVED) {
        return fb_fail(error, FB_ERROR_DATA, "%s: its events are distorted and selected already", info->name);
    }
    FB_TRY(fb_source_rewind(source, error));
    FB_TRY(fb_split_measure(&out->split, source, NULL, error));
    fb_split_warn_pool(&out->split);
    FB_TRY(fb_identity_of(source, &identity, error));
    fb_pool_origin(&identity, &out->split, out->origin);
cleanup:
    return status;
}

fb_status fb_supply_check(const fb_supply *supply, const fb_analysis *analysis, const char *who, fb_error *error)
{
    return fb_pool_overlaps(analysis, supply->origin)
               ? fb_fail(error, FB_ERROR_DATA, "%s: its pool overlaps with the events that %s was trained on",
                         fb_source_describe(supply->source)->name, who)
               : FB_OK;
}

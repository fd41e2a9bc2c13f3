#include "baseline/analysis/data_counts.h"

#include "baseline/analysis/pseudo_counts.h"
#include "holdout/formats/event_file.h"

static fb_status check_data(const fb_analysis *analysis, fb_source *source, fb_error *error)
{
    const fb_source_info *info = fb_source_describe(source);
    if (info->stage == FB_EVENTS_RAW || info->has_weights) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: is simulation (%s), not data; make a pseudo-experiment from it with "
                       "'fair-baseline pseudo'",
                       info->name, info->has_weights ? "it has weights" : "its events are raw");
    }
    if (fb_analysis_pool_overlaps(analysis, info->origin)) {
        return fb_fail(
            error, FB_ERROR_DATA,
            "%s: its rows were drawn with another split of the events that the analysis was made from, so some of "
            "them were trained on; use the same split options for 'train' and 'pseudo'",
            info->name);
    }
    return FB_OK;
}

fb_status fb_data_counts(const fb_analysis *analysis, const char *path, double *counts, uint64_t *n_events,
                         fb_error *error)
{
    fb_source *source = NULL;
    uint64_t n = 0;
    fb_status status = FB_OK;
    FB_TRY(fb_event_file_open(path, &source, error));
    FB_TRY(check_data(analysis, source, error));
    FB_TRY(fb_pseudo_counts_of(analysis, source, NULL, counts, &n, error));
    if (n == 0) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: no event survives the selection", path);
        goto cleanup;
    }
    if (n_events != NULL) {
        *n_events = n;
    }
cleanup:
    fb_source_free(source);
    return status;
}

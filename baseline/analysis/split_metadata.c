#include "baseline/analysis/split_metadata.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "models/common/log.h"

/* "events.parquet" > "events_metadata.json", as the official files are called. */
static void find_beside(const char *events, char path[FB_METADATA_PATH_SIZE])
{
    const char *slash = strrchr(events, '/'), *name = slash != NULL ? slash + 1 : events, *dot = strrchr(name, '.');
    const size_t stem = dot != NULL && dot > name ? (size_t)(dot - events) : strlen(events);
    snprintf(path, FB_METADATA_PATH_SIZE, "%.*s_metadata.json", (int)stem, events);
}

fb_status fb_split_metadata_read(const char *path, const char *events, fb_split_settings *settings, fb_metadata *out,
                                 fb_error *error)
{
    const bool is_official = settings->rule == FB_SPLIT_OFFICIAL;
    char beside[FB_METADATA_PATH_SIZE];
    fb_status status = FB_OK;
    *out = (fb_metadata){0};
    path = path != NULL && path[0] != '\0' ? path : NULL;
    if (path == NULL && is_official) {
        find_beside(events, beside);
        path = access(beside, F_OK) == 0 ? beside : NULL;
    }
    if (path == NULL) {
        return FB_OK;
    }
    FB_TRY(fb_metadata_read(path, out, error));
    if (is_official) {
        settings->metadata = (fb_split_metadata){out->total.rows, out->total.sum_weights};
    }
cleanup:
    return status;
}

static fb_process_counts count_all(const fb_split *split)
{
    fb_process_counts counts = {.has_weights = true, .has_processes = true};
    for (int part = 0; part < FB_N_PARTS; part++) {
        for (int process = 0; process < FB_N_PROCESS; process++) {
            counts.rows[process] += split->n_rows[part][process];
            counts.weight[process] += split->yield[part][process];
            counts.n_rows += split->n_rows[part][process];
            counts.sum_weights += split->yield[part][process];
        }
    }
    return counts;
}

fb_status fb_split_metadata_compare(const fb_metadata *metadata, const char *events, const fb_split *split,
                                    fb_error *error)
{
    const fb_process_counts counts = count_all(split);
    if (split->settings.rule != FB_SPLIT_OFFICIAL) {
        return fb_metadata_check(metadata, events, &counts, error);
    }
    if (metadata->total.has_rows && metadata->total.rows != counts.n_rows) {
        fb_log(FB_LOG_WARNING,
               "%s: has %" PRIu64 " rows, but %s says %" PRIu64
               "; the pool is the first 30 %% of the latter, as in the official program",
               events, counts.n_rows, metadata->path, metadata->total.rows);
    }
    /* The draws round both to float32. */
    if (metadata->total.has_sum_weights && (float)metadata->total.sum_weights != (float)counts.sum_weights) {
        fb_log(FB_LOG_WARNING,
               "%s: the weights sum up to %.10g, but %s says %.10g; --generator official scales the pool "
               "to the latter, as the official program",
               events, counts.sum_weights, metadata->path, metadata->total.sum_weights);
    }
    return FB_OK;
}

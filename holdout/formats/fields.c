#include <string.h>

#include "holdout/formats/formats_internal.h"
#include "models/common/text.h"

static const char *const stage_names[] = {
    [FB_EVENTS_UNKNOWN] = "unknown", [FB_EVENTS_RAW] = "raw", [FB_EVENTS_OBSERVED] = "observed", NULL};

const char *fb_fields_stage_name(fb_event_stage stage)
{
    return stage_names[stage];
}

fb_event_stage fb_fields_find_stage(const char *name)
{
    const int stage = fb_text_find(name, stage_names);
    return stage >= 0 ? (fb_event_stage)stage : FB_EVENTS_UNKNOWN;
}

const char *fb_fields_name(int field)
{
    switch (field) {
    case FB_FIELD_WEIGHT:
        return "weights";
    case FB_FIELD_LABEL:
        return "labels";
    case FB_FIELD_PROCESS:
        return "detailed_labels";
    default:
        return fb_column_name(field);
    }
}

int fb_fields_find(const char *name)
{
    for (int field = 0; field < FB_N_FIELDS; field++) {
        if (strcmp(name, fb_fields_name(field)) == 0) {
            return field;
        }
    }
    return strncmp(name, "DER_", 4) == 0 || strcmp(name, "id") == 0 ? FB_FIELD_IGNORED : -1;
}

fb_status fb_fields_check(const bool seen[FB_N_FIELDS], const char *path, const char *where, fb_error *error)
{
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        if (!seen[k]) {
            return fb_fail(error, FB_ERROR_DATA, "%s: column %s is missing from the %s", path, fb_fields_name(k),
                           where);
        }
    }
    if (seen[FB_FIELD_LABEL] && !seen[FB_FIELD_PROCESS]) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: column labels without detailed_labels: the process of the backgrounds is not known", path);
    }
    return FB_OK;
}

#include <string.h>

#include "holdout/formats/fields_internal.h"

int fb_field_find(const char *name)
{
    int column = fb_column_find(name);
    if (column >= 0) {
        return column < FB_N_PRIMARY ? column : FB_FIELD_IGNORED;
    }
    for (int field = FB_N_PRIMARY; field < FB_N_FIELDS; field++) {
        if (strcmp(name, fb_field_name(field)) == 0) {
            return field;
        }
    }
    return strcmp(name, "id") == 0 || strncmp(name, "DER_", 4) == 0 ? FB_FIELD_IGNORED : -1;
}

const char *fb_field_name(int field)
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

fb_status fb_fields_check(const bool seen[FB_N_FIELDS], const char *path, const char *where, fb_error *error)
{
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        if (!seen[k]) {
            return fb_fail(error, FB_ERROR_DATA, "%s: column %s is missing from the %s", path, fb_column_name(k),
                           where);
        }
    }
    if (seen[FB_FIELD_LABEL] && !seen[FB_FIELD_PROCESS]) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: column labels without detailed_labels: the process of the backgrounds is not known", path);
    }
    return FB_OK;
}

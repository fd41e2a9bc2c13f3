#include <string.h>

#include "holdout/formats/fields_internal.h"

/* What was called otherwise in 2014, or is not here at all. The other primary columns have the same names.
 * Source: C. Adam-Bourdarios et al., "Learning to discover: the Higgs boson machine learning challenge" (2014), the
 * description of the features. */
static const struct {
    const char *name;
    int field;
} names_2014[] = {{"PRI_tau_pt", FB_HAD_PT},       {"PRI_tau_eta", FB_HAD_ETA},
                  {"PRI_tau_phi", FB_HAD_PHI},     {"PRI_jet_num", FB_N_JETS}, /* 3 means 3 or more */
                  {"Weight", FB_FIELD_WEIGHT},     {"Label", FB_FIELD_LABEL},  /* s or b */
                  {"EventId", FB_FIELD_IGNORED},   {"PRI_met_sumet", FB_FIELD_IGNORED},
                  {"KaggleSet", FB_FIELD_IGNORED}, {"KaggleWeight", FB_FIELD_IGNORED}};

enum { N_NAMES_2014 = sizeof names_2014 / sizeof names_2014[0] };

const char *fb_fields_name(fb_vocabulary vocabulary, int field)
{
    for (int k = 0; k < N_NAMES_2014 && vocabulary == FB_NAMES_2014; k++) {
        if (names_2014[k].field == field) {
            return names_2014[k].name;
        }
    }
    switch (field) {
    case FB_FIELD_WEIGHT:
        return "weights";
    case FB_FIELD_LABEL:
        return "labels";
    case FB_FIELD_PROCESS:
        return vocabulary == FB_NAMES_2014 ? NULL : "detailed_labels";
    default:
        return fb_column_name(field);
    }
}

int fb_fields_find(fb_vocabulary vocabulary, const char *name)
{
    for (int field = 0; field < FB_N_FIELDS; field++) {
        const char *own = fb_fields_name(vocabulary, field);
        if (own != NULL && strcmp(name, own) == 0) {
            return field;
        }
    }
    if (strncmp(name, "DER_", 4) == 0) {
        return FB_FIELD_IGNORED;
    }
    for (int k = 0; k < N_NAMES_2014 && vocabulary == FB_NAMES_2014; k++) {
        if (strcmp(name, names_2014[k].name) == 0) {
            return names_2014[k].field;
        }
    }
    return vocabulary == FB_NAMES_OFFICIAL && strcmp(name, "id") == 0 ? FB_FIELD_IGNORED : -1;
}

fb_status fb_fields_check(fb_vocabulary vocabulary, const bool seen[FB_N_FIELDS], const char *path, const char *where,
                          fb_error *error)
{
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        if (!seen[k]) {
            return fb_fail(error, FB_ERROR_DATA, "%s: column %s is missing from the %s", path,
                           fb_fields_name(vocabulary, k), where);
        }
    }
    if (vocabulary == FB_NAMES_OFFICIAL && seen[FB_FIELD_LABEL] && !seen[FB_FIELD_PROCESS]) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: column labels without detailed_labels: the process of the backgrounds is not known", path);
    }
    return FB_OK;
}

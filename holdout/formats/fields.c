#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "holdout/formats/formats_internal.h"
#include "models/common/log.h"
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

/* --- the names of columns ----------------------------------------------------------------------------------------- */

static const char *const allowed = "the official columns (PRI_..., DER_..., weights, labels, detailed_labels)";

/* The field that `name` is, to `compare`; -1: none. */
static int find(const char *name, int (*compare)(const char *, const char *))
{
    for (int field = 0; field < FB_N_FIELDS; field++) {
        if (compare(name, fb_fields_name(field)) == 0) {
            return field;
        }
    }
    return -1;
}

const char fb_fields_row[] = "row";

/* The numbers of the rows, as R and pandas write them beside the columns; pandas reads a nameless one as "Unnamed: 0".
 */
static bool is_index(const char *name)
{
    static const char *const names[] = {"", "index", "id", NULL}, *const beginnings[] = {"Unnamed: ", "__index_level_"};
    for (size_t k = 0; k < sizeof beginnings / sizeof beginnings[0]; k++) {
        if (strncmp(name, beginnings[k], strlen(beginnings[k])) == 0) {
            return true;
        }
    }
    return fb_text_find(name, names) >= 0;
}

/* Whether a name is one of the HiggsML challenge of 2014 (Kaggle, CERN Open Data) and none of ours: a table of another
 * year, with other weights and without the processes of its backgrounds. */
static bool is_of_2014(const char *name)
{
    static const char *const names[] = {"EventId",       "PRI_tau_pt",   "PRI_tau_eta", "PRI_tau_phi",
                                        "PRI_jet_num",   "Weight",       "Label",       "KaggleSet",
                                        "PRI_met_sumet", "KaggleWeight", NULL};
    return fb_text_find(name, names) >= 0;
}

/* Why a name that is none of ours, nor an index, cannot be passed over; FB_OK if it can. */
static fb_status check_unknown(const fb_fields *fields, const char *name, fb_error *error)
{
    const int meant = find(name, strcasecmp);
    if (meant >= 0) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: column '%.40s' of the %s is not known: did you mean '%s'? Upper and "
                       "lower case count",
                       fields->path, name, fields->where, fb_fields_name(meant));
    }
    if (is_of_2014(name)) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: column '%.40s' of the %s is one of the HiggsML challenge of 2014: those events have other "
                       "weights and no processes, so nothing can be measured with them; expected are %s",
                       fields->path, name, fields->where, allowed);
    }
    return FB_OK;
}

fb_status fb_fields_add(fb_fields *fields, const char *name, int *field, fb_error *error)
{
    *field = find(name, strcmp);
    if (*field >= 0) {
        if (fields->seen[*field]) {
            return fb_fail(error, FB_ERROR_DATA, "%s: column %s appears twice in the %s", fields->path, name,
                           fields->where);
        }
        fields->seen[*field] = true;
        return FB_OK;
    }
    *field = FB_FIELD_IGNORED;
    if (strcmp(name, fb_fields_row) == 0) {
        return FB_OK; /* which this program writes and does not read */
    }
    const bool index = is_index(name);
    fb_status status = index ? FB_OK : check_unknown(fields, name, error);
    if (status == FB_OK) {
        fields->n_ignored++;
        if (fields->n_ignored <= FB_FIELDS_NAMED) {
            fb_text_append(fields->ignored, sizeof fields->ignored, ", ", "'%.40s'%s", name,
                           index ? " (an index)" : "");
        }
    }
    return status;
}

/* The names that were ignored, as many as fit into a message. */
static void name_ignored(const fb_fields *fields, char text[FB_FIELDS_SIZE])
{
    snprintf(text, FB_FIELDS_SIZE, "%s", fields->ignored);
    if (fields->n_ignored > FB_FIELDS_NAMED) {
        fb_text_append(text, FB_FIELDS_SIZE, " ", "and %d more", fields->n_ignored - FB_FIELDS_NAMED);
    }
}

fb_status fb_fields_finish(const fb_fields *fields, bool warns, fb_error *error)
{
    char ignored[FB_FIELDS_SIZE];
    name_ignored(fields, ignored);
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        if (!fields->seen[k]) {
            return fb_fail(error, FB_ERROR_DATA, "%s: column %s is missing from the %s%s%s%s", fields->path,
                           fb_fields_name(k), fields->where, ignored[0] != '\0' ? ", which has " : "", ignored,
                           ignored[0] != '\0' ? " instead" : "");
        }
    }
    if (fields->seen[FB_FIELD_LABEL] && !fields->seen[FB_FIELD_PROCESS]) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: column labels without detailed_labels: the process of the backgrounds is not known",
                       fields->path);
    }
    if (warns && fields->n_ignored > 0) {
        fb_log(FB_LOG_WARNING, "%s: ignored, being none of %s: %s", fields->path, allowed, ignored);
    }
    return FB_OK;
}

bool fb_fields_is_derived(int field)
{
    return field >= FB_N_PRIMARY && field < FB_N_FEATURES;
}

bool fb_fields_have_derived(const fb_fields *fields)
{
    bool all = true;
    for (int k = FB_N_PRIMARY; k < FB_N_FEATURES; k++) {
        all = all && fields->seen[k];
    }
    return all;
}

float *fb_fields_column(const fb_events *block, int field)
{
    return field < FB_N_PRIMARY ? block->column[field] : block->derived[field - FB_N_PRIMARY];
}

/* --- processes and labels ----------------------------------------------------------------------------------------- */

const char fb_fields_processes[] = "htautau, ztautau, ttbar or diboson";

/* A row each may call this: the first letter distinguishes the processes before strncmp would. */
int fb_fields_find_process(const char *text, size_t n)
{
    for (int k = 0; k < FB_N_PROCESS; k++) {
        const char *name = fb_process_name(k);
        if (n > 0 && text[0] == name[0] && strncmp(name, text, n) == 0 && name[n] == '\0') {
            return k;
        }
    }
    return -1;
}

fb_status fb_fields_bad_process(const char *path, uint64_t row, const char *text, size_t n, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ", column detailed_labels: '%.*s' is not %s", path, row,
                   n < 40 ? (int)n : 40, text, fb_fields_processes);
}

/* The first row whose label is not that of its process; rows that are right are passed without a branch. */
static size_t find_bad_label(const fb_events *block, const float *restrict label)
{
    const uint8_t *restrict process = block->process;
    int n_bad = 0;
#pragma omp simd reduction(+ : n_bad)
    for (size_t i = 0; i < block->n; i++) {
        n_bad += label[i] != (process[i] == FB_HTAUTAU ? 1.0f : 0.0f);
    }
    size_t i = n_bad > 0 ? 0 : block->n;
    while (i < block->n && label[i] == (float)fb_process_label(process[i])) {
        i++;
    }
    return i;
}

fb_status fb_fields_check_labels(const char *path, const fb_events *block, const float *label, fb_error *error)
{
    const size_t i = find_bad_label(block, label);
    if (i == block->n) {
        return FB_OK;
    }
    if (label[i] != 0.0f && label[i] != 1.0f) {
        return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ", column labels: '%g' is not 0 or 1", path,
                       block->first_row + i, (double)label[i]);
    }
    return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ", column labels: %d contradicts detailed_labels '%s'",
                   path, block->first_row + i, (int)label[i], fb_process_name(block->process[i]));
}

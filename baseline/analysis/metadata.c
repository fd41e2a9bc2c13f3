#include "baseline/analysis/metadata.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- reading ------------------------------------------------------------------------------------------------------ */

enum { WHOLE = FB_N_PROCESS }; /* instead of a process */

static fb_metadata_facts *facts_of(fb_metadata *metadata, int process)
{
    return process == WHOLE ? &metadata->total : &metadata->process[process];
}

/* "key sum_weights of htautau: WHAT"; `value` as it stands in the file. */
static fb_status bad_value(const fb_metadata *metadata, const char *key, int process, const json_t *value,
                           const char *what, fb_error *error)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    fb_status status = fb_fail(error, FB_ERROR_DATA, "%s: key %s%s%s: %.60s is %s", metadata->path, key,
                               process == WHOLE ? "" : " of ", process == WHOLE ? "" : fb_process_name(process),
                               text != NULL ? text : "the value", what);
    free(text);
    return status;
}

static fb_status take_rows(fb_metadata *metadata, const char *key, int process, const json_t *value, fb_error *error)
{
    fb_metadata_facts *facts = facts_of(metadata, process);
    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        return bad_value(metadata, key, process, value, "not a whole number from 0, without a decimal point", error);
    }
    uint64_t rows = (uint64_t)json_integer_value(value);
    if (facts->has_rows && facts->rows != rows) {
        char what[64];
        snprintf(what, sizeof what, "another value than %" PRIu64 " before it", facts->rows);
        return bad_value(metadata, key, process, value, what, error);
    }
    facts->has_rows = true;
    facts->rows = rows;
    return FB_OK;
}

static fb_status take_weights(fb_metadata *metadata, const char *key, int process, const json_t *value, fb_error *error)
{
    fb_metadata_facts *facts = facts_of(metadata, process);
    if (!json_is_number(value) || !(json_number_value(value) >= 0.0)) {
        return bad_value(metadata, key, process, value, "not a number from 0", error);
    }
    double sum = json_number_value(value);
    if (facts->has_sum_weights && facts->sum_weights != sum) {
        char what[64];
        snprintf(what, sizeof what, "another value than %.10g before it", facts->sum_weights);
        return bad_value(metadata, key, process, value, what, error);
    }
    facts->has_sum_weights = true;
    facts->sum_weights = sum;
    return FB_OK;
}

static fb_status search(fb_metadata *metadata, json_t *part, int process, fb_error *error);

static fb_status search_value(fb_metadata *metadata, const char *key, json_t *value, int process, fb_error *error)
{
    if (strcmp(key, "total_rows") == 0 || (process != WHOLE && strcmp(key, "rows") == 0)) {
        return take_rows(metadata, key, process, value, error);
    }
    if (strcmp(key, "sum_weights") == 0) {
        return take_weights(metadata, key, process, value, error);
    }
    if (strcmp(key, "@context") == 0) {
        return FB_OK;
    }
    int named = fb_process_find(key);
    return search(metadata, value, named >= 0 ? named : process, error);
}

/* All of an object or array, whose depth Jansson bounds; other values hold nothing. */
static fb_status search(fb_metadata *metadata, json_t *part, int process, fb_error *error)
{
    const char *key = NULL;
    json_t *value = NULL;
    size_t k = 0;
    fb_status status = FB_OK;
    json_object_foreach(part, key, value)
    {
        FB_TRY(search_value(metadata, key, value, process, error));
    }
    json_array_foreach(part, k, value)
    {
        FB_TRY(search(metadata, value, process, error));
    }
cleanup:
    return status;
}

static fb_status load(const char *path, json_t **root, fb_error *error)
{
    json_error_t reason;
    FILE *stream = fopen(path, "r");
    if (stream == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    }
    *root = json_loadf(stream, JSON_REJECT_DUPLICATES, &reason);
    fclose(stream);
    return *root != NULL
               ? FB_OK
               : fb_fail(error, FB_ERROR_DATA, "%s: line %d: is not JSON: %s", path, reason.line, reason.text);
}

fb_status fb_metadata_read(const char *path, fb_metadata *out, fb_error *error)
{
    json_t *root = NULL;
    bool found = false;
    fb_status status = FB_OK;
    *out = (fb_metadata){0};
    if (path == NULL) {
        return FB_OK;
    }
    snprintf(out->path, sizeof out->path, "%s", path);
    FB_TRY(load(path, &root, error));
    FB_TRY(search(out, root, WHOLE, error));
    for (int k = 0; k <= FB_N_PROCESS; k++) {
        found |= facts_of(out, k)->has_rows || facts_of(out, k)->has_sum_weights;
    }
    if (!found) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: has neither a key total_rows nor a key sum_weights", path);
    }
cleanup:
    json_decref(root);
    return status;
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

static fb_status check_facts(const fb_metadata *metadata, const fb_metadata_facts *facts, const char *events,
                             const char *what, uint64_t rows, double sum_weights, fb_error *error)
{
    if (facts->has_rows && facts->rows != rows) {
        return fb_fail(error, FB_ERROR_DATA, "%s: has %" PRIu64 " %s, but %s says %" PRIu64 ": it is %s", events, rows,
                       what, metadata->path, facts->rows, rows < facts->rows ? "cut, or another one" : "another one");
    }
    double difference = fabs(sum_weights - facts->sum_weights);
    if (facts->has_sum_weights && !(difference <= FB_METADATA_TOLERANCE * facts->sum_weights)) {
        return fb_fail(
            error, FB_ERROR_DATA,
            "%s: the weights of its %s sum up to %.10g, but %s says %.10g, and only %g of it is a difference "
            "of rounding: it is cut, or another one",
            events, what, sum_weights, metadata->path, facts->sum_weights, FB_METADATA_TOLERANCE);
    }
    return FB_OK;
}

fb_status fb_metadata_check(const fb_metadata *metadata, const char *events, const fb_process_counts *counts,
                            fb_error *error)
{
    bool needs_weights = metadata->total.has_sum_weights, needs_processes = false;
    fb_status status = FB_OK;
    for (int k = 0; k < FB_N_PROCESS; k++) {
        needs_weights |= metadata->process[k].has_sum_weights;
        needs_processes |= metadata->process[k].has_rows || metadata->process[k].has_sum_weights;
    }
    if ((needs_weights && !counts->has_weights) || (needs_processes && !counts->has_processes)) {
        return fb_fail(error, FB_ERROR_DATA, "%s: has no column %s, which %s describes: it is another one", events,
                       needs_weights && !counts->has_weights ? "weights" : "detailed_labels", metadata->path);
    }
    FB_TRY(check_facts(metadata, &metadata->total, events, "rows", counts->n_rows, counts->sum_weights, error));
    for (int k = 0; k < FB_N_PROCESS; k++) {
        char what[32];
        snprintf(what, sizeof what, "rows of %s", fb_process_name(k));
        FB_TRY(check_facts(metadata, &metadata->process[k], events, what, counts->rows[k], counts->weight[k], error));
    }
cleanup:
    return status;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static json_t *facts_json(uint64_t rows, double sum_weights)
{
    return json_pack("{s:I, s:f}", "total_rows", (json_int_t)rows, "sum_weights", sum_weights);
}

json_t *fb_metadata_json(const fb_process_counts *counts)
{
    json_t *root = facts_json(counts->n_rows, counts->sum_weights);
    for (int k = 0; k < FB_N_PROCESS && counts->has_processes; k++) {
        json_object_set_new(root, fb_process_name(k), facts_json(counts->rows[k], counts->weight[k]));
    }
    return root;
}

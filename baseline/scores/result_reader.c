#include "baseline/scores/result_reader.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baseline/support/python_json.h"
#include "models/common/log.h"
#include "models/common/memory.h"
#include "models/common/path.h"

enum { NAME_SIZE = 64, N_LISTS = 4 };

static const char *const list_names[N_LISTS] = {"mu_hats", "delta_mu_hats", "p16", "p84"};

/* What is being read. */
typedef struct reader {
    const char *folder;
    char path[FB_PATH_SIZE]; /* of the file */
    json_int_t n_per_set;    /* experiments there should be; 0: any number */
    size_t failed_capacity;  /* of results->failed */
    fb_results *results;
} reader;

static fb_status load(reader *r, const char *name, json_t **out, fb_error *error)
{
    *out = NULL;
    const fb_status status = fb_path_in(r->folder, name, r->path, error);
    return status == FB_OK ? fb_python_json_load(r->path, out, error) : status;
}

/* The list `key` of `root`, which must not be empty. */
static fb_status find_list(const reader *r, const json_t *root, const char *key, const json_t **out, fb_error *error)
{
    *out = json_object_get(root, key);
    if (!json_is_array(*out) || json_array_size(*out) == 0) {
        return fb_fail(error, FB_ERROR_DATA, "%s: '%s' is %s; a list of numbers is needed", r->path, key,
                       *out == NULL          ? "missing"
                       : json_is_array(*out) ? "empty"
                                             : "no list");
    }
    return FB_OK;
}

/* What stands where a number should: its JSON, cut if it is long. */
static const char *shown(const json_t *entry, char text[NAME_SIZE])
{
    char *all = json_dumps(entry, JSON_ENCODE_ANY | JSON_COMPACT);
    const char *word = json_string_value(entry); /* as python_json.h makes it of Infinity */
    const bool is_word = word != NULL && strstr(word, "Infinity") != NULL;
    const char *json = all != NULL ? all : "?";
    snprintf(text, NAME_SIZE, "%.40s", is_word ? word : json);
    free(all);
    return text;
}

static bool is_nan(const json_t *entry)
{
    return json_is_null(entry) || (json_is_string(entry) && strcmp(json_string_value(entry), "NaN") == 0);
}

/* \param n_sets  as many there should be; 0: any number */
static fb_status read_truth(reader *r, const json_t *root, json_int_t n_sets, fb_error *error)
{
    char text[NAME_SIZE];
    const json_t *list = NULL;
    fb_results *results = r->results;
    fb_status status = FB_OK;
    FB_TRY(find_list(r, root, "ground_truth_mus", &list, error));
    results->n_sets = json_array_size(list);
    if (n_sets > 0 && n_sets != (json_int_t)results->n_sets) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: 'num_of_sets' is %" JSON_INTEGER_FORMAT ", but 'ground_truth_mus' has %zu entries", r->path,
                       n_sets, results->n_sets);
    }
    FB_TRY(fb_memory_allocate(results->n_sets, sizeof *results->set, &results->set, error));
    FB_TRY(fb_memory_allocate(results->n_sets, sizeof *results->values, &results->values, error));
    for (size_t s = 0; s < results->n_sets; s++) {
        const json_t *entry = json_array_get(list, s);
        if (!json_is_number(entry)) {
            return fb_fail(error, FB_ERROR_DATA, "%s: entry %zu of 'ground_truth_mus' is no number: %s", r->path, s,
                           shown(entry, text));
        }
        results->set[s].mu = json_number_value(entry);
    }
cleanup:
    return status;
}

static bool has_file(const reader *r, const char *name)
{
    char path[FB_PATH_SIZE];
    return fb_path_in(r->folder, name, path, NULL) == FB_OK && access(path, F_OK) == 0;
}

/* Where the settings of the sets are: beside the results, or where the platform of the challenge has them, with the
 * results in res and the truth in ref. NULL: nowhere. */
static const char *find_settings(const reader *r)
{
    static const char *const places[] = {"test_settings.json", "../ref/settings/data.json"};
    for (size_t k = 0; k < sizeof places / sizeof places[0]; k++) {
        if (has_file(r, places[k])) {
            return places[k];
        }
    }
    return NULL;
}

/* Our own record without results. */
static fb_status check_finished(const reader *r, fb_error *error)
{
    if (find_settings(r) != NULL) {
        return FB_OK;
    }
    if (has_file(r, "experiments.part.jsonl")) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: its run was stopped; 'fair-baseline evaluate --resume' goes on with it", r->folder);
    }
    if (has_file(r, "experiments.jsonl")) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: has a record of experiments but no results: of a shard, which 'fair-baseline merge' puts "
                       "together with the others, or of fits that all failed",
                       r->folder);
    }
    return FB_OK;
}

/* A count that may be missing: 0 then. */
static fb_status read_count(const reader *r, const json_t *root, const char *key, json_int_t *count, fb_error *error)
{
    char text[NAME_SIZE];
    const json_t *value = json_object_get(root, key);
    *count = json_integer_value(value);
    if (value != NULL && *count <= 0) {
        return fb_fail(error, FB_ERROR_DATA, "%s: '%s' is no whole number above 0: %s", r->path, key,
                       shown(value, text));
    }
    return FB_OK;
}

static fb_status read_settings(reader *r, fb_error *error)
{
    json_t *root = NULL;
    json_int_t n_sets = 0;
    fb_status status = FB_OK;
    const char *place = find_settings(r);
    FB_TRY(check_finished(r, error));
    FB_TRY(load(r, place != NULL ? place : "test_settings.json", &root, error));
    FB_TRY(read_count(r, root, "num_of_sets", &n_sets, error));
    FB_TRY(read_count(r, root, "num_pseudo_experiments", &r->n_per_set, error));
    FB_TRY(read_truth(r, root, n_sets, error));
    r->results->systematics = json_incref(json_object_get(root, "systematics"));
cleanup:
    json_decref(root);
    return status;
}

/* All lists of a set must have as many entries as its first one. */
static fb_status check_lengths(const reader *r, size_t s, const json_t *const list[N_LISTS], fb_error *error)
{
    const size_t n = json_array_size(list[0]);
    for (int k = 1; k < N_LISTS; k++) {
        const size_t m = json_array_size(list[k]);
        if (m != n) {
            return fb_fail(error, FB_ERROR_DATA,
                           "%s: set %zu: '%s' has %zu entries, '%s' has %zu; experiment %zu is not whole", r->path, s,
                           list_names[k], m, list_names[0], n, m < n ? m : n);
        }
    }
    if (r->n_per_set > 0 && (json_int_t)n != r->n_per_set) { /* the official program scores them without a word */
        fb_log(FB_LOG_WARNING, "%s: set %zu has %zu experiments; the settings say %" JSON_INTEGER_FORMAT, r->path, s, n,
               r->n_per_set);
    }
    return FB_OK;
}

/* Experiment `e` of set `s`; `value` is its place in the first of four lists of `n`. */
static fb_status read_experiment(reader *r, size_t s, size_t e, const json_t *const list[N_LISTS], double *value,
                                 fb_error *error)
{
    char text[NAME_SIZE];
    const size_t n = json_array_size(list[0]);
    const char *failed = NULL;
    fb_status status = FB_OK;
    for (int k = 0; k < N_LISTS; k++) {
        const json_t *entry = json_array_get(list[k], e);
        if (is_nan(entry)) {
            failed = failed != NULL ? failed : list_names[k];
        } else if (!json_is_number(entry)) {
            return fb_fail(error, FB_ERROR_DATA, "%s: set %zu, experiment %zu: '%s' is no finite number: %s", r->path,
                           s, e, list_names[k], shown(entry, text));
        }
        value[(size_t)k * n] = json_number_value(entry);
    }
    if (failed != NULL) {
        fb_results *results = r->results;
        FB_TRY(fb_memory_grow(&results->failed, &r->failed_capacity, results->n_failed + 1, sizeof *results->failed,
                              error));
        results->failed[results->n_failed++] = (fb_failed_fit){s, e, failed};
        for (size_t k = 0; k < N_LISTS; k++) {
            value[k * n] = NAN;
        }
    }
cleanup:
    return status;
}

static fb_status read_set(reader *r, size_t s, fb_error *error)
{
    char name[NAME_SIZE];
    json_t *root = NULL;
    const json_t *list[N_LISTS] = {NULL};
    fb_status status = FB_OK;
    snprintf(name, sizeof name, "result_%zu.json", s);
    FB_TRY(load(r, name, &root, error));
    for (int k = 0; k < N_LISTS; k++) {
        FB_TRY(find_list(r, root, list_names[k], &list[k], error));
    }
    FB_TRY(check_lengths(r, s, list, error));
    const size_t n = json_array_size(list[0]);
    FB_TRY(fb_memory_allocate(N_LISTS * n, sizeof(double), &r->results->values[s], error));
    double *values = r->results->values[s];
    for (size_t e = 0; e < n; e++) {
        FB_TRY(read_experiment(r, s, e, list, values + e, error));
    }
    r->results->set[s] = (fb_result_set){r->results->set[s].mu, n, values, values + n, values + 2 * n, values + 3 * n};
    r->results->n += n;
cleanup:
    json_decref(root);
    return status;
}

/* A set without a true mu is not passed over: somebody expects it to count. */
static fb_status check_no_more(const reader *r, fb_error *error)
{
    fb_status status = FB_OK;
    DIR *folder = opendir(r->folder);
    if (folder == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", r->folder, strerror(errno));
    }
    for (const struct dirent *entry; status == FB_OK && (entry = readdir(folder)) != NULL;) {
        uintmax_t s = 0;
        int end = 0;
        if (sscanf(entry->d_name, "result_%ju.json%n", &s, &end) == 1 && end > 0 && entry->d_name[end] == '\0' &&
            s >= r->results->n_sets) {
            status = fb_fail(error, FB_ERROR_DATA, "%s/%s: the settings have the true mu of sets 0 to %zu only",
                             r->folder, entry->d_name, r->results->n_sets - 1);
        }
    }
    closedir(folder);
    return status;
}

/* A number of summary.json; what is missing or null was not known. */
static fb_status read_known(const reader *r, const json_t *root, const char *key, double if_null, double *out,
                            fb_error *error)
{
    char text[NAME_SIZE];
    const json_t *value = json_object_get(root, key);
    *out = json_is_number(value) ? json_number_value(value) : json_is_null(value) ? if_null : NAN;
    if (*out < 0.0 || !(value == NULL || json_is_null(value) || json_is_number(value))) {
        return fb_fail(error, FB_ERROR_DATA, "%s: '%s' is %s; a number >= 0 or null is needed", r->path, key,
                       shown(value, text));
    }
    return FB_OK;
}

/* The simulation behind the results; only our evaluations say it. */
static fb_status read_simulation(reader *r, fb_error *error)
{
    fb_results *results = r->results;
    json_t *root = NULL;
    fb_status status = FB_OK;
    results->template_events = results->pool_events = results->shared_template_error = NAN;
    if (!has_file(r, "summary.json")) {
        return FB_OK;
    }
    FB_TRY(load(r, "summary.json", &root, error));
    FB_TRY(read_known(r, root, "template_events", NAN, &results->template_events, error));
    FB_TRY(read_known(r, root, "shared_template_error_in_sigma", NAN, &results->shared_template_error, error));
    FB_TRY(read_known(r, root, "pool_events", INFINITY, &results->pool_events, error));
    results->template_events = results->template_events > 0.0 ? results->template_events : NAN;
    results->shared_template_error = results->shared_template_error > 0.0 ? results->shared_template_error : NAN;
cleanup:
    json_decref(root);
    return status;
}

fb_status fb_result_reader_read(const char *folder, fb_results **out, fb_error *error)
{
    reader r = {.folder = folder};
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *r.results, &r.results, error));
    FB_TRY(read_settings(&r, error));
    FB_TRY(read_simulation(&r, error));
    for (size_t s = 0; s < r.results->n_sets; s++) {
        FB_TRY(read_set(&r, s, error));
    }
    FB_TRY(check_no_more(&r, error));
    *out = r.results;
    r.results = NULL;
cleanup:
    fb_result_reader_free(r.results);
    return status;
}

void fb_result_reader_free(fb_results *results)
{
    if (results != NULL) {
        for (size_t s = 0; s < results->n_sets && results->values != NULL; s++) {
            free(results->values[s]);
        }
        free(results->values);
        free(results->set);
        free(results->failed);
        json_decref(results->systematics);
        free(results);
    }
}

fb_status fb_result_reader_duration(const char *folder, double *minutes, fb_error *error)
{
    reader r = {.folder = folder};
    json_t *root = NULL;
    fb_status status = FB_OK;
    FB_TRY(load(&r, "ingestion_duration.json", &root, error));
    const json_t *value = json_object_get(root, "ingestion_duration");
    *minutes = json_number_value(value);
    if (!json_is_number(value) || *minutes < 0.0) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: 'ingestion_duration' is %s; minutes >= 0 are needed", r.path,
                         value == NULL           ? "missing"
                         : json_is_number(value) ? "negative"
                                                 : "no number");
    }
cleanup:
    json_decref(root);
    return status;
}

#include "baseline/results.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/ground/memory.h"

enum { PATH_SIZE = 4096, N_LISTS = 4 };

static const char *const list_names[N_LISTS] = {"mu_hats", "delta_mu_hats", "p16", "p84"};

static fb_status load(const char *folder, const char *name, char path[PATH_SIZE], json_t **out, fb_error *error)
{
    json_error_t reason;
    *out = NULL;
    if (snprintf(path, PATH_SIZE, "%s/%s", folder, name) >= PATH_SIZE) {
        return fb_fail(error, FB_ERROR_FILE, "%s: the path is too long", folder);
    }
    FILE *stream = fopen(path, "r");
    if (stream == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    }
    *out = json_loadf(stream, JSON_REJECT_DUPLICATES, &reason);
    fclose(stream);
    if (*out == NULL) {
        return fb_fail(error, FB_ERROR_DATA, "%s: line %d: %s", path, reason.line, reason.text);
    }
    return FB_OK;
}

/* The list `key` of `root`; FB_ERROR_DATA unless it has `n` entries (0: any number but none). */
static fb_status find_list(const json_t *root, const char *path, const char *key, size_t n, const json_t **out,
                           fb_error *error)
{
    *out = json_object_get(root, key);
    if (!json_is_array(*out) || json_array_size(*out) == 0) {
        return fb_fail(error, FB_ERROR_DATA, "%s: '%s' is %s; a list of numbers is needed", path, key,
                       *out == NULL          ? "missing"
                       : json_is_array(*out) ? "empty"
                                             : "no list");
    }
    if (n > 0 && json_array_size(*out) != n) {
        return fb_fail(error, FB_ERROR_DATA, "%s: '%s' has %zu entries, '%s' has %zu", path, key, json_array_size(*out),
                       list_names[0], n);
    }
    return FB_OK;
}

static fb_status copy_numbers(const json_t *list, const char *path, const char *key, bool may_fail, double *out,
                              fb_error *error)
{
    for (size_t k = 0; k < json_array_size(list); k++) {
        const json_t *entry = json_array_get(list, k);
        if (!json_is_number(entry) && !(may_fail && json_is_null(entry))) {
            return fb_fail(error, FB_ERROR_DATA, "%s: entry %zu of '%s' is no number", path, k, key);
        }
        out[k] = json_is_number(entry) ? json_number_value(entry) : NAN;
    }
    return FB_OK;
}

static fb_status read_truth(const char *folder, fb_results *results, fb_error *error)
{
    char path[PATH_SIZE];
    json_t *root = NULL;
    const json_t *list = NULL;
    double *mu = NULL;
    fb_status status = FB_OK;
    FB_TRY(load(folder, "test_settings.json", path, &root, error));
    FB_TRY(find_list(root, path, "ground_truth_mus", 0, &list, error));
    results->n_sets = json_array_size(list);
    FB_TRY(fb_allocate(results->n_sets, sizeof *results->set, &results->set, error));
    FB_TRY(fb_allocate(results->n_sets, sizeof *mu, &mu, error));
    FB_TRY(copy_numbers(list, path, "ground_truth_mus", false, mu, error));
    for (size_t s = 0; s < results->n_sets; s++) {
        results->set[s].mu = mu[s];
    }
cleanup:
    free(mu);
    json_decref(root);
    return status;
}

/* Appends the lists of set `s` to the values; the pointers into them come when all are there. */
static fb_status read_set(const char *folder, size_t s, fb_results *results, size_t *used, size_t *capacity,
                          fb_error *error)
{
    char path[PATH_SIZE], name[64];
    json_t *root = NULL;
    const json_t *list = NULL;
    size_t n = 0;
    fb_status status = FB_OK;
    snprintf(name, sizeof name, "result_%zu.json", s);
    FB_TRY(load(folder, name, path, &root, error));
    for (int k = 0; k < N_LISTS; k++) {
        FB_TRY(find_list(root, path, list_names[k], n, &list, error));
        n = json_array_size(list);
        FB_TRY(fb_grow(&results->values, capacity, *used + n, sizeof(double), error));
        FB_TRY(copy_numbers(list, path, list_names[k], true, results->values + *used, error));
        *used += n;
    }
    results->set[s].n = n;
cleanup:
    json_decref(root);
    return status;
}

fb_status fb_results_read(const char *folder, fb_results **out, fb_error *error)
{
    fb_results *results = NULL;
    size_t used = 0, capacity = 0;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_allocate(1, sizeof *results, &results, error));
    FB_TRY(read_truth(folder, results, error));
    for (size_t s = 0; s < results->n_sets; s++) {
        FB_TRY(read_set(folder, s, results, &used, &capacity, error));
    }
    const double *next = results->values;
    for (size_t s = 0; s < results->n_sets; s++) {
        fb_result_set *set = &results->set[s];
        set->mu_hat = next;
        set->delta_mu_hat = next + set->n;
        set->p16 = next + 2 * set->n;
        set->p84 = next + 3 * set->n;
        next += N_LISTS * set->n;
    }
    *out = results;
    results = NULL;
cleanup:
    fb_results_free(results);
    return status;
}

void fb_results_free(fb_results *results)
{
    if (results != NULL) {
        free(results->set);
        free(results->values);
        free(results);
    }
}

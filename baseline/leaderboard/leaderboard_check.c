#include "baseline/leaderboard/leaderboard_check.h"

#include <stdlib.h>
#include <string.h>

#include "models/common/log.h"

/* --- reading it, before anything is run --------------------------------------------------------------------------- */

static fb_status differs(const char *path, const char *key, const json_t *was, const json_t *is, fb_error *error)
{
    char *before = json_dumps(was, JSON_COMPACT | JSON_ENCODE_ANY),
         *now = json_dumps(is, JSON_COMPACT | JSON_ENCODE_ANY);
    fb_status status = fb_fail(error, FB_ERROR_DATA, "%s: was made with \"%s\" %.60s, here it is %.60s", path, key,
                               before != NULL ? before : "missing", now != NULL ? now : "?");
    free(before);
    free(now);
    return status;
}

static fb_status check_settings(const json_t *root, const fb_evaluation_settings *settings, const char *path,
                                fb_error *error)
{
    json_t *ours = fb_leaderboard_report_settings_json(settings), *is;
    const char *key;
    fb_status status = FB_OK;
    json_object_foreach(ours, key, is)
    {
        const json_t *was = json_object_get(json_object_get(root, "settings"), key);
        if (status == FB_OK && !json_equal(is, was)) {
            status = differs(path, key, was, is, error);
        }
    }
    json_decref(ours);
    return status;
}

static bool is_among(const char *name, const fb_leaderboard_entries *entries)
{
    for (int k = 0; k < entries->n; k++) {
        if (strcmp(entries->method[k].file.name, name) == 0) {
            return true;
        }
    }
    return false;
}

static fb_status check_methods(const json_t *root, const fb_leaderboard_entries *entries, const char *path,
                               fb_error *error)
{
    const json_t *methods = json_object_get(root, "methods"), *method;
    size_t k;
    if (json_array_size(methods) == 0) {
        return fb_fail(error, FB_ERROR_DATA, "%s: no methods are in it", path);
    }
    json_array_foreach(methods, k, method)
    {
        const char *name = json_string_value(json_object_get(method, "name"));
        if (name == NULL) {
            return fb_fail(error, FB_ERROR_DATA, "%s: method %zu has no name", path, k);
        }
        if (!is_among(name, entries)) {
            return fb_fail(error, FB_ERROR_USAGE,
                           "%s: method '%s' is in it, but is not to be run; name it, too (--methods, --method)", path,
                           name);
        }
    }
    return FB_OK;
}

fb_status fb_leaderboard_check_read_reference(const char *path, const fb_evaluation_settings *settings,
                                              const fb_leaderboard_entries *entries, json_t **out, fb_error *error)
{
    json_error_t reason;
    json_t *root = json_load_file(path, 0, &reason);
    const char *kind = json_string_value(json_object_get(root, "kind"));
    fb_status status = FB_OK;
    *out = NULL;
    if (root == NULL && reason.line < 0) {
        return fb_fail(error, FB_ERROR_FILE, "--check: %s", reason.text); /* names the file */
    }
    if (root == NULL) {
        return fb_fail(error, FB_ERROR_DATA, "%s: line %d: %s", path, reason.line, reason.text);
    }
    if (kind == NULL || strcmp(kind, FB_LEADERBOARD_KIND) != 0) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: is no leaderboard.json", path);
        goto cleanup;
    }
    FB_TRY(check_settings(root, settings, path, error));
    FB_TRY(check_methods(root, entries, path, error));
    *out = json_incref(root);
cleanup:
    json_decref(root);
    return status;
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

/* Every method of a reference is run. */
static const fb_leaderboard_row *find_row(const fb_leaderboard *board, const char *name)
{
    int r = 0;
    while (strcmp(board->row[r].name, name) != 0) {
        r++;
    }
    return &board->row[r];
}

/* Prints how a method changed; the number of metrics in which it is worse. */
static int compare(const fb_leaderboard_row *row, const fb_leaderboard_result *before, FILE *stream)
{
    int n_worse = 0;
    for (int metric = 0; metric < FB_N_METRIC; metric++) {
        double loss, tolerance;
        const bool worse = fb_leaderboard_result_is_worse(&row->result, before, (fb_metric)metric, &loss, &tolerance);
        fprintf(stream, "| %s | %s | %.4f | %.4f | %.4f | %.4f | %s |\n", row->name,
                fb_leaderboard_result_metrics[metric], before->value[metric], row->result.value[metric], loss,
                tolerance, worse ? "WORSE" : "ok");
        n_worse += worse;
    }
    if (fb_leaderboard_result_fails_more(&row->result, before)) {
        fprintf(stream, "| %s | failed | %zu | %zu | | | WORSE |\n", row->name, before->n_failed, row->result.n_failed);
        n_worse++;
    }
    return n_worse;
}

static fb_status check_method(const fb_leaderboard *board, const json_t *method, const char *path, FILE *stream,
                              int *n_worse, fb_error *error)
{
    const char *name = json_string_value(json_object_get(method, "name"));
    const fb_leaderboard_row *row = find_row(board, name);
    fb_evaluation *kept = NULL;
    fb_leaderboard_result before;
    fb_status status = FB_OK;
    FB_TRY(fb_evaluation_create(&row->evaluation->settings, &kept, error));
    FB_TRY(fb_leaderboard_result_read(json_object_get(method, "results"), path, kept, error));
    fb_leaderboard_result_find(kept, &before);
    *n_worse += compare(row, &before, stream);
cleanup:
    fb_evaluation_free(kept);
    return status;
}

fb_status fb_leaderboard_check(const fb_leaderboard *board, const json_t *reference, const char *path, FILE *stream,
                               fb_error *error)
{
    const char *pool = json_string_value(json_object_get(reference, "pool"));
    const json_t *method;
    int n_worse = 0;
    size_t k;
    fb_status status = FB_OK;
    if (pool == NULL || strcmp(pool, board->pool) != 0) {
        fb_log(FB_LOG_WARNING, "%s: was made with other events, so the comparison is not of the same experiments",
               path);
    }
    fprintf(stream, "\n| method | metric | before | now | worse by | allowed | |\n|---|---|---|---|---|---|---|\n");
    json_array_foreach(json_object_get(reference, "methods"), k, method)
    {
        FB_TRY(check_method(board, method, path, stream, &n_worse, error));
    }
    if (n_worse > 0) {
        status = fb_fail(error, FB_ERROR_REGRESSION, "%s: methods got worse in %d places", path, n_worse);
    }
cleanup:
    return status;
}

#include "baseline/leaderboard/leaderboard_entries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <omp.h>

#include "baseline/analysis/train_progress.h"
#include "models/common/log.h"
#include "models/common/memory.h"

/* --- the methods -------------------------------------------------------------------------------------------------- */

fb_status fb_leaderboard_entries_create(const char *folder, const fb_split_settings *split,
                                        fb_leaderboard_entries **out, fb_error *error)
{
    const fb_status status = fb_memory_allocate(1, sizeof **out, out, error);
    if (status == FB_OK) {
        (*out)->folder = folder;
        (*out)->split = *split;
    }
    return status;
}

void fb_leaderboard_entries_free(fb_leaderboard_entries *entries)
{
    if (entries == NULL) {
        return;
    }
    for (int k = 0; k < entries->n; k++) {
        fb_analysis_free(entries->method[k].analysis);
        fb_external_method_free(entries->method[k].external);
        fb_folder_lock_free(entries->method[k].lock);
    }
    fb_folder_lock_free(entries->lock);
    free(entries);
}

/* A place for one more method, whose name is known. */
static fb_status add(fb_leaderboard_entries *entries, const char *name, fb_leaderboard_entry **out, fb_error *error)
{
    for (int k = 0; k < entries->n; k++) {
        if (strcmp(entries->method[k].file.name, name) == 0) {
            return fb_fail(error, FB_ERROR_USAGE, "two methods are called '%s'", name);
        }
    }
    if (entries->n == FB_RUNNER_MOST_ENTRIES) {
        return fb_fail(error, FB_ERROR_USAGE, "more than %d methods", FB_RUNNER_MOST_ENTRIES);
    }
    *out = &entries->method[entries->n++];
    return fb_path_in(entries->folder, name, (*out)->folder, error);
}

fb_status fb_leaderboard_entries_add_named(fb_leaderboard_entries *entries, const char *list, fb_error *error)
{
    const char *at = list[0] != '\0' ? list : NULL;
    fb_status status = FB_OK;
    while (at != NULL) {
        char name[FB_PATH_SIZE];
        const char *end = strchrnul(at, ',');
        fb_method_file file;
        fb_leaderboard_entry *method = NULL;
        if (end - at >= FB_PATH_SIZE) {
            return fb_fail(error, FB_ERROR_USAGE, "--methods: too long a name");
        }
        snprintf(name, sizeof name, "%.*s", (int)(end - at), at);
        FB_TRY(fb_method_file_read(name, &file, error));
        FB_TRY(add(entries, file.name, &method, error));
        method->file = file;
        method->file.train.split = entries->split;
        at = *end != '\0' ? end + 1 : NULL;
    }
cleanup:
    return status;
}

/* As it was called, else by its file; a command by its place. */
static fb_status name_external(const char *text, int place, char name[FB_METHOD_NAME_SIZE], fb_error *error)
{
    const char *method = NULL;
    const fb_status status = fb_method_name_before(text, &method, name, error);
    const size_t length = strlen(method);
    if (status != FB_OK || name[0] != '\0') {
        return status;
    }
    if (length > 3 && strcmp(method + length - 3, ".so") == 0) {
        return fb_method_name_of(method, name, error);
    }
    snprintf(name, FB_METHOD_NAME_SIZE, "command-%d", place);
    return FB_OK;
}

fb_status fb_leaderboard_entries_add_external(fb_leaderboard_entries *entries,
                                              const fb_external_method_settings *settings, int place,
                                              const char *events, fb_error *error)
{
    char name[FB_METHOD_NAME_SIZE];
    fb_leaderboard_entry *method = NULL;
    fb_status status = FB_OK;
    FB_TRY(name_external(settings->method, place, name, error));
    FB_TRY(add(entries, name, &method, error));
    snprintf(method->file.name, sizeof method->file.name, "%s", name);
    method->settings = *settings;
    method->settings.split = entries->split;
    method->settings.events = events;
    method->settings.threads = (uint64_t)omp_get_max_threads();
    FB_TRY(fb_external_method_create(&method->settings, &method->external, error));
cleanup:
    return status;
}

/* --- their folders ------------------------------------------------------------------------------------------------ */

fb_status fb_leaderboard_entries_make_folders(fb_leaderboard_entries *entries, fb_folder_use use, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_folder_lock_make(entries->folder, &entries->lock, error));
    FB_TRY(fb_evaluation_folder_check_new(entries->folder, use, error));
    for (int k = 0; k < entries->n; k++) {
        FB_TRY(fb_evaluation_folder_prepare(entries->method[k].folder, use, &entries->method[k].lock, error));
    }
cleanup:
    return status;
}

/* --- their analyses ----------------------------------------------------------------------------------------------- */

static fb_status own_path(const fb_leaderboard_entry *method, char path[FB_PATH_SIZE], fb_error *error)
{
    return fb_path_in(method->folder, "analysis.h5", path, error);
}

fb_status fb_leaderboard_entries_load(fb_leaderboard_entries *entries, const char *folder, fb_error *error)
{
    char path[FB_PATH_SIZE], name[FB_METHOD_NAME_SIZE + 8];
    fb_status status = FB_OK;
    for (int k = 0; k < entries->n; k++) {
        fb_leaderboard_entry *method = &entries->method[k];
        if (method->external != NULL) {
            continue;
        }
        snprintf(name, sizeof name, "%s.h5", method->file.name);
        FB_TRY(folder != NULL ? fb_path_in(folder, name, path, error) : own_path(method, path, error));
        FB_TRY(fb_analysis_file_load(path, &method->analysis, error));
    }
cleanup:
    return status;
}

static fb_status train_method(fb_leaderboard_entry *method, fb_source *events, const fb_train_observer *observer,
                              fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_analysis_create(&method->file.train, &method->analysis, error));
    FB_TRY(fb_train_options_record(&method->file.train, method->analysis, error));
    FB_TRY(fb_source_rewind(events, error));
    FB_TRY(fb_train(method->analysis, events, observer, error));
cleanup:
    return status;
}

/* The classifier of another method, other bins. */
static fb_status measure_again(fb_leaderboard_entry *method, const fb_leaderboard_entry *other, fb_source *events,
                               const fb_train_observer *observer, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_status status = FB_OK;
    FB_TRY(own_path(other, path, error));
    FB_TRY(fb_analysis_file_load(path, &method->analysis, error));
    FB_TRY(fb_train_options_measure_again(&method->file.train.templates, method->analysis, error));
    FB_TRY(fb_train_templates(method->analysis, events, observer, error));
cleanup:
    return status;
}

static fb_status make_analysis(fb_leaderboard_entries *entries, int which, fb_source *events, uint64_t seed, bool quiet,
                               fb_error *error)
{
    fb_train_progress progress = {.quiet = quiet};
    const fb_train_observer observer = fb_train_progress_observer(&progress);
    fb_leaderboard_entry *method = &entries->method[which];
    const fb_leaderboard_entry *same = NULL;
    char path[FB_PATH_SIZE];
    fb_status status = FB_OK;
    for (int k = 0; k < which && same == NULL; k++) {
        same = fb_method_file_same_classifier(&entries->method[k].file, &method->file) ? &entries->method[k] : NULL;
    }
    fb_log(FB_LOG_INFO, "%s: %s", method->file.name, same != NULL ? "measure templates" : "train");
    method->file.train.templates.seed = seed;
    fb_progress_set_step(which + 1, entries->n, method->file.name);
    status = same != NULL ? measure_again(method, same, events, &observer, error)
                          : train_method(method, events, &observer, error);
    fb_train_progress_end(&progress);
    fb_progress_set_step(0, 0, NULL);
    if (status != FB_OK) {
        return fb_fail_prefix(error, status, "method %s", method->file.name);
    }
    FB_TRY(own_path(method, path, error));
    FB_TRY(fb_analysis_file_save(method->analysis, path, error));
cleanup:
    return status;
}

fb_status fb_leaderboard_entries_train(fb_leaderboard_entries *entries, fb_source *events, bool keep, uint64_t seed,
                                       bool quiet, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_status status = FB_OK;
    for (int k = 0; k < entries->n; k++) {
        fb_leaderboard_entry *method = &entries->method[k];
        if (method->external != NULL) {
            continue;
        }
        FB_TRY(own_path(method, path, error));
        FB_TRY(keep && fb_analysis_file_is(path) ? fb_analysis_file_load(path, &method->analysis, error)
                                                 : make_analysis(entries, k, events, seed, quiet, error));
    }
cleanup:
    return status;
}

#include "baseline/leaderboard/leaderboard_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/config/config_writer.h"
#include "baseline/experiments/evaluation_options.h"
#include "baseline/external/external_evaluation.h"
#include "models/common/memory.h"

/* --- getting ready ------------------------------------------------------------------------------------------------ */

/* All methods leave the same rows for the pool. */
static fb_status check_split(const fb_split *split, const fb_leaderboard_entry *entry, fb_error *error)
{
    char ours[FB_SPLIT_TEXT_SIZE], theirs[FB_SPLIT_TEXT_SIZE];
    fb_analysis_split_text(split, ours, sizeof ours);
    fb_analysis_split_text(&entry->analysis->split, theirs, sizeof theirs);
    return strcmp(ours, theirs) == 0
               ? FB_OK
               : fb_fail(error, FB_ERROR_USAGE, "method %s was trained with the split '%s', here it is '%s'",
                         entry->file.name, theirs, ours);
}

static fb_status prepare_pool(const fb_leaderboard_entries *entries, fb_source *events, fb_event_pool *pool,
                              fb_error *error)
{
    char who[FB_METHOD_NAME_SIZE + 16];
    const fb_split split = fb_split_of(&entries->split);
    fb_status status = FB_OK;
    FB_TRY(fb_event_pool_from(events, entries->metadata, &split, pool, error));
    for (int k = 0; k < entries->n; k++) {
        const fb_leaderboard_entry *entry = &entries->method[k];
        if (entry->analysis != NULL) {
            snprintf(who, sizeof who, "method %s", entry->file.name);
            FB_TRY(check_split(&pool->split, entry, error));
            FB_TRY(fb_event_pool_check(pool, entry->analysis, who, error));
        }
    }
cleanup:
    return status;
}

static fb_status prepare_entry(const fb_leaderboard_entry *entry, fb_runner_entry *out, fb_error *error)
{
    fb_status status = FB_OK;
    out->folder = entry->folder;
    out->folder_is_new = entry->lock != NULL && fb_folder_lock_is_new(entry->lock);
    out->method.name = entry->file.name;
    out->method.analysis = entry->analysis;
    if (entry->external != NULL) {
        FB_TRY(fb_external_method_start(entry->external, error));
        out->external = fb_external_evaluation_of(entry->external);
        out->fit = fb_external_method_json(entry->external);
    } else {
        out->method.fit = fb_fit_options_settings(&entry->file.fit);
        out->fit = fb_fit_options_json(&entry->file.fit);
    }
cleanup:
    return status;
}

/* What each rank does for itself. */
static fb_status prepare(const fb_leaderboard_entries *entries, fb_source *events, fb_event_pool *pool,
                         fb_runner_entry *prepared, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(prepare_pool(entries, events, pool, error));
    for (int k = 0; k < entries->n; k++) {
        FB_TRY(prepare_entry(&entries->method[k], &prepared[k], error));
    }
cleanup:
    return status;
}

fb_status fb_leaderboard_run_prepare(const fb_leaderboard_entries *entries, const fb_runner_settings *settings,
                                     fb_source *events, fb_event_pool *pool, fb_runner **runner, fb_error *error)
{
    fb_runner_entry prepared[FB_RUNNER_MOST_ENTRIES] = {{.folder = NULL}};
    fb_status status = FB_OK;
    FB_TRY(fb_communicator_agree(settings->communicator, prepare(entries, events, pool, prepared, error), error));
    FB_TRY(fb_runner_create(settings, entries->n, prepared, pool, runner, error));
cleanup:
    for (int k = 0; k < entries->n; k++) {
        json_decref(prepared[k].fit);
    }
    return status;
}

/* --- the experiments ---------------------------------------------------------------------------------------------- */

/* The rows of 'evaluate' that a result of its depends on; which more there are depends on the kind of method. */
static fb_status section_of(const fb_leaderboard_entry *method, const fb_evaluation_settings *settings, char **text,
                            fb_error *error)
{
    fb_evaluation_settings s = *settings;
    fb_external_method_settings theirs = method->settings;
    fb_fit_choice ours = method->file.fit;
    fb_option_table table = {0};
    fb_evaluation_options_add(&table, &s, &s.seed, NULL);
    if (method->external != NULL) {
        fb_external_options_add(&table, &theirs);
    } else {
        fb_fit_options_add(&table, &ours);
    }
    return fb_config_writer_text("evaluate", &table, text, error);
}

/* Without its first line, a comment that the other section has, too. */
static const char *training_of(const fb_leaderboard_entry *method)
{
    const char *text = method->analysis != NULL ? method->analysis->configuration : "";
    const char *end = strchr(text, '\n');
    return end != NULL ? end + 1 : "";
}

/* What a method was run with, as a configuration for the method alone: a section 'evaluate', and for one of ours the
 * section 'train' that its analysis knows of itself, so that `train` makes the analysis and `evaluate` the results
 * again. That all experiments of a method failed is in its record, and in the table. */
static fb_status write_results(const fb_leaderboard_entry *method, const fb_evaluation_settings *settings,
                               fb_runner *runner, int k, fb_error *error)
{
    const char *training = training_of(method);
    fb_evaluation_summary summary;
    char *section = NULL, *configuration = NULL;
    fb_status status = FB_OK;
    FB_TRY(section_of(method, settings, &section, error));
    const size_t size = strlen(section) + strlen(training) + 1;
    FB_TRY(fb_memory_allocate(size, 1, &configuration, error));
    snprintf(configuration, size, "%s%s", section, training);
    status = fb_runner_write(runner, k, configuration, &summary, error);
    status = status == FB_ERROR_NOT_CONVERGED ? FB_OK : status;
cleanup:
    free(section);
    free(configuration);
    return status;
}

fb_status fb_leaderboard_run(const fb_leaderboard_entries *entries, const fb_runner_settings *settings,
                             fb_runner *runner, fb_error *error)
{
    const bool is_first = fb_communicator_is_first(settings->communicator);
    fb_status status = FB_OK;
    FB_TRY(fb_runner_run(runner, error));
    for (int k = 0; k < entries->n && is_first; k++) {
        FB_TRY(write_results(&entries->method[k], &settings->experiments, runner, k, error));
    }
cleanup:
    return status;
}

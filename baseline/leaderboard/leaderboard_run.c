#include "baseline/leaderboard/leaderboard_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/external/external_evaluation.h"
#include "baseline/leaderboard/leaderboard_config.h"
#include "models/common/memory.h"

struct fb_leaderboard_run {
    const fb_leaderboard_entries *entries;
    fb_evaluation_settings experiments;
    bool is_first;
    fb_event_pool pool;
    fb_runner_external *external;  /* [entries->n] */
    fb_runner_entry *runner_entry; /* [entries->n] */
    fb_runner *runner;
};

/* All methods leave the same rows for the pool. */
static fb_status check_split(const fb_leaderboard_run *run, const fb_leaderboard_entry *entry, fb_error *error)
{
    char ours[FB_SPLIT_TEXT_SIZE], theirs[FB_SPLIT_TEXT_SIZE];
    fb_analysis_split_text(&run->pool.split, ours, sizeof ours);
    fb_analysis_split_text(&entry->analysis->split, theirs, sizeof theirs);
    return strcmp(ours, theirs) == 0
               ? FB_OK
               : fb_fail(error, FB_ERROR_USAGE, "method %s was trained with the split '%s', here it is '%s'",
                         entry->file.name, theirs, ours);
}

static fb_status prepare_pool(fb_leaderboard_run *run, fb_source *events, fb_error *error)
{
    char who[FB_METHOD_NAME_SIZE + 16];
    const fb_split split = fb_split_of(&run->entries->split);
    fb_status status = FB_OK;
    FB_TRY(fb_event_pool_from(events, &split, &run->pool, error));
    for (int k = 0; k < run->entries->n; k++) {
        const fb_leaderboard_entry *entry = &run->entries->method[k];
        if (entry->analysis != NULL) {
            snprintf(who, sizeof who, "method %s", entry->file.name);
            FB_TRY(check_split(run, entry, error));
            FB_TRY(fb_event_pool_check(&run->pool, entry->analysis, who, error));
        }
    }
cleanup:
    return status;
}

static fb_status prepare_entry(fb_leaderboard_run *run, int k, fb_error *error)
{
    const fb_leaderboard_entry *entry = &run->entries->method[k];
    fb_runner_entry *out = &run->runner_entry[k];
    fb_status status = FB_OK;
    out->folder = entry->folder;
    out->method.name = entry->file.name;
    out->method.analysis = entry->analysis;
    if (entry->external != NULL) {
        FB_TRY(fb_external_method_start(entry->external, error));
        run->external[k] = fb_external_evaluation_of(entry->external);
        out->external = &run->external[k];
        out->fit = fb_external_method_json(entry->external);
    } else {
        out->method.fit = fb_fit_options_settings(&entry->file.fit);
        out->fit = fb_fit_options_json(&entry->file.fit);
    }
cleanup:
    return status;
}

static fb_status prepare(const fb_leaderboard_entries *entries, const fb_runner_settings *settings, fb_source *events,
                         fb_leaderboard_run **out, fb_error *error)
{
    fb_leaderboard_run *run = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(1, sizeof *run, &run, error));
    run->entries = entries;
    run->experiments = settings->experiments;
    run->is_first = fb_communicator_is_first(settings->communicator);
    FB_TRY(fb_memory_allocate((size_t)entries->n, sizeof *run->external, &run->external, error));
    FB_TRY(fb_memory_allocate((size_t)entries->n, sizeof *run->runner_entry, &run->runner_entry, error));
    FB_TRY(prepare_pool(run, events, error));
    for (int k = 0; k < entries->n; k++) {
        FB_TRY(prepare_entry(run, k, error));
    }
    *out = run;
    run = NULL;
cleanup:
    fb_leaderboard_run_free(run, FB_OK);
    return status;
}

fb_status fb_leaderboard_run_create(const fb_leaderboard_entries *entries, const fb_runner_settings *settings,
                                    fb_source *events, fb_leaderboard_run **out, fb_error *error)
{
    fb_leaderboard_run *run = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_communicator_agree(settings->communicator, prepare(entries, settings, events, &run, error), error));
    FB_TRY(fb_runner_create(settings, entries->n, run->runner_entry, &run->pool, &run->runner, error));
    *out = run;
    run = NULL;
cleanup:
    fb_leaderboard_run_free(run, status);
    return status;
}

void fb_leaderboard_run_free(fb_leaderboard_run *run, fb_status status)
{
    if (run == NULL) {
        return;
    }
    fb_runner_free(run->runner, status);
    for (int k = 0; k < run->entries->n && run->runner_entry != NULL; k++) {
        json_decref(run->runner_entry[k].fit);
    }
    free(run->runner_entry);
    free(run->external);
    free(run);
}

/* That all experiments of a method failed is in its record, and in the table. */
static fb_status write_results(const fb_leaderboard_run *run, int k, fb_error *error)
{
    fb_evaluation_summary summary;
    char *configuration = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_leaderboard_config_text(&run->entries->method[k], &run->experiments, &configuration, error));
    status = fb_runner_write(run->runner, k, configuration, &summary, error);
    status = status == FB_ERROR_NOT_CONVERGED ? FB_OK : status;
cleanup:
    free(configuration);
    return status;
}

fb_status fb_leaderboard_run_experiments(fb_leaderboard_run *run, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_runner_run(run->runner, error));
    for (int k = 0; k < run->entries->n && run->is_first; k++) {
        FB_TRY(write_results(run, k, error));
    }
cleanup:
    return status;
}

const char *fb_leaderboard_run_origin(const fb_leaderboard_run *run)
{
    return run->pool.origin;
}

const fb_evaluation *fb_leaderboard_run_evaluation(const fb_leaderboard_run *run, int k)
{
    return fb_runner_evaluation(run->runner, k);
}

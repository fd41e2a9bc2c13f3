#include "baseline/leaderboard/leaderboard_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/experiments/event_pool.h"
#include "baseline/experiments/result_writer.h"
#include "baseline/experiments/run_fingerprint.h"
#include "baseline/external/external_evaluation.h"
#include "baseline/leaderboard/leaderboard_config.h"
#include "baseline/support/progress.h"
#include "models/common/memory.h"

/* One method under way. */
typedef struct runner {
    const fb_leaderboard_entry *method;
    fb_method setup;
    fb_evaluation *evaluation;
    char *header;        /* what is evaluated, in one line */
    fb_journal *journal; /* NULL on all ranks but the first */
} runner;

struct fb_leaderboard_run {
    fb_leaderboard_order order;
    int n;
    runner *runner; /* [n] */
    fb_event_pool pool;
    int together[FB_LEADERBOARD_MOST_ENTRIES]; /* runners of the methods that are run together */
    fb_progress progress;
};

/* --- getting ready -------------------------------------------------------------------------------------------------
 */

/* All methods leave the same rows for the pool. */
static fb_status check_split(const fb_leaderboard_run *run, fb_error *error)
{
    char ours[FB_SPLIT_TEXT_SIZE], theirs[FB_SPLIT_TEXT_SIZE];
    fb_analysis_split_text(&run->pool.split, ours, sizeof ours);
    for (int k = 0; k < run->n; k++) {
        const fb_leaderboard_entry *method = run->runner[k].method;
        if (method->analysis != NULL) {
            fb_analysis_split_text(&method->analysis->split, theirs, sizeof theirs);
            if (strcmp(ours, theirs) != 0) {
                return fb_fail(error, FB_ERROR_USAGE, "method %s was trained with the split '%s', here it is '%s'",
                               method->file.name, theirs, ours);
            }
        }
    }
    return FB_OK;
}

static fb_status prepare_pool(fb_leaderboard_run *run, const fb_split_settings *settings, fb_source *events,
                              fb_error *error)
{
    char who[FB_METHOD_NAME_SIZE + 16];
    const fb_split split = fb_split_of(settings);
    fb_status status = FB_OK;
    FB_TRY(fb_event_pool_from(events, &split, &run->pool, error));
    FB_TRY(check_split(run, error));
    for (int k = 0; k < run->n; k++) {
        const fb_leaderboard_entry *method = run->runner[k].method;
        snprintf(who, sizeof who, "method %s", method->file.name);
        if (method->analysis != NULL) {
            FB_TRY(fb_event_pool_check(&run->pool, method->analysis, who, error));
        }
    }
cleanup:
    return status;
}

static fb_status prepare_method(const fb_leaderboard_run *run, runner *r, fb_error *error)
{
    const fb_leaderboard_entry *method = r->method;
    json_t *fit = NULL;
    fb_status status = FB_OK;
    r->setup = (fb_method){.name = method->file.name, .analysis = method->analysis};
    if (method->participant != NULL) {
        FB_TRY(fb_external_method_start(method->participant, error));
        fit = fb_external_method_json(method->participant);
    } else {
        r->setup.fit = fb_fit_options_settings(&method->file.fit);
        fit = fb_fit_options_json(&method->file.fit);
    }
    FB_TRY(fb_evaluation_create(&run->order.settings, &r->evaluation, error));
    FB_TRY(fb_evaluation_prepare(r->evaluation, &r->setup, &run->pool.split, error));
    FB_TRY(fb_run_fingerprint_write(r->evaluation, fit, run->pool.origin, &r->header, error));
cleanup:
    json_decref(fit);
    return status;
}

static fb_status prepare(const fb_leaderboard_entries *contest, const fb_leaderboard_order *order, fb_source *events,
                         fb_leaderboard_run **out, fb_error *error)
{
    fb_leaderboard_run *run = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(1, sizeof *run, &run, error));
    run->order = *order;
    FB_TRY(fb_memory_allocate((size_t)contest->n, sizeof *run->runner, &run->runner, error));
    run->n = contest->n;
    for (int k = 0; k < run->n; k++) {
        run->runner[k].method = &contest->method[k];
    }
    FB_TRY(prepare_pool(run, &contest->split, events, error));
    for (int k = 0; k < run->n; k++) {
        FB_TRY(prepare_method(run, &run->runner[k], error));
    }
    *out = run;
    run = NULL;
cleanup:
    fb_leaderboard_run_free(run);
    return status;
}

/* Ranks that would go through their methods in another order would wait for each other for ever, so that comes first.
 * The headers tell whether all see the same analyses and the same events. */
static fb_status check_same(const fb_leaderboard_run *run, fb_error *error)
{
    char work[FB_LEADERBOARD_MOST_ENTRIES * FB_METHOD_NAME_SIZE + 32], what[FB_METHOD_NAME_SIZE + 32];
    int used = snprintf(work, sizeof work, "--batch %llu --methods ", (unsigned long long)run->order.batch);
    fb_status status = FB_OK;
    for (int k = 0; k < run->n; k++) {
        used += snprintf(work + used, sizeof work - (size_t)used, "%s%s", k > 0 ? "," : "",
                         run->runner[k].method->file.name);
    }
    FB_TRY(fb_communicator_check_same(run->order.team, "order of work", work, error));
    for (int k = 0; k < run->n; k++) {
        snprintf(what, sizeof what, "evaluation of method %s", run->runner[k].method->file.name);
        FB_TRY(fb_communicator_check_same(run->order.team, what, run->runner[k].header, error));
    }
cleanup:
    return status;
}

static fb_status open_journals(fb_leaderboard_run *run, fb_error *error)
{
    fb_status status = FB_OK;
    for (int k = 0; k < run->n; k++) {
        runner *r = &run->runner[k];
        FB_TRY(fb_evaluation_folder_open_journal(r->method->folder, run->order.use, r->header, r->evaluation,
                                                 &r->journal, error));
    }
cleanup:
    return status;
}

fb_status fb_leaderboard_run_create(const fb_leaderboard_entries *contest, const fb_leaderboard_order *order,
                                    fb_source *events, fb_leaderboard_run **out, fb_error *error)
{
    const fb_communicator *team = order->team;
    fb_leaderboard_run *run = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_communicator_agree(team, prepare(contest, order, events, &run, error), error));
    FB_TRY(check_same(run, error));
    FB_TRY(fb_communicator_agree(team, fb_communicator_is_first(team) ? open_journals(run, error) : FB_OK, error));
    *out = run;
    run = NULL;
cleanup:
    fb_leaderboard_run_free(run);
    return status;
}

void fb_leaderboard_run_free(fb_leaderboard_run *run)
{
    if (run == NULL) {
        return;
    }
    for (int k = 0; k < run->n; k++) {
        fb_journal_free(run->runner[k].journal);
        fb_evaluation_free(run->runner[k].evaluation);
        free(run->runner[k].header);
    }
    free(run->runner);
    free(run);
}

const char *fb_leaderboard_run_origin(const fb_leaderboard_run *run)
{
    return run->pool.origin;
}

const fb_evaluation *fb_leaderboard_run_evaluation(const fb_leaderboard_run *run, int k)
{
    return run->runner[k].evaluation;
}

/* --- the experiments -----------------------------------------------------------------------------------------------
 */

static fb_status record(void *context, int method, uint64_t index, const fb_experiment *experiment, fb_error *error)
{
    const fb_leaderboard_run *run = context;
    return fb_journal_record(run->runner[run->together[method]].journal, index, experiment, error);
}

static void show(void *context, uint64_t done)
{
    fb_progress_show(&((fb_leaderboard_run *)context)->progress, done);
}

static fb_evaluation_run run_of(fb_leaderboard_run *run)
{
    const bool is_first = fb_communicator_is_first(run->order.team);
    return (fb_evaluation_run){.pool = run->pool.source,
                               .split = &run->pool.split,
                               .n_shards = 1,
                               .batch = run->order.batch,
                               .team = run->order.team,
                               .record = is_first ? record : NULL,
                               .progress = is_first ? show : NULL,
                               .context = run};
}

/* The table tells the seconds of all ranks, and how many experiments took them. */
static fb_status sum_seconds(int n, fb_evaluation *const *evaluations, const fb_communicator *team, fb_error *error)
{
    enum { N = 3 };
    double mine[N * FB_LEADERBOARD_MOST_ENTRIES], *all = NULL;
    fb_status status = FB_OK;
    if (team == NULL) {
        return FB_OK;
    }
    for (int k = 0; k < n; k++) {
        mine[N * k] = evaluations[k]->scoring_seconds;
        mine[N * k + 1] = evaluations[k]->fit_seconds;
        mine[N * k + 2] = (double)evaluations[k]->n_run;
    }
    if (team->rank == 0) {
        status = fb_memory_allocate(N * (size_t)n * (size_t)team->size, sizeof *all, &all, error);
    }
    FB_TRY(fb_communicator_agree(team, status, error));
    team->gather(team->context, mine, sizeof *mine, N * n, all);
    for (int rank = 1; rank < team->size && team->rank == 0; rank++) {
        for (int k = 0; k < n; k++) {
            const double *theirs = all + N * (rank * n + k);
            evaluations[k]->scoring_seconds += theirs[0];
            evaluations[k]->fit_seconds += theirs[1];
            evaluations[k]->n_run += (uint64_t)theirs[2];
        }
    }
cleanup:
    free(all);
    return status;
}

/* All methods with an analysis together. */
static fb_status run_ours(fb_leaderboard_run *run, fb_error *error)
{
    const fb_evaluation_run how = run_of(run);
    fb_evaluation *evaluations[FB_LEADERBOARD_MOST_ENTRIES];
    int n = 0;
    fb_status status = FB_OK;
    for (int k = 0; k < run->n; k++) {
        if (run->runner[k].method->participant == NULL) {
            run->together[n] = k;
            evaluations[n++] = run->runner[k].evaluation;
        }
    }
    if (n > 0) {
        FB_TRY(fb_evaluation_execute(&how, n, evaluations, error));
        FB_TRY(sum_seconds(n, evaluations, how.team, error));
    }
cleanup:
    return status;
}

/* Participants' methods one by one, on the same events. */
static fb_status run_participants(fb_leaderboard_run *run, fb_error *error)
{
    fb_evaluation_run how = run_of(run);
    fb_status status = FB_OK;
    how.batch = how.batch < FB_EXTERNAL_METHOD_BATCH ? how.batch : FB_EXTERNAL_METHOD_BATCH;
    for (int k = 0; k < run->n; k++) {
        runner *r = &run->runner[k];
        if (r->method->participant != NULL) {
            run->together[0] = k;
            FB_TRY(fb_external_evaluation_run(&how, r->method->participant, run->pool.origin, r->evaluation, error));
            FB_TRY(sum_seconds(1, &r->evaluation, how.team, error));
        }
    }
cleanup:
    return status;
}

static fb_status write_results(const runner *r, double seconds, fb_error *error)
{
    const fb_timing_file durations = {.seconds = seconds};
    fb_evaluation_summary summary;
    const fb_status status = fb_result_writer_finish(r->evaluation, r->method->folder, &durations, &summary, error);
    return status == FB_ERROR_NOT_CONVERGED ? FB_OK : status; /* the table says so */
}

fb_status fb_leaderboard_run_experiments(fb_leaderboard_run *run, fb_error *error)
{
    const fb_evaluation_settings *settings = &run->order.settings;
    const bool is_first = fb_communicator_is_first(run->order.team);
    const double started = fb_progress_seconds();
    fb_status status = FB_OK;
    run->progress =
        fb_progress_start("experiments", settings->n_sets * settings->n_experiments, run->order.quiet || !is_first);
    FB_TRY(run_ours(run, error));
    FB_TRY(run_participants(run, error));
    for (int k = 0; k < run->n && is_first; k++) {
        FB_TRY(fb_leaderboard_config_write(run->runner[k].method, settings, error));
        FB_TRY(write_results(&run->runner[k], fb_progress_seconds() - started, error));
    }
cleanup:
    fb_progress_end(&run->progress);
    return status;
}

#include "baseline/experiments/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baseline/experiments/analysis_methods.h"
#include "baseline/experiments/result_writer.h"
#include "baseline/experiments/run_fingerprint.h"
#include "baseline/support/progress.h"
#include "models/common/log.h"
#include "models/common/memory.h"

/* An entry under way. */
typedef struct running_entry {
    fb_runner_entry entry;
    fb_evaluation *evaluation;
    char *fingerprint;   /* what is evaluated, in one line */
    fb_journal *journal; /* NULL on all ranks but the first */
    fb_timing_file timing;
    uint64_t n_recorded, n_good; /* experiments, and those of them that did not fail */
} running_entry;

struct fb_runner {
    fb_runner_settings settings;
    const fb_event_pool *pool;
    int n;
    running_entry running[FB_RUNNER_MOST_ENTRIES];
    int together[FB_RUNNER_MOST_ENTRIES]; /* entries of the methods that are run together */
    fb_stage_times times;                 /* of those */
    fb_progress progress;
};

static bool is_first(const fb_runner *runner)
{
    return fb_communicator_is_first(runner->settings.communicator);
}

/* --- getting ready ------------------------------------------------------------------------------------------------ */

static fb_status prepare_entry(const fb_runner *runner, const fb_runner_entry *entry, running_entry *r, fb_error *error)
{
    const fb_event_pool *pool = runner->pool;
    fb_status status = FB_OK;
    r->entry = *entry;
    FB_TRY(fb_evaluation_create(&runner->settings.experiments, &r->evaluation, error));
    FB_TRY(fb_evaluation_prepare(r->evaluation, &r->entry.method, pool->source != NULL ? &pool->split : NULL, error));
    FB_TRY(fb_run_fingerprint_write(r->evaluation, entry->fit, pool->origin, &r->fingerprint, error));
cleanup:
    return status;
}

static fb_status prepare(const fb_runner_settings *settings, int n, const fb_runner_entry *entries,
                         const fb_event_pool *pool, fb_runner **out, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(1, sizeof **out, out, error));
    (*out)->settings = *settings;
    (*out)->pool = pool;
    (*out)->n = n;
    for (int k = 0; k < n; k++) {
        FB_TRY(prepare_entry(*out, &entries[k], &(*out)->running[k], error));
    }
cleanup:
    return status;
}

/* Ranks that would go through their methods in another order would wait for each other for ever, so that comes first.
 * The fingerprints show whether all see the same analyses and the same events. */
static fb_status check_same(const fb_runner *runner, fb_error *error)
{
    const fb_runner_settings *s = &runner->settings;
    char work[FB_RUNNER_MOST_ENTRIES * 64 + 128], what[128];
    int used =
        snprintf(work, sizeof work, "--shard %llu/%llu --batch %llu --methods ", (unsigned long long)s->shard + 1,
                 (unsigned long long)s->n_shards, (unsigned long long)s->batch);
    fb_status status = FB_OK;
    for (int k = 0; k < runner->n; k++) {
        used += snprintf(work + used, sizeof work - (size_t)used, "%s%.63s", k > 0 ? "," : "",
                         runner->running[k].entry.method.name);
    }
    FB_TRY(fb_communicator_check_same(s->communicator, "order of work", work, error));
    for (int k = 0; k < runner->n; k++) {
        snprintf(what, sizeof what, "evaluation of method %.63s", runner->running[k].entry.method.name);
        FB_TRY(fb_communicator_check_same(s->communicator, what, runner->running[k].fingerprint, error));
    }
cleanup:
    return status;
}

static fb_status open_journals(fb_runner *runner, fb_error *error)
{
    const fb_folder_use use = runner->settings.use;
    fb_status status = FB_OK;
    for (int k = 0; k < runner->n; k++) {
        running_entry *r = &runner->running[k];
        if (use == FB_FOLDER_RESUME) {
            FB_TRY(fb_timing_file_read(r->entry.folder, &r->timing, error));
        }
        FB_TRY(
            fb_evaluation_folder_open_journal(r->entry.folder, use, r->fingerprint, r->evaluation, &r->journal, error));
        for (uint64_t i = 0; i < r->evaluation->n; i++) {
            const fb_experiment *x = &r->evaluation->experiment[i];
            r->n_recorded += x->is_done;
            r->n_good += x->is_done && x->status == FB_OK;
        }
    }
cleanup:
    return status;
}

fb_status fb_runner_create(const fb_runner_settings *settings, int n, const fb_runner_entry *entries,
                           const fb_event_pool *pool, fb_runner **out, fb_error *error)
{
    const fb_communicator *communicator = settings->communicator;
    fb_runner *runner = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_communicator_agree(communicator, prepare(settings, n, entries, pool, &runner, error), error));
    FB_TRY(check_same(runner, error));
    FB_TRY(fb_communicator_agree(communicator, is_first(runner) ? open_journals(runner, error) : FB_OK, error));
    *out = runner;
    runner = NULL;
cleanup:
    fb_runner_free(runner, status);
    return status;
}

/* --- the experiments ---------------------------------------------------------------------------------------------- */

/* A method of which the first experiments all fail will hardly do better with those to come, which may take hours. */
static fb_status check_first(const fb_runner *runner, const running_entry *r, const fb_experiment *last,
                             fb_error *error)
{
    enum { FIRST = 5 };
    if (runner->settings.lets_fail == NULL || r->n_good > 0 || r->n_recorded < FIRST || r->evaluation->n == FIRST) {
        return FB_OK;
    }
    return fb_fail(error, FB_ERROR_NOT_CONVERGED,
                   "%s: the first %d experiments of method %s all failed, the last one with: %s; %s lets it go on, "
                   "--resume from here",
                   r->entry.folder, FIRST, r->entry.method.name, last->reason, runner->settings.lets_fail);
}

/* At once on the disk, since an experiment takes a while. */
static fb_status record(void *context, int method, uint64_t index, const fb_experiment *experiment, fb_error *error)
{
    fb_runner *runner = context;
    running_entry *r = &runner->running[runner->together[method]];
    fb_status status = FB_OK;
    FB_TRY(fb_journal_add(r->journal, index, experiment, error));
    FB_TRY(fb_journal_sync(r->journal, error));
    r->n_recorded++;
    r->n_good += experiment->status == FB_OK;
    FB_TRY(check_first(runner, r, experiment, error));
cleanup:
    return status;
}

/* --- progress, with what an earlier run has done ------------------------------------------------------------------ */

static void show(void *context, uint64_t done)
{
    fb_progress *progress = &((fb_runner *)context)->progress;
    fb_progress_show(progress, progress->first + done);
}

static void show_events(void *context, uint64_t n)
{
    fb_progress_add_events(&((fb_runner *)context)->progress, n);
}

/* Experiments of the shard, and those of them that all methods which are run together have done. */
static void start_progress(fb_runner *runner, int n, fb_evaluation *const *evaluations)
{
    const fb_runner_settings *s = &runner->settings;
    uint64_t total = 0, n_done = 0;
    for (uint64_t k = s->shard; k < evaluations[0]->n; k += s->n_shards) {
        bool is_done = true;
        for (int m = 0; m < n; m++) {
            is_done = is_done && evaluations[m]->experiment[k].is_done;
        }
        total++;
        n_done += is_done;
    }
    fb_progress_start(&runner->progress, "experiments", total, s->quiet || !is_first(runner));
    fb_progress_resume(&runner->progress, n_done);
}

/* --- methods ------------------------------------------------------------------------------------------------------ */

static fb_evaluation_run run_of(fb_runner *runner, uint64_t usual_batch)
{
    const fb_runner_settings *s = &runner->settings;
    return (fb_evaluation_run){.pool = runner->pool->source,
                               .split = runner->pool->source != NULL ? &runner->pool->split : NULL,
                               .shard = s->shard,
                               .n_shards = s->n_shards,
                               .batch = s->batch > 0 ? s->batch : usual_batch,
                               .times = &runner->times,
                               .communicator = s->communicator,
                               .record = is_first(runner) ? record : NULL,
                               .progress = is_first(runner) ? show : NULL,
                               .drawn = show_events,
                               .context = runner};
}

/* Brings the seconds of all ranks, and the numbers of experiments that took them, to rank 0. */
static fb_status sum_times(int n, fb_evaluation *const *evaluations, const fb_communicator *communicator,
                           fb_error *error)
{
    fb_method_times mine[FB_RUNNER_MOST_ENTRIES], *all = NULL;
    fb_status status = FB_OK;
    if (communicator == NULL) {
        return FB_OK;
    }
    for (int k = 0; k < n; k++) {
        mine[k] = evaluations[k]->times;
    }
    if (communicator->rank == 0) {
        status = fb_memory_allocate((size_t)n * (size_t)communicator->size, sizeof *all, &all, error);
    }
    FB_TRY(fb_communicator_agree(communicator, status, error));
    communicator->gather(communicator->context, mine, sizeof *mine, n, all);
    for (int rank = 1; rank < communicator->size && communicator->rank == 0; rank++) {
        for (int k = 0; k < n; k++) {
            const fb_method_times *theirs = &all[rank * n + k];
            evaluations[k]->times.scoring += theirs->scoring;
            evaluations[k]->times.fit += theirs->fit;
            evaluations[k]->times.n_experiments += theirs->n_experiments;
        }
    }
cleanup:
    free(all);
    return status;
}

/* Shares of the stages in the time of all threads. */
static void log_shares(const fb_stage_times *times)
{
    char text[200] = "";
    double sum = 0.0;
    for (int k = 0; k < FB_N_STAGE; k++) {
        sum += times->seconds[k];
    }
    for (int k = 0; k < FB_N_STAGE && sum > 0.0; k++) {
        const size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%s %.1f %%", k > 0 ? ", " : "", fb_stage_timer_name((fb_stage)k),
                 100.0 * times->seconds[k] / sum);
    }
    fb_log(FB_LOG_INFO, "time: %s", text);
}

/* Adds the stages of what was just run to the entries that it was run for. */
static void keep_times(fb_runner *runner, int n)
{
    const fb_timing_file own = {0.0, true, runner->times};
    for (int m = 0; m < n; m++) {
        fb_timing_file_add(&runner->running[runner->together[m]].timing, &own);
    }
    log_shares(&runner->times);
    runner->times = (fb_stage_times){0};
}

static fb_status run_analyses(fb_runner *runner, fb_error *error)
{
    const fb_evaluation_run run = run_of(runner, FB_BATCH);
    fb_evaluation *evaluations[FB_RUNNER_MOST_ENTRIES];
    int n = 0;
    for (int k = 0; k < runner->n; k++) {
        if (runner->running[k].entry.external.run == NULL) {
            runner->together[n] = k;
            evaluations[n++] = runner->running[k].evaluation;
        }
    }
    if (n == 0) {
        return FB_OK;
    }
    start_progress(runner, n, evaluations);
    fb_status status = fb_analysis_methods_run(&run, n, evaluations, error);
    fb_progress_end(&runner->progress);
    keep_times(runner, n);
    return status == FB_OK ? sum_times(n, evaluations, run.communicator, error) : status;
}

static fb_status run_external(fb_runner *runner, int k, fb_error *error)
{
    const running_entry *r = &runner->running[k];
    const fb_runner_external *external = &r->entry.external;
    const fb_evaluation_run run = run_of(runner, external->batch);
    runner->together[0] = k;
    fb_progress_set_step(k + 1, runner->n, runner->n > 1 ? r->entry.method.name : NULL);
    start_progress(runner, 1, &r->evaluation);
    fb_status status = external->run(external->method, &run, runner->pool->origin, r->evaluation, error);
    fb_progress_end(&runner->progress);
    fb_progress_set_step(0, 0, NULL);
    keep_times(runner, 1);
    return status == FB_OK ? sum_times(1, &r->evaluation, run.communicator, error) : status;
}

fb_status fb_runner_run(fb_runner *runner, fb_error *error)
{
    const double started = fb_progress_seconds();
    fb_status status = run_analyses(runner, error);
    for (int k = 0; k < runner->n && status == FB_OK; k++) {
        if (runner->running[k].entry.external.run != NULL) {
            status = run_external(runner, k, error);
        }
    }
    for (int k = 0; k < runner->n; k++) {
        runner->running[k].timing.seconds += fb_progress_seconds() - started;
    }
    return status;
}

/* --- the files ---------------------------------------------------------------------------------------------------- */

fb_status fb_runner_write(fb_runner *runner, int k, const char *configuration, fb_evaluation_summary *summary,
                          fb_error *error)
{
    const running_entry *r = &runner->running[k];
    fb_status status = FB_OK;
    FB_TRY(fb_evaluation_folder_write_configuration(r->entry.folder, configuration, error));
    if (runner->settings.n_shards == 1) {
        FB_TRY(fb_result_writer_finish(r->evaluation, r->entry.folder, &r->timing, summary, error));
    } else {
        FB_TRY(fb_timing_file_write(&r->timing, r->entry.folder, error));
        FB_TRY(fb_evaluation_folder_complete_journal(r->entry.folder, r->evaluation, error));
    }
cleanup:
    return status;
}

const fb_evaluation *fb_runner_evaluation(const fb_runner *runner, int k)
{
    return runner->running[k].evaluation;
}

/* After a failure: what was recorded stays, with the time that it took. */
static void leave_folder(const fb_runner *runner, const running_entry *r, fb_status status)
{
    const uint64_t n_done = fb_evaluation_n_done(r->evaluation);
    char path[FB_PATH_SIZE];
    if (n_done > 0 && status != FB_ERROR_DATA) {
        /* With FB_FOLDER_OVERWRITE the timing of the earlier result, which is still there, is not touched. */
        if (runner->settings.use != FB_FOLDER_OVERWRITE &&
            fb_timing_file_write(&r->timing, r->entry.folder, NULL) != FB_OK) {
            fb_log(FB_LOG_WARNING, "%s: how long the experiments took cannot be written", r->entry.folder);
        }
        fb_log(FB_LOG_WARNING, "%s: %llu experiments are recorded; go on with --resume", r->entry.folder,
               (unsigned long long)n_done);
    } else if (r->entry.folder_is_new && fb_path_in(r->entry.folder, FB_JOURNAL_PART, path, NULL) == FB_OK) {
        unlink(path);
    }
}

void fb_runner_free(fb_runner *runner, fb_status status)
{
    if (runner == NULL) {
        return;
    }
    for (int k = 0; k < runner->n; k++) {
        running_entry *r = &runner->running[k];
        fb_journal_free(r->journal);
        /* Where the fits did not converge all is done, and in the journal. */
        if (is_first(runner) && status != FB_OK && status != FB_ERROR_NOT_CONVERGED && r->evaluation != NULL) {
            leave_folder(runner, r, status);
        }
        fb_evaluation_free(r->evaluation);
        free(r->fingerprint);
    }
    free(runner);
}

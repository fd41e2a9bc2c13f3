#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <omp.h>

#include "baseline/commands/commands.h"
#include "baseline/config/command_line.h"
#include "baseline/experiments/evaluation_options.h"
#include "baseline/experiments/event_pool.h"
#include "baseline/experiments/journal.h"
#include "baseline/experiments/result_writer.h"
#include "baseline/experiments/run_fingerprint.h"
#include "baseline/external/external_evaluation.h"
#include "baseline/external/external_options.h"
#include "baseline/support/json_output.h"
#include "baseline/support/mpi.h"
#include "baseline/support/progress.h"
#include "holdout/formats/event_file.h"
#include "models/common/log.h"
#include "models/common/text.h"

/* Every n-th experiment, from number `first`. */
typedef struct shard {
    uint64_t first, n;
} shard;

typedef struct choices {
    const char *output;
    fb_evaluation_settings settings;
    fb_evaluation_switches switches;
    shard shard;
    uint64_t batch, max_failed;
    bool overwrite, resume;
    fb_folder_use use;
    fb_fit_choice fit;
    fb_external_method_settings method;
    char *configuration; /* YAML */
} choices;

/* "K/N" with K from 1. */
static fb_status parse_shard(const char *text, void *value, fb_error *error)
{
    const uint64_t most = 1000000000;
    const char *slash = strchr(text, '/');
    char first[24] = "";
    uint64_t k = 0, n = 0;
    if (slash != NULL && slash - text < (ptrdiff_t)sizeof first) {
        memcpy(first, text, (size_t)(slash - text));
    }
    if (!fb_text_to_u64(first, &k) || !fb_text_to_u64(slash + 1, &n) || k < 1 || k > n || n > most) {
        return fb_fail(error, FB_ERROR_USAGE, "expected K/N with K from 1 to N");
    }
    *(shard *)value = (shard){k - 1, n};
    return FB_OK;
}

static bool write_shard(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    const shard *s = value;
    snprintf(text, FB_OPTION_TEXT_SIZE, "%llu/%llu", (unsigned long long)s->first + 1, (unsigned long long)s->n);
    return k == 0 && s->n > 1;
}

static const fb_option_type shard_type = {parse_shard, write_shard, false};

/* What follows from the options together. */
static fb_status settle(choices *c, int n_positional, uint64_t seed, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_external_options_check(&c->method, &c->fit, n_positional, error));
    c->settings.seed = seed;
    c->settings.drawn = fb_evaluation_options_drawn(c->settings.drawn, &c->switches);
    FB_TRY(fb_evaluation_settings_check(&c->settings, error));
    if (c->fit.settings.mu_is_fixed) {
        return fb_fail(error, FB_ERROR_USAGE, "evaluate: --fix mu leaves nothing to measure");
    }
    FB_TRY(fb_evaluation_options_use("evaluate", c->resume, c->overwrite, &c->use, error));
cleanup:
    return status;
}

typedef struct recorder {
    fb_journal *journal;
    fb_progress progress;
} recorder;

static fb_status record(void *context, int method, uint64_t index, const fb_experiment *experiment, fb_error *error)
{
    recorder *r = context;
    (void)method;
    return fb_journal_record(r->journal, index, experiment, error);
}

static void show(void *context, uint64_t done)
{
    fb_progress_show(&((recorder *)context)->progress, done);
}

/* What is evaluated and with which events. */
typedef struct subject {
    fb_method method;
    fb_analysis *analysis;           /* or */
    fb_external_method *participant; /* one of the two is NULL */
    json_t *fit;                     /* how it fits */
    fb_source *source;               /* of the pool; NULL: fresh events */
    fb_event_pool pool;
} subject;

/* Of the time of all threads in them. */
static void log_shares(const fb_stage_times *laps)
{
    char text[200] = "";
    double sum = 0.0;
    for (int k = 0; k < FB_N_STAGE; k++) {
        sum += laps->seconds[k];
    }
    for (int k = 0; k < FB_N_STAGE && sum > 0.0; k++) {
        const size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%s %.1f %%", k > 0 ? ", " : "", fb_stage_timer_name((fb_stage)k),
                 100.0 * laps->seconds[k] / sum);
    }
    fb_log(FB_LOG_INFO, "time: %s", text);
}

static fb_status run_experiments(const choices *c, fb_evaluation_run *run, const subject *s, fb_evaluation *evaluation,
                                 const char *header, bool quiet, fb_timing_file *durations, fb_error *error)
{
    recorder r = {0};
    const bool is_first = fb_communicator_is_first(run->team);
    char order[80];
    fb_status status = FB_OK;
    run->batch = c->batch > 0 ? c->batch : s->participant != NULL ? FB_EXTERNAL_METHOD_BATCH : FB_BATCH;
    snprintf(order, sizeof order, "--shard %llu/%llu --batch %llu", (unsigned long long)run->shard + 1,
             (unsigned long long)run->n_shards, (unsigned long long)run->batch);
    FB_TRY(fb_communicator_check_same(run->team, "order of work", order, error));
    if (is_first) {
        status = fb_evaluation_folder_open_journal(c->output, c->use, header, evaluation, &r.journal, error);
    }
    FB_TRY(fb_communicator_agree(run->team, status, error));
    const uint64_t n = c->settings.n_sets * c->settings.n_experiments;
    r.progress =
        fb_progress_start("experiments", (n + run->n_shards - 1 - run->shard) / run->n_shards, quiet || !is_first);
    run->record = is_first ? record : NULL;
    run->progress = is_first ? show : NULL;
    run->context = &r;
    status = s->participant != NULL ? fb_external_evaluation_run(run, s->participant, s->pool.origin, evaluation, error)
                                    : fb_evaluation_execute(run, 1, &evaluation, error);
    fb_progress_end(&r.progress);
    log_shares(run->laps);
    const fb_timing_file own = {fb_progress_seconds() - r.progress.started, true, *run->laps};
    fb_timing_file_add(durations, &own);
    /* For whoever resumes it; an earlier result that was to be replaced is still there. */
    if (status != FB_OK && is_first && !c->overwrite && fb_evaluation_done(evaluation) > 0 &&
        fb_timing_file_write(durations, c->output, NULL) != FB_OK) {
        fb_log(FB_LOG_WARNING, "%s: cannot be told how long the experiments took", c->output);
    }
cleanup:
    fb_journal_free(r.journal);
    return status;
}

/* Too many failures are an error, after all results were written. */
static fb_status check_budget(const choices *c, const fb_evaluation_summary *summary, fb_error *error)
{
    const uint64_t n = c->settings.n_sets * c->settings.n_experiments;
    const uint64_t allowed = c->max_failed != UINT64_MAX ? c->max_failed : (n + 19) / 20;
    if (summary->n_failed <= allowed) {
        return FB_OK;
    }
    return fb_fail(error, FB_ERROR_NOT_CONVERGED, "%s: %zu of %llu fits failed, allowed are %llu (--max-failed)",
                   c->output, summary->n_failed, (unsigned long long)n, (unsigned long long)allowed);
}

static fb_status finish(const choices *c, const fb_evaluation *evaluation, const fb_timing_file *durations, bool json,
                        fb_error *error)
{
    fb_evaluation_summary summary;
    fb_status status = FB_OK;
    FB_TRY(fb_result_writer_finish(evaluation, c->output, durations, &summary, error));
    if (json) {
        FB_TRY(fb_json_output_print(fb_result_writer_json(evaluation, &summary), error));
    } else {
        fb_evaluation_summary_print(evaluation, &summary);
        printf("  results            %s/summary.json, scores.json, result_<set>.json\n", c->output);
    }
    FB_TRY(check_budget(c, &summary, error));
cleanup:
    return status;
}

/* What stays behind after an error: what was recorded, if anything. */
static void leave(const choices *c, const fb_evaluation *evaluation, bool made, fb_status status)
{
    char path[FB_PATH_SIZE];
    if (status == FB_ERROR_NOT_CONVERGED) {
        return; /* all is done, and in the record */
    }
    if (evaluation != NULL && fb_evaluation_done(evaluation) > 0 && status != FB_ERROR_DATA) {
        fb_log(FB_LOG_WARNING, "%s: %llu experiments are recorded; go on with --resume", c->output,
               (unsigned long long)fb_evaluation_done(evaluation));
    } else if (made) {
        if (fb_evaluation_folder_journal_path(c->output, false, path, NULL) == FB_OK) {
            unlink(path);
        }
        rmdir(c->output); /* stays if there is anything in it */
    }
}

static fb_status open_analysis(const char *path, const char *pool_path, const choices *c, subject *s, fb_error *error)
{
    fb_status status = FB_OK;
    s->method.name = "analysis";
    s->fit = fb_fit_options_json(&c->fit);
    FB_TRY(fb_analysis_file_load(path, &s->analysis, error));
    s->method.analysis = s->analysis;
    if (pool_path != NULL) {
        FB_TRY(fb_event_file_open(pool_path, &s->source, error));
        FB_TRY(fb_event_pool_from(s->source, &s->analysis->split, &s->pool, error));
        FB_TRY(fb_event_pool_check(&s->pool, s->analysis, "the analysis", error));
    }
cleanup:
    return status;
}

/* A participant's method learns from some parts of the events and is tried on another. Every rank has a process of it,
 * with the threads that this rank has. */
static fb_status open_participant(const char *events, const choices *c, subject *s, fb_error *error)
{
    const fb_split split = fb_split_of(&c->method.split);
    fb_external_method_settings settings = c->method;
    fb_status status = FB_OK;
    settings.events = events;
    settings.threads = (uint64_t)omp_get_max_threads();
    FB_TRY(fb_external_method_create(&settings, &s->participant, error));
    if (events != NULL) {
        FB_TRY(fb_event_file_open(events, &s->source, error));
        FB_TRY(fb_event_pool_from(s->source, &split, &s->pool, error));
    }
    FB_TRY(fb_external_method_start(s->participant, error));
    s->method.name = fb_external_method_name(s->participant);
    s->fit = fb_external_method_json(s->participant);
cleanup:
    return status;
}

static void subject_clear(subject *s)
{
    fb_external_method_free(s->participant);
    fb_analysis_free(s->analysis);
    fb_source_free(s->source);
    json_decref(s->fit);
}

static fb_status run(const fb_command_line *line, choices *c, fb_error *error)
{
    fb_stage_times laps = {0};
    fb_evaluation_run run = {
        .shard = c->shard.first, .n_shards = c->shard.n, .laps = &laps, .team = fb_mpi_communicator()};
    const bool is_first = fb_communicator_is_first(run.team);
    bool is_ready = false;
    subject s = {.pool.origin = "fresh simulated events"};
    fb_evaluation *evaluation = NULL;
    char *header = NULL;
    bool made = false;
    fb_timing_file durations = {0};
    fb_status status = FB_OK;
    FB_TRY(settle(c, line->n_positional, line->common.seed, error));
    s.method.fit = fb_fit_options_settings(&c->fit);
    FB_TRY(c->method.method != NULL ? open_participant(line->positional[0], c, &s, error)
                                    : open_analysis(line->positional[0], line->positional[1], c, &s, error));
    run.pool = s.pool.source;
    run.split = s.pool.source != NULL ? &s.pool.split : NULL;
    FB_TRY(fb_evaluation_create(&c->settings, &evaluation, error));
    FB_TRY(fb_evaluation_prepare(evaluation, &s.method, run.split, error));
    FB_TRY(fb_run_fingerprint_write(evaluation, s.fit, s.pool.origin, &header, error));
    is_ready = true;
    FB_TRY(fb_communicator_agree(run.team, FB_OK, error));
    FB_TRY(fb_communicator_check_same(run.team, "evaluation", header, error));
    if (is_first) {
        status = fb_evaluation_folder_prepare(c->output, c->use, &made, error);
    }
    if (is_first && c->resume && status == FB_OK) {
        status = fb_timing_file_read(c->output, &durations, error);
    }
    FB_TRY(fb_communicator_agree(run.team, status, error));
    FB_TRY(run_experiments(c, &run, &s, evaluation, header, line->common.quiet, &durations, error));
    if (!is_first) {
        goto cleanup;
    }
    FB_TRY(fb_evaluation_folder_write_configuration(c->output, c->configuration, error));
    if (run.n_shards > 1) {
        FB_TRY(fb_timing_file_write(&durations, c->output, error));
        FB_TRY(fb_evaluation_folder_complete_journal(c->output, error));
        printf("%s: %llu experiments of shard %llu/%llu; 'fair-baseline merge' puts the shards together\n", c->output,
               (unsigned long long)fb_evaluation_done(evaluation), (unsigned long long)run.shard + 1,
               (unsigned long long)run.n_shards);
    } else {
        FB_TRY(finish(c, evaluation, &durations, line->common.json, error));
    }
    if (s.analysis != NULL && run.pool == NULL && strncmp(s.analysis->identity.origin, "simulate/", 9) != 0) {
        fb_log(FB_LOG_WARNING,
               "%s was not made from simulated events, as far as it says; fresh simulated ones may not fit it: name a "
               "POOL",
               line->positional[0]);
    }
cleanup:
    if (!is_ready) {
        status = fb_communicator_agree(run.team, status, error); /* the other ranks wait to hear of it */
    }
    if (status != FB_OK && is_first) {
        leave(c, evaluation, made, status);
    }
    free(header);
    fb_evaluation_free(evaluation);
    subject_clear(&s);
    return status;
}

fb_status fb_cmd_evaluate(int argc, char **argv, fb_error *error)
{
    choices c = {.settings = {.n_sets = 5, .n_experiments = 4, .drawn = FB_ALL_NUISANCES},
                 .shard = {.n = 1},
                 .max_failed = UINT64_MAX,
                 .fit = fb_fit_options_default(),
                 .method = fb_external_method_default()};
    fb_command_line line = {
        .name = "evaluate",
        .arguments = "(ANALYSIS [POOL] | --method M EVENTS) -o DIR",
        .summary = "Runs pseudo-experiments through an analysis, or a method of yours: pulls, coverage, width, score.",
        .details =
            "POOL: events to draw from, with the split of the analysis. Without it every experiment gets fresh "
            "simulated\n"
            "events. The true mu of each set and the nuisance parameters of each experiment come from the seed.\n"
            "'mpirun -n K' before it shares the experiments among K ranks (--threads: of each); the files are the "
            "same.\nEach rank has a process of M of its own, which learns for itself.\n"
            "A configuration (--config) may say how to fit in its section 'fit'; 'evaluate' overrides that. What "
            "was used\nis in DIR/config.yaml.\n\n" FB_EXTERNAL_HELP,
        .example = "fair-baseline evaluate analysis.h5 -o results --num-of-sets 5 --num-pseudo-experiments 4",
        .base = "fit",
        .needs_output = true,
        .common = {.seed = 31415},
        .min_positional = 0,
        .max_positional = 2};
    fb_option_table *options = &line.options;
    fb_status status = FB_OK;
    fb_option_add_output(options, "DIR", &c.output, "folder for the results");
    fb_evaluation_options_add(options, &c.settings, &line.common.seed, &c.switches);
    fb_option_add_count(options, "batch", "N", &c.batch, 0, 1e6,
                        "experiments drawn together; 0: 32, or 4 with --method");
    fb_option_add_count(options, "max-failed", "N", &c.max_failed, 0, 1e12,
                        "fits that may fail before the exit code says so; 5 % if not given");
    fb_option_add_parsed(options, "shard", "K/N", &c.shard, &shard_type,
                         "run every N-th experiment only, from the K-th");
    fb_evaluation_options_add_use(options, &c.resume, &c.overwrite);
    fb_fit_options_add(options, &c.fit);
    fb_external_options_add(options, &c.method);
    fb_fit_options_add(&line.base_options, &c.fit);
    FB_TRY(fb_mpi_start(error));
    FB_TRY(fb_communicator_agree(fb_mpi_communicator(), fb_command_line_parse(&line, argc, argv, error), error));
    if (line.done) {
        return FB_OK;
    }
    fb_mpi_settle(line.common.threads);
    FB_TRY(fb_command_line_configuration(&line, &c.configuration, error));
    FB_TRY(run(&line, &c, error));
cleanup:
    free(c.configuration);
    return status;
}

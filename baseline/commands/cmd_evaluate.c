#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <omp.h>

#include "baseline/commands/commands.h"
#include "baseline/experiments/evaluation_options.h"
#include "baseline/experiments/result_writer.h"
#include "baseline/external/external_evaluation.h"
#include "baseline/external/external_options.h"
#include "baseline/support/json_output.h"
#include "baseline/support/mpi.h"
#include "holdout/formats/event_file.h"
#include "models/common/log.h"
#include "models/common/text.h"

typedef struct choices {
    const char *output;
    fb_runner_settings order;
    fb_evaluation_switches switches;
    uint64_t max_failed;
    bool overwrite, resume;
    fb_fit_choice fit;
    fb_external_method_settings method;
} choices;

/* "K/N" with K from 1: the shard of an fb_runner_settings. */
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
    ((fb_runner_settings *)value)->shard = k - 1;
    ((fb_runner_settings *)value)->n_shards = n;
    return FB_OK;
}

static bool write_shard(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    const fb_runner_settings *s = value;
    snprintf(text, FB_OPTION_TEXT_SIZE, "%llu/%llu", (unsigned long long)s->shard + 1, (unsigned long long)s->n_shards);
    return k == 0 && s->n_shards > 1;
}

static const fb_option_type shard_type = {.parse = parse_shard, .write = write_shard};

/* What is evaluated, and with which events. */
typedef struct evaluated {
    fb_runner_entry entry;
    fb_folder_lock *lock;  /* of the folder, on rank 0 */
    fb_analysis *analysis; /* or ... */
    fb_external_method *method;
    fb_source *source; /* of the pool; NULL: fresh events */
    fb_event_pool pool;
    char *configuration; /* YAML */
} evaluated;

static void evaluated_clear(evaluated *s)
{
    fb_external_method_free(s->method);
    fb_analysis_free(s->analysis);
    fb_source_free(s->source);
    json_decref(s->entry.fit);
    free(s->configuration);
    fb_folder_lock_free(s->lock);
}

static fb_status open_analysis(const char *path, const char *pool_path, const choices *c, evaluated *s, fb_error *error)
{
    fb_status status = FB_OK;
    s->entry.method.name = "analysis";
    s->entry.fit = fb_fit_options_json(&c->fit);
    FB_TRY(fb_analysis_file_load(path, &s->analysis, error));
    s->entry.method.analysis = s->analysis;
    if (pool_path != NULL) {
        FB_TRY(fb_event_file_open(pool_path, &s->source, error));
        FB_TRY(fb_event_pool_from(s->source, c->method.metadata, &s->analysis->split, &s->pool, error));
        FB_TRY(fb_event_pool_check(&s->pool, s->analysis, "the analysis", error));
    }
cleanup:
    return status;
}

/* Another's method learns from some parts of the events and is tried on another. Every rank has a process of it, with
 * the threads that this rank has. */
static fb_status open_external(const char *events, const choices *c, evaluated *s, fb_error *error)
{
    const fb_split split = fb_split_of(&c->method.split);
    fb_external_method_settings settings = c->method;
    fb_status status = FB_OK;
    settings.events = events;
    settings.threads = (uint64_t)omp_get_max_threads();
    FB_TRY(fb_external_method_create(&settings, &s->method, error));
    if (events != NULL) {
        FB_TRY(fb_event_file_open(events, &s->source, error));
        FB_TRY(fb_event_pool_from(s->source, c->method.metadata, &split, &s->pool, error));
    }
    FB_TRY(fb_external_method_start(s->method, error));
    s->entry.external = fb_external_evaluation_of(s->method);
    s->entry.method.name = fb_external_method_name(s->method);
    s->entry.fit = fb_external_method_json(s->method);
cleanup:
    return status;
}

/* What the options ask for together; each rank for itself. */
static fb_status prepare(const fb_command_line *line, choices *c, evaluated *s, fb_error *error)
{
    fb_evaluation_settings *experiments = &c->order.experiments;
    fb_status status = FB_OK;
    FB_TRY(fb_command_line_configuration(line, &s->configuration, error));
    FB_TRY(fb_external_options_check(&c->method, &c->fit, line->n_positional, error));
    experiments->seed = line->common.seed;
    experiments->drawn = fb_evaluation_options_drawn(experiments->drawn, &c->switches);
    FB_TRY(fb_evaluation_settings_check(experiments, error));
    if (c->fit.settings.mu_is_fixed) {
        return fb_fail(error, FB_ERROR_USAGE, "evaluate: --fix mu leaves nothing to measure");
    }
    c->order.use = fb_evaluation_options_use(c->resume, c->overwrite);
    c->order.quiet = line->common.quiet;
    c->order.lets_fail = c->max_failed == UINT64_MAX ? "--max-failed N" : NULL;
    c->order.communicator = line->ranks;
    s->entry.method.fit = fb_fit_options_settings(&c->fit);
    if (fb_communicator_is_first(line->ranks)) {
        FB_TRY(fb_evaluation_folder_prepare(c->output, c->order.use, &s->lock, error));
        s->entry.folder_is_new = fb_folder_lock_is_new(s->lock);
    }
    FB_TRY(c->method.method != NULL ? open_external(line->positional[0], c, s, error)
                                    : open_analysis(line->positional[0], line->positional[1], c, s, error));
cleanup:
    return status;
}

/* Too many failures are an error, after all results were written. */
static fb_status check_budget(const choices *c, const fb_evaluation_summary *summary, fb_error *error)
{
    const uint64_t n = c->order.experiments.n_sets * c->order.experiments.n_experiments;
    const uint64_t allowed = c->max_failed != UINT64_MAX ? c->max_failed : (n + 19) / 20;
    if (summary->n_failed <= allowed) {
        return FB_OK;
    }
    return fb_fail(error, FB_ERROR_NOT_CONVERGED, "%s: %zu of %llu fits failed, allowed are %llu (--max-failed)",
                   c->output, summary->n_failed, (unsigned long long)n, (unsigned long long)allowed);
}

static fb_status report(const choices *c, const fb_evaluation *evaluation, const fb_evaluation_summary *summary,
                        bool json, fb_error *error)
{
    fb_status status = FB_OK;
    if (c->order.n_shards > 1) {
        printf("%s: %llu experiments of shard %llu/%llu; 'fair-baseline merge' puts the shards together\n", c->output,
               (unsigned long long)fb_evaluation_n_done(evaluation), (unsigned long long)c->order.shard + 1,
               (unsigned long long)c->order.n_shards);
        return FB_OK;
    }
    if (json) {
        FB_TRY(fb_json_output_print(fb_result_writer_json(evaluation, summary), error));
    } else {
        fb_evaluation_summary_print(evaluation, summary);
        printf("  results            %s/summary.json, scores.json, result_<set>.json\n", c->output);
    }
    FB_TRY(check_budget(c, summary, error));
cleanup:
    return status;
}

static void warn_of_fresh_events(const char *path, const evaluated *s)
{
    if (s->analysis != NULL && s->pool.source == NULL && strncmp(s->analysis->identity.origin, "simulate/", 9) != 0) {
        fb_log(FB_LOG_WARNING,
               "%s was not made from simulated events, as far as it says; fresh simulated ones may not fit it: name a "
               "POOL",
               path);
    }
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    choices *c = context;
    evaluated s = {.entry.folder = c->output, .pool.origin = "fresh simulated events"};
    fb_runner *runner = NULL;
    fb_evaluation_summary summary;
    fb_status status = FB_OK;
    fb_mpi_settle(line->common.threads);
    FB_TRY(fb_communicator_agree(line->ranks, prepare(line, c, &s, error), error));
    FB_TRY(fb_runner_create(&c->order, 1, &s.entry, &s.pool, &runner, error));
    FB_TRY(fb_runner_run(runner, error));
    if (fb_communicator_is_first(line->ranks)) {
        FB_TRY(fb_runner_write(runner, 0, s.configuration, &summary, error));
        FB_TRY(report(c, fb_runner_evaluation(runner, 0), &summary, line->common.json, error));
        warn_of_fresh_events(line->positional[0], &s);
    }
cleanup:
    fb_runner_free(runner, status);
    evaluated_clear(&s);
    return status;
}

fb_status fb_cmd_evaluate(int argc, char **argv, fb_error *error)
{
    const fb_status started = fb_mpi_start(error);
    choices c = {.order = {.experiments = {.n_sets = 5, .n_experiments = 4, .drawn = FB_ALL_NUISANCES}, .n_shards = 1},
                 .max_failed = UINT64_MAX,
                 .fit = fb_fit_options_default(),
                 .method = fb_external_method_default()};
    fb_command_line line = {
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
        .common = {.seed = 31415},
        .ranks = fb_mpi_communicator(),
        .max_positional = 2};
    fb_option_table *options = &line.options;
    fb_option_add_output(options, "DIR", &c.output, "folder for the results");
    fb_evaluation_options_add(options, &c.order.experiments, &line.common.seed, &c.switches);
    fb_evaluation_options_add_batch(options, &c.order.batch);
    fb_option_add_count(options, "max-failed", "N", &c.max_failed, 0, 1e12,
                        "fits that may fail before the exit code says so, also the first five; 5 % if not given");
    fb_option_add_parsed(options, "shard", "K/N", &c.order, &shard_type,
                         "run every N-th experiment only, from the K-th");
    fb_evaluation_options_add_use(options, &c.resume, &c.overwrite);
    fb_fit_options_add(options, &c.fit);
    fb_external_options_add(options, &c.method);
    fb_fit_options_add_section(&line.base_options, &c.fit);
    return started == FB_OK ? fb_command_line_run(&line, argc, argv, run, &c, error) : started;
}

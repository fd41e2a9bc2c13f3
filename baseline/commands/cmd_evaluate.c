#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/fit_options.h"
#include "baseline/commands/commands.h"
#include "baseline/config/command_line.h"
#include "baseline/experiments/result_writer.h"
#include "baseline/external/external_evaluation.h"
#include "baseline/external/external_options.h"
#include "baseline/support/json_output.h"
#include "baseline/support/mpi.h"
#include "holdout/formats/event_file.h"
#include "models/common/log.h"
#include "models/common/text.h"

typedef struct choices {
    const char *output, *drawn, *shard, *generator;
    uint64_t n_sets, n_experiments, batch, max_failed;
    bool systematics[FB_N_NUISANCE], all_systematics, overwrite, resume;
    fb_fit_options fit;
    char *configuration; /* YAML */
    fb_external_options method;
} choices;

static fb_status parse_shard(const char *text, fb_runner_settings *settings, fb_error *error)
{
    const uint64_t most = 1000000000;
    const char *slash = text != NULL ? strchr(text, '/') : NULL;
    char first[24] = "";
    uint64_t k = 1, n = 1;
    if (slash != NULL && slash - text < (ptrdiff_t)sizeof first) {
        memcpy(first, text, (size_t)(slash - text));
    }
    if (text != NULL &&
        (slash == NULL || !fb_text_to_u64(first, &k) || !fb_text_to_u64(slash + 1, &n) || k < 1 || k > n || n > most)) {
        return fb_fail(error, FB_ERROR_USAGE, "--shard: '%s' is not K/N with K from 1 to N", text);
    }
    settings->shard = k - 1;
    settings->n_shards = n;
    return FB_OK;
}

static fb_status parse_settings(const choices *c, uint64_t seed, fb_runner_settings *settings, fb_method *method,
                                fb_error *error)
{
    fb_nuisance_mask named = 0;
    fb_status status = FB_OK;
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        named |= (unsigned)c->systematics[k] << k;
    }
    settings->experiments = (fb_evaluation_settings){c->n_sets, c->n_experiments, seed, named, FB_GENERATOR_STREAMS};
    const char *drawn = c->all_systematics ? "all" : named == 0 ? c->drawn : NULL;
    FB_TRY(fb_evaluation_settings_parse(drawn, c->generator, &settings->experiments, error));
    FB_TRY(parse_shard(c->shard, settings, error));
    FB_TRY(fb_fit_options_parse(&c->fit, &method->fit, error));
    if (method->fit.mu_is_fixed) {
        status = fb_fail(error, FB_ERROR_USAGE, "evaluate: --fix mu leaves nothing to measure");
    } else if (c->resume && c->overwrite) {
        status = fb_fail(error, FB_ERROR_USAGE, "evaluate: --resume goes on and --overwrite starts again: not both");
    }
cleanup:
    return status;
}

/* What is evaluated, and with which events. */
typedef struct subject {
    fb_runner_entry entry;
    fb_analysis *analysis; /* or ... */
    fb_external_method *method;
    fb_runner_external external; /* ... of the method */
    fb_source *source;           /* of the pool; NULL: fresh events */
    fb_event_pool pool;
} subject;

static void subject_clear(subject *s)
{
    fb_external_method_free(s->method);
    fb_analysis_free(s->analysis);
    fb_source_free(s->source);
    json_decref(s->entry.fit);
}

static fb_status open_analysis(const char *path, const char *pool_path, const choices *c, subject *s, fb_error *error)
{
    fb_status status = FB_OK;
    s->entry.method.name = "analysis";
    s->entry.fit = fb_fit_options_json(&c->fit);
    FB_TRY(fb_analysis_file_load(path, &s->analysis, error));
    s->entry.method.analysis = s->analysis;
    if (pool_path != NULL) {
        FB_TRY(fb_event_file_open(pool_path, &s->source, error));
        FB_TRY(fb_event_pool_from(s->source, &s->analysis->split, &s->pool, error));
        FB_TRY(fb_event_pool_check(&s->pool, s->analysis, "the analysis", error));
    }
cleanup:
    return status;
}

/* Another's method learns from some parts of the events and is tried on another. Every rank has a process of it, with the
 * threads that this rank has. */
static fb_status open_external(const char *events, const choices *c, subject *s, fb_error *error)
{
    fb_split split;
    fb_status status = FB_OK;
    FB_TRY(fb_external_options_create(&c->method, events, &split, &s->method, error));
    if (events != NULL) {
        FB_TRY(fb_event_file_open(events, &s->source, error));
        FB_TRY(fb_event_pool_from(s->source, &split, &s->pool, error));
    }
    FB_TRY(fb_external_method_start(s->method, error));
    s->external = fb_external_evaluation_of(s->method);
    s->entry.external = &s->external;
    s->entry.method.name = fb_external_method_name(s->method);
    s->entry.fit = fb_external_method_json(s->method);
cleanup:
    return status;
}

/* What the options ask for; each rank for itself. */
static fb_status prepare(const fb_command_line *line, const choices *c, const fb_common *common,
                         fb_runner_settings *settings, subject *s, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_external_options_check(&c->method, &c->fit, line->n_positional, error));
    FB_TRY(parse_settings(c, common->seed, settings, &s->entry.method, error));
    FB_TRY(c->method.method != NULL ? open_external(line->positional[0], c, s, error)
                                    : open_analysis(line->positional[0], line->positional[1], c, s, error));
cleanup:
    return status;
}

/* Too many failures are an error, after all results were written. */
static fb_status check_budget(const choices *c, const fb_evaluation_summary *summary, fb_error *error)
{
    const uint64_t n = c->n_sets * c->n_experiments;
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
    if (c->shard != NULL && strcmp(c->shard, "1/1") != 0) {
        printf("%s: %llu experiments of shard %s; 'fair-baseline merge' puts the shards together\n", c->output,
               (unsigned long long)fb_evaluation_done(evaluation), c->shard);
        return FB_OK;
    }
    if (json) {
        FB_TRY(fb_json_output_print(fb_result_writer_json(evaluation, summary), error));
    } else {
        fb_evaluation_summary_print(stdout, evaluation, summary);
        printf("  results            %s/summary.json, scores.json, result_<set>.json\n", c->output);
    }
    FB_TRY(check_budget(c, summary, error));
cleanup:
    return status;
}

static void warn_of_fresh_events(const char *path, const subject *s)
{
    if (s->analysis != NULL && s->pool.source == NULL && strncmp(s->analysis->identity.origin, "simulate/", 9) != 0) {
        fb_log(FB_LOG_WARNING,
               "%s was not made from simulated events, as far as it says; fresh simulated ones may not fit it: name a "
               "POOL",
               path);
    }
}

static fb_status run(const fb_command_line *line, const choices *c, const fb_common *common, fb_error *error)
{
    fb_runner_settings settings = {.use = fb_evaluation_folder_use_of(c->resume, c->overwrite),
                                   .batch = c->batch,
                                   .quiet = common->quiet,
                                   .communicator = fb_mpi_communicator()};
    subject s = {.entry.folder = c->output, .pool.origin = "fresh simulated events"};
    fb_runner *runner = NULL;
    fb_evaluation_summary summary;
    fb_status status = prepare(line, c, common, &settings, &s, error);
    FB_TRY(fb_communicator_agree(settings.communicator, status, error));
    FB_TRY(fb_runner_create(&settings, 1, &s.entry, &s.pool, &runner, error));
    FB_TRY(fb_runner_run(runner, error));
    if (fb_communicator_is_first(settings.communicator)) {
        FB_TRY(fb_runner_write(runner, 0, c->configuration, &summary, error));
        FB_TRY(report(c, fb_runner_evaluation(runner, 0), &summary, common->json, error));
        warn_of_fresh_events(line->positional[0], &s);
    }
cleanup:
    fb_runner_free(runner, status);
    subject_clear(&s);
    return status;
}

/* The official program's switches. */
#define FB_SYSTEMATICS_FLAG(which, name)                                                                               \
    {                                                                                                                  \
        "systematics-" name, 0, NULL, FB_OPTION_FLAG, &c.systematics[which], 0, 0, "draw " name                        \
    }

fb_status fb_cmd_evaluate(int argc, char **argv, fb_error *error)
{
    fb_common common = {.seed = 31415};
    choices c = {.drawn = "all",
                 .generator = "streams",
                 .n_sets = 5,
                 .n_experiments = 4,
                 .max_failed = UINT64_MAX,
                 .fit = fb_fit_options_default(),
                 .method = fb_external_options_default()};
    const fb_option options[] = {
        {"output", 'o', "DIR", FB_OPTION_TEXT, &c.output, 0, 0, "folder for the results"},
        {"num-of-sets", 0, "N", FB_OPTION_COUNT, &c.n_sets, 1, 1e6, "sets, each with its own true mu in [0.1, 3]"},
        {"num-pseudo-experiments", 0, "N", FB_OPTION_COUNT, &c.n_experiments, 1, 1e6, "experiments of a set"},
        {"random-seed", 0, "S", FB_OPTION_COUNT, &common.seed, 0, 9e18, "the same as --seed"},
        {"draw", 0, "LIST", FB_OPTION_TEXT, &c.drawn, 0, 0, "which nuisance parameters the experiments draw"},
        {"all-systematics", 0, NULL, FB_OPTION_FLAG, &c.all_systematics, 0, 0, "the same as --draw all"},
        FB_SYSTEMATICS_FLAG(FB_TES, "tes"),
        FB_SYSTEMATICS_FLAG(FB_JES, "jes"),
        FB_SYSTEMATICS_FLAG(FB_SOFT_MET, "soft-met"),
        FB_SYSTEMATICS_FLAG(FB_TTBAR_SCALE, "ttbar-scale"),
        FB_SYSTEMATICS_FLAG(FB_DIBOSON_SCALE, "diboson-scale"),
        FB_SYSTEMATICS_FLAG(FB_BKG_SCALE, "bkg-scale"),
        {"generator", 0, "NAME", FB_OPTION_TEXT, &c.generator, 0, 0,
         "streams, or official: the official program's draws, bit for bit"},
        {"batch", 0, "N", FB_OPTION_COUNT, &c.batch, 0, 1e6, "experiments drawn together; 0: 32, or 4 with --method"},
        {"max-failed", 0, "N", FB_OPTION_COUNT, &c.max_failed, 0, 1e12,
         "fits that may fail before the exit code says so; 5 % if not given"},
        {"shard", 0, "K/N", FB_OPTION_TEXT, &c.shard, 0, 0, "run every N-th experiment only, from the K-th"},
        {"resume", 0, NULL, FB_OPTION_FLAG, &c.resume, 0, 0, "go on with a run that was stopped"},
        {"overwrite", 0, NULL, FB_OPTION_FLAG, &c.overwrite, 0, 0, "replace the results of an earlier run"},
        FB_FIT_OPTIONS(c.fit),
        FB_EXTERNAL_OPTIONS(c.method)};
    const fb_option fit_options[] = {FB_FIT_OPTIONS(c.fit)};
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
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .base = "fit",
        .base_options = fit_options,
        .n_base_options = sizeof fit_options / sizeof fit_options[0],
        .needs_output = true,
        .common = &common,
        .min_positional = 0,
        .max_positional = 2};
    fb_status status = FB_OK;
    FB_TRY(fb_mpi_start(error));
    FB_TRY(fb_communicator_agree(fb_mpi_communicator(), fb_command_line_parse(&line, argc, argv, error), error));
    if (line.done) {
        return FB_OK;
    }
    fb_mpi_settle(common.threads);
    FB_TRY(fb_command_line_configuration(&line, &c.configuration, error));
    FB_TRY(run(&line, &c, &common, error));
cleanup:
    free(c.configuration);
    return status;
}

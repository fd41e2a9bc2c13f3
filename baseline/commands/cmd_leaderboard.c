#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "baseline/commands/commands.h"
#include "baseline/config/command_line.h"
#include "baseline/experiments/evaluation_summary.h"
#include "baseline/leaderboard/leaderboard_check.h"
#include "baseline/leaderboard/leaderboard_run.h"
#include "baseline/support/json_output.h"
#include "baseline/support/mpi.h"
#include "holdout/formats/event_file.h"
#include "models/common/memory.h"

typedef struct choices {
    const char *output, *methods, *analyses, *check, *drawn, *generator;
    fb_text_list others;        /* methods of participants */
    fb_external_options limits; /* of theirs */
    uint64_t n_sets, n_experiments, batch;
    fb_split_options split;
    bool resume, overwrite;
    char *configuration; /* YAML */
} choices;

static fb_status parse_settings(const choices *c, const fb_common *common, fb_runner_settings *settings,
                                fb_error *error)
{
    *settings =
        (fb_runner_settings){.experiments = {c->n_sets, c->n_experiments, common->seed, 0, FB_GENERATOR_STREAMS},
                             .n_shards = 1,
                             .batch = c->batch,
                             .use = fb_evaluation_folder_use_of(c->resume, c->overwrite),
                             .quiet = common->quiet,
                             .communicator = fb_mpi_communicator()};
    return fb_evaluation_settings_parse(c->drawn, c->generator, &settings->experiments, error);
}

static fb_status read_methods(const choices *c, const char *events_path, fb_leaderboard_entries *contest,
                              fb_error *error)
{
    fb_external_options options = c->limits;
    fb_status status = FB_OK;
    FB_TRY(fb_leaderboard_entries_add_named(contest, c->methods, error));
    for (int k = 0; k < c->others.n; k++) {
        options.method = c->others.item[k];
        FB_TRY(fb_leaderboard_entries_add_external(contest, &options, k + 1, events_path, error));
    }
    if (contest->n == 0) {
        status = fb_fail(error, FB_ERROR_USAGE, "leaderboard: no method is named");
    }
cleanup:
    return status;
}

/* What to compare with; none: NULL. */
static fb_status read_reference(const choices *c, const fb_leaderboard_entries *contest,
                                const fb_evaluation_settings *settings, json_t **reference, fb_error *error)
{
    const char *names[FB_RUNNER_MOST_ENTRIES];
    for (int k = 0; k < contest->n; k++) {
        names[k] = contest->method[k].file.name;
    }
    return c->check == NULL
               ? FB_OK
               : fb_leaderboard_check_read_reference(c->check, settings, contest->n, names, reference, error);
}

static fb_leaderboard_row row_of(const char *name, const fb_evaluation *evaluation)
{
    fb_evaluation_summary summary;
    const bool is_known = fb_evaluation_summary_make(evaluation, &summary, NULL) == FB_OK;
    return (fb_leaderboard_row){name, evaluation, {0}, is_known ? summary.common : NAN};
}

static fb_status report(const choices *c, const fb_leaderboard_entries *contest, const fb_leaderboard_run *run,
                        const json_t *reference, bool json, fb_error *error)
{
    fb_leaderboard board = {.n = contest->n, .pool = fb_leaderboard_run_origin(run)};
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate((size_t)board.n, sizeof *board.row, &board.row, error));
    for (int k = 0; k < board.n; k++) {
        const fb_evaluation *evaluation = fb_leaderboard_run_evaluation(run, k);
        board.row[k] = row_of(contest->method[k].file.name, evaluation);
        FB_TRY(fb_leaderboard_result_find(evaluation, &board.row[k].standing, error));
    }
    FB_TRY(fb_leaderboard_report_write(&board, c->output, error));
    if (json) {
        FB_TRY(fb_json_output_print(fb_leaderboard_report_json(&board), error));
    } else {
        FB_TRY(fb_leaderboard_report_print(stdout, &board, error));
    }
    if (reference != NULL) {
        FB_TRY(fb_leaderboard_check(&board, reference, c->check, json ? stderr : stdout, error));
    }
cleanup:
    for (int k = 0; k < board.n && board.row != NULL; k++) {
        fb_leaderboard_result_clear(&board.row[k].standing);
    }
    free(board.row);
    return status;
}

/* What the options ask for; each rank for itself. */
static fb_status prepare(const choices *c, const char *events_path, const fb_common *common,
                         fb_runner_settings *settings, fb_leaderboard_entries **contest, json_t **reference,
                         fb_source **events, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(parse_settings(c, common, settings, error));
    FB_TRY(fb_leaderboard_entries_create(c->output, &c->split, contest, error));
    FB_TRY(read_methods(c, events_path, *contest, error));
    FB_TRY(read_reference(c, *contest, &settings->experiments, reference, error));
    FB_TRY(fb_event_file_open(events_path, events, error));
cleanup:
    return status;
}

/* Rank 0 makes the folders and what is to be trained; the others read what it left there. */
static fb_status get_analyses(const choices *c, const fb_common *common, fb_folder_use use, const fb_communicator *team,
                              fb_leaderboard_entries *contest, fb_source *events, fb_error *error)
{
    const bool is_first = fb_communicator_is_first(team);
    fb_status status = FB_OK;
    if (is_first) {
        status = fb_leaderboard_entries_make_folders(contest, use, error);
    }
    if (is_first && status == FB_OK && c->analyses == NULL) {
        status = fb_leaderboard_entries_train(contest, events, c->resume, common->seed, common->quiet, error);
    }
    FB_TRY(fb_communicator_agree(team, status, error));
    if (c->analyses != NULL) {
        status = fb_leaderboard_entries_load(contest, c->analyses, error);
    } else if (!is_first && (status = fb_leaderboard_entries_load(contest, NULL, error)) != FB_OK) {
        status = fb_fail_prefix(error, status, "rank %d reads the analyses that rank 0 made", team->rank);
    }
    FB_TRY(fb_communicator_agree(team, status, error));
cleanup:
    return status;
}

static fb_status run(const choices *c, const char *events_path, const fb_common *common, fb_error *error)
{
    const fb_communicator *team = fb_mpi_communicator();
    const bool is_first = fb_communicator_is_first(team);
    fb_runner_settings settings;
    fb_leaderboard_entries *contest = NULL;
    fb_leaderboard_run *contest_run = NULL;
    fb_source *events = NULL;
    json_t *reference = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_communicator_agree(team, prepare(c, events_path, common, &settings, &contest, &reference, &events, error),
                                 error));
    FB_TRY(get_analyses(c, common, settings.use, team, contest, events, error));
    FB_TRY(fb_leaderboard_run_create(contest, &settings, events, &contest_run, error));
    FB_TRY(fb_leaderboard_run_experiments(contest_run, error));
    if (is_first) {
        FB_TRY(fb_evaluation_folder_write_configuration(c->output, c->configuration, error));
        FB_TRY(report(c, contest, contest_run, reference, common->json, error));
    }
cleanup:
    fb_leaderboard_run_free(contest_run, status);
    if (status != FB_OK && is_first && contest != NULL) {
        fb_leaderboard_entries_remove_empty_folders(contest);
    }
    fb_leaderboard_entries_free(contest);
    fb_source_free(events);
    json_decref(reference);
    return status;
}

/* The command line and what goes together in it; also its configuration. */
static fb_status parse(fb_command_line *line, int argc, char **argv, choices *c, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_command_line_parse(line, argc, argv, error));
    if (line->done) {
        return FB_OK;
    }
    if (c->resume && c->overwrite) {
        return fb_fail(error, FB_ERROR_USAGE, "leaderboard: --resume goes on and --overwrite starts again: not both");
    }
    FB_TRY(fb_command_line_configuration(line, &c->configuration, error));
cleanup:
    return status;
}

fb_status fb_cmd_leaderboard(int argc, char **argv, fb_error *error)
{
    fb_common common = {.seed = 31415};
    choices c = {.methods = FB_METHOD_NAMES,
                 .drawn = "all",
                 .generator = "streams",
                 .n_sets = 10,
                 .n_experiments = 100,
                 .batch = 32,
                 .limits = fb_external_options_default(),
                 .split = fb_split_options_default()};
    const fb_option options[] = {
        {"output", 'o', "DIR", FB_OPTION_TEXT, &c.output, 0, 0, "folder for the table and the results of each method"},
        {"methods", 0, "LIST", FB_OPTION_TEXT, &c.methods, 0, 0,
         "names of methods, or their .yaml files, with commas; '' for none"},
        {"method", 0, "M", FB_OPTION_LIST, &c.others, 0, 0,
         "also a plug-in, MINE.so, or a command, as for 'evaluate'; may be repeated"},
        {"method-format", 0, "F", FB_OPTION_TEXT, &c.limits.format, 0, 0, "of the files for a command: h5 or csv"},
        {"time-limit", 0, "S", FB_OPTION_NUMBER, &c.limits.time_limit, 1e-3, 1e9, "seconds of M for an experiment"},
        {"fit-time-limit", 0, "S", FB_OPTION_NUMBER, &c.limits.fit_time_limit, 1e-3, 1e9, "seconds of M to learn"},
        {"analyses", 0, "DIR", FB_OPTION_TEXT, &c.analyses, 0, 0,
         "take the trained analyses DIR/<method>.h5 instead of training"},
        {"check", 0, "FILE", FB_OPTION_TEXT, &c.check, 0, 0,
         "compare with an earlier leaderboard.json; exit code 5 when a method got worse"},
        {"num-of-sets", 0, "N", FB_OPTION_COUNT, &c.n_sets, 1, 1e6, "sets, each with its own true mu in [0.1, 3]"},
        {"num-pseudo-experiments", 0, "N", FB_OPTION_COUNT, &c.n_experiments, 1, 1e6, "experiments of a set"},
        {"random-seed", 0, "S", FB_OPTION_COUNT, &common.seed, 0, 9e18, "the same as --seed"},
        {"draw", 0, "LIST", FB_OPTION_TEXT, &c.drawn, 0, 0, "which nuisance parameters the experiments draw"},
        {"generator", 0, "NAME", FB_OPTION_TEXT, &c.generator, 0, 0, "streams, or official"},
        {"batch", 0, "N", FB_OPTION_COUNT, &c.batch, 1, 1e6, "experiments drawn in one pass over the pool"},
        {"resume", 0, NULL, FB_OPTION_FLAG, &c.resume, 0, 0, "go on with a run that was stopped"},
        {"overwrite", 0, NULL, FB_OPTION_FLAG, &c.overwrite, 0, 0, "replace the results of an earlier run"},
        FB_SPLIT_OPTIONS(c.split)};
    fb_command_line line = {
        .name = "leaderboard",
        .arguments = "EVENTS -o DIR",
        .summary = "Runs methods on the same pseudo-experiments and compares their scores.",
        .details =
            "Every method is trained on EVENTS, those with the same classifier once, and evaluated on its pool. "
            "With --check\n"
            "what counts as worse comes from the number of experiments: three standard deviations of the paired\n"
            "difference. Times are of all threads, per experiment: of ours to score the events and to fit, of a method "
            "of\nyours its answer; without the drawing of the events. In a method's .yaml file the sections train and "
            "fit count.\n"
            "'mpirun -n K' before it shares the experiments among K ranks (--threads: of each); rank 0 "
            "trains.\n"
            "EVENTS and DIR must be where all can read them.\n"
            "What was used is in DIR/config.yaml (--config), that of a method alone in DIR/<method>/config.yaml.",
        .example = "fair-baseline leaderboard events.h5 -o board --methods bdt,net --num-of-sets 5",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .needs_output = true,
        .common = &common,
        .min_positional = 1,
        .max_positional = 1};
    fb_status status = FB_OK;
    FB_TRY(fb_mpi_start(error));
    FB_TRY(fb_communicator_agree(fb_mpi_communicator(), parse(&line, argc, argv, &c, error), error));
    if (line.done) {
        return FB_OK;
    }
    fb_mpi_settle(common.threads);
    FB_TRY(run(&c, line.positional[0], &common, error));
cleanup:
    free(c.configuration);
    return status;
}

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "baseline/analysis/split_metadata.h"
#include "baseline/analysis/train_options.h"
#include "baseline/commands/commands.h"
#include "baseline/experiments/evaluation_options.h"
#include "baseline/experiments/evaluation_summary.h"
#include "baseline/external/score_command.h"
#include "baseline/leaderboard/leaderboard_check.h"
#include "baseline/leaderboard/leaderboard_run.h"
#include "baseline/support/json_output.h"
#include "baseline/support/mpi.h"
#include "holdout/formats/event_file.h"
#include "models/common/memory.h"

typedef struct choices {
    const char *output, *methods, *analyses, *check, *metadata;
    fb_text_list others;                /* external methods */
    fb_external_method_settings limits; /* of theirs */
    fb_runner_settings order;
    fb_split_settings split;
    bool resume, overwrite, goes_on;
    char *configuration; /* YAML */
} choices;

static fb_status read_methods(const choices *c, const char *events_path, fb_leaderboard_entries *entries,
                              fb_error *error)
{
    fb_external_method_settings settings = c->limits;
    fb_status status = FB_OK;
    FB_TRY(fb_leaderboard_entries_add_named(entries, c->methods, error));
    for (int k = 0; k < c->others.n; k++) {
        settings.method = c->others.item[k];
        settings.metadata = c->metadata;
        FB_TRY(fb_leaderboard_entries_add_external(entries, &settings, k + 1, events_path, error));
    }
    if (entries->n == 0) {
        status = fb_fail(error, FB_ERROR_USAGE, "leaderboard: no method is named");
    }
cleanup:
    return status;
}

static void fill_row(const char *name, const fb_evaluation *evaluation, fb_leaderboard_row *row)
{
    fb_evaluation_summary summary;
    const bool is_known = fb_evaluation_summary_make(evaluation, &summary, NULL) == FB_OK;
    row->name = name;
    row->evaluation = evaluation;
    row->shared_error = is_known ? summary.shared_error : NAN;
    fb_leaderboard_result_find(evaluation, &row->result);
}

static fb_status report(const choices *c, const fb_leaderboard_entries *entries, const fb_runner *runner,
                        const char *pool, const json_t *reference, bool json, fb_error *error)
{
    fb_leaderboard board = {.n = entries->n, .pool = pool};
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate((size_t)board.n, sizeof *board.row, &board.row, error));
    for (int k = 0; k < board.n; k++) {
        const fb_evaluation *evaluation = fb_runner_evaluation(runner, k);
        fill_row(entries->method[k].file.name, evaluation, &board.row[k]);
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
    free(board.row);
    return status;
}

/* What the options ask for; each rank for itself. */
static fb_status prepare(const fb_command_line *line, choices *c, fb_leaderboard_entries **entries, json_t **reference,
                         fb_source **events, fb_error *error)
{
    const char *events_path = line->positional[0];
    fb_split_settings split = c->split;
    fb_metadata metadata;
    fb_status status = FB_OK;
    c->order.use = fb_evaluation_options_use(c->resume, c->overwrite);
    c->order.experiments.seed = line->common.seed;
    c->order.quiet = line->common.quiet;
    c->order.lets_fail = c->goes_on ? NULL : "--keep-failing";
    c->order.communicator = line->ranks;
    FB_TRY(fb_command_line_configuration(line, &c->configuration, error));
    FB_TRY(fb_evaluation_settings_check(&c->order.experiments, error));
    FB_TRY(fb_split_metadata_read(c->metadata, events_path, &split, &metadata, error));
    FB_TRY(fb_leaderboard_entries_create(c->output, &split, entries, error));
    (*entries)->metadata = c->metadata;
    fb_score_command_offer(events_path, &split, c->metadata);
    FB_TRY(read_methods(c, events_path, *entries, error));
    if (c->check != NULL) {
        FB_TRY(fb_leaderboard_check_read_reference(c->check, &c->order.experiments, *entries, reference, error));
    }
    FB_TRY(fb_event_file_open(events_path, events, error));
cleanup:
    return status;
}

/* Rank 0 makes the folders and what is to be trained; the others read what it left there. */
static fb_status get_analyses(const choices *c, fb_leaderboard_entries *entries, fb_source *events, fb_error *error)
{
    const fb_runner_settings *order = &c->order;
    const fb_communicator *communicator = order->communicator;
    const bool is_first = fb_communicator_is_first(communicator);
    fb_status status = FB_OK;
    if (is_first) {
        status = fb_leaderboard_entries_make_folders(entries, order->use, error);
    }
    if (is_first && status == FB_OK && c->analyses == NULL) {
        status = fb_leaderboard_entries_train(entries, events, c->resume, order->experiments.seed, order->quiet, error);
    }
    FB_TRY(fb_communicator_agree(communicator, status, error));
    if (c->analyses != NULL) {
        status = fb_leaderboard_entries_load(entries, c->analyses, error);
    } else if (!is_first && (status = fb_leaderboard_entries_load(entries, NULL, error)) != FB_OK) {
        status = fb_fail_prefix(error, status, "rank %d reads the analyses that rank 0 made", communicator->rank);
    }
    FB_TRY(fb_communicator_agree(communicator, status, error));
cleanup:
    return status;
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    choices *c = context;
    const bool is_first = fb_communicator_is_first(line->ranks);
    fb_leaderboard_entries *entries = NULL;
    fb_event_pool pool;
    fb_runner *runner = NULL;
    fb_source *events = NULL;
    json_t *reference = NULL;
    fb_status status = FB_OK;
    fb_mpi_settle(line->common.threads);
    FB_TRY(fb_communicator_agree(line->ranks, prepare(line, c, &entries, &reference, &events, error), error));
    FB_TRY(get_analyses(c, entries, events, error));
    FB_TRY(fb_leaderboard_run_prepare(entries, &c->order, events, &pool, &runner, error));
    FB_TRY(fb_leaderboard_run(entries, &c->order, runner, error));
    if (is_first) {
        FB_TRY(fb_evaluation_folder_write_configuration(c->output, c->configuration, error));
        FB_TRY(report(c, entries, runner, pool.origin, reference, line->common.json, error));
    }
cleanup:
    fb_runner_free(runner, status);
    fb_leaderboard_entries_free(entries);
    fb_source_free(events);
    json_decref(reference);
    free(c->configuration);
    return status;
}

#define ITEM(name) name,
static const char *const method_names[] = {FB_METHOD_LIST(ITEM, ITEM) NULL};
#undef ITEM

fb_status fb_cmd_leaderboard(int argc, char **argv, fb_error *error)
{
    const fb_status started = fb_mpi_start(error);
    choices c = {
        .methods = FB_METHOD_NAMES,
        .order = {.experiments = {.n_sets = 10, .n_experiments = 100, .drawn = FB_ALL_NUISANCES}, .n_shards = 1},
        .limits = fb_external_method_default(),
        .split = fb_split_default()};
    fb_command_line line = {
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
        .common = {.seed = 31415},
        .ranks = fb_mpi_communicator(),
        .min_positional = 1};
    fb_option_table *options = &line.options;
    fb_option_add_output(options, "DIR", &c.output, "folder for the table and the results of each method");
    fb_option_add_text(options, "check", "FILE", &c.check,
                       "compare with an earlier leaderboard.json; exit code 5 when a method got worse");
    options->group = "methods";
    fb_option_add_text(options, "methods", "LIST", &c.methods,
                       "names of methods, or their .yaml files, with commas; '' for none")
        ->names = method_names;
    fb_option_add_list(options, "method", "M", &c.others,
                       "also a plug-in, MINE.so, or a command, with a name: NAME=M; may be repeated");
    fb_external_options_add_limits(options, &c.limits);
    fb_option_add_text(options, "analyses", "DIR", &c.analyses,
                       "take the trained analyses DIR/<method>.h5 instead of training");
    fb_evaluation_options_add(options, &c.order.experiments, &line.common.seed, NULL);
    fb_evaluation_options_add_batch(options, &c.order.batch);
    fb_evaluation_options_add_use(options, &c.resume, &c.overwrite);
    fb_option_add_flag(options, "keep-failing", &c.goes_on,
                       "go on with a method whose first five experiments all fail");
    fb_train_options_add_split(options, &c.split);
    fb_option_add_text(options, "metadata", "FILE", &c.metadata, FB_SPLIT_METADATA_HELP);
    return started == FB_OK ? fb_command_line_run(&line, argc, argv, run, &c, error) : started;
}

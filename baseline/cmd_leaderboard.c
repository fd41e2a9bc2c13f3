#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "baseline/cli.h"
#include "baseline/commands.h"
#include "baseline/evaluate_files.h"
#include "baseline/evaluate_participant.h"
#include "baseline/evaluation_header.h"
#include "baseline/leaderboard_check.h"
#include "baseline/method_file.h"
#include "baseline/method_options.h"
#include "baseline/print.h"
#include "baseline/progress.h"
#include "baseline/ranks.h"
#include "baseline/train.h"
#include "models/ground/log.h"
#include "models/ground/memory.h"
#include "models/ground/output.h"

enum { MAX_METHODS = 64 };

typedef struct choices {
    const char *output, *methods, *analyses, *check, *drawn, *generator;
    fb_text_list others;      /* methods of participants */
    fb_method_options limits; /* of theirs */
    uint64_t n_sets, n_experiments, batch;
    fb_split_options split;
    bool resume, overwrite;
    char *configuration; /* YAML */
} choices;

/* One method on its way. */
typedef struct entry {
    fb_method_file file; /* of a participant's method only the name */
    fb_participant *participant;
    char folder[FB_PATH_SIZE];
    fb_analysis *analysis;
    fb_method method;
    fb_evaluation *evaluation;
    fb_journal *journal;
} entry;

typedef struct contest {
    int n;
    entry *entry;             /* [n] */
    int running[MAX_METHODS]; /* entries of the methods that are run together */
    fb_progress progress;
} contest;

static void contest_clear(contest *c)
{
    for (int k = 0; k < c->n; k++) {
        entry *e = &c->entry[k];
        fb_journal_free(e->journal);
        fb_evaluation_free(e->evaluation);
        fb_analysis_free(e->analysis);
        fb_participant_free(e->participant);
    }
    free(c->entry);
}

static fb_status make_folder(const char *path, fb_error *error)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST
               ? FB_OK
               : fb_fail(error, FB_ERROR_FILE, "%s: cannot be made: %s", path, strerror(errno));
}

/* --- methods and their analyses ------------------------------------------------------------------------------------
 */

static fb_status analysis_path(const char *folder, const char *name, char path[FB_PATH_SIZE], fb_error *error)
{
    const int n = snprintf(path, FB_PATH_SIZE, "%s/%s", folder, name);
    return n < FB_PATH_SIZE ? FB_OK : fb_fail(error, FB_ERROR_FILE, "%s: the path is too long", folder);
}

/* A place for one more method, whose name is known. */
static fb_status add_entry(const choices *c, contest *all, entry **out, const char *name, fb_error *error)
{
    for (int k = 0; k < all->n; k++) {
        if (strcmp(all->entry[k].file.name, name) == 0) {
            return fb_fail(error, FB_ERROR_USAGE, "two methods are called '%s'", name);
        }
    }
    if (all->n == MAX_METHODS) {
        return fb_fail(error, FB_ERROR_USAGE, "more than %d methods", MAX_METHODS);
    }
    *out = &all->entry[all->n++];
    return analysis_path(c->output, name, (*out)->folder, error);
}

/* Named by its file; a command by its place. */
static void name_participant(const char *method, int place, char name[FB_METHOD_NAME_SIZE])
{
    const char *slash = strrchr(method, '/');
    const char *base = slash != NULL ? slash + 1 : method;
    const size_t length = strlen(base);
    if (length > 3 && strcmp(base + length - 3, ".so") == 0) {
        snprintf(name, FB_METHOD_NAME_SIZE, "%.*s", (int)(length - 3), base);
    } else {
        snprintf(name, FB_METHOD_NAME_SIZE, "command-%d", place);
    }
}

/* Other people's methods, not started. */
static fb_status read_others(const choices *c, contest *all, const char *events, uint64_t threads, fb_error *error)
{
    fb_status status = FB_OK;
    for (int k = 0; k < c->others.n; k++) {
        char name[FB_METHOD_NAME_SIZE];
        fb_method_options options = c->limits;
        fb_split split;
        entry *e = NULL;
        options.method = c->others.item[k];
        options.splitting = c->split;
        name_participant(options.method, k + 1, name);
        FB_TRY(add_entry(c, all, &e, name, error));
        snprintf(e->file.name, sizeof e->file.name, "%s", name);
        FB_TRY(fb_method_options_create(&options, events, threads, &split, &e->participant, error));
    }
cleanup:
    return status;
}

static fb_status read_methods(const choices *c, contest *all, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_allocate(MAX_METHODS, sizeof *all->entry, &all->entry, error));
    if (c->methods[0] == '\0') {
        return FB_OK; /* only those of others */
    }
    for (const char *at = c->methods;;) {
        char name[FB_PATH_SIZE];
        const size_t length = strcspn(at, ",");
        fb_method_file file;
        entry *e = NULL;
        if (length >= sizeof name) {
            return fb_fail(error, FB_ERROR_USAGE, "--methods: too long a name");
        }
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        FB_TRY(fb_method_file_read(name, &file, error));
        FB_TRY(add_entry(c, all, &e, file.name, error));
        e->file = file;
        e->file.train.split = c->split; /* all on the same events */
        if (at[length] == '\0') {
            break;
        }
        at += length + 1;
    }
cleanup:
    return status;
}

static fb_status train_anew(entry *e, fb_source *source, uint64_t seed, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_analysis_create(&e->analysis, error));
    FB_TRY(fb_train_options_classifier(&e->file.train, &e->analysis->classifier, error));
    FB_TRY(fb_train_options_parse(&e->file.train, seed, e->analysis, error));
    FB_TRY(fb_source_rewind(source, error));
    FB_TRY(fb_train(e->analysis, source, NULL, error));
cleanup:
    return status;
}

/* The classifier of another method, other bins. */
static fb_status measure_again(entry *e, const entry *other, fb_source *source, uint64_t seed, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_status status = FB_OK;
    FB_TRY(analysis_path(other->folder, "analysis.h5", path, error));
    FB_TRY(fb_analysis_load(path, &e->analysis, error));
    FB_TRY(fb_train_options_measure_anew(&e->file.train.measure, seed, e->analysis, error));
    FB_TRY(fb_train_templates(e->analysis, source, NULL, error));
cleanup:
    return status;
}

static fb_status make_analysis(const contest *all, int which, fb_source *source, uint64_t seed, fb_error *error)
{
    entry *e = &all->entry[which];
    const entry *same = NULL;
    char path[FB_PATH_SIZE];
    fb_status status = FB_OK;
    for (int k = 0; k < which && same == NULL; k++) {
        same = fb_method_file_same_classifier(&all->entry[k].file, &e->file) ? &all->entry[k] : NULL;
    }
    fb_log(FB_LOG_INFO, "%s: %s", e->file.name, same != NULL ? "measure templates" : "train");
    status = same != NULL ? measure_again(e, same, source, seed, error) : train_anew(e, source, seed, error);
    if (status != FB_OK) {
        return fb_fail_prefix(error, status, "method %s", e->file.name);
    }
    FB_TRY(analysis_path(e->folder, "analysis.h5", path, error));
    FB_TRY(fb_analysis_save(e->analysis, path, error));
cleanup:
    return status;
}

static fb_status get_analyses(const choices *c, contest *all, fb_source *source, const fb_common *common,
                              fb_error *error)
{
    char path[FB_PATH_SIZE], name[FB_METHOD_NAME_SIZE + 8];
    fb_progress progress = fb_progress_start("analyses", (uint64_t)all->n, common->quiet);
    fb_status status = FB_OK;
    for (int k = 0; k < all->n; k++) {
        entry *e = &all->entry[k];
        if (e->participant != NULL) {
            continue;
        }
        if (c->analyses != NULL) {
            snprintf(name, sizeof name, "%s.h5", e->file.name);
            FB_TRY(analysis_path(c->analyses, name, path, error));
            FB_TRY(fb_analysis_load(path, &e->analysis, error));
        } else {
            FB_TRY(analysis_path(e->folder, "analysis.h5", path, error));
            if (c->resume && fb_analysis_is(path)) {
                FB_TRY(fb_analysis_load(path, &e->analysis, error));
            } else {
                FB_TRY(make_analysis(all, k, source, common->seed, error));
            }
        }
        fb_progress_show(&progress, (uint64_t)k + 1);
    }
cleanup:
    fb_progress_end(&progress);
    return status;
}

/* --- the experiments -----------------------------------------------------------------------------------------------
 */

/* All methods leave the same rows for the pool. */
static fb_status check_split(const contest *all, const fb_split *split, fb_error *error)
{
    char ours[FB_SPLIT_TEXT_SIZE], theirs[FB_SPLIT_TEXT_SIZE];
    fb_split_text(split, ours, sizeof ours);
    for (int k = 0; k < all->n; k++) {
        if (all->entry[k].analysis != NULL) {
            fb_split_text(&all->entry[k].analysis->split, theirs, sizeof theirs);
            if (strcmp(ours, theirs) != 0) {
                return fb_fail(error, FB_ERROR_USAGE, "method %s was trained with the split '%s', here it is '%s'",
                               all->entry[k].file.name, theirs, ours);
            }
        }
    }
    return FB_OK;
}

static fb_status prepare_pool(const choices *c, const contest *all, fb_source *pool, const char *path, fb_split *split,
                              char origin[FB_ORIGIN_SIZE], fb_error *error)
{
    fb_identity identity;
    fb_status status = FB_OK;
    FB_TRY(fb_split_options_parse(&c->split, split, error));
    FB_TRY(fb_source_rewind(pool, error));
    FB_TRY(fb_split_measure(split, pool, NULL, error));
    FB_TRY(check_split(all, split, error));
    FB_TRY(fb_identity_of(pool, &identity, error));
    fb_pool_origin(&identity, split, origin);
    for (int k = 0; k < all->n; k++) {
        if (all->entry[k].analysis != NULL && fb_pool_overlaps(all->entry[k].analysis, origin)) {
            return fb_fail(error, FB_ERROR_DATA, "%s: its pool overlaps with the events that method %s was trained on",
                           path, all->entry[k].file.name);
        }
    }
cleanup:
    return status;
}

static fb_status start_method(const choices *c, entry *e, const fb_evaluation_settings *settings, const fb_split *split,
                              const char *origin, fb_error *error)
{
    json_t *fit = NULL;
    char *header = NULL;
    fb_status status = FB_OK;
    e->method = (fb_method){.name = e->file.name, .analysis = e->analysis};
    if (e->participant != NULL) {
        FB_TRY(fb_participant_start(e->participant, error));
        fit = fb_participant_json(e->participant);
    } else {
        FB_TRY(fb_fit_options_parse(&e->file.fit, &e->method.fit, error));
        fit = fb_fit_options_json(&e->file.fit);
    }
    FB_TRY(fb_evaluation_create(settings, &e->evaluation, error));
    FB_TRY(fb_evaluation_prepare(e->evaluation, &e->method, split, error));
    FB_TRY(fb_evaluation_header(e->evaluation, fit, origin, &header, error));
    FB_TRY(fb_evaluation_open_journal(e->folder, fb_folder_use_of(c->resume, c->overwrite), header, e->evaluation,
                                      &e->journal, error));
cleanup:
    json_decref(fit);
    free(header);
    return status;
}

static fb_status record(void *context, int method, uint64_t index, const fb_experiment *experiment, fb_error *error)
{
    const contest *all = context;
    fb_journal *journal = all->entry[all->running[method]].journal;
    return fb_journal_record(journal, index, experiment, error);
}

static void show(void *context, uint64_t done)
{
    fb_progress_show(&((contest *)context)->progress, done);
}

static fb_status write_results(entry *e, double seconds, fb_error *error)
{
    fb_evaluation_summary summary;
    fb_status status = fb_evaluation_summarise(e->evaluation, &summary, error);
    if (status == FB_ERROR_NOT_CONVERGED) {
        return FB_OK; /* the table says so */
    }
    FB_TRY(status);
    FB_TRY(fb_evaluation_write(e->evaluation, &summary, e->folder, seconds, error));
    FB_TRY(fb_evaluation_journal_complete(e->folder, error));
cleanup:
    return status;
}

/* Our own methods together, each participant's alone, all on the same events. */
static fb_status run_experiments(const choices *c, contest *all, fb_source *pool, const fb_split *split,
                                 const char *origin, bool quiet, fb_error *error)
{
    fb_evaluation *evaluations[MAX_METHODS];
    fb_evaluation_run run = {.pool = pool,
                             .split = split,
                             .n_shards = 1,
                             .batch = c->batch,
                             .record = record,
                             .progress = show,
                             .context = all};
    const double started = fb_seconds();
    int n_own = 0;
    fb_status status = FB_OK;
    all->progress = fb_progress_start("experiments", c->n_sets * c->n_experiments, quiet);
    for (int k = 0; k < all->n; k++) {
        if (all->entry[k].participant == NULL) {
            all->running[n_own] = k;
            evaluations[n_own++] = all->entry[k].evaluation;
        }
    }
    if (n_own > 0) {
        FB_TRY(fb_evaluate(&run, n_own, evaluations, error));
    }
    run.batch = c->batch < FB_PARTICIPANT_BATCH ? c->batch : FB_PARTICIPANT_BATCH;
    for (int k = 0; k < all->n; k++) {
        entry *e = &all->entry[k];
        if (e->participant != NULL) {
            all->running[0] = k;
            FB_TRY(fb_evaluate_participant(&run, e->participant, origin, e->evaluation, error));
        }
    }
    for (int k = 0; k < all->n; k++) {
        FB_TRY(write_results(&all->entry[k], fb_seconds() - started, error));
    }
cleanup:
    fb_progress_end(&all->progress);
    return status;
}

/* --- the command ---------------------------------------------------------------------------------------------------
 */

/* What to compare with; none: NULL. */
static fb_status read_reference(const choices *c, const contest *all, const fb_evaluation_settings *settings,
                                json_t **reference, fb_error *error)
{
    const char *names[MAX_METHODS];
    for (int k = 0; k < all->n; k++) {
        names[k] = all->entry[k].file.name;
    }
    return c->check == NULL ? FB_OK
                            : fb_leaderboard_reference_read(c->check, settings, all->n, names, reference, error);
}

/* How every method was made and fits, and how the board was: what --config takes. */
static fb_status write_configurations(const choices *c, const contest *all, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_evaluation_write_configuration(c->output, c->configuration, error));
    for (int k = 0; k < all->n; k++) {
        const entry *e = &all->entry[k];
        char *text = NULL;
        if (e->participant != NULL) {
            continue; /* the board's says it */
        }
        FB_TRY(fb_method_file_text(&e->file, e->analysis->configuration, &text, error));
        status = fb_evaluation_write_configuration(e->folder, text, error);
        free(text);
        FB_TRY(status);
    }
cleanup:
    return status;
}

static fb_status report(const choices *c, const contest *all, const char *origin, const json_t *reference, bool json,
                        fb_error *error)
{
    fb_leaderboard board = {.n = all->n, .pool = origin};
    fb_evaluation_summary summary;
    fb_status status = FB_OK;
    FB_TRY(fb_allocate((size_t)all->n, sizeof *board.row, &board.row, error));
    for (int k = 0; k < all->n; k++) {
        board.row[k] = (fb_leaderboard_row){all->entry[k].file.name, all->entry[k].evaluation, {0}, NAN};
        if (fb_evaluation_summarise(all->entry[k].evaluation, &summary, NULL) == FB_OK) {
            board.row[k].common = summary.common;
        }
        FB_TRY(fb_standing_find(all->entry[k].evaluation, &board.row[k].standing, error));
    }
    FB_TRY(fb_leaderboard_write(&board, c->output, error));
    if (json) {
        FB_TRY(fb_print_json(fb_leaderboard_json(&board), error));
    } else {
        FB_TRY(fb_leaderboard_print(&board, error));
    }
    if (reference != NULL) {
        FB_TRY(fb_leaderboard_check(&board, reference, c->check, json ? stderr : stdout, error));
    }
cleanup:
    for (int k = 0; k < all->n && board.row != NULL; k++) {
        fb_standing_clear(&board.row[k].standing);
    }
    free(board.row);
    return status;
}

static fb_status run(const choices *c, const char *events_path, const fb_common *common, fb_error *error)
{
    fb_evaluation_settings settings = {c->n_sets, c->n_experiments, common->seed, 0, FB_GENERATOR_STREAMS};
    contest all = {0};
    fb_source *events = NULL;
    fb_split split;
    char origin[FB_ORIGIN_SIZE];
    json_t *reference = NULL;
    const int generator = fb_generator_find(c->generator);
    bool made = false;
    fb_status status = fb_nuisance_mask_parse(c->drawn, &settings.drawn, error);
    if (status != FB_OK) {
        return fb_fail_prefix(error, status, "--draw %s", c->drawn);
    }
    if (generator < 0) {
        return fb_fail(error, FB_ERROR_USAGE, "--generator: '%s' is not streams or official", c->generator);
    }
    settings.generator = (fb_generator)generator;
    FB_TRY(fb_evaluation_settings_check(&settings, error));
    FB_TRY(read_methods(c, &all, error));
    FB_TRY(read_others(c, &all, events_path, common->threads, error));
    if (all.n == 0) {
        status = fb_fail(error, FB_ERROR_USAGE, "leaderboard: no method is named");
        goto cleanup;
    }
    FB_TRY(read_reference(c, &all, &settings, &reference, error));
    FB_TRY(fb_source_open(events_path, &events, error));
    FB_TRY(make_folder(c->output, error));
    for (int k = 0; k < all.n; k++) {
        FB_TRY(
            fb_evaluation_prepare_folder(all.entry[k].folder, fb_folder_use_of(c->resume, c->overwrite), &made, error));
    }
    FB_TRY(get_analyses(c, &all, events, common, error));
    FB_TRY(prepare_pool(c, &all, events, events_path, &split, origin, error));
    for (int k = 0; k < all.n; k++) {
        FB_TRY(start_method(c, &all.entry[k], &settings, &split, origin, error));
    }
    FB_TRY(run_experiments(c, &all, events, &split, origin, common->quiet, error));
    FB_TRY(write_configurations(c, &all, error));
    FB_TRY(report(c, &all, origin, reference, common->json, error));
cleanup:
    json_decref(reference);
    for (int k = 0; k < all.n && status != FB_OK; k++) {
        rmdir(all.entry[k].folder); /* stays if there is anything in it */
    }
    if (status != FB_OK) {
        rmdir(c->output);
    }
    contest_clear(&all);
    fb_source_free(events);
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
                 .limits = fb_method_options_default(),
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
            "fit count.\nWhat was used is in DIR/config.yaml and DIR/<method>/config.yaml.",
        .example = "fair-baseline leaderboard events.h5 -o board --methods bdt,net --num-of-sets 5",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .common = &common,
        .min_positional = 1,
        .max_positional = 1};
    fb_status status = FB_OK;
    FB_TRY(fb_ranks_start(error));
    FB_TRY(fb_team_agree(fb_ranks_team(), fb_command_line_parse(&line, argc, argv, error), error));
    if (line.done) {
        return FB_OK;
    }
    if (fb_team_size(fb_ranks_team()) > 1) {
        return fb_fail(error, FB_ERROR_USAGE, "leaderboard: runs on one rank; 'evaluate' is what mpirun shares");
    }
    if (c.output == NULL) {
        return fb_fail(error, FB_ERROR_USAGE, "leaderboard: -o DIR is missing");
    }
    if (c.resume && c.overwrite) {
        return fb_fail(error, FB_ERROR_USAGE, "leaderboard: --resume goes on and --overwrite starts again: not both");
    }
    FB_TRY(fb_command_line_configuration(&line, &c.configuration, error));
    FB_TRY(run(&c, line.positional[0], &common, error));
cleanup:
    free(c.configuration);
    return status;
}

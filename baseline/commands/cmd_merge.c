#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "baseline/commands/commands.h"
#include "baseline/experiments/evaluation_options.h"
#include "baseline/experiments/journal.h"
#include "baseline/experiments/result_writer.h"
#include "baseline/experiments/run_fingerprint.h"
#include "baseline/support/json_output.h"

/* A shard whose run was stopped has no complete journal. */
static fb_status check_stopped(const char *folder, const char *complete, fb_error *error)
{
    char part[FB_PATH_SIZE];
    fb_status status = FB_OK;
    FB_TRY(fb_path_in(folder, FB_JOURNAL_PART, part, error));
    if (access(complete, F_OK) != 0 && access(part, F_OK) == 0) {
        status = fb_fail(error, FB_ERROR_DATA,
                         "%s: its run was stopped; 'fair-baseline evaluate --resume' goes on with it", folder);
    }
cleanup:
    return status;
}

/* Reads the journals of all folders, which must be about the same, and adds up how long they took. */
static fb_status read_all(const fb_command_line *line, char **header, fb_evaluation **evaluation,
                          fb_timing_file *timing, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_timing_file one;
    fb_status status = FB_OK;
    for (int k = 0; k < line->n_positional; k++) {
        FB_TRY(fb_path_in(line->positional[k], FB_JOURNAL_COMPLETE, path, error));
        FB_TRY(check_stopped(line->positional[k], path, error));
        if (k == 0) {
            FB_TRY(fb_journal_about(path, header, error));
            FB_TRY(fb_run_fingerprint_read(path, *header, evaluation, error));
        }
        FB_TRY(fb_journal_read(path, *header, *evaluation, error));
        FB_TRY(fb_timing_file_read(line->positional[k], &one, error));
        fb_timing_file_add(timing, &one);
    }
cleanup:
    return status;
}

static fb_status check_complete(const fb_evaluation *evaluation, fb_error *error)
{
    const fb_evaluation_settings *s = &evaluation->settings;
    const uint64_t n = evaluation->n, done = fb_evaluation_n_done(evaluation);
    for (uint64_t k = 0; k < n; k++) {
        if (!evaluation->experiment[k].is_done) {
            return fb_fail(error, FB_ERROR_DATA,
                           "%llu of %llu experiments are missing, the first is number %llu of set %llu",
                           (unsigned long long)(n - done), (unsigned long long)n,
                           (unsigned long long)(k % s->n_experiments), (unsigned long long)(k / s->n_experiments));
        }
    }
    return FB_OK;
}

/* One journal with all experiments, as a single run has it before its results are there. */
static fb_status write_journal(const char *folder, const char *header, const fb_evaluation *evaluation, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_status status = FB_OK;
    FB_TRY(fb_path_in(folder, FB_JOURNAL_PART, path, error));
    status = fb_journal_write(path, header, evaluation, error);
cleanup:
    return status;
}

typedef struct choices {
    const char *output;
    bool overwrite;
} choices;

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    const choices *c = context;
    const fb_folder_use use = c->overwrite ? FB_FOLDER_OVERWRITE : FB_FOLDER_MERGED;
    char *header = NULL;
    fb_evaluation *evaluation = NULL;
    fb_evaluation_summary summary;
    fb_timing_file timing = {0};
    fb_folder_lock *lock = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_evaluation_folder_prepare(c->output, use, &lock, error));
    FB_TRY(read_all(line, &header, &evaluation, &timing, error));
    FB_TRY(check_complete(evaluation, error));
    FB_TRY(fb_evaluation_folder_copy_configuration(line->positional[0], c->output, error));
    FB_TRY(write_journal(c->output, header, evaluation, error));
    FB_TRY(fb_result_writer_finish(evaluation, c->output, &timing, &summary, error));
    if (line->common.json) {
        FB_TRY(fb_json_output_print(fb_result_writer_json(evaluation, &summary), error));
    } else {
        fb_evaluation_summary_print(evaluation, &summary);
    }
cleanup:
    free(header);
    fb_evaluation_free(evaluation);
    fb_folder_lock_free(lock);
    return status;
}

fb_status fb_cmd_merge(int argc, char **argv, fb_error *error)
{
    choices c = {0};
    fb_command_line line = {.arguments = "DIR... -o DIR",
                            .summary = "Puts the shards of an evaluation together: the files that one run writes.",
                            .details = "The shards must be about the same analysis, pool, seed and settings, and "
                                       "together be complete.",
                            .example = "fair-baseline merge shard1 shard2 -o results",
                            .min_positional = 1,
                            .max_positional = FB_MAX_POSITIONAL};
    fb_option_add_output(&line.options, "DIR", &c.output, "folder for the results");
    fb_evaluation_options_add_use(&line.options, NULL, &c.overwrite);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}

#include "baseline/experiments/evaluation_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "baseline/config/config_reader.h"
#include "baseline/experiments/journal_extension.h"
#include "models/common/output.h"

fb_status fb_evaluation_folder_complete_journal(const char *folder, const fb_evaluation *evaluation, fb_error *error)
{
    char from[FB_PATH_SIZE], to[FB_PATH_SIZE], *about = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_path_in(folder, FB_JOURNAL_PART, from, error));
    FB_TRY(fb_path_in(folder, FB_JOURNAL_COMPLETE, to, error));
    FB_TRY(fb_journal_about(from, &about, error));
    FB_TRY(fb_journal_write(to, about, evaluation, error));
    unlink(from);
cleanup:
    free(about);
    return status;
}

/* Files that mark a folder as one with results, which may be the only copy; the official programs write no
 * summary.json. */
static const char *const signs[] = {"result_0.json",     "test_settings.json",    "ingestion_duration.json",
                                    "scores.json",       "detailed_results.html", "summary.json",
                                    FB_JOURNAL_COMPLETE, FB_JOURNAL_PART,         "leaderboard.json"};

fb_status fb_evaluation_folder_check_new(const char *folder, fb_folder_use use, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_status status = FB_OK;
    if (use != FB_FOLDER_NEW && use != FB_FOLDER_MERGED) {
        return FB_OK;
    }
    for (size_t k = 0; k < sizeof signs / sizeof signs[0] && status == FB_OK; k++) {
        status = fb_path_in(folder, signs[k], path, error);
        if (status == FB_OK && access(path, F_OK) == 0) {
            return fb_fail(error, FB_ERROR_FILE,
                           "%s: holds the results of an earlier run; give another folder%s or --overwrite", folder,
                           use == FB_FOLDER_NEW ? ", --resume" : "");
        }
    }
    return status;
}

fb_status fb_evaluation_folder_prepare(const char *folder, fb_folder_use use, fb_folder_lock **lock, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_status status = FB_OK;
    FB_TRY(fb_folder_lock_make(folder, lock, error));
    FB_TRY(fb_evaluation_folder_check_new(folder, use, error));
    /* Better to hear now than after the experiments that the results cannot be written. */
    FB_TRY(fb_path_in(folder, "summary.json", path, error));
    FB_TRY(fb_output_check_writable(path, error));
cleanup:
    if (status != FB_OK) {
        fb_folder_lock_free(*lock);
        *lock = NULL;
    }
    return status;
}

fb_status fb_evaluation_folder_open_journal(const char *folder, fb_folder_use use, const char *header,
                                            fb_evaluation *evaluation, fb_journal **journal, fb_error *error)
{
    char path[FB_PATH_SIZE], complete[FB_PATH_SIZE];
    fb_status status = FB_OK;
    FB_TRY(fb_path_in(folder, FB_JOURNAL_PART, path, error));
    FB_TRY(fb_path_in(folder, FB_JOURNAL_COMPLETE, complete, error));
    if (use != FB_FOLDER_RESUME) {
        unlink(path);
        return fb_journal_create(path, header, journal, error);
    }
    const bool is_complete = access(path, F_OK) != 0 && access(complete, F_OK) == 0;
    bool is_extended = false;
    FB_TRY(fb_journal_extension_read(is_complete ? complete : path, header, evaluation, &is_extended, error));
    if (is_extended) {
        FB_TRY(fb_journal_write(path, header, evaluation, error));
        unlink(complete); /* of fewer experiments */
    } else if (is_complete) {
        FB_TRY(fb_journal_read(complete, header, evaluation, error));
        FB_TRY(fb_output_rename(complete, path, error));
    }
    FB_TRY(fb_journal_resume(path, header, evaluation, journal, error));
cleanup:
    return status;
}

fb_status fb_evaluation_folder_write_configuration(const char *folder, const char *yaml, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_output *output = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_path_in(folder, "config.yaml", path, error));
    FB_TRY(fb_output_create(path, &output, error));
    fputs(yaml, fb_output_stream(output)); /* a failure shows at the commit */
    FB_TRY(fb_output_commit(output, error));
cleanup:
    fb_output_free(output);
    return status;
}

fb_status fb_evaluation_folder_copy_configuration(const char *from, const char *folder, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_config_reader *reader = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_path_in(from, "config.yaml", path, error));
    if (access(path, F_OK) != 0) {
        return FB_OK;
    }
    FB_TRY(fb_config_reader_open(path, &reader, error));
    FB_TRY(fb_evaluation_folder_write_configuration(folder, fb_config_reader_bytes(reader), error));
cleanup:
    fb_config_reader_free(reader);
    return status;
}

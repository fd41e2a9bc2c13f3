/** \file evaluation_folder.h
 * The folder of an evaluation: whether it may be used, its journal, its configuration. baseline/FILES.md has its files,
 * and who writes and reads each.
 */
#ifndef FB_BASELINE_EXPERIMENTS_EVALUATION_FOLDER_H
#define FB_BASELINE_EXPERIMENTS_EVALUATION_FOLDER_H

#include "baseline/experiments/folder_lock.h"
#include "baseline/experiments/journal.h"
#include "models/common/path.h"

/** What to do with a folder that holds results already. */
typedef enum fb_folder_use {
    FB_FOLDER_NEW,       ///< refuse
    FB_FOLDER_MERGED,    ///< refuse; going on with them is not offered
    FB_FOLDER_OVERWRITE, ///< replace them
    FB_FOLDER_RESUME     ///< keep its journal and go on
} fb_folder_use;

/** FB_ERROR_FILE when there are results in the folder, of an evaluation or a leaderboard, and `use` refuses them. */
fb_status fb_evaluation_folder_check_new(const char *folder, fb_folder_use use, fb_error *error) FB_MUST_USE;

/** Makes the folder if it is not there, and keeps other runs out of it before anything else is looked at.
 *  \param lock  release with fb_folder_lock_free when everything is written
 *  \return FB_ERROR_FILE when another run has it, when it cannot be written to, or as
 *          fb_evaluation_folder_check_new */
fb_status fb_evaluation_folder_prepare(const char *folder, fb_folder_use use, fb_folder_lock **lock,
                                       fb_error *error) FB_MUST_USE;

/** Names of the journal in its folder: while it grows, and when the run or shard is complete. */
#define FB_JOURNAL_PART "experiments.part.jsonl"
#define FB_JOURNAL_COMPLETE "experiments.jsonl"

/** The journal of an evaluation in a prepared folder: a new one, or with FB_FOLDER_RESUME the one to go on with, even
 * if it is complete, or of fewer experiments (journal_extension.h), whose experiments go into `evaluation`. As fb_journal_create and fb_journal_resume. */
fb_status fb_evaluation_folder_open_journal(const char *folder, fb_folder_use use, const char *header,
                                            fb_evaluation *evaluation, fb_journal **journal,
                                            fb_error *error) FB_MUST_USE;

/** Makes a complete journal, in the order of the experiments, of the one that grew, in the place of an earlier one. */
fb_status fb_evaluation_folder_complete_journal(const char *folder, const fb_evaluation *evaluation,
                                                fb_error *error) FB_MUST_USE;

/** Writes config.yaml, the settings of the evaluation. */
fb_status fb_evaluation_folder_write_configuration(const char *folder, const char *yaml, fb_error *error) FB_MUST_USE;

/** Copies it from the folder of a shard, if it has one. */
fb_status fb_evaluation_folder_copy_configuration(const char *from, const char *folder, fb_error *error) FB_MUST_USE;

#endif

/** \file leaderboard_entries.h
 * The methods of a leaderboard and their analyses: named methods are trained on the same events, those with the same
 * classifier once.
 */
#ifndef FB_BASELINE_LEADERBOARD_LEADERBOARD_ENTRIES_H
#define FB_BASELINE_LEADERBOARD_LEADERBOARD_ENTRIES_H

#include "baseline/experiments/method_file.h"
#include "baseline/experiments/runner.h"
#include "baseline/external/external_options.h"

/** One method. */
typedef struct fb_leaderboard_entry {
    fb_method_file file;                  ///< of an external method only the name
    fb_external_method_settings settings; ///< of an external method
    fb_external_method *external;         ///< NULL: one of ours
    char folder[FB_PATH_SIZE];            ///< of its analysis and results
    fb_folder_lock *lock;                 ///< of the folder, once it is made
    fb_analysis *analysis;                ///< once there is one; NULL for an external method
} fb_leaderboard_entry;

typedef struct fb_leaderboard_entries {
    const char *folder;      ///< of the leaderboard, borrowed; each method has a folder in it
    fb_folder_lock *lock;    ///< of that
    fb_split_settings split; ///< of the events, the same for all
    const char *metadata;    ///< path of their metadata file, or NULL; borrowed
    int n;
    fb_leaderboard_entry method[FB_RUNNER_MOST_ENTRIES]; ///< [n]
} fb_leaderboard_entries;

/** Without methods. The texts are borrowed. Release with fb_leaderboard_entries_free. */
fb_status fb_leaderboard_entries_create(const char *folder, const fb_split_settings *split,
                                        fb_leaderboard_entries **out, fb_error *error) FB_MUST_USE;
void fb_leaderboard_entries_free(fb_leaderboard_entries *entries);

/** Adds methods by their names or files, as fb_method_file_read takes them.
 *  \param list  separated by commas; "": none
 *  \return FB_ERROR_USAGE, here and below, when two have the same name or there are more than FB_RUNNER_MOST_ENTRIES */
fb_status fb_leaderboard_entries_add_named(fb_leaderboard_entries *entries, const char *list,
                                           fb_error *error) FB_MUST_USE;

/** Adds an external method, which is not started: named as its library is, or command-`place`.
 *  \param settings  how to run it; the leaderboard's split is taken. The texts are borrowed
 *  \param events   that it learns from */
fb_status fb_leaderboard_entries_add_external(fb_leaderboard_entries *entries,
                                              const fb_external_method_settings *settings, int place,
                                              const char *events, fb_error *error) FB_MUST_USE;

/** Makes the folders that are not there, and keeps other runs out of all until the entries are freed. FB_ERROR_FILE as
 * fb_evaluation_folder_prepare. */
fb_status fb_leaderboard_entries_make_folders(fb_leaderboard_entries *entries, fb_folder_use use,
                                              fb_error *error) FB_MUST_USE;

/** Gives every method of ours its analysis from files.
 *  \param folder  that has them as <method>.h5; NULL: the methods' own folders, where fb_leaderboard_entries_train left
 *                 them
 *  \return as fb_analysis_file_load */
fb_status fb_leaderboard_entries_load(fb_leaderboard_entries *entries, const char *folder, fb_error *error) FB_MUST_USE;

/** Gives every method of ours its analysis, made from `events` and left as analysis.h5 in its folder.
 *  \param keep  take an analysis that is in the folder already
 *  \param seed  of the training
 *  \return what training returns, with the name of the method */
fb_status fb_leaderboard_entries_train(fb_leaderboard_entries *entries, fb_source *events, bool keep, uint64_t seed,
                                       bool quiet, fb_error *error) FB_MUST_USE;

#endif

/** \file contest.h
 * The methods of a leaderboard and their analyses: named methods are trained on the same events, those with the same
 * classifier once.
 */
#ifndef FB_BASELINE_CONTEST_H
#define FB_BASELINE_CONTEST_H

#include "baseline/evaluation_folder.h"
#include "baseline/method_file.h"
#include "baseline/method_options.h"

enum { FB_MOST_CONTESTANTS = 64 };

/** One method. */
typedef struct fb_contestant {
    fb_method_file file;         ///< of a participant's method only the name
    fb_method_options options;   ///< of a participant's method
    fb_participant *participant; ///< NULL: one of ours
    char folder[FB_PATH_SIZE];   ///< of its analysis and results
    fb_analysis *analysis;       ///< once there is one; NULL for a participant's method
} fb_contestant;

typedef struct fb_contest {
    const char *folder;     ///< of the leaderboard, borrowed; each method has a folder in it
    fb_split_options split; ///< of the events, the same for all
    int n;
    fb_contestant *method; ///< [n]
} fb_contest;

/** Without methods. The texts are borrowed. Release with fb_contest_free. */
FB_API fb_status fb_contest_create(const char *folder, const fb_split_options *split, fb_contest **out,
                                   fb_error *error) FB_MUST_USE;
FB_API void fb_contest_free(fb_contest *contest);

/** Adds methods by their names or files, as fb_method_file_read takes them.
 *  \param list  separated by commas; "": none
 *  \return FB_ERROR_USAGE, here and below, when two have the same name or there are more than FB_MOST_CONTESTANTS */
FB_API fb_status fb_contest_add_named(fb_contest *contest, const char *list, fb_error *error) FB_MUST_USE;

/** Adds a participant's method, which is not started: named as its library is, or command-`place`.
 *  \param options  how to run it; the contest's split is taken. The texts are borrowed
 *  \param events   that it learns from */
FB_API fb_status fb_contest_add_participant(fb_contest *contest, const fb_method_options *options, int place,
                                            const char *events, fb_error *error) FB_MUST_USE;

/** Makes the folders that are not there. FB_ERROR_FILE as fb_evaluation_prepare_folder. */
FB_API fb_status fb_contest_make_folders(const fb_contest *contest, fb_folder_use use, fb_error *error) FB_MUST_USE;
/** Removes those that are empty. */
FB_API void fb_contest_remove_empty_folders(const fb_contest *contest);

/** Gives every method of ours its analysis from files.
 *  \param folder  that has them as <method>.h5; NULL: those that fb_contest_train left in the methods' own folders
 *  \return as fb_analysis_load */
FB_API fb_status fb_contest_load(fb_contest *contest, const char *folder, fb_error *error) FB_MUST_USE;

/** Gives every method of ours its analysis, made from `events` and left as analysis.h5 in its folder.
 *  \param keep  take an analysis that is in the folder already
 *  \param seed  of the training
 *  \return what training returns, with the name of the method */
FB_API fb_status fb_contest_train(fb_contest *contest, fb_source *events, bool keep, uint64_t seed, bool quiet,
                                  fb_error *error) FB_MUST_USE;

#endif

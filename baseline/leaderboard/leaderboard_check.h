/** \file leaderboard_check.h
 * A leaderboard compared with an earlier one: what can be refused is refused before anything is run.
 */
#ifndef FB_BASELINE_LEADERBOARD_LEADERBOARD_CHECK_H
#define FB_BASELINE_LEADERBOARD_LEADERBOARD_CHECK_H

#include "baseline/leaderboard/leaderboard_entries.h"
#include "baseline/leaderboard/leaderboard_report.h"

/** Reads an earlier leaderboard.json that a run is to be compared with.
 *  \param settings  of the run
 *  \param entries   methods that will be run
 *  \param out       release with json_decref
 *  \return FB_ERROR_FILE: cannot be read; FB_ERROR_DATA: is no leaderboard.json, or one about other settings;
 *          FB_ERROR_USAGE: a method of it will not be run, so that nothing could be said of it */
fb_status fb_leaderboard_check_read_reference(const char *path, const fb_evaluation_settings *settings,
                                              const fb_leaderboard_entries *entries, json_t **out,
                                              fb_error *error) FB_MUST_USE;

/** Compares, and writes a table of what changed to `stream`. Warns if the events are others.
 *  \param reference  from fb_leaderboard_check_read_reference; `path` is its name in messages
 *  \return FB_ERROR_REGRESSION when a method is worse in a metric (leaderboard_result.h) or fails more often;
 *          FB_ERROR_DATA when the results of a method are not what they should be */
fb_status fb_leaderboard_check(const fb_leaderboard *board, const json_t *reference, const char *path, FILE *stream,
                               fb_error *error) FB_MUST_USE;

#endif

/** \file leaderboard_report.h
 * The table of a leaderboard: printed, as files, and compared with an earlier one.
 */
#ifndef FB_BASELINE_LEADERBOARD_REPORT_H
#define FB_BASELINE_LEADERBOARD_REPORT_H

#include <stdio.h>

#include "baseline/leaderboard.h"

typedef struct fb_leaderboard_row {
    const char *name;
    const fb_evaluation *evaluation; ///< borrowed
    fb_standing standing;
} fb_leaderboard_row;

typedef struct fb_leaderboard {
    int n;
    fb_leaderboard_row *row; ///< [n] of the same experiments, best score first after fb_leaderboard_write
    const char *pool;        ///< where the events came from
} fb_leaderboard;

/** Sorts the rows, then writes leaderboard.json, leaderboard.md and leaderboard.html into a folder. */
FB_API fb_status fb_leaderboard_write(fb_leaderboard *board, const char *folder, fb_error *error) FB_MUST_USE;
/** The contents of leaderboard.json, which fb_leaderboard_check reads; a new reference. */
FB_API json_t *fb_leaderboard_json(const fb_leaderboard *board);
/** Prints the table in Markdown. */
FB_API fb_status fb_leaderboard_print(const fb_leaderboard *board, fb_error *error) FB_MUST_USE;

/** Compares with an earlier leaderboard.json and writes a table of what changed to `stream`.
 *  \return FB_ERROR_REGRESSION when a method is worse in a metric (leaderboard.h), fails more often, or is missing;
 *          FB_ERROR_DATA when the file is about other settings or is no leaderboard */
FB_API fb_status fb_leaderboard_check(const fb_leaderboard *board, const char *path, FILE *stream,
                                      fb_error *error) FB_MUST_USE;

#endif

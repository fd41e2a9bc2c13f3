/** \file leaderboard_report.h
 * The table of a leaderboard: printed, and as files.
 */
#ifndef FB_BASELINE_LEADERBOARD_LEADERBOARD_REPORT_H
#define FB_BASELINE_LEADERBOARD_LEADERBOARD_REPORT_H

#include <stdio.h>

#include "baseline/leaderboard/leaderboard_result.h"

typedef struct fb_leaderboard_row {
    const char *name;
    const fb_evaluation *evaluation; ///< borrowed
    fb_leaderboard_result result;
    double shared_error; ///< in sigma, of all its experiments together, from its templates' statistics; NaN: not known
} fb_leaderboard_row;

typedef struct fb_leaderboard {
    int n;
    fb_leaderboard_row *row; ///< [n] of the same experiments, best score first after fb_leaderboard_report_write
    const char *pool;        ///< where the events came from
} fb_leaderboard;

/** Sorts the rows, then writes leaderboard.json, leaderboard.md and leaderboard.html into a folder. */
fb_status fb_leaderboard_report_write(fb_leaderboard *board, const char *folder, fb_error *error) FB_MUST_USE;
/** The contents of leaderboard.json, which leaderboard_check.h reads; a new reference. */
#define FB_LEADERBOARD_KIND "fair-baseline leaderboard 1"
json_t *fb_leaderboard_report_json(const fb_leaderboard *board);
/** What the experiments of a leaderboard depend on, but for the events; a new reference. */
json_t *fb_leaderboard_report_settings_json(const fb_evaluation_settings *settings);
/** Prints the table in Markdown. */
fb_status fb_leaderboard_report_print(FILE *stream, const fb_leaderboard *board, fb_error *error) FB_MUST_USE;

#endif

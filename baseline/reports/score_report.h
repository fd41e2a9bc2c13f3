/** \file score_report.h
 * Scores as people and programs read them: a table, JSON, warnings, and the files that the official program writes.
 */
#ifndef FB_BASELINE_REPORTS_SCORE_REPORT_H
#define FB_BASELINE_REPORTS_SCORE_REPORT_H

#include <jansson.h>

#include "baseline/scores/score_set.h"

/** What there is to say about results that deserve a look: failed fits that were left out, negative intervals,
 * intervals of zero width. */
enum { FB_N_REMARKS = 3, FB_REMARK_SIZE = 512 };
typedef struct fb_remarks {
    int n; ///< 0 .. FB_N_REMARKS
    char text[FB_N_REMARKS][FB_REMARK_SIZE];
} fb_remarks;
fb_remarks fb_score_report_remarks(const fb_score_set *scored);

/** The simulation behind the results, as far as it is known (fb_results): effective numbers of events, and the shared
 * error that they allow; "" if nothing is. */
enum { FB_SIMULATION_TEXT_SIZE = 256 };
void fb_score_report_simulation(double template_events, double pool_events, double shared_error,
                                char text[FB_SIMULATION_TEXT_SIZE]);

/** The five members of `scores`; one that is not finite is null. A new reference. */
json_t *fb_score_report_scores_json(const fb_scores *scores);
/** Everything that is known; a new reference. */
json_t *fb_score_report_json(const fb_score_set *scored);
/** A table on standard output: sets, all together, the bootstrap. */
void fb_score_report_print(const fb_score_set *scored);

/** The cells of that table: as they are printed, and as they stand in the page. */
enum { FB_SCORE_COLUMNS = 4 + FB_N_SCORES, FB_SCORE_CELL_SIZE = 40 };
typedef struct fb_score_row {
    const char *cell[FB_SCORE_COLUMNS];
    char text[FB_SCORE_COLUMNS][FB_SCORE_CELL_SIZE]; ///< what they point to
} fb_score_row;
extern const char *const fb_score_report_columns[FB_SCORE_COLUMNS];
/** \param r  row: the sets, then all together, then mean and error of the bootstrap if there is one */
size_t fb_score_report_n_rows(const fb_score_set *scored);
void fb_score_report_row(const fb_score_set *scored, size_t r, fb_score_row *row);

/** detailed_results.html: intervals as lines, the table, the formula. Nothing in it depends on when or where it is
 * made.
 *  \param page  release with free() */
fb_status fb_score_files_page(const fb_score_set *scored, char **page, fb_error *error) FB_MUST_USE;

/** Writes scores.json and detailed_results.html; neither appears unless both could be written.
 *  \param minutes  that the experiments took: the key ingestion_duration */
fb_status fb_score_files_write(const fb_score_set *scored, double minutes, const char *folder,
                               fb_error *error) FB_MUST_USE;

#endif

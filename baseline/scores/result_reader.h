/** \file result_reader.h
 * The results of many pseudo-experiments as the official programs leave them in a folder: result_<set>.json, and
 * test_settings.json with the true mu of each set.
 */
#ifndef FB_BASELINE_SCORES_RESULT_READER_H
#define FB_BASELINE_SCORES_RESULT_READER_H

#include <jansson.h>

#include "baseline/scores/score_formula.h"

/** An experiment without result: one of its four numbers is null or NaN. All four are NaN then. */
typedef struct fb_failed_fit {
    size_t set, experiment;
    const char *key; ///< the first list without a number: "mu_hats", "delta_mu_hats", "p16" or "p84"
} fb_failed_fit;

typedef struct fb_results {
    size_t n_sets;         ///< >= 1
    fb_result_set *set;    ///< [n_sets] each with at least one experiment
    size_t n;              ///< experiments of all sets
    double **values;       ///< [n_sets] what the sets point into
    size_t n_failed;       ///< fits
    fb_failed_fit *failed; ///< [n_failed] in order
    /* From the summary.json of our evaluations; NaN if there is none. */
    double template_events;       ///< effective number of background events behind the templates
    double pool_events;           ///< the same behind the pool; INFINITY: fresh events
    double shared_template_error; ///< by how much the templates may shift all experiments together, in sigma
    json_t *systematics; ///< of test_settings.json: their names, with true where they were switched on; may be NULL
} fb_results;

/** Besides the lists, `num_of_sets` and `num_pseudo_experiments` in test_settings.json must fit, if they are there.
 *  \param out  release with fb_result_reader_free
 *  \return FB_ERROR_FILE for a file that is missing or cannot be read; FB_ERROR_DATA, with file, set, experiment and
 * key, for one that is not what it should be: no JSON, a list that is missing, empty or of another length, an entry
 * that is no number, a set too many */
fb_status fb_result_reader_read(const char *folder, fb_results **out, fb_error *error) FB_MUST_USE;
void fb_result_reader_free(fb_results *results);

/** What ingestion_duration.json says, minutes; errors as above. */
fb_status fb_result_reader_duration(const char *folder, double *minutes, fb_error *error) FB_MUST_USE;

#endif

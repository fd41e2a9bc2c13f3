/** \file results.h
 * The results of many pseudo-experiments as the official programs leave them in a folder: result_<set>.json, and
 * test_settings.json with the true mu of each set.
 */
#ifndef FB_BASELINE_RESULTS_H
#define FB_BASELINE_RESULTS_H

#include "baseline/score.h"

typedef struct fb_results {
    size_t n_sets;      ///< >= 1
    fb_result_set *set; ///< [n_sets] each with at least one experiment; null in a file, a failed fit, is NaN
    double *values;     ///< what the sets point into
} fb_results;

/** \param out  release with fb_results_free
 *  \return FB_ERROR_FILE for a file that is missing or cannot be read; FB_ERROR_DATA, with file and key, for one that
 * is not what it should be: no JSON, a list that is missing, empty or of another length, an entry that is no number */
FB_API fb_status fb_results_read(const char *folder, fb_results **out, fb_error *error) FB_MUST_USE;
FB_API void fb_results_free(fb_results *results);

#endif

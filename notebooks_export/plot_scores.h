/** \file plot_scores.h
 * The bins of the score: what the processes add up to, what was observed, and the ratio of the two.
 */
#ifndef FB_NOTEBOOKS_EXPORT_PLOT_SCORES_H
#define FB_NOTEBOOKS_EXPORT_PLOT_SCORES_H

#include <stdbool.h>
#include <stddef.h>

#include "models/common/status.h"

enum { FB_MOST_STACKED = 6 };

/** All pointers are borrowed. */
typedef struct fb_scores_picture {
    const char *title;
    size_t n_bins;
    const double *edges;        ///< [n_bins + 1] of the score, rising
    bool is_density;            ///< events per unit of the score, against the score; else events, bin by bin
    size_t n_processes;         ///< 1 .. FB_MOST_STACKED, the first one at the top: the signal
    const char *const *process; ///< [n_processes] names
    const double *expected;     ///< [n_processes][n_bins] events
    const double *error;        ///< [n_bins] of their sum, from the statistics of the simulation
    const char *expectation;    ///< what is expected, in a few words
    const double *observed;     ///< [n_bins] events
    const double *observed_low; ///< [n_bins] ends of the error bars
    const double *observed_high;
} fb_scores_picture;

/** \param svg  text of the picture, release with free()
 *  \return FB_ERROR_MEMORY */
fb_status fb_plot_scores(const fb_scores_picture *picture, char **svg, fb_error *error) FB_MUST_USE;

#endif

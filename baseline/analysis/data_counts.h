/** \file data_counts.h
 * Data as they are measured: the events of a file, as a participant gets them, in the bins of an analysis.
 */
#ifndef FB_BASELINE_ANALYSIS_DATA_COUNTS_H
#define FB_BASELINE_ANALYSIS_DATA_COUNTS_H

#include "baseline/analysis/analysis.h"

enum { FB_DERIVED_TEXT_SIZE = 192 };

typedef struct fb_data_counts {
    double count[FB_MAX_BINS]; ///< [n_bins of the analysis]
    uint64_t n_events;         ///< after the selection
    /** Whether the file has all 12 derived columns, which are used then: the official program computes them from a MET
     * that is not rounded to float32 yet. If not, they are computed from the primary columns. */
    bool has_derived;
    double largest_difference; ///< has_derived: of a value of the file and the computed one, over max(1, computed)
    int differing_column;      ///< has_derived: the column of that
    uint64_t n_undefined;      ///< has_derived: values of the file that are no numbers; the computed ones are used
    uint64_t n_implausible;    ///< has_derived: rows with a difference too large for rounding
} fb_data_counts;

/** Reads the events of a file: distorted, selected, without weights.
 *  \return FB_ERROR_DATA for simulation, for rows that the analysis was trained on, and when no event survives */
fb_status fb_data_counts_read(const fb_analysis *analysis, const char *path, fb_data_counts *out,
                              fb_error *error) FB_MUST_USE;

/** Which derived columns were used, in words. */
void fb_data_counts_describe_derived(const fb_data_counts *facts, char *text, size_t size);

#endif

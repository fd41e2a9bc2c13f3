/** \file result_writer.h
 * The files of a finished evaluation, as the official programs name them.
 */
#ifndef FB_BASELINE_EXPERIMENTS_RESULT_WRITER_H
#define FB_BASELINE_EXPERIMENTS_RESULT_WRITER_H

#include <jansson.h>

#include "baseline/experiments/evaluation_summary.h"
#include "baseline/experiments/timing_file.h"

/** Summarises the experiments, writes result_<set>.json, test_settings.json, ingestion_duration.json, scores.json,
 * detailed_results.html and summary.json, and completes the journal. The files are written aside first and then
 * moved to their places, summary.json last, so that a failure while writing leaves those of an earlier run as they
 * were. A failed fit is null in the lists.
 *  \param timing  how long the experiments took
 *  \return FB_ERROR_NOT_CONVERGED when no experiment has a result: then the journal is all there is, and files that
 *          an earlier run left are gone */
fb_status fb_result_writer_finish(const fb_evaluation *evaluation, const char *folder, const fb_timing_file *timing,
                                  fb_evaluation_summary *summary, fb_error *error) FB_MUST_USE;

/** The contents of summary.json; a new reference. */
json_t *fb_result_writer_json(const fb_evaluation *evaluation, const fb_evaluation_summary *summary);

#endif

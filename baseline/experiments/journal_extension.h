/** \file journal_extension.h
 * A journal for more experiments than it was started for: what is recorded keeps its place among more sets and more
 * experiments of a set.
 */
#ifndef FB_BASELINE_EXPERIMENTS_JOURNAL_EXTENSION_H
#define FB_BASELINE_EXPERIMENTS_JOURNAL_EXTENSION_H

#include "baseline/experiments/evaluation.h"

/** Reads what the journal `path` has into `evaluation`, if its first line is `about` (run_fingerprint.h) but for fewer
 * experiments of FB_GENERATOR_STREAMS, where an experiment is a function of the seed, its set and its number there.
 * Otherwise nothing is done; fb_journal_resume says then what is different.
 *  \param done  whether it was read
 *  \return FB_ERROR_DATA names the line that is damaged; FB_ERROR_USAGE for fewer of FB_GENERATOR_OFFICIAL, whose
 *          experiments depend on how many there are */
fb_status fb_journal_extension_read(const char *path, const char *about, fb_evaluation *evaluation, bool *done,
                                    fb_error *error) FB_MUST_USE;

#endif

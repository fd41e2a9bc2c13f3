/** \file journal.h
 * The record of finished pseudo-experiments: a text file that only grows, one JSON object a line, the first one about
 * what is evaluated. Whatever stops a run, the lines that are complete stay true, and another run goes on after them.
 * Who writes one holds the lock of its folder (folder_lock.h).
 */
#ifndef FB_BASELINE_EXPERIMENTS_JOURNAL_H
#define FB_BASELINE_EXPERIMENTS_JOURNAL_H

#include "baseline/experiments/evaluation.h"

typedef struct fb_journal fb_journal;

/** Starts a new journal. `about` is the text of the first line, without its end; it identifies everything that the
 * results depend on. FB_ERROR_FILE when the file is there already. */
fb_status fb_journal_create(const char *path, const char *about, fb_journal **out, fb_error *error) FB_MUST_USE;

/** Goes on with a journal: reads what is recorded into `evaluation`, cuts off a last line that is not complete. A file
 * that is not there, or has no complete line, is started. FB_ERROR_DATA when it is about something else, or names the
 * line that is damaged, makes no sense (experiment_json.h), or says something else of an experiment than a line before.
 */
fb_status fb_journal_resume(const char *path, const char *about, fb_evaluation *evaluation, fb_journal **out,
                            fb_error *error) FB_MUST_USE;

/** Reads what is recorded into `evaluation`, which may have experiments of other journals, and changes nothing. The
 * first line must be `about`. */
fb_status fb_journal_read(const char *path, const char *about, fb_evaluation *evaluation, fb_error *error) FB_MUST_USE;

/** The first line; release with free(). */
fb_status fb_journal_about(const char *path, char **about, fb_error *error) FB_MUST_USE;

/** A journal with all finished experiments of `evaluation` in order, complete when it gets its name, in the place of an
 * earlier one. */
fb_status fb_journal_write(const char *path, const char *about, const fb_evaluation *evaluation,
                           fb_error *error) FB_MUST_USE;

/** Adds a finished experiment. It is in the file when this returns, and on the disk after fb_journal_sync. */
fb_status fb_journal_add(fb_journal *journal, uint64_t index, const fb_experiment *experiment,
                         fb_error *error) FB_MUST_USE;
fb_status fb_journal_sync(fb_journal *journal, fb_error *error) FB_MUST_USE;

/** Closes. NULL is fine. */
void fb_journal_free(fb_journal *journal);

#endif

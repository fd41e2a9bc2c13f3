/** \file score_command.h
 * A kind of classifier (models/common/classifier_methods.h) whose scores come from a program of somebody else, in any
 * language; bins, templates and fit are ours. PLUGINS.md says how the program is talked to.
 *
 * What is trained is nothing: the program comes with what it knows, or learns before its first answer. What is stored
 * is the text of the command. A classifier starts the program at its first score and ends it with itself; when the
 * program failed once, the classifier fails from then on. Threads take turns.
 */
#ifndef FB_BASELINE_EXTERNAL_SCORE_COMMAND_H
#define FB_BASELINE_EXTERNAL_SCORE_COMMAND_H

#include "holdout/pipeline/split.h"
#include "models/common/status.h"

/** Makes the kind FB_TRAIN_SETTINGS_COMMAND (analysis/train_settings.h) known. Call once, before there are threads. */
fb_status fb_score_command_register(fb_error *error) FB_MUST_USE;

/** What programs that are started from now on may learn from. Call before there are threads.
 *  \param events    path, borrowed; NULL: nothing, as at the beginning
 *  \param metadata  path of the metadata file for that split, borrowed, or NULL */
void fb_score_command_offer(const char *events, const fb_split_settings *split, const char *metadata);

#endif

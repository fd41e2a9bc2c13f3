/** \file config.h
 * Configurations: YAML files with a section per command, whose keys are the long names of its options.
 *
 *     train:                       # for 'fair-baseline train --config FILE'
 *       model: dense
 *       set: [epochs=10, rate=0.004]
 *       bins: 25
 *     fit: {systematics: "tes,jes"}
 *
 * '_' may stand for '-' in a key. A flag takes true or false (or yes, no, on, off), a list of texts may be empty, and
 * ranges are those of the command line. Sections of other commands are not looked into. Unknown sections and keys and
 * values of the wrong kind are refused.
 */
#ifndef FB_BASELINE_CONFIG_CONFIG_H
#define FB_BASELINE_CONFIG_CONFIG_H

#include "baseline/config/option.h"

/** The subcommands of the program, in the order of --help; each is also a section. X(name, summary) */
#define FB_COMMAND_LIST(X)                                                                                             \
    X(simulate, "make events of the four processes")                                                                   \
    X(convert, "copy events between file formats")                                                                     \
    X(systematics, "distort events as the challenge does, select them, add derived columns")                           \
    X(train, "train a classifier and measure the templates")                                                           \
    X(measure, "measure the templates of an analysis again")                                                           \
    X(scan, "try settings of a classifier")                                                                            \
    X(pseudo, "draw a pseudo-experiment")                                                                              \
    X(scores, "write the score and the bin of each event")                                                             \
    X(fit, "measure mu")                                                                                               \
    X(evaluate, "run many pseudo-experiments and score them")                                                          \
    X(merge, "put the shards of an evaluation together")                                                               \
    X(score, "score the results of many pseudo-experiments")                                                           \
    X(leaderboard, "compare methods on the same pseudo-experiments")                                                   \
    X(plot, "draw templates, scores, the profile of t or intervals as SVG")                                            \
    X(info, "say what a file of events or an analysis holds")                                                          \
    X(validate, "check whether a file of events is usable and plausible")

/** Sets the values of options from one section of a file. A file without that section changes nothing; items of a list
 * are appended. Texts stay valid until fb_config_forget. Call from one thread at a time.
 *  \param path      YAML file
 *  \param section   name of the command, as "train" or "plot-scores"
 *  \param table     of the options; their values are changed, even if an error is found later in the file
 *  \return FB_ERROR_FILE: cannot be read; FB_ERROR_DATA: is not YAML of sections and keys; FB_ERROR_USAGE: an unknown
 *          section or key, a wrong kind of value, one out of range. The text names file, line, column and what is
 *          allowed. */
fb_status fb_config_apply(const char *path, const char *section, fb_option_table *table, fb_error *error) FB_MUST_USE;

/** The same for a text that is called `name` in messages. */
fb_status fb_config_apply_text(const char *text, const char *name, const char *section, fb_option_table *table,
                               fb_error *error) FB_MUST_USE;

/** Releases the texts that options were set to; none of them may be used any more. */
void fb_config_forget(void);

#endif

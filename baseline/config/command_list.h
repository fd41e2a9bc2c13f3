/** \file command_list.h
 * The subcommands of the program, in the order of --help; each is also a section of a configuration.
 */
#ifndef FB_BASELINE_CONFIG_COMMAND_LIST_H
#define FB_BASELINE_CONFIG_COMMAND_LIST_H

/* X(name, summary) */
#define FB_COMMAND_LIST(X)                                                                                             \
    X(simulate, "make events of the four processes")                                                                   \
    X(convert, "copy events between file formats")                                                                     \
    X(systematics, "distort events as the challenge does, select them, add derived columns")                           \
    X(train, "train a classifier and measure the templates")                                                           \
    X(measure, "measure the templates of an analysis again")                                                           \
    X(scan, "try settings of a classifier")                                                                            \
    X(pseudo, "draw a pseudo-experiment")                                                                              \
    X(fit, "measure mu")                                                                                               \
    X(evaluate, "run many pseudo-experiments and score them")                                                          \
    X(merge, "put the shards of an evaluation together")                                                               \
    X(score, "score the results of many pseudo-experiments")                                                           \
    X(leaderboard, "compare methods on the same pseudo-experiments")                                                   \
    X(plot, "draw templates, scores, the profile of t or intervals as SVG")                                            \
    X(info, "say what a file of events or an analysis holds")                                                          \
    X(validate, "check whether a file of events is usable and plausible")

#endif

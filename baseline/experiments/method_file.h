/** \file method_file.h
 * A named method: a YAML file with the options of `train` and of `fit`, the same that --config takes.
 */
#ifndef FB_BASELINE_EXPERIMENTS_METHOD_FILE_H
#define FB_BASELINE_EXPERIMENTS_METHOD_FILE_H

#include "baseline/analysis/fit_options.h"
#include "baseline/analysis/train_options.h"
#include "baseline/experiments/method_name.h"

typedef struct fb_method_file {
    char name[FB_METHOD_NAME_SIZE]; ///< of the file, without folder and extension
    fb_train_settings train;
    fb_fit_choice fit;
} fb_method_file;

/** Reads a method.
 *  \param method  a path that ends in .yaml or .yml, or the name of a file in the folder of methods: the one that
 *                 FAIR_BASELINE_METHODS names, else that of the installed program, else that of its sources
 *  \param out     its texts live until fb_config_forget
 *  \return FB_ERROR_USAGE for an unknown name, with the known ones, for one that fb_method_name_of refuses, and for a
 *          value that no training or fit takes, with the file; what fb_config_apply returns */
fb_status fb_method_file_read(const char *method, fb_method_file *out, fb_error *error) FB_MUST_USE;

/** Whether two methods train the same classifier, so that it need not be trained twice. */
bool fb_method_file_same_classifier(const fb_method_file *a, const fb_method_file *b);

/** The methods that come with the program, those of the slides and of the leaderboard: FIRST(name) NEXT(name) ... */
#define FB_METHOD_LIST(FIRST, NEXT)                                                                                    \
    FIRST("bdt")                                                                                                       \
    NEXT("net")                                                                                                        \
    NEXT("one-bin")                                                                                                    \
    NEXT("histogram-10") NEXT("tes-only") NEXT("stat-only") NEXT("systematics-aware") NEXT("kit") NEXT("hardened")

/** Their names, separated by commas. */
#define FB_METHOD_NAMES FB_METHOD_LIST(FB_METHOD_FIRST, FB_METHOD_NEXT)
#define FB_METHOD_FIRST(name) name
#define FB_METHOD_NEXT(name) "," name

#endif

/** \file evaluation_options.h
 * The options of an evaluation: what is drawn, and what becomes of a folder that holds results already.
 */
#ifndef FB_BASELINE_EXPERIMENTS_EVALUATION_OPTIONS_H
#define FB_BASELINE_EXPERIMENTS_EVALUATION_OPTIONS_H

#include "baseline/config/option.h"
#include "baseline/experiments/evaluation_folder.h"

/** The switches of the official program, which choose what is drawn one by one. */
typedef struct fb_evaluation_switches {
    bool all;
    bool one[FB_N_NUISANCE];
} fb_evaluation_switches;

/** Adds the options of the settings to a table.
 *  \param seed      that --random-seed sets
 *  \param switches  for the official switches too; NULL: without them */
void fb_evaluation_options_add(fb_option_table *table, fb_evaluation_settings *settings, uint64_t *seed,
                               fb_evaluation_switches *switches);

/** What is drawn when some of the switches are on, which then count instead of `drawn`. */
fb_nuisance_mask fb_evaluation_options_drawn(fb_nuisance_mask drawn, const fb_evaluation_switches *switches);

/** Adds --batch: experiments drawn together, which changes no result. */
void fb_evaluation_options_add_batch(fb_option_table *table, uint64_t *batch);

/** Adds --overwrite, and before it --resume unless that is NULL. */
void fb_evaluation_options_add_use(fb_option_table *table, bool *resume, bool *overwrite);

/** What they ask for; the command line refuses both. */
fb_folder_use fb_evaluation_options_use(bool resume, bool overwrite);

#endif

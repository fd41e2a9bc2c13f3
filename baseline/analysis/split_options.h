/** \file split_options.h
 * The options of a split as text, the same for every command that splits.
 */
#ifndef FB_BASELINE_ANALYSIS_SPLIT_OPTIONS_H
#define FB_BASELINE_ANALYSIS_SPLIT_OPTIONS_H

#include "baseline/config/command_line.h"
#include "holdout/pipeline/split.h"

typedef struct fb_split_options {
    const char *fractions; ///< "train,validation,holdout,pool"
    const char *rule;      ///< "hash" or "official"
    uint64_t seed;
} fb_split_options;

/** 0.3,0.1,0.3,0.3 by the hash with seed 1, as fb_split_default. */
FB_API fb_split_options fb_split_options_default(void);

/** FB_ERROR_USAGE names the option and what is allowed. */
FB_API fb_status fb_split_options_parse(const fb_split_options *options, fb_split *split, fb_error *error) FB_MUST_USE;

/** The rows of an option table. */
#define FB_SPLIT_OPTIONS(o)                                                                                            \
    {"split", 0, "T,V,H,P", FB_OPTION_TEXT, &(o).fractions, 0, 0, "fractions of train, validation, holdout, pool"},    \
        {"split-rule", 0, "NAME", FB_OPTION_TEXT,                                                                      \
         &(o).rule,    0, 0,      "hash, or official: the first 30 % of the rows are the pool"},                       \
    {                                                                                                                  \
        "split-seed", 0, "S", FB_OPTION_COUNT, &(o).seed, 0, 9e18, "seed of the hash"                                  \
    }

#endif

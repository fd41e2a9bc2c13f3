#include "baseline/analysis/split_options.h"

#include <string.h>

fb_split_options fb_split_options_default(void)
{
    return (fb_split_options){.fractions = "0.3,0.1,0.3,0.3", .rule = "hash", .seed = 1};
}

fb_status fb_split_options_parse(const fb_split_options *options, fb_split *split, fb_error *error)
{
    *split = fb_split_default();
    split->seed = options->seed;
    split->rule = strcmp(options->rule, "official") == 0 ? FB_SPLIT_OFFICIAL : FB_SPLIT_HASH;
    if (split->rule == FB_SPLIT_HASH && strcmp(options->rule, "hash") != 0) {
        return fb_fail(error, FB_ERROR_USAGE, "--split-rule: '%s' is not hash or official", options->rule);
    }
    return fb_split_parse_fractions(options->fractions, split, error);
}

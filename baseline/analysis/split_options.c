#include "baseline/analysis/split_options.h"

#include "models/common/text.h"

fb_split_options fb_split_options_default(void)
{
    return (fb_split_options){.fractions = "0.3,0.1,0.3,0.3", .rule = "hash", .seed = 1};
}

fb_status fb_split_options_parse(const fb_split_options *options, fb_split *split, fb_error *error)
{
    fb_split_settings settings = {.seed = options->seed};
    const int rule = fb_text_find(options->rule, fb_split_rule_names);
    if (rule < 0) {
        return fb_fail(error, FB_ERROR_USAGE, "--split-rule: '%s' is not hash or official", options->rule);
    }
    settings.rule = (fb_split_rule)rule;
    const fb_status status = fb_split_parse_shares(options->fractions, settings.share, error);
    if (status != FB_OK) {
        return fb_fail_prefix(error, status, "split '%s'", options->fractions);
    }
    *split = fb_split_of(&settings);
    return FB_OK;
}

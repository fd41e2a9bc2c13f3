#include "baseline/analysis/split_options.h"

#include "models/common/text.h"

static fb_status parse_shares(const char *text, void *value, fb_error *error)
{
    return fb_split_parse_shares(text, value, error);
}

static bool write_shares(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    fb_text_of_doubles(FB_N_PARTS, value, text, FB_OPTION_TEXT_SIZE);
    return k == 0;
}

static const fb_option_type shares = {parse_shares, write_shares, false};

void fb_split_options_add(fb_option_table *table, fb_split_settings *settings)
{
    fb_option_add_parsed(table, "split", "T,V,H,P", settings->share, &shares,
                         "fractions of train, validation, holdout, pool");
    fb_option_add_choice(table, "split-rule", "NAME", &settings->rule, fb_split_rule_names,
                         "hash, or official: the first 30 % of the rows are the pool");
    fb_option_add_count(table, "split-seed", "S", &settings->seed, 0, 9e18, "seed of the hash");
}

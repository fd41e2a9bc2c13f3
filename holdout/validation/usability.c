#include "holdout/validation/usability.h"

#include <inttypes.h>

fb_status fb_usability_check_values(const fb_value_rules *rules, const fb_source_info *info, fb_error *error)
{
    const fb_event_stage stage = fb_value_rules_stage(rules, info->stage);
    for (int rule = 0; rule < fb_value_rules_n_rules(); rule++) {
        const fb_value_rule words = fb_value_rules_describe(rule);
        const fb_value_rule_count *c = &rules->count[rule];
        if (fb_value_rules_judge(rules, rule, stage) == FB_SEVERITY_ERROR) {
            return fb_fail(error, FB_ERROR_DATA,
                           "%s: not usable: row %" PRIu64 ", column %s: %g: %s (%" PRIu64
                           " rows; 'fair-baseline validate' shows all)",
                           info->name, c->first_row, fb_column_name(words.column), (double)c->value, words.text, c->n);
        }
    }
    return FB_OK;
}

const char *fb_usability_missing_class(const double sum[FB_N_PROCESS])
{
    const double background = sum[FB_ZTAUTAU] + sum[FB_TTBAR] + sum[FB_DIBOSON];
    return !(sum[FB_HTAUTAU] > 0.0) ? "signal (htautau)" : !(background > 0.0) ? "background" : NULL;
}

fb_status fb_usability_check_classes(const double sum[FB_N_PROCESS], const char *name, fb_error *error)
{
    const char *missing = fb_usability_missing_class(sum);
    return missing == NULL
               ? FB_OK
               : fb_fail(error, FB_ERROR_DATA,
                         "%s: not usable: has no weight of the %s; a sum of weights > 0 is needed", name, missing);
}

#include "baseline/analysis/fit_options.h"

#include "models/common/text.h"

fb_fit_options fb_fit_options_default(void)
{
    return (fb_fit_options){.systematics = "all", .interval = "symmetric", .priors = "official"};
}

static fb_status parse_priors(const char *text, fb_prior_set *set, fb_error *error)
{
    const int which = fb_text_find(text, fb_nuisance_prior_names);
    *set = (fb_prior_set)which;
    return which >= 0 ? FB_OK
                      : fb_fail(error, FB_ERROR_USAGE, "--priors: '%s' is not official, white-paper or kit", text);
}

/* The kit's settings with what was chosen to float and to be fixed. */
static void as_kit(fb_fit_settings *settings)
{
    const fb_fit_settings chosen = *settings;
    *settings = fb_fit_settings_kit();
    settings->systematics = chosen.systematics;
    settings->fixed = chosen.fixed;
    settings->fixed_at = chosen.fixed_at;
    settings->mu_is_fixed = chosen.mu_is_fixed;
    settings->mu_fixed_at = chosen.mu_fixed_at;
}

fb_status fb_fit_options_parse(const fb_fit_options *options, fb_fit_settings *settings, fb_error *error)
{
    *settings = fb_fit_settings_default();
    fb_status status = fb_nuisance_mask_parse(options->systematics, &settings->systematics, error);
    if (status != FB_OK) {
        return fb_fail_prefix(error, status, "--systematics %s", options->systematics);
    }
    FB_TRY(parse_priors(options->priors, &settings->priors, error));
    for (int k = 0; k < options->fix.n; k++) {
        status = fb_fit_settings_fix(settings, options->fix.item[k], error);
        if (status != FB_OK) {
            return fb_fail_prefix(error, status, "--fix %s", options->fix.item[k]);
        }
    }
    int kind = fb_text_find(options->interval, fb_fit_settings_interval_names);
    if (kind < 0) {
        return fb_fail(error, FB_ERROR_USAGE, "--interval: '%s' is not symmetric, profile or hessian",
                       options->interval);
    }
    settings->interval = (fb_interval_kind)kind;
    settings->monte_carlo_uncertainty = !options->no_mc_uncertainty;
    if (options->as_kit) {
        as_kit(settings);
    }
    FB_TRY(fb_fit_settings_check(settings, error));
cleanup:
    return status;
}

json_t *fb_fit_options_json(const fb_fit_options *options)
{
    json_t *fixed = json_array();
    for (int k = 0; k < options->fix.n; k++) {
        json_array_append_new(fixed, json_string(options->fix.item[k]));
    }
    return json_pack("{s:s,s:o,s:s,s:s,s:b,s:b}", "systematics", options->systematics, "fix", fixed, "interval",
                     options->interval, "priors", options->priors, "mc_uncertainty", !options->no_mc_uncertainty,
                     "as_kit", options->as_kit);
}

#include "baseline/analysis/fit_options.h"

#include <string.h>

#include "models/common/text.h"

static fb_status parse_mask(const char *text, void *value, fb_error *error)
{
    return fb_nuisance_mask_parse(text, value, error);
}

static bool write_mask(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    fb_nuisance_mask_text(*(const fb_nuisance_mask *)value, text);
    return k == 0;
}

const fb_option_type fb_fit_options_mask = {.parse = parse_mask, .write = write_mask};

const char *const *fb_fit_options_mask_words(void)
{
    static const char *words[2 + FB_N_NUISANCE + 1] = {"all", "none"};
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        words[2 + k] = fb_nuisance_describe((fb_nuisance)k)->name;
    }
    return words;
}

static fb_status parse_fixed(const char *text, void *value, fb_error *error)
{
    return fb_fit_settings_fix(value, text, error);
}

static bool write_fixed(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    return fb_fit_settings_fixed_text(value, k, text, FB_OPTION_TEXT_SIZE);
}

const fb_option_type fb_fit_options_fixed = {.parse = parse_fixed, .write = write_fixed, .is_list = true};

static fb_status parse_limits(const char *text, void *value, fb_error *error)
{
    return fb_fit_settings_limit(value, text, error);
}

/* Nothing if they follow the templates. */
static bool write_limits(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    const fb_fit_settings *s = value;
    fb_text_of_doubles(2, (const double[]){s->mu_low, s->mu_high}, text, FB_OPTION_TEXT_SIZE);
    return k == 0 && !s->mu_limits_follow;
}

static const fb_option_type limits = {.parse = parse_limits, .write = write_limits};

fb_fit_choice fb_fit_options_default(void)
{
    return (fb_fit_choice){.settings = fb_fit_settings_default()};
}

void fb_fit_options_add(fb_option_table *table, fb_fit_choice *choice)
{
    fb_fit_settings *s = &choice->settings;
    table->group = "fit";
    fb_option_add_parsed(table, "systematics", "LIST", &s->systematics, &fb_fit_options_mask,
                         "which nuisance parameters float: all, none, or names with commas")
        ->names = fb_fit_options_mask_words();
    fb_option_add_parsed(table, "fix", "NAME=X", s, &fb_fit_options_fixed,
                         "hold mu or a nuisance parameter; may be repeated");
    fb_option_add_parsed(table, "limits", "LOW,HIGH", s, &limits,
                         "limits of mu [-50,50, or 20 expected errors around 1 where these are wider]");
    fb_option_add_choice(table, "interval", "KIND", &s->interval, fb_fit_settings_interval_names,
                         "symmetric, profile or hessian");
    fb_option_add_choice(table, "priors", "SET", &s->priors, fb_nuisance_prior_names, "official, white-paper or kit");
    fb_option_add_flag(table, "as-kit", &choice->as_kit,
                       "fit as the official kit does: its priors, one start, Hessian, delta_mu_hat = 2 sigma")
        ->excludes = "interval priors no-mc-uncertainty";
    fb_option_add_no_flag(table, "no-mc-uncertainty", &s->monte_carlo_uncertainty,
                          "trust the templates as if they had no statistical error");
}

static const char errors_help[] = "of all parameters: hessian, or also profile: where t rises by 1 on either side";

void fb_fit_options_add_all(fb_option_table *table, fb_fit_choice *choice)
{
    static const char *const names[] = {"hessian", "profile", NULL};
    fb_fit_options_add(table, choice);
    fb_option_add_choice(table, "errors", "KIND", &choice->errors, names, errors_help);
}

static fb_status parse_no_errors(const char *text, void *value, fb_error *error)
{
    (void)value;
    return strcmp(text, "hessian") == 0
               ? FB_OK
               : fb_fail(error, FB_ERROR_USAGE, "only hessian is allowed here; others are found by 'fit' alone");
}

static bool write_no_errors(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    (void)value;
    (void)k;
    (void)text;
    return false;
}

void fb_fit_options_add_section(fb_option_table *table, fb_fit_choice *choice)
{
    static const fb_option_type no_errors = {.parse = parse_no_errors, .write = write_no_errors};
    fb_fit_options_add(table, choice);
    fb_option_add_parsed(table, "errors", "KIND", &choice->errors, &no_errors, errors_help);
}

fb_fit_settings fb_fit_options_settings(const fb_fit_choice *choice)
{
    const fb_fit_settings *chosen = &choice->settings;
    fb_fit_settings kit = fb_fit_settings_kit();
    kit.systematics = chosen->systematics;
    kit.fixed = chosen->fixed;
    kit.fixed_at = chosen->fixed_at;
    kit.mu_is_fixed = chosen->mu_is_fixed;
    kit.mu_fixed_at = chosen->mu_fixed_at;
    kit.mu_low = chosen->mu_low;
    kit.mu_high = chosen->mu_high;
    kit.mu_limits_follow = chosen->mu_limits_follow;
    return choice->as_kit ? kit : *chosen;
}

json_t *fb_fit_options_json(const fb_fit_choice *choice)
{
    const fb_fit_settings *s = &choice->settings;
    char mask[FB_NUISANCE_MASK_SIZE], one[FB_OPTION_TEXT_SIZE];
    json_t *fixed = json_array();
    for (int k = 0; write_fixed(s, k, one); k++) {
        json_array_append_new(fixed, json_string(one));
    }
    json_t *chosen =
        json_pack("{s:s,s:o,s:s,s:s,s:b,s:b}", "systematics", fb_nuisance_mask_text(s->systematics, mask), "fix", fixed,
                  "interval", fb_fit_settings_interval_names[s->interval], "priors", fb_nuisance_prior_names[s->priors],
                  "mc_uncertainty", s->monte_carlo_uncertainty, "as_kit", choice->as_kit);
    if (!s->mu_limits_follow) { /* left out where they follow the templates, as in results that knew no others */
        json_object_set_new(chosen, "limits", json_pack("[f,f]", s->mu_low, s->mu_high));
    }
    return chosen;
}

/* A value of the record, as the text that sets the option. */
static fb_status set_recorded(fb_option_table *table, const char *name, const json_t *value, fb_error *error)
{
    const char *text = json_string_value(value);
    return text != NULL ? fb_option_set(fb_option_find(table, name), text, error)
                        : fb_fail(error, FB_ERROR_DATA, "\"%s\" is missing, or no text", name);
}

fb_status fb_fit_options_check_json(const json_t *fit, fb_error *error)
{
    static const char *const texts[] = {"systematics", "interval", "priors"};
    fb_fit_choice choice = fb_fit_options_default();
    fb_option_table table = {0};
    char both[FB_OPTION_TEXT_SIZE];
    json_t *fixed = json_object_get(fit, "fix"), *limit = json_object_get(fit, "limits"), *one;
    size_t k;
    fb_status status = FB_OK;
    fb_fit_options_add(&table, &choice);
    for (k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        FB_TRY(set_recorded(&table, texts[k], json_object_get(fit, texts[k]), error));
    }
    json_array_foreach(fixed, k, one)
    {
        FB_TRY(set_recorded(&table, "fix", one, error));
    }
    if (limit != NULL) {
        const double numbers[2] = {json_number_value(json_array_get(limit, 0)),
                                   json_number_value(json_array_get(limit, 1))};
        fb_text_of_doubles(2, numbers, both, sizeof both);
        FB_TRY(fb_option_set(fb_option_find(&table, "limits"), both, error));
    }
    if (!json_is_array(fixed) || !json_is_boolean(json_object_get(fit, "mc_uncertainty")) ||
        !json_is_boolean(json_object_get(fit, "as_kit"))) {
        status = fb_fail(error, FB_ERROR_DATA, "\"fix\" as a list, \"mc_uncertainty\" and \"as_kit\" are needed");
    }
cleanup:
    return status;
}

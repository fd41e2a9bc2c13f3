#include "baseline/analysis/measurement.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "baseline/analysis/data_counts.h"
#include "baseline/analysis/fit_options.h"
#include "baseline/analysis/train.h"
#include "baseline/analysis/train_options.h"
#include "baseline/config/given_options.h"
#include "models/common/c_locale.h"
#include "models/common/thread_limit.h"
#include "nll/fit.h"

_Static_assert((int)FB_MEASUREMENT_NUISANCES == (int)FB_N_NUISANCE, "the header lists the nuisance parameters");

/* Sets the options "name=value", or "name" for a switch, of a table. */
static fb_status set_options(fb_option_table *table, const char *command, int n, const char *const *options,
                             fb_error *error)
{
    fb_given_options given = {0};
    fb_status status = FB_OK;
    for (int k = 0; k < n; k++) {
        char name[FB_OPTION_TEXT_SIZE];
        const size_t length = strcspn(options[k], "=");
        const char *value = options[k][length] == '=' ? options[k] + length + 1 : NULL;
        snprintf(name, sizeof name, "%.*s", (int)length, options[k]);
        fb_option *option = fb_option_find(table, name);
        if (option == NULL) {
            FB_TRY(fb_fail(error, FB_ERROR_USAGE, "'%.60s' is no option of '%s'; see 'fair-baseline %s --help'",
                           options[k], command, command));
        }
        if (value == NULL && option->argument != NULL) {
            FB_TRY(fb_fail(error, FB_ERROR_USAGE, "option '%s' of '%s' needs a value: %s=%s", name, command, name,
                           option->argument));
        }
        FB_TRY(fb_given_options_set(&given, option, value, error));
    }
    FB_TRY(fb_given_options_check(table, error));
cleanup:
    fb_given_options_clear(&given);
    return status;
}

fb_status fb_measurement_train(fb_source *events, int n_options, const char *const *options, fb_analysis **out,
                               fb_error *error)
{
    FB_C_LOCALE;
    fb_train_settings settings = fb_train_settings_default();
    fb_option_table table = {0};
    fb_analysis *analysis = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    fb_thread_limit_apply();
    fb_train_options_add(&table, &settings);
    fb_option_add_count(&table, "seed", "S", &settings.templates.seed, 0, 9e18, "");
    FB_TRY(set_options(&table, "train", n_options, options, error));
    FB_TRY(fb_analysis_create(&settings, &analysis, error));
    FB_TRY(fb_train_options_record(&settings, analysis, error));
    FB_TRY(fb_source_rewind(events, error));
    FB_TRY(fb_train(analysis, events, &(fb_train_observer){0}, error));
    *out = analysis;
    analysis = NULL;
cleanup:
    fb_analysis_free(analysis);
    return status;
}

static void fill_with_nan(fb_measurement *result)
{
    *result = (fb_measurement){
        .mu_hat = NAN, .sigma = NAN, .p16 = NAN, .p84 = NAN, .t = NAN, .p_value = NAN, .health = "no fit was made"};
    for (int k = 0; k < FB_MEASUREMENT_NUISANCES; k++) {
        result->nuisance[k] = result->error[k] = result->pull[k] = NAN;
    }
}

static void fill_from_fit(const fb_fit_result *fit, fb_measurement *result)
{
    result->is_valid = fit->is_valid;
    result->mu_hat = fit->mu_hat;
    result->sigma = fit->sigma;
    result->p16 = fit->p16;
    result->p84 = fit->p84;
    memcpy(result->nuisance, fit->nuisance, sizeof result->nuisance);
    memcpy(result->error, fit->error, sizeof result->error);
    memcpy(result->pull, fit->pull, sizeof result->pull);
    result->t = fit->t;
    result->p_value = fit->p_value;
    fb_fit_describe_health(fit, result->health, sizeof result->health);
}

fb_status fb_measurement_fit(const fb_analysis *analysis, const char *path, int n_options, const char *const *options,
                             fb_measurement *result, fb_error *error)
{
    FB_C_LOCALE;
    const int n_bins = analysis->template_set->binning.n_bins;
    fb_fit_choice choice = fb_fit_options_default();
    fb_option_table table = {0};
    fb_fit_result fit;
    fb_data_counts data;
    fb_status status = FB_OK;
    fill_with_nan(result);
    fb_thread_limit_apply();
    fb_fit_options_add(&table, &choice);
    FB_TRY(set_options(&table, "fit", n_options, options, error));
    const fb_fit_settings settings = fb_fit_options_settings(&choice);
    FB_TRY(fb_data_counts_read(analysis, path, &data, error));
    result->n_events = data.n_events;
    result->has_derived = data.has_derived;
    status = fb_fit(analysis->template_set->templates, &settings, n_bins, data.count, &fit, error);
    if (status == FB_OK || status == FB_ERROR_NOT_CONVERGED) {
        fill_from_fit(&fit, result);
    }
cleanup:
    return status;
}

fb_status fb_measurement_analysis_save(const fb_analysis *analysis, const char *path, fb_error *error)
{
    FB_C_LOCALE;
    return fb_analysis_file_save(analysis, path, error);
}

fb_status fb_measurement_analysis_load(const char *path, fb_analysis **out, fb_error *error)
{
    FB_C_LOCALE;
    return fb_analysis_file_load(path, out, error);
}

void fb_measurement_analysis_free(fb_analysis *analysis)
{
    fb_analysis_free(analysis);
}

#include "nll/fit_settings.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/common/text.h"

const char *const fb_fit_settings_interval_names[] = {
    [FB_INTERVAL_SYMMETRIC] = "symmetric", [FB_INTERVAL_PROFILE] = "profile", [FB_INTERVAL_HESSIAN] = "hessian", NULL};

fb_fit_settings fb_fit_settings_default(void)
{
    return (fb_fit_settings){.priors = FB_PRIORS_OFFICIAL,
                             .systematics = FB_ALL_NUISANCES,
                             .fixed_at = fb_nuisance_nominal(),
                             .mu_fixed_at = 1.0,
                             .mu_low = -50.0,
                             .mu_high = 50.0,
                             .mu_limits_follow = true,
                             .monte_carlo_uncertainty = true,
                             .floor_kind = FB_FLOOR_QUADRATIC,
                             .floor = 1e-3,
                             .multistart = true,
                             .tolerance = 1e-7,
                             .max_iterations = 200,
                             .interval = FB_INTERVAL_SYMMETRIC,
                             .delta_in_sigmas = 1.0};
}

fb_fit_settings fb_fit_settings_kit(void)
{
    fb_fit_settings settings = fb_fit_settings_default();
    settings.priors = FB_PRIORS_KIT;
    settings.monte_carlo_uncertainty = false;
    settings.floor_kind = FB_FLOOR_CLIP;
    settings.floor = 1e-10;
    settings.multistart = false;
    settings.interval = FB_INTERVAL_HESSIAN;
    settings.delta_in_sigmas = 2.0;
    return settings;
}

const char *fb_fit_settings_parameter_name(int which)
{
    return which == FB_MU ? "mu" : fb_nuisance_describe((fb_nuisance)(which - 1))->name;
}

static fb_status check_positive(const char *name, double value, fb_error *error)
{
    if (!(value > 0.0) || !isfinite(value)) {
        return fb_fail(error, FB_ERROR_USAGE, "fit: %s is %g; a positive number is needed", name, value);
    }
    return FB_OK;
}

static fb_status check_nuisances(const fb_fit_settings *settings, fb_error *error)
{
    if ((settings->systematics | settings->fixed) & ~(fb_nuisance_mask)FB_ALL_NUISANCES) {
        return fb_fail(error, FB_ERROR_USAGE, "fit: there are %d nuisance parameters, but the masks are 0x%x and 0x%x",
                       FB_N_NUISANCE, settings->systematics, settings->fixed);
    }
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const char *name = fb_nuisance_describe((fb_nuisance)k)->name;
        fb_prior prior = fb_nuisance_prior(settings->priors, (fb_nuisance)k);
        double value = settings->fixed_at.value[k];
        if ((settings->fixed >> k & 1U) != 0 && !(value >= prior.low && value <= prior.high)) {
            return fb_fail(error, FB_ERROR_USAGE, "fit: %s cannot be fixed at %g, its range is [%g, %g]", name, value,
                           prior.low, prior.high);
        }
        if (!isfinite(settings->observed[k])) {
            return fb_fail(error, FB_ERROR_USAGE, "fit: the auxiliary measurement of %s is not finite", name);
        }
    }
    return FB_OK;
}

fb_status fb_fit_settings_check(const fb_fit_settings *settings, fb_error *error)
{
    fb_status status = FB_OK;
    if ((unsigned)settings->priors > FB_PRIORS_KIT || (unsigned)settings->interval > FB_INTERVAL_HESSIAN ||
        (unsigned)settings->floor_kind > FB_FLOOR_CLIP) {
        return fb_fail(error, FB_ERROR_USAGE, "fit: unknown set of priors %d, interval %d or floor %d",
                       (int)settings->priors, (int)settings->interval, (int)settings->floor_kind);
    }
    if (!(settings->mu_low < settings->mu_high) || !isfinite(settings->mu_low) || !isfinite(settings->mu_high)) {
        return fb_fail(error, FB_ERROR_USAGE, "fit: mu is limited to [%g, %g]; finite rising limits are needed",
                       settings->mu_low, settings->mu_high);
    }
    if (settings->mu_is_fixed && !isfinite(settings->mu_fixed_at)) {
        return fb_fail(error, FB_ERROR_USAGE, "fit: mu cannot be fixed at %g", settings->mu_fixed_at);
    }
    if (settings->mu_is_fixed && !settings->mu_limits_follow &&
        !(settings->mu_fixed_at >= settings->mu_low && settings->mu_fixed_at <= settings->mu_high)) {
        return fb_fail(error, FB_ERROR_USAGE, "fit: mu cannot be fixed at %g, its limits are [%g, %g]",
                       settings->mu_fixed_at, settings->mu_low, settings->mu_high);
    }
    if (settings->max_iterations < 1) {
        return fb_fail(error, FB_ERROR_USAGE, "fit: %d iterations at most; at least 1 is needed",
                       settings->max_iterations);
    }
    FB_TRY(check_positive("the floor", settings->floor, error));
    FB_TRY(check_positive("the tolerance", settings->tolerance, error));
    FB_TRY(check_positive("delta in sigmas", settings->delta_in_sigmas, error));
    FB_TRY(check_nuisances(settings, error));
cleanup:
    return status;
}

fb_status fb_fit_settings_fix(fb_fit_settings *settings, const char *text, fb_error *error)
{
    fb_fit_settings changed = *settings;
    const char *equals = strchr(text, '=');
    char name[32] = "";
    double value = 0.0;
    if (equals == NULL || (size_t)(equals - text) >= sizeof name) {
        return fb_fail(error, FB_ERROR_USAGE, "fit: '%s' is not NAME=VALUE", text);
    }
    memcpy(name, text, (size_t)(equals - text));
    if (!fb_text_to_double(equals + 1, &value)) {
        return fb_fail(error, FB_ERROR_USAGE, "fit: '%s' in '%s' is not a number", equals + 1, text);
    }
    int which = fb_nuisance_find(name);
    if (strcmp(name, "mu") == 0) {
        changed.mu_is_fixed = true;
        changed.mu_fixed_at = value;
    } else if (which >= 0) {
        changed.fixed |= 1U << which;
        changed.fixed_at.value[which] = value;
    } else {
        return fb_fail(error, FB_ERROR_USAGE,
                       "fit: unknown parameter '%s'; known are mu, tes, jes, soft_met, ttbar_scale, diboson_scale, "
                       "bkg_scale",
                       name);
    }
    fb_status status = fb_fit_settings_check(&changed, error);
    if (status == FB_OK) {
        *settings = changed;
    }
    return status;
}

fb_status fb_fit_settings_limit(fb_fit_settings *settings, const char *text, fb_error *error)
{
    double limit[2];
    if (!fb_text_to_doubles(text, 2, limit) || !(limit[0] < limit[1])) {
        return fb_fail(error, FB_ERROR_USAGE, "is not LOW,HIGH: two finite numbers that rise");
    }
    settings->mu_low = limit[0];
    settings->mu_high = limit[1];
    settings->mu_limits_follow = false;
    return FB_OK;
}

bool fb_fit_settings_fixed_text(const fb_fit_settings *settings, int k, char *text, size_t size)
{
    char number[FB_NUMBER_SIZE];
    for (int which = FB_MU; which <= FB_N_NUISANCE; which++) {
        const bool is_fixed = which == FB_MU ? settings->mu_is_fixed : (settings->fixed >> (which - 1) & 1U) != 0;
        if (is_fixed && k-- == 0) {
            const double value = which == FB_MU ? settings->mu_fixed_at : settings->fixed_at.value[which - 1];
            snprintf(text, size, "%s=%s", fb_fit_settings_parameter_name(which), fb_text_of_double(value, number));
            return true;
        }
    }
    return false;
}

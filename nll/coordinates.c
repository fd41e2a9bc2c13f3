#include "nll/coordinates.h"

#include <math.h>
#include <string.h>

/* A log-normal parameter that wants to be zero walks to minus infinity in its logarithm; the penalty stops it long
 * before this many widths, where exp() is still a normal number. */
static const double LOG_LOW = -20.0;

/* The pull of a value, infinite where a log-normal parameter is 0. */
static double pull_of(const fb_coordinate *coordinate, double value)
{
    double at = coordinate->is_logarithmic ? log(value) : value;
    return (at - coordinate->centre) / coordinate->width;
}

fb_status fb_coordinates_create(const fb_fit_settings *settings, fb_coordinates *out, fb_error *error)
{
    fb_status status = FB_OK;
    memset(out, 0, sizeof *out);
    FB_TRY(fb_fit_settings_check(settings, error));
    out->of[FB_MU] = (fb_coordinate){.is_held = settings->mu_is_fixed,
                                     .held_at = settings->mu_fixed_at,
                                     .width = 1.0,
                                     .low = settings->mu_low,
                                     .high = settings->mu_high};
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        fb_prior prior = fb_nuisance_prior(settings->priors, (fb_nuisance)k);
        fb_coordinate *coordinate = &out->of[1 + k];
        *coordinate = (fb_coordinate){.is_logarithmic = prior.shape == FB_PRIOR_LOG_NORMAL,
                                      .centre = prior.centre,
                                      .width = prior.width,
                                      .observed = settings->observed[k]};
        coordinate->low = fmax(pull_of(coordinate, prior.low), coordinate->is_logarithmic ? LOG_LOW : -INFINITY);
        coordinate->high = pull_of(coordinate, prior.high);
        bool is_fixed = (settings->fixed >> k & 1U) != 0;
        coordinate->is_held = is_fixed || (settings->systematics >> k & 1U) == 0;
        coordinate->held_at = is_fixed ? settings->fixed_at.value[k] : fb_nuisance_describe((fb_nuisance)k)->nominal;
        if (is_fixed && isfinite(pull_of(coordinate, coordinate->held_at))) {
            double distance = pull_of(coordinate, coordinate->held_at) - coordinate->observed;
            out->constant += distance * distance;
        }
    }
cleanup:
    return status;
}

void fb_coordinates_to_point(const fb_coordinates *coordinates, const double *x, fb_point *point, double *first,
                             double *second)
{
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        const fb_coordinate *coordinate = &coordinates->of[a];
        double value = coordinate->held_at, value1 = 0.0, value2 = 0.0;
        if (!coordinate->is_held) {
            value = coordinate->centre + coordinate->width * x[a];
            value1 = coordinate->width;
            if (coordinate->is_logarithmic) {
                value = exp(value);
                value1 = coordinate->width * value;
                value2 = coordinate->width * value1;
            }
        }
        *(a == FB_MU ? &point->mu : &point->nuisances.value[a - 1]) = value;
        if (first != NULL) {
            first[a] = value1;
        }
        if (second != NULL) {
            second[a] = value2;
        }
    }
}

void fb_coordinates_from_point(const fb_coordinates *coordinates, const fb_point *point, double *x)
{
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        const fb_coordinate *coordinate = &coordinates->of[a];
        double value = a == FB_MU ? point->mu : point->nuisances.value[a - 1];
        x[a] = coordinate->is_held ? 0.0 : fmin(fmax(pull_of(coordinate, value), coordinate->low), coordinate->high);
    }
}

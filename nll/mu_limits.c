#include "nll/mu_limits.h"

#include <math.h>

#include "nll/cholesky.h"
#include "nll/coordinates.h"
#include "nll/pair.inc"

double fb_mu_limits_expected_error(const fb_likelihood *likelihood)
{
    const fb_coordinates *coordinates = fb_likelihood_coordinates(likelihood);
    double x[FB_N_PARAMETER] = {0}, matrix[FB_N_PARAMETER * FB_N_PARAMETER], column[FB_N_PARAMETER] = {1.0};
    int free[FB_N_PARAMETER], n = 0; // mu is the first
    fb_nll_value at;
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        const fb_coordinate *coordinate = &coordinates->of[a];
        if (!coordinate->is_held) {
            free[n++] = a;
            x[a] = fmin(fmax(a == FB_MU ? 1.0 : coordinate->observed, coordinate->low), coordinate->high);
        }
    }
    fb_likelihood_evaluate(likelihood, x, FB_HESSIAN, &at);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
            matrix[i * n + j] = at.metric[fb_pair(free[i], free[j])];
        }
    }
    if (n == 0 || free[0] != FB_MU || !fb_cholesky_factorise(n, matrix)) {
        return NAN;
    }
    fb_cholesky_solve(n, matrix, column);
    return sqrt(2.0 * column[0]);
}

fb_status fb_mu_limits_likelihood_create(const fb_templates *templates, const fb_fit_settings *settings,
                                         fb_likelihood **out, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_likelihood_create(templates, settings, out, error));
    if (settings->mu_limits_follow && !settings->mu_is_fixed) {
        const double reach = FB_MU_LIMITS_REACH * fb_mu_limits_expected_error(*out);
        fb_fit_settings wider = *settings;
        wider.mu_low = fmin(settings->mu_low, 1.0 - reach); // fmin and fmax leave a NaN out
        wider.mu_high = fmax(settings->mu_high, 1.0 + reach);
        if (isfinite(wider.mu_low) && isfinite(wider.mu_high)) {
            fb_likelihood_free(*out);
            FB_TRY(fb_likelihood_create(templates, &wider, out, error));
        }
    }
cleanup:
    return status;
}

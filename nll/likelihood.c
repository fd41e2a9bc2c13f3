#include "nll/likelihood.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"
#include "nll/coordinates.h"
#include "nll/pair.inc"

struct fb_likelihood {
    fb_expectation *expectation;
    fb_fit_settings settings;
    fb_coordinates coordinates;
    fb_bin_data counts; // left out of t: bins where nothing is ever expected
};

/* What counts->number holds of a bin. */
enum { N, INVERSE, IS_USED, N_NUMBERS };

/* Below this 1/n could overflow, and n ln n is nothing beside the rest of t. */
static const double LEAST_INVERTED = 1e-300;

static double *number_at(const fb_likelihood *likelihood, int bin, int which)
{
    return likelihood->counts.number + (bin / FB_BIN_LANES * N_NUMBERS + which) * FB_BIN_LANES + bin % FB_BIN_LANES;
}

fb_status fb_likelihood_create(const fb_templates *templates, const fb_fit_settings *settings, fb_likelihood **out,
                               fb_error *error)
{
    fb_status status = FB_OK;
    fb_likelihood *likelihood = NULL;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *likelihood, &likelihood, error));
    likelihood->settings = *settings;
    FB_TRY(fb_coordinates_create(settings, &likelihood->coordinates, error));
    FB_TRY(fb_expectation_create(templates, &likelihood->expectation, error));
    if (!settings->mu_is_fixed && !fb_expectation_has_signal(likelihood->expectation)) {
        status = fb_fail(error, FB_ERROR_DATA, "templates: no bin expects signal, so mu cannot be fitted");
        goto cleanup;
    }
    const size_t n_blocks = ((size_t)templates->n_bins + FB_BIN_LANES - 1) / FB_BIN_LANES;
    FB_TRY(fb_memory_allocate(n_blocks * N_NUMBERS * FB_BIN_LANES, sizeof(double), &likelihood->counts.number, error));
    likelihood->counts.with_variance = settings->monte_carlo_uncertainty ? 1.0 : 0.0;
    likelihood->counts.is_clipped = settings->floor_kind == FB_FLOOR_CLIP;
    likelihood->counts.floor = settings->floor;
    for (int bin = 0; bin < templates->n_bins; bin++) {
        const bool is_empty =
            fb_expectation_is_always_empty(likelihood->expectation, bin, settings->monte_carlo_uncertainty);
        *number_at(likelihood, bin, IS_USED) = is_empty ? 0.0 : 1.0;
    }
    *out = likelihood;
    likelihood = NULL;
cleanup:
    fb_likelihood_free(likelihood);
    return status;
}

void fb_likelihood_free(fb_likelihood *likelihood)
{
    if (likelihood == NULL) {
        return;
    }
    fb_expectation_free(likelihood->expectation);
    free(likelihood->counts.number);
    free(likelihood);
}

fb_status fb_likelihood_set_counts(fb_likelihood *likelihood, int n_bins, const double *counts, fb_error *error)
{
    int expected = fb_expectation_n_bins(likelihood->expectation);
    if (n_bins != expected) {
        return fb_fail(error, FB_ERROR_DATA, "fit: %d counts for templates of %d bins", n_bins, expected);
    }
    for (int bin = 0; bin < n_bins; bin++) {
        if (!(counts[bin] >= 0.0) || !isfinite(counts[bin])) {
            return fb_fail(error, FB_ERROR_DATA, "fit: counts in bin %d are %g; a finite number >= 0 is needed", bin,
                           counts[bin]);
        }
    }
    for (int bin = 0; bin < n_bins; bin++) {
        *number_at(likelihood, bin, N) = counts[bin];
        *number_at(likelihood, bin, INVERSE) = counts[bin] > LEAST_INVERTED ? 1.0 / counts[bin] : 0.0;
    }
    return FB_OK;
}

/* From derivatives with respect to the parameters to those with respect to the coordinates, and the penalties. */
static void to_coordinates(const fb_coordinates *coordinates, const double *x, const double *first,
                           const double *second, fb_order order, fb_nll_value *out)
{
    out->value += coordinates->constant;
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        const fb_coordinate *coordinate = &coordinates->of[a];
        bool has_penalty = a != FB_MU && !coordinate->is_held;
        double distance = has_penalty ? x[a] - coordinate->observed : 0.0;
        out->value += distance * distance;
        if (order < FB_GRADIENT) {
            continue;
        }
        if (order >= FB_HESSIAN) {
            for (int b = 0; b <= a; b++) {
                out->hessian[fb_pair(a, b)] *= first[a] * first[b];
                out->metric[fb_pair(a, b)] *= first[a] * first[b];
            }
            out->hessian[fb_pair(a, a)] += out->gradient[a] * second[a] + (has_penalty ? 2.0 : 0.0);
            out->metric[fb_pair(a, a)] += has_penalty ? 2.0 : 0.0;
        }
        out->gradient[a] = out->gradient[a] * first[a] + 2.0 * distance;
    }
}

void fb_likelihood_evaluate(const fb_likelihood *likelihood, const double *x, fb_order order, fb_nll_value *out)
{
    fb_point point;
    double first[FB_N_PARAMETER], second[FB_N_PARAMETER];
    fb_expectation_at at;
    memset(out, 0, sizeof *out);
    fb_coordinates_to_point(&likelihood->coordinates, x, &point, first, second);
    fb_expectation_prepare(likelihood->expectation, &point, &at);
    out->value = fb_expectation_compare(likelihood->expectation, &at, &likelihood->counts, order, out->gradient,
                                        out->hessian, out->metric);
    to_coordinates(&likelihood->coordinates, x, first, second, order, out);
}

int fb_likelihood_impossible(const fb_likelihood *likelihood, double *counts)
{
    int n_impossible = 0;
    *counts = 0.0;
    for (int bin = 0; bin < fb_expectation_n_bins(likelihood->expectation); bin++) {
        const double n = *number_at(likelihood, bin, N);
        if (*number_at(likelihood, bin, IS_USED) == 0.0 && n > 0.0) {
            n_impossible++;
            *counts += n;
        }
    }
    return n_impossible;
}

int fb_likelihood_floored(const fb_likelihood *likelihood, const double *x)
{
    fb_point point;
    fb_expectation_at at;
    double nu[FB_BIN_LANES], v[FB_BIN_LANES];
    int n_floored = 0;
    fb_coordinates_to_point(&likelihood->coordinates, x, &point, NULL, NULL);
    fb_expectation_prepare(likelihood->expectation, &point, &at);
    for (int bin = 0; bin < fb_expectation_n_bins(likelihood->expectation); bin++) {
        const int lane = bin % FB_BIN_LANES;
        if (lane == 0) {
            fb_expectation_block(likelihood->expectation, &at.variables, bin / FB_BIN_LANES, nu, v);
        }
        const bool is_profiled = likelihood->settings.monte_carlo_uncertainty && v[lane] > 0.0;
        n_floored +=
            *number_at(likelihood, bin, IS_USED) != 0.0 && nu[lane] < (is_profiled ? 0.0 : likelihood->settings.floor);
    }
    return n_floored;
}

double fb_likelihood_guess_mu(const fb_likelihood *likelihood, const double *x)
{
    const fb_coordinate *mu = &likelihood->coordinates.of[FB_MU];
    fb_point point;
    fb_expectation_at at;
    double signal[FB_BIN_LANES], background[FB_BIN_LANES], v[FB_BIN_LANES], unused[FB_BIN_LANES];
    double above = 0.0, below = 0.0;
    fb_coordinates_to_point(&likelihood->coordinates, x, &point, NULL, NULL);
    fb_expectation_prepare(likelihood->expectation, &point, &at);
    fb_bin_variables only_signal = at.variables, without = at.variables;
    memset(only_signal.f, 0, sizeof only_signal.f);
    only_signal.f[FB_HTAUTAU] = 1.0;
    without.f[FB_HTAUTAU] = 0.0;
    for (int bin = 0; bin < fb_expectation_n_bins(likelihood->expectation); bin++) {
        const int lane = bin % FB_BIN_LANES;
        if (lane == 0) {
            fb_expectation_block(likelihood->expectation, &only_signal, bin / FB_BIN_LANES, signal, unused);
            fb_expectation_block(likelihood->expectation, &without, bin / FB_BIN_LANES, background, v);
        }
        const double n = *number_at(likelihood, bin, N);
        const double error_square = fmax(n, 1.0) + (likelihood->settings.monte_carlo_uncertainty ? v[lane] : 0.0);
        above += signal[lane] * (n - background[lane]) / error_square;
        below += signal[lane] * signal[lane] / error_square;
    }
    double guess = below > 0.0 ? above / below : 1.0;
    return mu->is_held ? mu->held_at : fmin(fmax(guess, mu->low), mu->high);
}

const fb_expectation *fb_likelihood_expectation(const fb_likelihood *likelihood)
{
    return likelihood->expectation;
}

const fb_coordinates *fb_likelihood_coordinates(const fb_likelihood *likelihood)
{
    return &likelihood->coordinates;
}

const fb_fit_settings *fb_likelihood_settings(const fb_likelihood *likelihood)
{
    return &likelihood->settings;
}

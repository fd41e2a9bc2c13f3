#include "nll/likelihood.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"
#include "nll/bin_term.h"
#include "nll/coordinates.h"
#include "nll/pair.inc"

struct fb_likelihood {
    fb_expectation *expectation;
    fb_fit_settings settings;
    fb_coordinates coordinates;
    double *counts;        // [n_bins]
    bool *is_always_empty; // [n_bins] nothing is ever expected there
};

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
    size_t n_bins = (size_t)templates->n_bins;
    FB_TRY(fb_memory_allocate(n_bins, sizeof(double), &likelihood->counts, error));
    FB_TRY(fb_memory_allocate(n_bins, sizeof(bool), &likelihood->is_always_empty, error));
    for (size_t bin = 0; bin < n_bins; bin++) {
        likelihood->is_always_empty[bin] =
            fb_expectation_is_always_empty(likelihood->expectation, (int)bin, settings->monte_carlo_uncertainty);
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
    free(likelihood->counts);
    free(likelihood->is_always_empty);
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
    memcpy(likelihood->counts, counts, (size_t)n_bins * sizeof *counts);
    return FB_OK;
}

/* Adds one bin: t, dt/da, d2t/da db and the metric, with respect to the parameters themselves. */
static void add_bin(const fb_bin_expectation *bin, const fb_bin_term *term, fb_order order, fb_nll_value *out)
{
    out->value += term->t;
    if (order < FB_GRADIENT) {
        return;
    }
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        out->gradient[a] += term->t_nu * bin->nu1[a] + term->t_v * bin->v1[a];
    }
    if (order < FB_HESSIAN) {
        return;
    }
    for (int ab = 0; ab < FB_N_PAIR; ab++) {
        out->hessian[ab] += term->t_nu * bin->nu2[ab] + term->t_v * bin->v2[ab];
    }
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        double along_nu = term->t_nunu * bin->nu1[a] + term->t_nuv * bin->v1[a];
        double along_v = term->t_nuv * bin->nu1[a] + term->t_vv * bin->v1[a];
        double fisher = term->fisher * bin->nu1[a];
        for (int b = 0; b <= a; b++) {
            out->hessian[fb_pair(a, b)] += along_nu * bin->nu1[b] + along_v * bin->v1[b];
            out->metric[fb_pair(a, b)] += fisher * bin->nu1[b];
        }
    }
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
    fb_bin_expectation bin;
    memset(out, 0, sizeof *out);
    memset(&bin, 0, sizeof bin);
    fb_coordinates_to_point(&likelihood->coordinates, x, &point, first, second);
    fb_expectation_prepare(likelihood->expectation, &point, order, &at);
    int n_bins = fb_expectation_n_bins(likelihood->expectation);
    for (int i = 0; i < n_bins; i++) {
        if (likelihood->is_always_empty[i]) {
            continue;
        }
        fb_expectation_bin(likelihood->expectation, &at, i, &bin);
        double v = likelihood->settings.monte_carlo_uncertainty ? bin.v : 0.0;
        fb_bin_term term = fb_bin_term_at(likelihood->counts[i], bin.nu, v, likelihood->settings.floor_kind,
                                          likelihood->settings.floor);
        add_bin(&bin, &term, order, out);
    }
    to_coordinates(&likelihood->coordinates, x, first, second, order, out);
}

int fb_likelihood_impossible(const fb_likelihood *likelihood, double *counts)
{
    int n_impossible = 0;
    *counts = 0.0;
    for (int bin = 0; bin < fb_expectation_n_bins(likelihood->expectation); bin++) {
        if (likelihood->is_always_empty[bin] && likelihood->counts[bin] > 0.0) {
            n_impossible++;
            *counts += likelihood->counts[bin];
        }
    }
    return n_impossible;
}

int fb_likelihood_floored(const fb_likelihood *likelihood, const double *x)
{
    fb_point point;
    fb_expectation_at at;
    int n_floored = 0;
    fb_coordinates_to_point(&likelihood->coordinates, x, &point, NULL, NULL);
    fb_expectation_prepare(likelihood->expectation, &point, FB_VALUE, &at);
    for (int i = 0; i < fb_expectation_n_bins(likelihood->expectation); i++) {
        fb_bin_expectation bin;
        fb_expectation_bin(likelihood->expectation, &at, i, &bin);
        bool is_profiled = likelihood->settings.monte_carlo_uncertainty && bin.v > 0.0;
        n_floored += !likelihood->is_always_empty[i] && bin.nu < (is_profiled ? 0.0 : likelihood->settings.floor);
    }
    return n_floored;
}

double fb_likelihood_guess_mu(const fb_likelihood *likelihood, const double *x)
{
    const fb_coordinate *mu = &likelihood->coordinates.of[FB_MU];
    fb_point point;
    fb_expectation_at at;
    fb_coordinates_to_point(&likelihood->coordinates, x, &point, NULL, NULL);
    point.mu = 0.0;
    fb_expectation_prepare(likelihood->expectation, &point, FB_GRADIENT, &at);
    double above = 0.0, below = 0.0;
    for (int i = 0; i < fb_expectation_n_bins(likelihood->expectation); i++) {
        fb_bin_expectation bin;
        fb_expectation_bin(likelihood->expectation, &at, i, &bin);
        double n = likelihood->counts[i];
        double v = likelihood->settings.monte_carlo_uncertainty ? bin.v : 0.0;
        double signal = bin.nu1[FB_MU];
        above += signal * (n - bin.nu) / (fmax(n, 1.0) + v);
        below += signal * signal / (fmax(n, 1.0) + v);
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

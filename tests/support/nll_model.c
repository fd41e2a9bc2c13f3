#include "tests/support/nll_model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Not an assertion of Check: the benchmarks use these models too. */
static void require(fb_status status, const fb_error *error)
{
    if (status != FB_OK) {
        fprintf(stderr, "model: %s\n", error->text);
        abort();
    }
}

fb_templates *model_realistic(fb_combination combination, double curvature)
{
    return model_of_bins(25, combination, curvature);
}

fb_templates *model_of_bins(int n_bins, fb_combination combination, double curvature)
{
    static const double steepness[FB_N_PROCESS] = {3.0, -8.0, -4.0, -2.5}; // yield ~ exp(steepness * score)
    static const double weight[FB_N_PROCESS] = {0.005, 0.1, 0.1, 0.05};    // of one simulated event
    static const double linear[FB_N_SHAPE] = {0.02, 0.012, 0.01};          // per unit
    static const double unit[FB_N_SHAPE] = {0.01, 0.01, 1.0};              // prior widths, GeV
    static const double phase[FB_N_PROCESS] = {0.3, 2.1, 4.0, 5.2};
    fb_error error = {0};
    fb_templates *templates = NULL;
    require(fb_templates_create(n_bins, &templates, &error), &error);
    templates->combination = combination;
    for (int k = 0; k < FB_N_SHAPE; k++) {
        require(fb_templates_set_shape(templates, (fb_nuisance)k, 3, unit[k], &error), &error);
    }
    for (int p = 0; p < FB_N_PROCESS; p++) {
        double sum = 0.0;
        for (int i = 0; i < n_bins; i++) {
            sum += exp(steepness[p] * (i + 0.5) / n_bins);
        }
        for (int i = 0; i < n_bins; i++) {
            double score = (i + 0.5) / n_bins;
            int cell = p * n_bins + i;
            templates->yield[cell] = fb_process_expected[p] * exp(steepness[p] * score) / sum;
            templates->variance[cell] = templates->yield[cell] * weight[p];
            for (int k = 0; k < FB_N_SHAPE; k++) {
                double *c = templates->shape[k].coefficient + cell * 4;
                c[1] = curvature * linear[k] * (score - 0.4 + 0.5 * sin(phase[p] + 2.0 * k + 3.0 * score));
                c[2] = curvature * 0.1 * curvature * linear[k] * cos(phase[p] + k + 5.0 * score);
                c[3] = 0.01 * linear[k] * sin(phase[p] - k + 4.0 * score);
            }
        }
    }
    return templates;
}

fb_templates *model_random(fb_random *random, fb_combination combination, int n_bins)
{
    fb_error error = {0};
    fb_templates *templates = NULL;
    require(fb_templates_create(n_bins, &templates, &error), &error);
    templates->combination = combination;
    for (int cell = 0; cell < FB_N_PROCESS * n_bins; cell++) {
        bool is_empty = cell % n_bins != 0 && fb_random_uniform(random) < 0.1;
        templates->yield[cell] = is_empty ? 0.0 : exp(7.0 * fb_random_uniform(random));
        templates->variance[cell] = templates->yield[cell] * fb_random_uniform(random);
    }
    int n_shapes = combination == FB_COMBINE_AVERAGE ? FB_N_NUISANCE : FB_N_SHAPE;
    for (int k = 0; k < n_shapes; k++) {
        int degree = 1 + (int)(5.0 * fb_random_uniform(random));
        double unit = 2.0 * fb_nuisance_prior(FB_PRIORS_OFFICIAL, (fb_nuisance)k).width;
        require(fb_templates_set_shape(templates, (fb_nuisance)k, degree, unit, &error), &error);
        for (int cell = 0; cell < FB_N_PROCESS * n_bins; cell++) {
            double *c = templates->shape[k].coefficient + cell * (degree + 1);
            c[0] = combination == FB_COMBINE_AVERAGE ? 1.0 + 0.1 * fb_random_normal(random) : 1.0;
            for (int j = 1; j <= degree; j++) {
                c[j] = 0.05 * fb_random_normal(random) / j;
            }
        }
    }
    return templates;
}

fb_point model_random_point(fb_random *random)
{
    fb_point point = {.mu = 0.1 + 2.9 * fb_random_uniform(random)};
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        fb_prior prior = fb_nuisance_prior(FB_PRIORS_OFFICIAL, (fb_nuisance)k);
        double value = prior.centre + prior.width * 3.0 * (fb_random_uniform(random) - 0.5);
        point.nuisances.value[k] = prior.shape == FB_PRIOR_LOG_NORMAL ? exp(value) : value;
    }
    return point;
}

void model_expectation(const fb_templates *templates, const fb_point *point, int bin, double *nu, double *v)
{
    const double *alpha = point->nuisances.value;
    *nu = *v = 0.0;
    for (int p = 0; p < FB_N_PROCESS; p++) {
        double product = 1.0, sum = 0.0, average = 0.0;
        for (int k = 0; k < FB_N_NUISANCE; k++) {
            double r = fb_templates_ratio(templates, (fb_nuisance)k, p, bin, alpha[k]);
            product *= r;
            sum += r - 1.0;
            average += r / FB_N_NUISANCE;
        }
        double own = p == FB_TTBAR ? alpha[FB_TTBAR_SCALE] : p == FB_DIBOSON ? alpha[FB_DIBOSON_SCALE] : 1.0;
        double g = p == FB_HTAUTAU ? point->mu : alpha[FB_BKG_SCALE] * own;
        if (templates->combination == FB_COMBINE_PRODUCT) {
            g *= product;
        } else if (templates->combination == FB_COMBINE_ADDITIVE) {
            g *= 1.0 + sum;
        } else {
            g = (p == FB_HTAUTAU ? point->mu : 1.0) * average;
        }
        *nu += g * templates->yield[p * templates->n_bins + bin];
        *v += g * g * templates->variance[p * templates->n_bins + bin];
    }
}

/* 2 [nu - n + n ln(n/nu)], in the order in which the text writes it. */
static double poisson_part(double n, double nu)
{
    return n > 0.0 ? 2.0 * (nu - n - n * log(nu / n)) : 2.0 * nu;
}

static double with_shift(double n, double nu, double v, double b)
{
    return poisson_part(n, nu + b) + b * b / v;
}

/* min over b > -nu by golden section; the bracket covers the minimum, which lies between 0 and n - nu. */
static double brute_force(double n, double nu, double v)
{
    double low = fmax(fmin(0.0, n - nu), -nu), high = fmax(0.0, n - nu);
    const double golden = 0.5 * (sqrt(5.0) - 1.0);
    for (int step = 0; step < 200; step++) {
        double left = high - golden * (high - low), right = low + golden * (high - low);
        if (with_shift(n, nu, v, left) < with_shift(n, nu, v, right)) {
            high = right;
        } else {
            low = left;
        }
    }
    return with_shift(n, nu, v, 0.5 * (low + high));
}

double model_literal_t(const fb_templates *templates, const fb_fit_settings *settings, const fb_point *point,
                       const double *counts)
{
    double t = 0.0;
    for (int i = 0; i < templates->n_bins; i++) {
        double nu, v;
        model_expectation(templates, point, i, &nu, &v);
        t += settings->monte_carlo_uncertainty ? brute_force(counts[i], nu, v) : poisson_part(counts[i], nu);
    }
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        if ((settings->systematics >> k & 1U) == 0) {
            continue;
        }
        fb_prior prior = fb_nuisance_prior(settings->priors, (fb_nuisance)k);
        double value = point->nuisances.value[k];
        value = prior.shape == FB_PRIOR_LOG_NORMAL ? log(value) : value;
        double pull = (value - prior.centre) / prior.width - settings->observed[k];
        t += pull * pull;
    }
    return t;
}

void model_toy(const fb_templates *templates, const fb_point *point, bool move_expectation, fb_random *random,
               double *counts)
{
    for (int i = 0; i < templates->n_bins; i++) {
        double nu, v;
        model_expectation(templates, point, i, &nu, &v);
        double moved = move_expectation ? nu + sqrt(v) * fb_random_normal(random) : nu;
        counts[i] = (double)fb_random_poisson(random, fmax(moved, 0.0));
    }
}

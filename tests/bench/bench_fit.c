/* Microseconds per t, gradient, Hessian, fit and interval of a model of 25 bins, 4 processes and 6 nuisance parameters.
 * Usage: bench_fit [number of toys] */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "nll/fit.h"
#include "tests/support/nll_model.h"

enum { N_BINS = 25 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e6 * (double)time.tv_sec + 1e-3 * (double)time.tv_nsec;
}

static void bench_evaluation(const fb_likelihood *likelihood)
{
    static const char *const names[] = {"t", "t and gradient", "t, gradient and Hessian"};
    enum { N = 20000 };
    for (int order = FB_VALUE; order <= FB_HESSIAN; order++) {
        double x[FB_N_PARAMETER] = {1.0}, sum = 0.0;
        double start = now();
        for (int k = 0; k < N; k++) {
            fb_nll_value out;
            x[1] = 1e-4 * k;
            fb_likelihood_evaluate(likelihood, x, (fb_order)order, &out);
            sum += out.value;
        }
        printf("%-44s %8.2f us   (checksum %g)\n", names[order], (now() - start) / N, sum / N);
    }
}

/* Counts of all toys. */
static double *draw(const fb_templates *templates, int n_toys)
{
    double *counts = malloc((size_t)n_toys * N_BINS * sizeof *counts);
    for (int toy = 0; toy < n_toys; toy++) {
        fb_random random = fb_random_at(21, FB_STREAM_TOY, (uint64_t)toy);
        fb_point truth = {.mu = 0.1 + 2.9 * fb_random_uniform(&random)};
        truth.nuisances = fb_nuisance_draw(FB_PRIORS_OFFICIAL, FB_ALL_NUISANCES, &random);
        model_toy(templates, &truth, true, &random, counts + (size_t)toy * N_BINS);
    }
    return counts;
}

static void bench_fits(const fb_templates *templates, int n_toys, const double *counts, const char *name,
                       fb_fit_settings settings)
{
    fb_error error = {0};
    fb_likelihood *likelihood = NULL;
    int n_failed = 0;
    if (fb_likelihood_create(templates, &settings, &likelihood, &error) != FB_OK) {
        fprintf(stderr, "%s\n", error.text);
        exit(EXIT_FAILURE);
    }
    double start = now();
    for (int toy = 0; toy < n_toys; toy++) {
        fb_fit_result result;
        n_failed += fb_fit_counts(likelihood, N_BINS, counts + (size_t)toy * N_BINS, &result, &error) != FB_OK;
    }
    printf("%-44s %8.1f us   %d of %d failed\n", name, (now() - start) / n_toys, n_failed, n_toys);
    fb_likelihood_free(likelihood);
}

int main(int n_arguments, char **arguments)
{
    fb_error error = {0};
    int n_toys = n_arguments > 1 ? atoi(arguments[1]) : 2000;
    fb_templates *templates = model_realistic(FB_COMBINE_PRODUCT, 1.0);
    fb_fit_settings settings = fb_fit_settings_default();
    fb_likelihood *likelihood = NULL;
    if (n_toys < 1 || fb_likelihood_create(templates, &settings, &likelihood, &error) != FB_OK) {
        fprintf(stderr, "usage: bench_fit [number of toys]   %s\n", error.text);
        return EXIT_FAILURE;
    }
    double *counts = draw(templates, n_toys);
    if (fb_likelihood_set_counts(likelihood, N_BINS, counts, &error) != FB_OK) {
        return EXIT_FAILURE;
    }
    bench_evaluation(likelihood);
    settings.interval = FB_INTERVAL_HESSIAN;
    settings.multistart = false;
    bench_fits(templates, n_toys, counts, "fit from one start, curvature error", settings);
    settings.interval = FB_INTERVAL_SYMMETRIC;
    bench_fits(templates, n_toys, counts, "fit from one start, interval", settings);
    settings.multistart = true;
    settings.interval = FB_INTERVAL_HESSIAN;
    bench_fits(templates, n_toys, counts, "fit from seven starts, curvature error", settings);
    settings.interval = FB_INTERVAL_SYMMETRIC;
    bench_fits(templates, n_toys, counts, "fit from seven starts, interval (default)", settings);
    settings.monte_carlo_uncertainty = false;
    bench_fits(templates, n_toys, counts, "the same without Monte-Carlo uncertainty", settings);
    free(counts);
    fb_likelihood_free(likelihood);
    fb_templates_free(templates);
    return EXIT_SUCCESS;
}

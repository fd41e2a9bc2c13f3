/* Microseconds of t with its derivatives, and of fits, for 25 to 1000 bins, 4 processes and 6 nuisance parameters.
 * Usage: bench_fit [number of toys [number of bins]...] */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "nll/fit.h"
#include "tests/support/nll_model.h"

/* Of this thread alone: others may use the machine. */
static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e6 * (double)time.tv_sec + 1e-3 * (double)time.tv_nsec;
}

static fb_likelihood *make(const fb_templates *templates, const fb_fit_settings *settings)
{
    fb_error error = {0};
    fb_likelihood *likelihood = NULL;
    if (fb_likelihood_create(templates, settings, &likelihood, &error) != FB_OK) {
        fprintf(stderr, "%s\n", error.text);
        exit(EXIT_FAILURE);
    }
    return likelihood;
}

/* Of one evaluation. */
static double time_evaluation(const fb_templates *templates, const double *counts, fb_order order)
{
    enum { N = 2000 };
    const fb_fit_settings settings = fb_fit_settings_default();
    fb_likelihood *likelihood = make(templates, &settings);
    double x[FB_N_PARAMETER] = {1.0}, sum = 0.0;
    if (fb_likelihood_set_counts(likelihood, templates->n_bins, counts, NULL) != FB_OK) {
        exit(EXIT_FAILURE);
    }
    const double start = now();
    for (int k = 0; k < N; k++) {
        fb_nll_value out;
        x[1] = 1e-3 * k;
        fb_likelihood_evaluate(likelihood, x, order, &out);
        sum += out.value;
    }
    const double elapsed = now() - start;
    fb_likelihood_free(likelihood);
    return sum > 0.0 ? elapsed / N : 0.0;
}

/* Counts of all toys. */
static double *draw(const fb_templates *templates, int n_toys)
{
    double *counts = malloc((size_t)n_toys * (size_t)templates->n_bins * sizeof *counts);
    for (int toy = 0; counts != NULL && toy < n_toys; toy++) {
        fb_random random = fb_random_at(21, FB_STREAM_TOY, (uint64_t)toy);
        fb_point truth = {.mu = 0.1 + 2.9 * fb_random_uniform(&random)};
        truth.nuisances = fb_nuisance_draw(FB_PRIORS_OFFICIAL, FB_ALL_NUISANCES, &random);
        model_toy(templates, &truth, true, &random, counts + (size_t)toy * (size_t)templates->n_bins);
    }
    return counts;
}

/* Of one fit. */
static double time_fit(const fb_templates *templates, int n_toys, const double *counts, const fb_fit_settings *settings,
                       int *n_failed)
{
    fb_likelihood *likelihood = make(templates, settings);
    const double start = now();
    for (int toy = 0; toy < n_toys; toy++) {
        fb_fit_result result;
        const double *own = counts + (size_t)toy * (size_t)templates->n_bins;
        *n_failed += fb_fit_counts(likelihood, templates->n_bins, own, &result, NULL) != FB_OK;
    }
    const double elapsed = now() - start;
    fb_likelihood_free(likelihood);
    return elapsed / n_toys;
}

static void bench(int n_bins, int n_toys)
{
    fb_templates *templates = model_of_bins(n_bins, FB_COMBINE_PRODUCT, 1.0);
    double *counts = draw(templates, n_toys);
    int n_failed = 0;
    if (counts == NULL) {
        exit(EXIT_FAILURE);
    }
    printf("%5d", n_bins);
    for (int order = FB_VALUE; order <= FB_HESSIAN; order++) {
        printf(" %8.2f", time_evaluation(templates, counts, (fb_order)order));
    }
    fb_fit_settings settings = fb_fit_settings_default();
    for (int k = 0; k < 4; k++) {
        settings.multistart = k >= 2;
        settings.interval = k % 2 == 0 ? FB_INTERVAL_HESSIAN : FB_INTERVAL_SYMMETRIC;
        printf(" %8.1f", time_fit(templates, n_toys, counts, &settings, &n_failed));
    }
    settings.monte_carlo_uncertainty = false;
    printf(" %8.1f %8d\n", time_fit(templates, n_toys, counts, &settings, &n_failed), n_failed);
    free(counts);
    fb_templates_free(templates);
}

int main(int n_arguments, char **arguments)
{
    static const int usual[] = {25, 100, 200, 300, 1000};
    const int n_toys = n_arguments > 1 ? atoi(arguments[1]) : 500;
    if (n_toys < 1) {
        fprintf(stderr, "usage: bench_fit [number of toys [number of bins]...]\n");
        return EXIT_FAILURE;
    }
    printf("microseconds        t     +grad  +Hessian | one start: alone, interval | seven: alone, interval, without"
           " Monte-Carlo uncertainty | failed\n");
    for (int k = 0; k < (n_arguments > 2 ? n_arguments - 2 : 5); k++) {
        bench(n_arguments > 2 ? atoi(arguments[k + 2]) : usual[k], n_toys);
    }
    return EXIT_SUCCESS;
}

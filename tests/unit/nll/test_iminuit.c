/* The same fits by iminuit, on t written down again in Python (tests/oracles/oracle_iminuit.py). */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "nll/coordinates.h"
#include "nll/fit.h"
#include "tests/support/nll_model.h"
#include "tests/support/support.h"

enum { N_BINS = 25, N_TOYS = 8, N_MINOS = 2 };

#define CASE_FILE "nll_iminuit_cases.tmp.json"

static json_t *numbers(const double *value, size_t n)
{
    json_t *list = json_array();
    for (size_t k = 0; k < n; k++) {
        json_array_append_new(list, json_real(value[k]));
    }
    return list;
}

static json_t *matrix(const double *value, size_t n_rows, size_t n_columns)
{
    json_t *list = json_array();
    for (size_t row = 0; row < n_rows; row++) {
        json_array_append_new(list, numbers(value + row * n_columns, n_columns));
    }
    return list;
}

static json_t *describe_shapes(const fb_templates *templates)
{
    json_t *list = json_array();
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_shape *shape = &templates->shape[k];
        const fb_nuisance_info *info = fb_nuisance_describe((fb_nuisance)k);
        if (shape->coefficient == NULL) {
            continue;
        }
        json_t *coefficient = json_array();
        size_t n_powers = (size_t)shape->degree + 1;
        for (size_t p = 0; p < FB_N_PROCESS; p++) {
            json_array_append_new(coefficient, matrix(shape->coefficient + p * N_BINS * n_powers, N_BINS, n_powers));
        }
        json_array_append_new(list, json_pack("{s:s, s:f, s:f, s:o}", "parameter", info->name, "nominal", info->nominal,
                                              "unit", shape->unit, "coefficient", coefficient));
    }
    return list;
}

static json_t *describe_priors(const fb_likelihood *likelihood)
{
    json_t *priors = json_object();
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_coordinate *c = &fb_likelihood_coordinates(likelihood)->of[1 + k];
        json_object_set_new(priors, fb_nuisance_describe((fb_nuisance)k)->name,
                            json_pack("{s:b, s:f, s:b, s:f, s:f, s:f, s:f}", "held", c->is_held, "held_at", c->held_at,
                                      "log_normal", c->is_logarithmic, "centre", c->centre, "width", c->width, "low",
                                      c->low, "high", c->high));
    }
    return priors;
}

static json_t *run_toy(const fb_templates *templates, fb_likelihood *likelihood, int toy)
{
    fb_error error = {0};
    fb_random random = fb_random_at(31, FB_STREAM_TOY, (uint64_t)toy);
    fb_point truth = {.mu = 0.1 + 2.9 * fb_random_uniform(&random)};
    truth.nuisances = fb_nuisance_draw(FB_PRIORS_OFFICIAL, FB_ALL_NUISANCES, &random);
    double counts[N_BINS], x[FB_N_PARAMETER];
    fb_fit_result result;
    model_toy(templates, &truth, true, &random, counts);
    FB_ASSERT_OK(fb_fit_counts(likelihood, N_BINS, counts, &result, &error));
    x[0] = result.mu_hat;
    memcpy(x + 1, result.pull, sizeof result.pull);
    return json_pack("{s:o, s:o, s:f, s:f, s:f, s:f, s:f, s:b}", "counts", numbers(counts, N_BINS), "x",
                     numbers(x, FB_N_PARAMETER), "mu_hat", result.mu_hat, "sigma_hesse", result.sigma_hesse, "p16",
                     result.p16, "p84", result.p84, "t", result.t, "with_minos", toy < N_MINOS);
}

static json_t *run_case(const char *name, fb_combination combination, fb_fit_settings settings)
{
    fb_error error = {0};
    fb_templates *templates = model_realistic(combination, 1.0);
    fb_likelihood *likelihood = NULL;
    settings.interval = FB_INTERVAL_PROFILE;
    FB_ASSERT_OK(fb_likelihood_create(templates, &settings, &likelihood, &error));
    json_t *toys = json_array();
    for (int toy = 0; toy < N_TOYS; toy++) {
        json_array_append_new(toys, run_toy(templates, likelihood, toy));
    }
    json_t *one = json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o}", "name", name, "combination",
                            fb_templates_combination_names[combination], "monte_carlo_uncertainty",
                            settings.monte_carlo_uncertainty, "yield", matrix(templates->yield, FB_N_PROCESS, N_BINS),
                            "variance", matrix(templates->variance, FB_N_PROCESS, N_BINS), "shapes",
                            describe_shapes(templates), "priors", describe_priors(likelihood), "toys", toys);
    fb_likelihood_free(likelihood);
    fb_templates_free(templates);
    return one;
}

START_TEST(iminuit_agrees)
{
    fb_fit_settings all = fb_fit_settings_default();
    fb_fit_settings plain = all, white_paper = all, some = all;
    plain.monte_carlo_uncertainty = false;
    white_paper.priors = FB_PRIORS_WHITE_PAPER;
    some.systematics = 1U << FB_TES | 1U << FB_TTBAR_SCALE;
    json_t *cases = json_array();
    json_array_append_new(cases, run_case("product", FB_COMBINE_PRODUCT, all));
    json_array_append_new(cases, run_case("without Monte-Carlo uncertainty", FB_COMBINE_PRODUCT, plain));
    json_array_append_new(cases, run_case("additive", FB_COMBINE_ADDITIVE, all));
    json_array_append_new(cases, run_case("white paper", FB_COMBINE_PRODUCT, white_paper));
    json_array_append_new(cases, run_case("tes and ttbar_scale", FB_COMBINE_PRODUCT, some));
    ck_assert_int_eq(json_dump_file(cases, CASE_FILE, JSON_REAL_PRECISION(17)), 0);
    json_decref(cases);
    fflush(NULL);
    /* The interpreter of the distribution: it has numpy and iminuit, the first one on PATH may not. */
    int code = system("/usr/bin/python3 " FB_TEST_DATA "/../oracles/oracle_iminuit.py " CASE_FILE);
    if (WIFEXITED(code) && (WEXITSTATUS(code) == 77 || WEXITSTATUS(code) == 127)) {
        fb_skip("no /usr/bin/python3 with numpy and iminuit");
    }
    ck_assert_int_eq(code, 0);
    remove(CASE_FILE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nll/iminuit");
    TCase *tests = tcase_create("iminuit");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, iminuit_agrees);
    return fb_run_suite(suite);
}

/* The 72 fits of the official program, repeated with the kit's settings: the average of six templates, its widths,
 * one start, curvature errors. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "nll/fit.h"
#include "tests/support/support.h"

enum { N_BINS = 20, DEGREE = 5 };

/* The official minimiser stops at its own tolerance: its refits agree within 0.013 sigma and 0.3 % of the errors. */
static const double MU_TOLERANCE = 0.02;     // sigma
static const double ERROR_TOLERANCE = 0.005; // relative
/* Half of t at the official minimum is at most its distance to the minimum (Minuit's goal, 1e-4) above ours. */
static const double FVAL_ABOVE = 2e-4;
/* It cannot be below ours but for the rounding of a sum of 3e5. */
static const double FVAL_BELOW = 1e-9;

static json_t *file;
static fb_templates *templates;

/* Coefficients of sum_j c_j (nominal + unit x)^j in powers of x, in long double: the terms cancel to 1e-5 of their
 * size. official: highest power first; out: power rising. */
static void expand(const json_t *official, double nominal, double unit, double scale, double *out)
{
    long double result[DEGREE + 1] = {0.0L};
    for (size_t k = 0; k <= DEGREE; k++) { // Horner: result = result * (nominal + unit x) + c
        for (int j = DEGREE; j >= 0; j--) {
            result[j] = result[j] * nominal + (j > 0 ? result[j - 1] * unit : 0.0L);
        }
        result[0] += json_number_value(json_array_get(official, k));
    }
    for (int j = 0; j <= DEGREE; j++) {
        out[j] = (double)(result[j] / scale);
    }
}

static void load(void)
{
    fb_error error = {0};
    json_error_t where;
    file = json_load_file(FB_TEST_DATA "/statfit.json", 0, &where);
    ck_assert_msg(file != NULL, "%s", where.text);
    FB_ASSERT_OK(fb_templates_create(N_BINS, &templates, &error));
    templates->combination = FB_COMBINE_AVERAGE;
    static const char *const keys[] = {"s_coef", "b_coef"};
    static const int processes[] = {FB_HTAUTAU, FB_ZTAUTAU};
    for (int cell = 0; cell < 2 * N_BINS; cell++) {
        templates->yield[cell] = 100.0; // any scale: the ratios carry the official counts
    }
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_nuisance_info *info = fb_nuisance_describe((fb_nuisance)k);
        double unit = fb_nuisance_prior(FB_PRIORS_KIT, (fb_nuisance)k).width;
        FB_ASSERT_OK(fb_templates_set_shape(templates, (fb_nuisance)k, DEGREE, unit, &error));
        const json_t *one = json_object_get(json_object_get(file, "templates"), info->name);
        for (int s = 0; s < 2; s++) {
            for (int bin = 0; bin < N_BINS; bin++) {
                int cell = processes[s] * N_BINS + bin;
                expand(json_array_get(json_object_get(one, keys[s]), (size_t)bin), info->nominal, unit,
                       templates->yield[cell], templates->shape[k].coefficient + cell * (DEGREE + 1));
            }
        }
    }
}

static void unload(void)
{
    json_decref(file);
    fb_templates_free(templates);
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    ck_assert_msg(json_is_number(value), "no number '%s'", key);
    return json_number_value(value);
}

START_TEST(expansion_is_exact)
{
    const json_t *tes = json_object_get(json_object_get(file, "templates"), "tes");
    const json_t *official = json_array_get(json_object_get(tes, "b_coef"), 6);
    for (double alpha = 0.9; alpha < 1.1; alpha += 0.013) {
        long double direct = 0.0L;
        for (size_t j = 0; j <= DEGREE; j++) {
            direct = direct * alpha + json_number_value(json_array_get(official, j));
        }
        double expanded = 100.0 * fb_templates_ratio(templates, FB_TES, FB_ZTAUTAU, 6, alpha);
        FB_ASSERT_NEAR(expanded, (double)direct, 1e-9 * fabs(expanded)); // the official sum itself rounds to 1e-9
    }
}
END_TEST

START_TEST(official_fit_is_repeated)
{
    fb_error error = {0};
    const json_t *fit = json_array_get(json_object_get(file, "fits"), (size_t)_i);
    const char *config = json_string_value(json_object_get(fit, "config"));
    fb_fit_settings settings = fb_fit_settings_kit();
    if (strcmp(config, "all_free") == 0) {
        settings.systematics = FB_ALL_NUISANCES;
    } else if (strcmp(config, "stat_only") == 0) {
        settings.systematics = 0;
    } else {
        FB_ASSERT_OK(fb_nuisance_mask_parse(config, &settings.systematics, &error));
    }
    double counts[N_BINS];
    for (size_t bin = 0; bin < N_BINS; bin++) {
        counts[bin] = json_number_value(json_array_get(json_object_get(fit, "N_obs"), bin));
    }
    fb_likelihood *likelihood = NULL;
    fb_fit_result result;
    FB_ASSERT_OK(fb_likelihood_create(templates, &settings, &likelihood, &error));
    FB_ASSERT_OK(fb_fit_counts(likelihood, N_BINS, counts, &result, &error));
    const json_t *official = json_object_get(fit, "result");
    double sigma = number(json_object_get(fit, "errors"), "mu");
    FB_ASSERT_NEAR(result.mu_hat, number(official, "mu_hat"), MU_TOLERANCE * sigma);
    FB_ASSERT_NEAR(result.sigma, sigma, ERROR_TOLERANCE * sigma);
    FB_ASSERT_NEAR(result.delta_mu_hat, number(official, "delta_mu_hat"), ERROR_TOLERANCE * 2.0 * sigma);
    FB_ASSERT_NEAR(result.p16, number(official, "p16"), (MU_TOLERANCE + ERROR_TOLERANCE) * sigma);
    FB_ASSERT_NEAR(result.p84, number(official, "p84"), (MU_TOLERANCE + ERROR_TOLERANCE) * sigma);
    double perfect = 0.0; // -2 ln L of a perfect fit, without the factorials
    for (size_t bin = 0; bin < N_BINS; bin++) {
        perfect += counts[bin] > 0.0 ? 2.0 * (counts[bin] - counts[bin] * log(counts[bin])) : 0.0;
    }
    double ours = 0.5 * (result.t + perfect);
    double theirs = number(fit, "fval");
    ck_assert_msg(theirs - ours > -FVAL_BELOW && theirs - ours < FVAL_ABOVE, "-ln L: %.9f, official %.9f", ours,
                  theirs);
    if ((settings.systematics >> FB_SOFT_MET & 1U) != 0) {
        ck_assert_double_eq(result.nuisance[FB_SOFT_MET], 0.0);
        ck_assert_uint_eq(result.at_limit, 1U << (1 + FB_SOFT_MET));
    }
    fb_likelihood_free(likelihood);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nll/statfit");
    TCase *tests = tcase_create("statfit");
    suite_add_tcase(suite, tests);
    tcase_add_unchecked_fixture(tests, load, unload);
    tcase_add_test(tests, expansion_is_exact);
    tcase_add_loop_test(tests, official_fit_is_repeated, 0, 72);
    return fb_run_suite(suite);
}

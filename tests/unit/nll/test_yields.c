/* The yields before and after a fit: two bins solved by hand. */
#include <math.h>
#include <string.h>

#include "nll/yields.h"
#include "tests/support/support.h"

/* Derivatives are central differences with steps of 1e-3 widths; fits end within 1e-7 sigma of their minimum. */
static const double RELATIVE = 2e-6;

static void expect_yield(const fb_yield *yield, double events, double error, double template_error)
{
    FB_ASSERT_NEAR(yield->events, events, RELATIVE * fabs(events));
    FB_ASSERT_NEAR(yield->error, error, RELATIVE * error + 1e-9);
    FB_ASSERT_NEAR(yield->template_error, template_error, RELATIVE * template_error);
}

static fb_templates *two_bins(const double yield[FB_N_PROCESS][2], double variance_per_event)
{
    fb_error error = {0};
    fb_templates *templates = NULL;
    FB_ASSERT_OK(fb_templates_create(2, &templates, &error));
    for (int cell = 0; cell < 2 * FB_N_PROCESS; cell++) {
        templates->yield[cell] = (&yield[0][0])[cell];
        templates->variance[cell] = variance_per_event * (&yield[0][0])[cell];
    }
    return templates;
}

/* Priors alone. A normalisation moves its process by its width; bkg_scale moves the three backgrounds together. */
START_TEST(normalisations_before_the_fit)
{
    const double yield[FB_N_PROCESS][2] = {[FB_HTAUTAU] = {50.0, 10.0},
                                           [FB_ZTAUTAU] = {200.0, 1000.0},
                                           [FB_TTBAR] = {80.0, 20.0},
                                           [FB_DIBOSON] = {30.0, 10.0}};
    fb_error error = {0};
    fb_templates *templates = two_bins(yield, 0.25);
    fb_fit_settings settings = fb_fit_settings_default();
    fb_yield found[FB_N_YIELD];
    FB_ASSERT_OK(fb_yields_prefit(templates, &settings, found, &error));
    const double w_top = 0.02, w_diboson = 0.25, w_bkg = 0.001;
    expect_yield(&found[FB_HTAUTAU], 60.0, 0.0, sqrt(0.25 * 60.0));
    expect_yield(&found[FB_ZTAUTAU], 1200.0, 1200.0 * w_bkg, sqrt(0.25 * 1200.0));
    expect_yield(&found[FB_TTBAR], 100.0, 100.0 * hypot(w_top, w_bkg), sqrt(0.25 * 100.0));
    expect_yield(&found[FB_DIBOSON], 40.0, 40.0 * hypot(w_diboson, w_bkg), sqrt(0.25 * 40.0));
    const double together[] = {100.0 * w_top, 40.0 * w_diboson, 1340.0 * w_bkg};
    expect_yield(&found[FB_YIELD_ALL], 1400.0, hypot(hypot(together[0], together[1]), together[2]), sqrt(350.0));
    /* Held parameters have no error, and a process is where they put it; so is mu. */
    settings.systematics = 1U << FB_TTBAR_SCALE;
    FB_ASSERT_OK(fb_fit_settings_fix(&settings, "diboson_scale=1.5", &error));
    FB_ASSERT_OK(fb_fit_settings_fix(&settings, "mu=2", &error));
    FB_ASSERT_OK(fb_yields_prefit(templates, &settings, found, &error));
    expect_yield(&found[FB_HTAUTAU], 120.0, 0.0, sqrt(4.0 * 0.25 * 60.0));
    expect_yield(&found[FB_DIBOSON], 60.0, 0.0, sqrt(2.25 * 0.25 * 40.0));
    expect_yield(&found[FB_YIELD_ALL], 120.0 + 1200.0 + 100.0 + 60.0, 100.0 * w_top,
                 sqrt(0.25 * (4.0 * 60.0 + 1200.0 + 100.0 + 2.25 * 40.0)));
    fb_templates_free(templates);
}
END_TEST

/* Shapes, each a straight line in one parameter: N (1 + c_tes u_tes) (1 + c_met u_met) with u_tes = (tes - 1) / 0.01
 * and u_met = soft_met / 2 GeV. tes has a normal prior of width 0.01 = one u; soft_met a log-normal one with its median
 * at 1 GeV, where d soft_met / dx = 1 GeV = 1/2 u. */
START_TEST(shapes_before_the_fit)
{
    const double yield[FB_N_PROCESS][2] = {[FB_HTAUTAU] = {50.0, 0.0}, [FB_ZTAUTAU] = {300.0, 700.0}};
    const double tes[2] = {0.05, -0.01}, met[2] = {0.1, 0.02};
    fb_error error = {0};
    fb_templates *templates = two_bins(yield, 1.0);
    fb_fit_settings settings = fb_fit_settings_default();
    fb_yield found[FB_N_YIELD];
    FB_ASSERT_OK(fb_templates_set_shape(templates, FB_TES, 1, 0.01, &error));
    FB_ASSERT_OK(fb_templates_set_shape(templates, FB_SOFT_MET, 1, 2.0, &error));
    double events = 0.0, by_tes = 0.0, by_met = 0.0, variance = 0.0;
    for (int bin = 0; bin < 2; bin++) {
        const double n = yield[FB_ZTAUTAU][bin], at_met = 1.0 + 0.5 * met[bin];
        templates->shape[FB_TES].coefficient[(FB_ZTAUTAU * 2 + bin) * 2 + 1] = tes[bin];
        templates->shape[FB_SOFT_MET].coefficient[(FB_ZTAUTAU * 2 + bin) * 2 + 1] = met[bin];
        events += n * at_met;
        by_tes += n * at_met * tes[bin];
        by_met += n * 0.5 * met[bin];
        variance += n * at_met * at_met;
    }
    settings.systematics = 1U << FB_TES | 1U << FB_SOFT_MET;
    FB_ASSERT_OK(fb_yields_prefit(templates, &settings, found, &error));
    expect_yield(&found[FB_ZTAUTAU], events, hypot(by_tes, by_met), sqrt(variance));
    expect_yield(&found[FB_HTAUTAU], 50.0, 0.0, sqrt(50.0));
    fb_templates_free(templates);
}
END_TEST

/* Signal S in bin 1, Z of B_1 and B_2 in both, b = bkg_scale with the prior 1 +- w (as in test_closed_form.c): bin 1 is
 * fitted exactly, mu S + b B_1 = n_1; 1/var_b = n_2/b^2 + 1/w^2; sigma_mu^2 = (n_1 + B_1^2 var_b) / S^2;
 * cov(mu, b) = -B_1 var_b / S. So signal is known to S sigma_mu, Z to (B_1 + B_2) sigma_b, and of all events bin 1 is
 * known to sqrt(n_1) and bin 2 to B_2 sigma_b: much better than the sum of squares of both processes. */
START_TEST(one_nuisance_after_the_fit)
{
    const double signal = 900.0, b1 = 40000.0, b2 = 1.2e6, w = 0.001;
    const double yield[FB_N_PROCESS][2] = {[FB_HTAUTAU] = {signal, 0.0}, [FB_ZTAUTAU] = {b1, b2}};
    const double counts[] = {41500.0, 1.2025e6};
    fb_error error = {0};
    fb_templates *templates = two_bins(yield, 0.0);
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 1U << FB_BKG_SCALE;
    fb_fit_result result;
    fb_yield found[FB_N_YIELD];
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, counts, &result, &error));
    FB_ASSERT_OK(fb_yields_postfit(templates, &settings, &result, found, &error));
    const double p = w * w * b2 - 1.0, b = 0.5 * (-p + sqrt(p * p + 4.0 * w * w * counts[1]));
    const double variance = 1.0 / (counts[1] / (b * b) + 1.0 / (w * w));
    expect_yield(&found[FB_HTAUTAU], counts[0] - b * b1, sqrt(counts[0] + b1 * b1 * variance), 0.0);
    expect_yield(&found[FB_ZTAUTAU], b * (b1 + b2), (b1 + b2) * sqrt(variance), 0.0);
    expect_yield(&found[FB_YIELD_ALL], counts[0] + b * b2, sqrt(counts[0] + b2 * b2 * variance), 0.0);
    ck_assert_double_lt(found[FB_YIELD_ALL].error, hypot(found[FB_HTAUTAU].error, found[FB_ZTAUTAU].error));
    fb_templates_free(templates);
}
END_TEST

/* S = 1 in bin 1: mu_hat = n_1 - B_1 = 200 is known to sqrt(n_1), far beyond the limits that the settings begin with.
 */
START_TEST(limits_of_mu_do_not_matter)
{
    const double yield[FB_N_PROCESS][2] = {[FB_HTAUTAU] = {1.0, 0.0}, [FB_ZTAUTAU] = {200.0, 1000.0}};
    fb_error error = {0};
    fb_templates *templates = two_bins(yield, 0.0);
    fb_fit_settings settings = fb_fit_settings_default();
    settings.systematics = 0;
    fb_fit_result result;
    fb_yield found[FB_N_YIELD];
    FB_ASSERT_OK(fb_fit(templates, &settings, 2, (const double[]){400.0, 1000.0}, &result, &error));
    FB_ASSERT_OK(fb_yields_postfit(templates, &settings, &result, found, &error));
    expect_yield(&found[FB_HTAUTAU], 200.0, 20.0, 0.0);
    FB_ASSERT_OK(fb_fit_settings_limit(&settings, "2,300", &error));
    FB_ASSERT_OK(fb_yields_prefit(templates, &settings, found, &error));
    expect_yield(&found[FB_HTAUTAU], 1.0, 0.0, 0.0);
    fb_templates_free(templates);
}
END_TEST

START_TEST(a_failed_fit_has_no_yields)
{
    const double yield[FB_N_PROCESS][2] = {[FB_HTAUTAU] = {1.0, 0.0}, [FB_ZTAUTAU] = {200.0, 1000.0}};
    fb_error error = {0};
    fb_templates *templates = two_bins(yield, 0.0);
    fb_fit_settings settings = fb_fit_settings_default();
    settings.mu_limits_follow = false;
    fb_fit_result result;
    fb_yield found[FB_N_YIELD];
    ck_assert_int_eq(fb_fit(templates, &settings, 2, (const double[]){400.0, 1000.0}, &result, &error),
                     FB_ERROR_NOT_CONVERGED);
    FB_ASSERT_OK(fb_yields_postfit(templates, &settings, &result, found, &error));
    for (int y = 0; y < FB_N_YIELD; y++) {
        ck_assert(isnan(found[y].events) && isnan(found[y].error) && isnan(found[y].template_error));
    }
    fb_templates_free(templates);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nll/yields");
    TCase *tests = tcase_create("yields");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, normalisations_before_the_fit);
    tcase_add_test(tests, shapes_before_the_fit);
    tcase_add_test(tests, one_nuisance_after_the_fit);
    tcase_add_test(tests, limits_of_mu_do_not_matter);
    tcase_add_test(tests, a_failed_fit_has_no_yields);
    return fb_run_suite(suite);
}

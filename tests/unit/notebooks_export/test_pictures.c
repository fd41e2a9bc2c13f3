/* The four pictures from plain arrays: what is in them, and what numbers that are missing do. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "notebooks_export/plot_coverage.h"
#include "notebooks_export/plot_nll.h"
#include "notebooks_export/plot_scores.h"
#include "notebooks_export/plot_templates.h"
#include "tests/support/support.h"

static int count(const char *text, const char *what)
{
    int n = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at++) {
        n++;
    }
    return n;
}

static void check_text(const char *text, const char *title)
{
    ck_assert_int_eq(strncmp(text, "<svg ", 5), 0);
    ck_assert_str_eq(text + strlen(text) - 7, "</svg>\n");
    ck_assert_msg(count(text, "nan") == 0 && count(text, "inf") == 0 && count(text, "id=") == 0, "%s", text);
    ck_assert_int_eq(count(text, title), 2); /* for the eye and for the ear */
}

START_TEST(templates_are_drawn)
{
    fb_error error = {0};
    const double alpha[] = {0.9, 1.1}, curve_alpha[] = {0.9, 1.0, 1.1}, measured[] = {9.0, NAN},
                 curve[] = {9.0, 10.0, 11.0}, nothing[] = {NAN, NAN, NAN};
    fb_templates_bin bins[7];
    for (int k = 0; k < 7; k++) {
        bins[k] = (fb_templates_bin){.bin = 3 * k,
                                     .low = 0.1 * k,
                                     .high = 0.1 * k + 0.1,
                                     .signal = {measured, curve, 10.0, 0.5},
                                     .background = {nothing, nothing, NAN, NAN}};
    }
    for (size_t n = 1; n <= 7; n++) {
        const fb_templates_picture picture = {"Title <1>", "tes", 1.0, 0.99, 1.01, 2, 3, alpha, curve_alpha, n, bins};
        char *text = NULL;
        FB_ASSERT_OK(fb_plot_templates(&picture, &text, &error));
        check_text(text, "Title &lt;1&gt;");
        /* Per bin one measured point and the nominal one; two in the legend. */
        ck_assert_int_eq(count(text, "<circle"), 2 * (int)n + 2);
        ck_assert_int_eq(count(text, "bin 0: score 0.0000 \xE2\x80\x93 0.1000"), 1);
        ck_assert_int_eq(count(text, "bin 18: score"), n == 7);
        free(text);
    }
}
END_TEST

START_TEST(scores_are_drawn)
{
    fb_error error = {0};
    static const char *const names[] = {"S & s", "B"};
    const double edges[] = {0.0, 0.5, 0.9, 1.0}, expected[] = {1.0, 2.0, 0.0, 100.0, 50.0, 0.0},
                 uncertainty[] = {1.0, 1.0, 0.0}, observed[] = {101.0, 0.0, 0.0}, low[] = {91.0, 0.0, 0.0},
                 high[] = {111.0, 1.84, 1.84};
    char *text[2] = {NULL, NULL};
    for (int density = 0; density < 2; density++) {
        const fb_scores_picture picture = {"Scores", 3,           edges,     density != 0, 2,   names,
                                           expected, uncertainty, "nominal", observed,     low, high};
        FB_ASSERT_OK(fb_plot_scores(&picture, &text[density], &error));
        check_text(text[density], "Scores");
        /* Observed: the first bin (nothing is at 0 on a logarithmic axis); ratio: not where nothing is expected. */
        ck_assert_int_eq(count(text[density], "<circle"), 1 + 2 + 1);
        ck_assert_int_eq(count(text[density], ">S &amp; s</text>"), 1);
        ck_assert_int_eq(count(text[density], ">B</text>"), 1);
    }
    ck_assert_int_eq(count(text[0], "events per bin"), 1);
    ck_assert_int_eq(count(text[1], "events per unit of the score"), 1);
    free(text[0]);
    free(text[1]);
    /* Nothing expected, nothing seen: still a picture. */
    const double zeros[6] = {0.0};
    const fb_scores_picture empty = {"Scores", 3, edges, false, 2, names, zeros, zeros, "none", zeros, zeros, zeros};
    FB_ASSERT_OK(fb_plot_scores(&empty, &text[0], &error));
    check_text(text[0], "Scores");
    free(text[0]);
}
END_TEST

START_TEST(profile_is_drawn)
{
    fb_error error = {0};
    const double mu[] = {0.0, 0.5, 1.0, 1.5, 2.0}, profiled[] = {4.0, 1.0, 0.0, NAN, 4.0},
                 fixed[] = {40.0, 10.0, 0.0, 10.0, 40.0}, nothing[] = {NAN, NAN, NAN, NAN, NAN};
    char *text = NULL;
    fb_nll_picture picture = {"Profile", 5, mu, profiled, fixed, 1.0, 0.5, 1.5};
    FB_ASSERT_OK(fb_plot_nll(&picture, &text, &error));
    check_text(text, "Profile");
    ck_assert_int_eq(count(text, ">p16</text>"), 1);
    ck_assert_int_eq(count(text, ">p84</text>"), 1);
    ck_assert_int_eq(count(text, "= 1.000, interval 0.500 to 1.500"), 1);
    free(text);
    picture.profiled = picture.fixed = nothing;
    picture.p16 = picture.p84 = NAN;
    FB_ASSERT_OK(fb_plot_nll(&picture, &text, &error));
    check_text(text, "Profile");
    ck_assert_int_eq(count(text, ">p16</text>"), 0);
    free(text);
}
END_TEST

START_TEST(coverage_is_counted_and_drawn)
{
    fb_error error = {0};
    /* Covered, missed, ends included, failed, upside down. */
    const double mu_hat[] = {1.1, 2.0, 1.5, NAN, 1.0}, p16[] = {0.9, 1.5, 1.0, NAN, 1.5},
                 p84[] = {1.3, 2.5, 2.0, NAN, 0.5};
    const fb_coverage_set sets[] = {{1.0, 5, mu_hat, p16, p84}, {1.0, 1, mu_hat + 3, p16 + 3, p84 + 3}};
    const fb_coverage_count all = fb_plot_coverage_of(&sets[0]), none = fb_plot_coverage_of(&sets[1]);
    ck_assert_uint_eq(all.n_failed, 1);
    ck_assert_uint_eq(all.n_covered, 2);
    ck_assert_double_eq(all.coverage, 0.5);
    FB_ASSERT_NEAR(all.error, sqrt(0.6827 * 0.3173 / 4.0), 1e-15);
    ck_assert_uint_eq(none.n_failed, 1);
    ck_assert(isnan(none.coverage) && isnan(none.error));
    char *text = NULL;
    const fb_coverage_picture picture = {"Intervals", 2, sets};
    FB_ASSERT_OK(fb_plot_coverage(&picture, &text, &error));
    check_text(text, "Intervals");
    ck_assert_int_eq(count(text, "<circle"), 4);
    ck_assert_int_eq(count(text, "1.000, 1 failed"), 2);
    ck_assert_int_eq(count(text, "coverage 0.500 (0.683 \xC2\xB1 0.233)"), 1);
    ck_assert_int_eq(count(text, "coverage - (0.683 \xC2\xB1 -)"), 1);
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("notebooks_export/pictures");
    TCase *tests = tcase_create("pictures");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, templates_are_drawn);
    tcase_add_test(tests, scores_are_drawn);
    tcase_add_test(tests, profile_is_drawn);
    tcase_add_test(tests, coverage_is_counted_and_drawn);
    return fb_run_suite(suite);
}

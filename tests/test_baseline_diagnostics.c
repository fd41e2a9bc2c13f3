/* Curves from scores whose distributions are known, and the importance of features that are known to matter. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/diagnostics.h"
#include "models/ground/random.h"
#include "models/importance.h"
#include "tests/support.h"

enum { N_ROWS = 20000, N_FEATURES = 4 };

static fb_score_histogram histogram;

/* Signal has the density 2 s, background 2 (1 - s), in any amounts: so s is the fraction of the signal. */
static void fill(void)
{
    memset(&histogram, 0, sizeof histogram);
    for (int k = 0; k < FB_SCORE_CELLS; k++) {
        double s = (k + 0.5) / FB_SCORE_CELLS;
        histogram.sum[FB_HTAUTAU][k] = 7.0 * s;
        histogram.sum[FB_ZTAUTAU][k] = 1000.0 * (1.0 - s);
        histogram.sum[FB_TTBAR][k] = 30.0 * (1.0 - s);
        histogram.sum[FB_DIBOSON][k] = 2.0 * (1.0 - s);
    }
}

START_TEST(roc_is_the_known_one)
{
    fb_diagnostics d;
    fill();
    fb_diagnostics_judge(&d, &histogram);
    for (int k = 0; k < FB_ROC_POINTS; k++) {
        /* Above a cut c are 1 - c^2 of the signal and (1 - c)^2 of the background. */
        double cut = sqrt(1.0 - (double)k / (FB_ROC_POINTS - 1));
        FB_ASSERT_NEAR(d.roc[k], (1.0 - cut) * (1.0 - cut), 1.0 / FB_SCORE_CELLS);
    }
}
END_TEST

START_TEST(the_calibration_of_a_perfect_score)
{
    fb_diagnostics d;
    double all = 0.0;
    fill();
    fb_diagnostics_judge(&d, &histogram);
    for (int bin = 0; bin < FB_CALIBRATION_BINS; bin++) {
        FB_ASSERT_NEAR(d.calibration[bin][0], (bin + 0.5) / FB_CALIBRATION_BINS, 1e-4);
        FB_ASSERT_NEAR(d.calibration[bin][1], d.calibration[bin][0], 1e-9);
        all += d.calibration[bin][2];
    }
    FB_ASSERT_NEAR(all, 1.0, 1e-9);
}
END_TEST

START_TEST(what_is_not_known_is_nan)
{
    fb_diagnostics d;
    fill();
    memset(histogram.sum[FB_HTAUTAU], 0, sizeof histogram.sum[FB_HTAUTAU]);
    fb_diagnostics_judge(&d, &histogram);
    ck_assert(isnan(d.roc[0]) && isnan(d.roc[FB_ROC_POINTS - 1]));
}
END_TEST

/* Feature 0 tells most, 1 some, 2 nothing; 3 is a copy of nothing, constant. */
static fb_sample make_sample(float *matrix, float *label, float *weight, uint64_t seed)
{
    static const double shift[N_FEATURES] = {1.5, 0.7, 0.0, 0.0};
    for (size_t i = 0; i < N_ROWS; i++) {
        fb_random random = fb_random_at(seed, FB_STREAM_TOY, i);
        label[i] = (float)(i % 2);
        weight[i] = 1.0f;
        for (int k = 0; k < N_FEATURES; k++) {
            matrix[i * N_FEATURES + (size_t)k] =
                k == 3 ? 5.0f : (float)(fb_random_normal(&random) + shift[k] * (double)label[i]);
        }
    }
    return (fb_sample){N_ROWS, N_FEATURES, matrix, label, weight};
}

START_TEST(features_that_matter)
{
    static float matrix[2][N_ROWS * N_FEATURES], label[2][N_ROWS], weight[2][N_ROWS], before[N_ROWS * N_FEATURES];
    fb_error error = {0};
    fb_classifier *classifier = NULL;
    fb_training_report report;
    double drop[N_FEATURES], again[N_FEATURES], gain[N_FEATURES], sum = 0.0;
    fb_sample train = make_sample(matrix[0], label[0], weight[0], 1);
    fb_sample validation = make_sample(matrix[1], label[1], weight[1], 2);
    memcpy(before, matrix[1], sizeof before);
    FB_ASSERT_OK(fb_classifier_create("bdt", &classifier, &error));
    FB_ASSERT_OK(fb_classifier_set(classifier, "trees=30", &error));
    FB_ASSERT_OK(fb_classifier_set(classifier, "depth=3", &error));
    FB_ASSERT_OK(fb_classifier_fit(classifier, &train, &validation, NULL, NULL, &report, &error));
    FB_ASSERT_OK(fb_importance_permutation(classifier, &validation, N_ROWS, 3, drop, &error));
    FB_ASSERT_OK(fb_importance_permutation(classifier, &validation, N_ROWS, 3, again, &error));
    ck_assert_mem_eq(drop, again, sizeof drop);
    ck_assert_mem_eq(matrix[1], before, sizeof before);
    /* The AUC of normal distributions d apart is Phi(d / sqrt 2): with both 0.879, without the first .690, without the
     * second .856. Dealing out a feature does worse than not having it. */
    ck_assert_msg(drop[0] > 0.19 && drop[0] < 0.35, "%g", drop[0]);
    ck_assert_msg(drop[1] > 0.02 && drop[1] < 0.09, "%g", drop[1]);
    FB_ASSERT_NEAR(drop[2], 0.0, 0.003);
    ck_assert(drop[3] == 0.0);
    fb_classifier_gain(classifier, N_FEATURES, gain);
    for (int k = 0; k < N_FEATURES; k++) {
        sum += gain[k];
    }
    FB_ASSERT_NEAR(sum, 1.0, 1e-12);
    ck_assert(gain[0] > gain[1] && gain[1] > gain[2] && gain[3] == 0.0);
    fb_classifier_free(classifier);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("diagnostics");
    TCase *tests = tcase_create("diagnostics");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, roc_is_the_known_one);
    tcase_add_test(tests, the_calibration_of_a_perfect_score);
    tcase_add_test(tests, what_is_not_known_is_nan);
    tcase_add_test(tests, features_that_matter);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}

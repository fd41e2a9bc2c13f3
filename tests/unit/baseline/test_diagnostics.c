/* Curves from scores whose distributions are known, and the importance of features that are known to matter. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/diagnostics.h"
#include "models/common/random.h"
#include "models/importance.h"
#include "tests/support/support.h"

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
    return (fb_sample){.n = N_ROWS, .n_features = N_FEATURES, .matrix = matrix, .label = label, .weight = weight};
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
    fb_diagnostics d = {0};
    FB_ASSERT_OK(fb_diagnostics_weigh_features(&d, classifier, &validation, 3, &error));
    ck_assert_int_eq(d.n_inputs, N_FEATURES);
    ck_assert_mem_eq(d.permutation, drop, sizeof drop);
    FB_ASSERT_OK(fb_diagnostics_weigh_features(&d, classifier, &validation, 4, &error));
    ck_assert(d.permutation[0] != drop[0]);
    fb_classifier_gain(classifier, N_FEATURES, gain);
    ck_assert_mem_eq(d.gain, gain, sizeof gain);
    for (int k = 0; k < N_FEATURES; k++) {
        sum += gain[k];
    }
    FB_ASSERT_NEAR(sum, 1.0, 1e-12);
    ck_assert(gain[0] > gain[1] && gain[1] > gain[2] && gain[3] == 0.0);
    fb_classifier_free(classifier);
}
END_TEST

/* Signal first, as in a file in blocks: its first rows alone have no AUC. */
START_TEST(rows_for_the_importance_are_spread)
{
    enum { FEW = N_ROWS / 10 };
    static float matrix[N_ROWS * N_FEATURES], sorted[N_ROWS * N_FEATURES], label[N_ROWS], weight[N_ROWS];
    static float sorted_label[N_ROWS];
    fb_error error = {0};
    fb_classifier *classifier = NULL;
    fb_training_report report;
    double all[N_FEATURES], some[N_FEATURES];
    fb_sample sample = make_sample(matrix, label, weight, 1);
    for (size_t i = 0; i < N_ROWS; i++) {
        const size_t to = label[i] > 0.5f ? i / 2 : N_ROWS / 2 + i / 2;
        memcpy(sorted + to * N_FEATURES, matrix + i * N_FEATURES, N_FEATURES * sizeof *matrix);
        sorted_label[to] = label[i];
    }
    sample.matrix = sorted;
    sample.label = sorted_label;
    FB_ASSERT_OK(fb_classifier_create("bdt", &classifier, &error));
    FB_ASSERT_OK(fb_classifier_set(classifier, "trees=30", &error));
    FB_ASSERT_OK(fb_classifier_set(classifier, "depth=3", &error));
    FB_ASSERT_OK(fb_classifier_fit(classifier, &sample, &sample, NULL, NULL, &report, &error));
    FB_ASSERT_OK(fb_importance_permutation(classifier, &sample, N_ROWS, 3, all, &error));
    FB_ASSERT_OK(fb_importance_permutation(classifier, &sample, FEW, 3, some, &error));
    /* An AUC of 1000 rows of each class is known to 0.009. */
    FB_ASSERT_NEAR(some[0], all[0], 0.03);
    FB_ASSERT_NEAR(some[1], all[1], 0.03);
    ck_assert(some[0] != all[0]);
    fb_classifier_free(classifier);
}
END_TEST

#define FILE_NAME "test_baseline_diagnostics.h5"

/* A file with curves of these lengths; 0: without. */
static void write_by_hand(size_t n_train, size_t n_validation)
{
    static const double zeros[FB_CALIBRATION_BINS * 3 + FB_ROC_POINTS];
    static const size_t roc[1] = {FB_ROC_POINTS}, calibration[2] = {FB_CALIBRATION_BINS, 3};
    static const size_t features[1] = {FB_N_FEATURES};
    fb_error error = {0};
    fb_h5 *file = NULL;
    FB_ASSERT_OK(fb_h5_create(FILE_NAME, &file, &error));
    FB_ASSERT_OK(fb_h5_group(file, "/diagnostics", &error));
    FB_ASSERT_OK(fb_h5_array_write(file, "/diagnostics/roc", FB_H5_F64, 1, roc, zeros, &error));
    FB_ASSERT_OK(fb_h5_array_write(file, "/diagnostics/calibration", FB_H5_F64, 2, calibration, zeros, &error));
    FB_ASSERT_OK(fb_h5_array_write(file, "/diagnostics/gain", FB_H5_F64, 1, features, zeros, &error));
    FB_ASSERT_OK(fb_h5_array_write(file, "/diagnostics/permutation", FB_H5_F64, 1, features, zeros, &error));
    if (n_train > 0) {
        FB_ASSERT_OK(fb_h5_array_write(file, "/diagnostics/train_log_loss", FB_H5_F64, 1, &n_train, zeros, &error));
    }
    if (n_validation > 0) {
        FB_ASSERT_OK(
            fb_h5_array_write(file, "/diagnostics/validation_log_loss", FB_H5_F64, 1, &n_validation, zeros, &error));
    }
    FB_ASSERT_OK(fb_h5_commit(file, &error));
    fb_h5_free(file);
}

static fb_status read_back(fb_diagnostics *d, fb_error *error)
{
    fb_h5 *file = NULL;
    fb_status status = fb_h5_open(FILE_NAME, &file, error);
    if (status == FB_OK) {
        status = fb_diagnostics_load(d, file, error);
    }
    fb_h5_free(file);
    return status;
}

START_TEST(learning_curves_come_back)
{
    enum { N = 100 };
    fb_error error = {0};
    fb_diagnostics d = {.n_inputs = FB_N_FEATURES}, back = {.n_inputs = FB_N_FEATURES};
    fb_h5 *file = NULL;
    for (int k = 0; k < N; k++) {
        const fb_training_round round = {k + 1, 2 * N, 1.0 / (k + 1), 1.5 / (k + 1)};
        FB_ASSERT_OK(fb_diagnostics_add_round(&d.learning, &round, &error));
    }
    FB_ASSERT_OK(fb_h5_create(FILE_NAME, &file, &error));
    FB_ASSERT_OK(fb_diagnostics_save(&d, file, &error));
    FB_ASSERT_OK(fb_h5_commit(file, &error));
    fb_h5_free(file);
    FB_ASSERT_OK(read_back(&back, &error));
    ck_assert_int_eq(back.learning.n_rounds, N);
    for (int k = 0; k < N; k++) {
        ck_assert_double_eq(back.learning.train[k], 1.0 / (k + 1));
        ck_assert_double_eq(back.learning.validation[k], 1.5 / (k + 1));
    }
    fb_diagnostics_clear(&d);
    fb_diagnostics_clear(&back);
    remove(FILE_NAME);
}
END_TEST

START_TEST(learning_curves_that_do_not_fit)
{
    fb_error error = {0};
    fb_diagnostics back = {.n_inputs = FB_N_FEATURES};
    write_by_hand(7, 7);
    FB_ASSERT_OK(read_back(&back, &error));
    ck_assert_int_eq(back.learning.n_rounds, 7);
    fb_diagnostics_clear(&back);
    back.n_inputs = FB_N_FEATURES;
    write_by_hand(3, 7);
    ck_assert_int_eq(read_back(&back, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, "train_log_loss has 3 rounds") != NULL, "%s", error.text);
    write_by_hand(0, 7);
    ck_assert_int_eq(read_back(&back, &error), FB_ERROR_DATA);
    fb_diagnostics_clear(&back);
    remove(FILE_NAME);
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
    tcase_add_test(tests, rows_for_the_importance_are_spread);
    tcase_add_test(tests, learning_curves_come_back);
    tcase_add_test(tests, learning_curves_that_do_not_fit);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}

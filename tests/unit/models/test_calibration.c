/* Isotonic regression against the formula that defines it; calibrated scores against known probabilities. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/calibration.h"
#include "models/classifier.h"
#include "models/common/metrics.h"
#include "models/common/random.h"
#include "models/isotonic.h"
#include "tests/support/support.h"
#include "tests/support/toy.h"

/* --- isotonic regression ------------------------------------------------------------------------------------------ */

/* The mean of observations [a, b]. */
static double mean_of(const fb_isotonic_block *block, size_t a, size_t b)
{
    double y = 0.0, w = 0.0;
    for (size_t k = a; k <= b; k++) {
        y += block[k].sum_y;
        w += block[k].weight;
    }
    return y / w;
}

/* The solution in one formula: f_i = max over a <= i of min over b >= i of the mean of [a, b]. */
static double max_min(const fb_isotonic_block *block, size_t n, size_t i)
{
    double best = -INFINITY;
    for (size_t a = 0; a <= i; a++) {
        double least = INFINITY;
        for (size_t b = i; b < n; b++) {
            least = fmin(least, mean_of(block, a, b));
        }
        best = fmax(best, least);
    }
    return best;
}

START_TEST(pooling_is_the_max_min_formula)
{
    enum { MOST = 12 };
    int n_pooled = 0;
    for (uint64_t trial = 0; trial < 3000; trial++) {
        fb_random random = fb_random_at(1, FB_STREAM_TOY, trial);
        fb_isotonic_block block[MOST], before[MOST];
        const size_t n = 1 + fb_random_u32(&random) % MOST;
        for (size_t k = 0; k < n; k++) {
            /* Few different values, so that equal ones meet. */
            const double y = fb_random_u32(&random) % 5, w = 1 + fb_random_u32(&random) % 3;
            block[k] = before[k] = (fb_isotonic_block){w, w * (double)k, w * y};
        }
        const size_t n_blocks = fb_isotonic_pool(n, block);
        size_t i = 0;
        for (size_t b = 0; b < n_blocks; b++) {
            const double value = block[b].sum_y / block[b].weight;
            ck_assert(b == 0 || value > block[b - 1].sum_y / block[b - 1].weight);
            double weight = 0.0, x = 0.0;
            for (; i < n && weight < block[b].weight; i++) { // the weights are whole numbers
                FB_ASSERT_NEAR(value, max_min(before, n, i), 1e-12);
                weight += before[i].weight;
                x += before[i].sum_x;
            }
            ck_assert_double_eq(weight, block[b].weight);
            ck_assert_double_eq(x, block[b].sum_x);
        }
        ck_assert_uint_eq(i, n);
        n_pooled += n_blocks < n;
    }
    ck_assert_int_gt(n_pooled, 1000);
    ck_assert_uint_eq(fb_isotonic_pool(0, NULL), 0);
}
END_TEST

/* --- the calibrated score ----------------------------------------------------------------------------------------- */

static float calibrated(const fb_calibration *c, float score)
{
    fb_calibration_apply(c, 1, &score);
    return score;
}

/* Steps 0, 1/2, 1 with centres 0.2, 0.5, 0.8 (the weights of 0.4 and 0.6 are equal). */
START_TEST(a_case_by_hand)
{
    static const float score[] = {0.8f, 0.4f, 0.2f, 0.6f, 0.9f}, label[] = {1, 1, 0, 0, 0};
    static const float weight[] = {1, 2, 1, 2, 0}; // the last row does not count
    static const double at[][2] = {{0, 0},        {0.1, 0},     {0.2, 0}, {0.35, 0.25}, {0.5, 0.5},
                                   {0.6, 2. / 3}, {0.65, 0.75}, {0.8, 1}, {0.95, 1},    {1, 1}};
    fb_error error = {0};
    fb_calibration *c = NULL;
    FB_ASSERT_OK(fb_calibration_fit(5, score, label, weight, &c, &error));
    ck_assert_uint_eq(fb_calibration_n_steps(c), 3);
    for (size_t k = 0; k < sizeof at / sizeof at[0]; k++) {
        FB_ASSERT_NEAR(calibrated(c, (float)at[k][0]), 0.99 * at[k][1] + 0.01 * at[k][0], 1e-7);
    }
    fb_calibration_free(c);
}
END_TEST

START_TEST(scores_at_the_ends)
{
    static const float score[] = {0, 0, 0.5f, 0.5f, 1, 1}, label[] = {0, 1, 0, 1, 1, 0}, weight[] = {3, 1, 1, 1, 9, 1};
    static const float inside[] = {0.4f, 0.4f};
    fb_error error = {0};
    fb_calibration *c = NULL;
    FB_ASSERT_OK(fb_calibration_fit(6, score, label, weight, &c, &error));
    FB_ASSERT_NEAR(calibrated(c, 0.0f), 0.99 * 0.25, 1e-7);
    FB_ASSERT_NEAR(calibrated(c, 1.0f), 0.99 * 0.9 + 0.01, 1e-7);
    fb_calibration_free(c);
    /* One step in the middle: two straight lines. */
    FB_ASSERT_OK(fb_calibration_fit(2, inside, label, weight + 2, &c, &error));
    ck_assert_uint_eq(fb_calibration_n_steps(c), 1);
    FB_ASSERT_NEAR(calibrated(c, 0.2f), 0.99 * 0.25 + 0.002, 1e-7);
    FB_ASSERT_NEAR(calibrated(c, 0.7f), 0.99 * 0.75 + 0.007, 1e-7);
    fb_calibration_free(c);
}
END_TEST

/* The score of the toy's rows made worse: rising, but not the probability any more. */
static void distort(const fb_toy *toy, float *score)
{
    for (size_t i = 0; i < toy->sample.n; i++) {
        score[i] = toy->ratio[i] * toy->ratio[i] * toy->ratio[i];
    }
}

enum { N = 20000 };
static fb_toy toy, other;
static fb_calibration *cubed; /* of the distorted scores of `toy` */

static void set_up(void)
{
    static float score[N];
    fb_error error = {0};
    toy = fb_toy_make(N, 1, false);
    other = fb_toy_make(N, 2, false);
    distort(&toy, score);
    FB_ASSERT_OK(fb_calibration_fit(N, score, toy.label, toy.weight, &cubed, &error));
}

static void tear_down(void)
{
    fb_calibration_free(cubed);
    fb_toy_free(&toy);
    fb_toy_free(&other);
}

START_TEST(it_rises_with_a_slope)
{
    enum { CELLS = 65536 };
    static float value[CELLS + 1];
    for (int k = 0; k <= CELLS; k++) {
        value[k] = (float)k / CELLS;
    }
    fb_calibration_apply(cubed, CELLS + 1, value);
    ck_assert_float_eq(value[0], 0.0f);
    ck_assert_float_eq(value[CELLS], 1.0f);
    ck_assert_uint_gt(fb_calibration_n_steps(cubed), 20);
    for (int k = 0; k < CELLS; k++) {
        /* 1e-7: the rounding of a float. */
        ck_assert_msg(value[k + 1] - value[k] > 0.01 / CELLS - 1e-7 && value[k + 1] > value[k], "cell %d", k);
    }
}
END_TEST

/* How far the score is from the probability that it should be, which is known for the toy. */
static double error_of(const float *score)
{
    double sum = 0.0;
    for (size_t i = 0; i < N; i++) {
        sum += fabs((double)score[i] - (double)other.ratio[i]) / N;
    }
    return sum;
}

START_TEST(other_rows_are_calibrated_too)
{
    static float score[N];
    fb_error error = {0};
    double before = 0.0, after = 0.0;
    distort(&other, score);
    const double wrong = error_of(score);
    FB_ASSERT_OK(fb_metrics_auc(N, score, other.label, other.weight, &before, &error));
    fb_calibration_apply(cubed, N, score);
    FB_ASSERT_OK(fb_metrics_auc(N, score, other.label, other.weight, &after, &error));
    /* 10^4 rows of each class in some fifty steps: a fraction is known to 0.5 / sqrt(400) = 0.025. */
    ck_assert_msg(wrong > 0.2 && error_of(score) < 0.015, "%g before, %g after", wrong, error_of(score));
    /* Rounding lets some pairs fall together. */
    FB_ASSERT_NEAR(before, after, 1e-6);
}
END_TEST

START_TEST(the_order_of_the_rows_does_not_matter)
{
    static float score[N], label[N], weight[N];
    static float back[3][N];
    fb_error error = {0};
    fb_calibration *one = NULL, *two = NULL;
    uint8_t *bytes[2];
    size_t n[2];
    for (size_t i = 0; i < N; i++) {
        score[i] = floorf(toy.ratio[i] * 200.0f) / 200.0f; // with ties
        label[i] = toy.label[i];
        weight[i] = 0.1f + toy.ratio[(i * 7) % N];
        back[0][N - 1 - i] = score[i];
        back[1][N - 1 - i] = label[i];
        back[2][N - 1 - i] = weight[i];
    }
    FB_ASSERT_OK(fb_calibration_fit(N, score, label, weight, &one, &error));
    FB_ASSERT_OK(fb_calibration_fit(N, back[0], back[1], back[2], &two, &error));
    FB_ASSERT_OK(fb_calibration_save(one, &bytes[0], &n[0], &error));
    FB_ASSERT_OK(fb_calibration_save(two, &bytes[1], &n[1], &error));
    ck_assert_uint_eq(n[0], n[1]);
    ck_assert_mem_eq(bytes[0], bytes[1], n[0]);
    free(bytes[0]);
    free(bytes[1]);
    fb_calibration_free(one);
    fb_calibration_free(two);
}
END_TEST

START_TEST(bytes_come_back_or_are_refused)
{
    fb_error error = {0};
    fb_calibration *back = NULL;
    uint8_t *bytes = NULL;
    size_t n = 0;
    double knot[2], saved[2];
    FB_ASSERT_OK(fb_calibration_save(cubed, &bytes, &n, &error));
    FB_ASSERT_OK(fb_calibration_load(bytes, n, &back, &error));
    ck_assert_uint_eq(fb_calibration_n_steps(back), fb_calibration_n_steps(cubed));
    for (size_t i = 0; i < N; i++) {
        ck_assert_float_eq(calibrated(back, other.ratio[i]), calibrated(cubed, other.ratio[i]));
    }
    fb_calibration_free(back);
    for (size_t cut = 0; cut < n; cut++) {
        ck_assert_int_eq(fb_calibration_load(bytes, cut, &back, &error), FB_ERROR_DATA);
    }
    /* A knot that does not rise, by x and by y, and one that is not a number. */
    uint8_t *second = bytes + 16 + sizeof knot;
    memcpy(saved, second, sizeof saved);
    const double bad[][2] = {{0.0, saved[1]}, {saved[0], 0.0}, {NAN, saved[1]}, {saved[0], NAN}, {2.0, saved[1]}};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        memcpy(second, bad[k], sizeof bad[k]);
        ck_assert_int_eq(fb_calibration_load(bytes, n, &back, &error), FB_ERROR_DATA);
        ck_assert_msg(strstr(error.text, "does not rise") != NULL, "%s", error.text);
    }
    ck_assert_ptr_null(back);
    free(bytes);
}
END_TEST

/* --- as a part of a classifier ------------------------------------------------------------------------------------ */

/* Two rounds with short steps: a score that orders well and is far too careful. */
static const char *const careful[] = {"trees=2", "depth=5", "eta=0.1", NULL};

static double log_loss_of(const float *score)
{
    return fb_metrics_log_loss(N, score, other.label, other.weight);
}

START_TEST(a_calibrated_classifier)
{
    fb_error error = {0};
    fb_training_report report;
    uint8_t *plain = NULL, *bytes = NULL;
    size_t n_plain = 0, n = 0;
    double auc[2];
    fb_classifier *back = NULL, *classifier = fb_toy_train("bdt", careful, &toy, &toy, NULL, NULL);
    float *before = fb_toy_scores(classifier, &other);
    ck_assert_ptr_null(fb_classifier_calibration(classifier));
    FB_ASSERT_OK(fb_classifier_save(classifier, &plain, &n_plain, &error));
    FB_ASSERT_OK(fb_classifier_calibrate(classifier, &toy.sample, &error));
    float *after = fb_toy_scores(classifier, &other);
    FB_ASSERT_OK(fb_metrics_auc(N, before, other.label, other.weight, &auc[0], &error));
    FB_ASSERT_OK(fb_metrics_auc(N, after, other.label, other.weight, &auc[1], &error));
    ck_assert_double_gt(auc[0], 0.75);
    FB_ASSERT_NEAR(auc[0], auc[1], 1e-6);
    ck_assert_double_gt(error_of(before), 2.0 * error_of(after));
    ck_assert_double_gt(log_loss_of(before), log_loss_of(after) + 0.05);
    /* Once more is the same: it starts from the classifier's own score. */
    FB_ASSERT_OK(fb_classifier_calibrate(classifier, &toy.sample, &error));
    float *again = fb_toy_scores(classifier, &other);
    ck_assert_mem_eq(after, again, N * sizeof *after);
    free(again);
    /* Classes are balanced first: 64 times as much signal is no more of it. */
    fb_sample heavy = toy.sample;
    static float weight[N];
    for (size_t i = 0; i < N; i++) {
        weight[i] = toy.weight[i] * (toy.label[i] > 0.5f ? 64.0f : 1.0f);
    }
    heavy.weight = weight;
    FB_ASSERT_OK(fb_classifier_calibrate(classifier, &heavy, &error));
    again = fb_toy_scores(classifier, &other);
    ck_assert_mem_eq(after, again, N * sizeof *after);
    free(again);
    /* Saved and loaded, with and without. */
    FB_ASSERT_OK(fb_classifier_save(classifier, &bytes, &n, &error));
    FB_ASSERT_OK(fb_classifier_create("bdt", &back, &error));
    FB_ASSERT_OK(fb_classifier_load(back, bytes, n, &error));
    again = fb_toy_scores(back, &other);
    ck_assert_mem_eq(after, again, N * sizeof *after);
    free(again);
    bytes[n / 2] ^= 1;
    ck_assert_int_eq(fb_classifier_load(back, bytes, n, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(fb_classifier_calibration(back)); // it stays what it was
    FB_ASSERT_OK(fb_classifier_load(back, plain, n_plain, &error));
    again = fb_toy_scores(back, &other);
    ck_assert_mem_eq(before, again, N * sizeof *before);
    ck_assert_ptr_null(fb_classifier_calibration(back));
    free(again);
    /* A new training removes the calibration. */
    FB_ASSERT_OK(fb_classifier_fit(classifier, &toy.sample, &toy.sample, NULL, NULL, &report, &error));
    ck_assert_ptr_null(fb_classifier_calibration(classifier));
    fb_sample signal = toy.sample;
    signal.n = 1;
    ck_assert_int_eq(fb_classifier_calibrate(classifier, &signal, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, "calibration sample: no signal") != NULL, "%s", error.text);
    free(before);
    free(after);
    free(plain);
    free(bytes);
    fb_classifier_free(back);
    fb_classifier_free(classifier);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models/calibration");
    TCase *tests = tcase_create("calibration");
    suite_add_tcase(suite, tests);
    tcase_add_unchecked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, pooling_is_the_max_min_formula);
    tcase_add_test(tests, a_case_by_hand);
    tcase_add_test(tests, scores_at_the_ends);
    tcase_add_test(tests, it_rises_with_a_slope);
    tcase_add_test(tests, other_rows_are_calibrated_too);
    tcase_add_test(tests, the_order_of_the_rows_does_not_matter);
    tcase_add_test(tests, bytes_come_back_or_are_refused);
    tcase_add_test(tests, a_calibrated_classifier);
    return fb_run_suite(suite);
}

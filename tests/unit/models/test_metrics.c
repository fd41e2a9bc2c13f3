/* AUC and log-loss: by hand, and against slow twins on random input. */
#include <math.h>

#include "models/common/metrics.h"
#include "models/common/random.h"
#include "tests/support/support.h"

enum { N = 700 };

/* Sums of N^2 terms in another order. */
static const double TWIN = 1e-12;

static double auc_of(size_t n, const float *score, const float *label, const float *weight)
{
    fb_error error = {0};
    double auc = -1.0;
    FB_ASSERT_OK(fb_metrics_auc(n, score, label, weight, &auc, &error));
    return auc;
}

/* Pairs of a signal and a background in which the signal is above; ties half. */
static double slow_auc(size_t n, const float *score, const float *label, const float *weight)
{
    double above = 0.0, all = 0.0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            if (label[i] == 1.0f && label[j] == 0.0f) {
                double pair = (double)weight[i] * weight[j];
                above += pair * (score[i] > score[j] ? 1.0 : score[i] == score[j] ? 0.5 : 0.0);
                all += pair;
            }
        }
    }
    return above / all;
}

START_TEST(auc_by_hand)
{
    const float ones[] = {1, 1, 1, 1}, label[] = {0, 0, 1, 1};
    const float good[] = {0.1f, 0.2f, 0.3f, 0.4f}, mixed[] = {0.1f, 0.35f, 0.3f, 0.4f}, equal[] = {1, 1, 1, 1};
    ck_assert_double_eq(auc_of(4, good, label, ones), 1.0);
    ck_assert_double_eq(auc_of(4, mixed, label, ones), 0.75);
    ck_assert_double_eq(auc_of(4, equal, label, ones), 0.5);
    const float bad[] = {0.9f, 0.8f, 0.3f, 0.4f};
    ck_assert_double_eq(auc_of(4, bad, label, ones), 0.0);
    /* Pairs: (.3, .1) of weight 2 * 1 above, (.3, .35) of 2 * 3 below, (.4, both) of 5 * (1 + 3) above. */
    const float weight[] = {1, 3, 2, 5};
    FB_ASSERT_NEAR(auc_of(4, mixed, label, weight), (2.0 + 20.0) / (2.0 + 6.0 + 20.0), TWIN);
    /* A tie of the signal of weight 2 with the background of weight 3 counts half: 3 of 6 more. */
    const float tied[] = {0.1f, 0.3f, 0.3f, 0.4f};
    FB_ASSERT_NEAR(auc_of(4, tied, label, weight), (2.0 + 3.0 + 20.0) / 28.0, TWIN);
}
END_TEST

START_TEST(log_loss_by_hand)
{
    const float score[] = {0.25f, 0.5f, 1.0f, 0.0f}, label[] = {0, 1, 1, 1}, weight[] = {1, 2, 4, 1};
    FB_ASSERT_NEAR(fb_metrics_log_loss(3, score, label, weight), (-log(0.75) + 2.0 * log(2.0)) / 7.0, TWIN);
    /* A certain error costs -ln 1e-16 and not infinity. */
    FB_ASSERT_NEAR(fb_metrics_log_loss(1, score + 3, label + 3, weight + 3), 16.0 * log(10.0), TWIN);
    const float one[] = {1.0f}, zero[] = {0.0f};
    FB_ASSERT_NEAR(fb_metrics_log_loss(1, one, zero, one), 16.0 * log(10.0), TWIN);
}
END_TEST

START_TEST(random_input_agrees_with_the_twin)
{
    float score[N], label[N], weight[N];
    for (uint64_t trial = 0; trial < 5; trial++) {
        fb_random random = fb_random_at(1, FB_STREAM_TOY, trial);
        double loss = 0.0, sum = 0.0;
        for (int i = 0; i < N; i++) {
            label[i] = fb_random_uniform(&random) < 0.3;
            /* 20 values only, so that there are many ties; some weights are 0. */
            score[i] = floorf(20.0f * (float)(0.7 * fb_random_uniform(&random) + 0.29 * label[i])) / 20.0f;
            weight[i] = i % 13 == 0 ? 0.0f : -(float)log(fb_random_uniform(&random));
            double p = label[i] == 1.0f ? score[i] : 1.0 - (double)score[i];
            loss -= (double)weight[i] * log(fmax(p, 1e-16));
            sum += weight[i];
        }
        FB_ASSERT_NEAR(auc_of(N, score, label, weight), slow_auc(N, score, label, weight), TWIN);
        FB_ASSERT_NEAR(fb_metrics_log_loss(N, score, label, weight), loss / sum, TWIN);
    }
}
END_TEST

START_TEST(an_empty_class_is_nan)
{
    const float score[] = {0.1f, 0.2f}, ones[] = {1, 1}, zeros[] = {0, 0}, label[] = {0, 1};
    ck_assert(isnan(auc_of(2, score, ones, ones)));
    ck_assert(isnan(auc_of(2, score, zeros, ones)));
    ck_assert(isnan(auc_of(2, score, label, zeros)));
    ck_assert(isnan(auc_of(0, score, label, ones)));
    ck_assert(isnan(fb_metrics_log_loss(2, score, label, zeros)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models/metrics");
    TCase *tests = tcase_create("metrics");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, auc_by_hand);
    tcase_add_test(tests, log_loss_by_hand);
    tcase_add_test(tests, random_input_agrees_with_the_twin);
    tcase_add_test(tests, an_empty_class_is_nan);
    return fb_run_suite(suite);
}

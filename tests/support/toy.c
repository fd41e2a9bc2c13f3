#include "tests/support/toy.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "models/common/random.h"
#include "tests/support/support.h"

const double fb_toy_shift[FB_TOY_FEATURES - 1] = {1.0, 0.6, -0.4};

fb_toy fb_toy_make(size_t n, uint64_t seed, bool weighted)
{
    fb_toy t = {.matrix = calloc(n * FB_TOY_FEATURES, sizeof(float)),
                .label = calloc(n, sizeof(float)),
                .weight = calloc(n, sizeof(float)),
                .ratio = calloc(n, sizeof(float))};
    for (size_t i = 0; i < n; i++) {
        fb_random random = fb_random_at(seed, FB_STREAM_TOY, i);
        double log_ratio = 0.0;
        t.label[i] = (float)(i % 2);
        for (int k = 0; k < FB_TOY_FEATURES - 1; k++) {
            double x = fb_random_normal(&random) + fb_toy_shift[k] * (double)(i % 2);
            t.matrix[i * FB_TOY_FEATURES + (size_t)k] = (float)x;
            log_ratio += fb_toy_shift[k] * (x - 0.5 * fb_toy_shift[k]);
        }
        t.matrix[i * FB_TOY_FEATURES + FB_TOY_FEATURES - 1] = i % 4 < 2 ? -25.0f : (float)fb_random_normal(&random);
        t.weight[i] = weighted ? (float)(0.2 + fb_random_uniform(&random)) : 1.0f;
        t.ratio[i] = (float)(1.0 / (1.0 + exp(-log_ratio)));
    }
    t.sample =
        (fb_sample){.n = n, .n_features = FB_TOY_FEATURES, .matrix = t.matrix, .label = t.label, .weight = t.weight};
    return t;
}

void fb_toy_free(fb_toy *toy)
{
    free(toy->matrix);
    free(toy->label);
    free(toy->weight);
    free(toy->ratio);
}

double fb_toy_auc(void)
{
    const double *s = fb_toy_shift;
    return 0.5 * erfc(-sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2]) / 2.0);
}

fb_classifier *fb_toy_classifier(const char *kind, const char *const *settings)
{
    fb_error error = {0};
    fb_classifier *classifier = NULL;
    FB_ASSERT_OK(fb_classifier_create(kind, &classifier, &error));
    for (; *settings != NULL; settings++) {
        FB_ASSERT_OK(fb_classifier_set(classifier, *settings, &error));
    }
    return classifier;
}

static void remember(void *context, const fb_training_round *round)
{
    fb_toy_history *history = context;
    ck_assert_int_eq(round->round, history->n + 1);
    ck_assert_int_le(round->round, round->n_rounds);
    ck_assert_int_le(round->n_rounds, FB_TOY_ROUNDS);
    history->train[history->n] = round->train_log_loss;
    history->log_loss[history->n++] = round->validation_log_loss;
}

fb_classifier *fb_toy_train(const char *kind, const char *const *settings, const fb_toy *training,
                            const fb_toy *validation, fb_toy_history *history, fb_training_report *report)
{
    fb_error error = {0};
    fb_training_report own;
    fb_classifier *classifier = fb_toy_classifier(kind, settings);
    FB_ASSERT_OK(fb_classifier_fit(classifier, &training->sample, &validation->sample,
                                   history != NULL ? remember : NULL, history, report != NULL ? report : &own, &error));
    return classifier;
}

double fb_toy_balanced_log_loss(const fb_toy *toy, const float *score, size_t some)
{
    double sum[2] = {0.0, 0.0}, loss = 0.0, all = 0.0;
    for (size_t i = 0; i < toy->sample.n; i++) {
        sum[(int)toy->label[i]] += toy->weight[i];
    }
    for (size_t k = 0; k < some; k++) {
        const size_t i = toy->sample.n * k / some;
        const double weight = toy->weight[i] / sum[(int)toy->label[i]];
        loss -= weight * log(toy->label[i] > 0.5f ? score[i] : 1.0 - score[i]);
        all += weight;
    }
    return loss / all;
}

float *fb_toy_scores(const fb_classifier *classifier, const fb_toy *toy)
{
    fb_error error = {0};
    float *score = malloc(toy->sample.n * sizeof *score);
    FB_ASSERT_OK(fb_classifier_score(classifier, toy->sample.n, toy->sample.n_features, toy->matrix, score, &error));
    return score;
}

void fb_toy_check_learning_curve(const char *kind, const char *const *settings, const fb_toy *training,
                                 const fb_toy *validation, size_t some)
{
    fb_toy_history h = {0}, again = {0};
    fb_training_report report;
    omp_set_num_threads(1);
    fb_classifier *classifier = fb_toy_train(kind, settings, training, validation, &h, &report);
    const int best = report.best_round - 1;
    float *score = fb_toy_scores(classifier, training);
    FB_ASSERT_NEAR(h.train[best], fb_toy_balanced_log_loss(training, score, some), 1e-6);
    /* Half a percent more or fewer rows would be seen. */
    ck_assert_double_gt(fabs(h.train[best] - fb_toy_balanced_log_loss(training, score, some - 20)), 1e-5);
    ck_assert_double_gt(h.train[0], h.train[h.n - 1]);
    free(score);
    fb_classifier_free(classifier);
    omp_set_num_threads(3);
    fb_classifier_free(fb_toy_train(kind, settings, training, validation, &again, &report));
    ck_assert_int_eq(h.n, again.n);
    ck_assert_mem_eq(h.train, again.train, sizeof h.train);
    ck_assert_mem_eq(h.log_loss, again.log_loss, sizeof h.log_loss);
}

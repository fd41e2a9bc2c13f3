/* The dense net as a classifier: on a toy problem whose likelihood ratio is known, its settings, bytes and features. */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/classifier.h"
#include "models/common/interrupt.h"
#include "models/common/metrics.h"
#include "models/common/random.h"
#include "models/dense/dense.h"
#include "models/dense/dense_net_internal.h"
#include "models/dense/dense_trained_internal.h"
#include "models/dense/openblas_internal.h"
#include "tests/support/support.h"
#include "tests/support/toy.h"

enum { N_TRAIN = 6000, N_VALIDATION = 4000, D = FB_TOY_FEATURES };

/* What may be missing to the AUC of the likelihood ratio on the same rows; its logarithm is linear in the features, so
 * a net has an easier task than trees. Seen: 0.001. */
static const double LEARNED = 0.004;
/* A score better than the likelihood ratio is a fluctuation: see test_bdt.c. */
static const double FLUCTUATION = 0.004;

static fb_toy training, validation;

static void make_toys(void)
{
    training = fb_toy_make(N_TRAIN, 1, true);
    validation = fb_toy_make(N_VALIDATION, 2, false);
}

static void free_toys(void)
{
    fb_toy_free(&training);
    fb_toy_free(&validation);
}

static const char *const quick[] = {"hidden=20x10", "epochs=4", "batch=600", "rate=0.01", NULL};

static fb_classifier *trained(const char *const *settings, fb_toy_history *h, fb_training_report *report)
{
    return fb_toy_train("dense", settings, &training, &validation, h, report);
}

static const char *const learners[][7] = {
    {"hidden=30x30", "epochs=12", "rate=0.005", "batch=256", NULL},
    {"hidden=none", "epochs=30", "rate=0.02", "batch=256", "schedule=plateau", NULL},
    {"hidden=16", "features=standard", "epochs=20", "rate=0.01", "l2=1e-4", NULL}};

START_TEST(learns_the_likelihood_ratio)
{
    fb_error error = {0};
    double best = 0.0, auc = 0.0;
    fb_classifier *classifier = trained(learners[_i], NULL, NULL);
    float *score = fb_toy_scores(classifier, &validation);
    FB_ASSERT_OK(fb_metrics_auc(N_VALIDATION, validation.ratio, validation.label, validation.weight, &best, &error));
    FB_ASSERT_OK(fb_metrics_auc(N_VALIDATION, score, validation.label, validation.weight, &auc, &error));
    printf("AUC %.4f, of the likelihood ratio %.4f\n", auc, best);
    ck_assert_msg(auc > best - LEARNED && auc < best + FLUCTUATION, "AUC %.4f, likelihood ratio %.4f", auc, best);
    for (int i = 0; i < N_VALIDATION; i++) {
        ck_assert(score[i] >= 0.0f && score[i] <= 1.0f);
    }
    free(score);
    fb_classifier_free(classifier);
}
END_TEST

/* --- the same bytes ----------------------------------------------------------------------------------------------- */

START_TEST(two_trainings_are_the_same_bytes)
{
    enum { TIMES = 4 };
    fb_error error = {0};
    uint8_t *bytes[TIMES];
    size_t n[TIMES];
    for (int k = 0; k < TIMES; k++) {
        omp_set_num_threads(k < 2 ? k + 1 : 2 * k - 1); // 1, 2, 3, 5
        fb_classifier *classifier = trained(quick, NULL, NULL);
        FB_ASSERT_OK(fb_classifier_save(classifier, &bytes[k], &n[k], &error));
        ck_assert_uint_gt(n[k], 1000);
        ck_assert_uint_eq(n[0], n[k]);
        ck_assert_int_eq(memcmp(bytes[0], bytes[k], n[0]), 0);
        fb_classifier_free(classifier);
    }
    for (int k = 0; k < TIMES; k++) {
        free(bytes[k]);
    }
}
END_TEST

START_TEST(the_seed_matters)
{
    static const char *const other[] = {"hidden=20x10", "epochs=4", "batch=600", "rate=0.01", "seed=1", NULL};
    fb_classifier *first = trained(quick, NULL, NULL), *second = trained(other, NULL, NULL);
    float *one = fb_toy_scores(first, &validation), *two = fb_toy_scores(second, &validation);
    ck_assert_int_ne(memcmp(one, two, N_VALIDATION * sizeof *one), 0);
    free(one);
    free(two);
    fb_classifier_free(first);
    fb_classifier_free(second);
}
END_TEST

/* A row's score does not depend on the rows that come with it, nor on the thread. */
START_TEST(a_score_does_not_depend_on_company)
{
    static const int pieces[] = {1, 3, 100, 255, 257, 1000};
    fb_classifier *classifier = trained(quick, NULL, NULL);
    float *one = fb_toy_scores(classifier, &validation);
    float two[N_VALIDATION];
    omp_set_num_threads(2);
    for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
        const int piece = pieces[k];
        int failures = 0;
        memset(two, 0, sizeof two);
#pragma omp parallel for schedule(dynamic, 1) reduction(+ : failures)
        for (int first = 0; first < N_VALIDATION; first += piece) {
            const int n = N_VALIDATION - first < piece ? N_VALIDATION - first : piece;
            fb_error error = {0};
            failures += fb_classifier_score(classifier, (size_t)n, D, validation.matrix + first * D, two + first,
                                            &error) != FB_OK;
        }
        ck_assert_int_eq(failures, 0);
        ck_assert_int_eq(memcmp(one, two, sizeof two), 0);
    }
    free(one);
    fb_classifier_free(classifier);
}
END_TEST

/* --- bytes -------------------------------------------------------------------------------------------------------- */

START_TEST(saved_and_loaded_scores_are_the_same_bits)
{
    fb_error error = {0};
    uint8_t *bytes = NULL, *again_bytes = NULL;
    size_t n_bytes = 0, n_again = 0;
    char text[512];
    fb_classifier *back = NULL, *classifier = trained(quick, NULL, NULL);
    float *score = fb_toy_scores(classifier, &validation);
    FB_ASSERT_OK(fb_classifier_save(classifier, &bytes, &n_bytes, &error));
    FB_ASSERT_OK(fb_classifier_create("dense", &back, &error));
    FB_ASSERT_OK(fb_classifier_load(back, bytes, n_bytes, &error));
    float *again = fb_toy_scores(back, &validation);
    ck_assert_int_eq(memcmp(score, again, N_VALIDATION * sizeof *score), 0);
    ck_assert_float_ne(score[0], score[1]);
    FB_ASSERT_OK(fb_classifier_save(back, &again_bytes, &n_again, &error));
    ck_assert_uint_eq(n_bytes, n_again);
    ck_assert_int_eq(memcmp(bytes, again_bytes, n_bytes), 0);
    fb_classifier_describe(back, text, sizeof text);
    ck_assert_msg(strstr(text, "hidden=20x10 ") != NULL && strstr(text, fb_openblas_kernel()) != NULL, "%s", text);
    bytes[n_bytes / 2] ^= 1;
    ck_assert_int_eq(fb_classifier_load(back, bytes, n_bytes, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "damaged"));
    free(again);
    again = fb_toy_scores(back, &validation); // it stays what it was
    ck_assert_int_eq(memcmp(score, again, N_VALIDATION * sizeof *score), 0);
    free(again);
    free(score);
    free(bytes);
    free(again_bytes);
    fb_classifier_free(back);
    fb_classifier_free(classifier);
}
END_TEST

/* Without the envelope of classifier.c, whose hash would notice: every cut, and thousands of changed bytes. */
START_TEST(damaged_bytes_are_refused)
{
    fb_error error = {0};
    void *state = NULL, *other = NULL;
    uint8_t *bytes = NULL;
    size_t n = 0;
    fb_training_report report;
    int refused = 0;
    FB_ASSERT_OK(fb_dense_methods.create(&state, &error));
    FB_ASSERT_OK(fb_dense_methods.create(&other, &error));
    FB_ASSERT_OK(fb_dense_methods.set(state, "hidden", "3x2", &error));
    FB_ASSERT_OK(fb_dense_methods.set(state, "epochs", "1", &error));
    FB_ASSERT_OK(fb_dense_methods.fit(state, &training.sample, &validation.sample, NULL, NULL, &report, &error));
    FB_ASSERT_OK(fb_dense_methods.save(state, &bytes, &n, &error));
    for (size_t cut = 0; cut < n; cut++) {
        uint8_t *copy = malloc(cut > 0 ? cut : 1); // of exactly this size: a sanitizer sees reads beyond its end
        memcpy(copy, bytes, cut);
        ck_assert_int_eq(fb_dense_methods.load(other, copy, cut, &error), FB_ERROR_DATA);
        free(copy);
    }
    uint8_t *longer = calloc(1, n + 4);
    memcpy(longer, bytes, n);
    ck_assert_int_eq(fb_dense_methods.load(other, longer, n + 4, &error), FB_ERROR_DATA);
    memset(longer + n - 4, 0xff, 4); // the last bias is not a number
    ck_assert_int_eq(fb_dense_methods.load(other, longer, n, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "make no sense"));
    /* The compression of the first column, after the sizes and the markers, is negative. */
    const float compression = -1.0f;
    memcpy(longer, bytes, n);
    memcpy(longer + 8 + FB_DENSE_KERNEL_SIZE + 4 * (3 + 2) + 4 * D, &compression, sizeof compression);
    ck_assert_int_eq(fb_dense_methods.load(other, longer, n, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "make no sense"));
    free(longer);
    for (uint64_t k = 0; k < 4000; k++) {
        fb_random random = fb_random_at(1, FB_STREAM_TOY, k);
        uint8_t *copy = malloc(n);
        float score[4];
        memcpy(copy, bytes, n);
        for (int change = 0; change < 3; change++) {
            /* Half of the changes where the sizes are. */
            const uint32_t most = fb_random_u32(&random) % 2 ? 64 : (uint32_t)n;
            copy[fb_random_u32(&random) % most] = (uint8_t)fb_random_u32(&random);
        }
        const fb_status status = fb_dense_methods.load(other, copy, n, &error);
        ck_assert(status == FB_OK || status == FB_ERROR_DATA);
        refused += status != FB_OK;
        if (status == FB_OK) {
            (void)!fb_dense_methods.score(other, 4, D, validation.matrix, score, &error);
        }
        free(copy);
    }
    ck_assert_int_gt(refused, 1000);
    free(bytes);
    fb_dense_methods.free(state);
    fb_dense_methods.free(other);
}
END_TEST

/* --- how a training goes ------------------------------------------------------------------------------------------ */

START_TEST(early_stopping_keeps_the_best_epoch)
{
    static const char *const greedy[] = {"hidden=200x200", "epochs=60",         "rate=0.01",
                                         "patience=3",     "schedule=constant", NULL};
    fb_toy_history h = {0};
    fb_training_report report;
    fb_classifier *classifier = trained(greedy, &h, &report);
    int best = 0;
    for (int k = 1; k < h.n; k++) {
        best = h.log_loss[k] < h.log_loss[best] ? k : best;
    }
    ck_assert_int_eq(report.n_rounds, h.n);
    ck_assert_int_eq(report.best_round, best + 1);
    ck_assert_int_eq(report.n_rounds, report.best_round + 3);
    ck_assert_double_eq(report.best_log_loss, h.log_loss[best]);
    /* The weights that are kept are those of that epoch. */
    float *score = fb_toy_scores(classifier, &validation);
    FB_ASSERT_NEAR(fb_metrics_log_loss(N_VALIDATION, score, validation.label, validation.weight), h.log_loss[best],
                   1e-9);
    free(score);
    fb_classifier_free(classifier);
}
END_TEST

static void stop_soon(void *context, const fb_training_round *round)
{
    *(int *)context = round->round;
    fb_interrupt_request();
}

START_TEST(can_be_interrupted)
{
    fb_error error = {0};
    fb_training_report report;
    int round = 0;
    float score;
    fb_classifier *classifier = fb_toy_classifier("dense", quick);
    ck_assert_int_eq(
        fb_classifier_fit(classifier, &training.sample, &validation.sample, stop_soon, &round, &report, &error),
        FB_ERROR_INTERRUPTED);
    ck_assert_int_eq(round, 1);
    ck_assert_int_eq(fb_classifier_score(classifier, 1, D, validation.matrix, &score, &error), FB_ERROR_DATA);
    fb_classifier_free(classifier);
}
END_TEST

START_TEST(a_training_that_diverges_says_so)
{
    enum { N = 64 };
    static const char *const settings[] = {"hidden=8", "epochs=3", "rate=1", "batch=8", "features=standard", NULL};
    fb_error error = {0};
    fb_training_report report;
    fb_classifier *classifier = fb_toy_classifier("dense", settings);
    /* Whatever comes out is a number. */
    fb_toy toy = fb_toy_make(N, 3, false);
    fb_status status = fb_classifier_fit(classifier, &toy.sample, &toy.sample, NULL, NULL, &report, &error);
    ck_assert(status == FB_OK || status == FB_ERROR_NOT_CONVERGED);
    ck_assert(status != FB_OK || isfinite(report.best_log_loss));
    fb_toy_free(&toy);
    fb_classifier_free(classifier);
}
END_TEST

/* --- what is refused ---------------------------------------------------------------------------------------------- */

/* The last epoch of a training that stops there is the one that is kept, so its log-loss can be computed again: that
 * of as many rows as are validated. Before, it only has to be a curve, and the same one for any number of threads. */
START_TEST(the_learning_curve_is_that_of_the_kept_rows)
{
    static const char *const settings[] = {"hidden=50x50", "epochs=8", "schedule=constant", NULL};
    fb_toy_check_learning_curve("dense", settings, &training, &validation, N_VALIDATION);
}
END_TEST

START_TEST(settings_are_checked)
{
    static const struct {
        const char *assignment, *says;
    } bad[] = {{"depth=3", "model dense has no setting 'depth'; it has hidden, epochs, batch, rate, schedule, l2, "
                           "patience, features, seed"},
               {"epochs=0", "epochs: '0' is not a whole number from 1 to 100000"},
               {"batch=2.5", "batch: '2.5' is not a whole number from 1 to 65536"},
               {"rate=0", "rate: '0' is not a number from 1e-07 to 1"},
               {"rate=nan", "rate: 'nan' is not a number"},
               {"l2=-1", "l2: '-1' is not a number from 0 to 1"},
               {"schedule=fast", "schedule: 'fast' is not one of cosine, plateau, constant"},
               {"schedule=cos", "schedule: 'cos' is not one of"},
               {"features=", "features: '' is not one of standard, auto"},
               {"hidden=", "hidden: '' is not a list of up to 16 widths from 1 to 4096 like 100x100x100, nor 'none'"},
               {"hidden=0", "hidden: '0' is not a list"},
               {"hidden=100x", "hidden: '100x' is not a list"},
               {"hidden=x100", "hidden: 'x100' is not a list"},
               {"hidden=100,100", "hidden: '100,100' is not a list"},
               {"hidden=4097", "hidden: '4097' is not a list"},
               {"hidden=99999999999", "is not a list"},
               {"hidden=1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1", "is not a list"}};
    static const char *const good[] = {"hidden=7",          "hidden=1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1",
                                       "hidden=none",       "schedule=constant",
                                       "features=standard", "l2=0.5",
                                       "batch=65536"};
    fb_error error = {0};
    fb_classifier *classifier = NULL;
    char before[512], after[512];
    FB_ASSERT_OK(fb_classifier_create("dense", &classifier, &error));
    fb_classifier_describe(classifier, before, sizeof before);
    ck_assert_msg(strstr(before, "hidden=100x100x100 epochs=") == before, "%s", before);
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        ck_assert_int_eq(fb_classifier_set(classifier, bad[k].assignment, &error), FB_ERROR_USAGE);
        ck_assert_msg(strstr(error.text, bad[k].says) != NULL, "%s", error.text);
    }
    fb_classifier_describe(classifier, after, sizeof after);
    ck_assert_str_eq(before, after);
    for (size_t k = 0; k < sizeof good / sizeof good[0]; k++) {
        FB_ASSERT_OK(fb_classifier_set(classifier, good[k], &error));
        fb_classifier_describe(classifier, after, sizeof after);
        ck_assert_msg(strstr(after, good[k]) != NULL, "%s", after);
    }
    fb_classifier_free(classifier);
}
END_TEST

START_TEST(misuse_is_refused)
{
    fb_error error = {0};
    fb_classifier *classifier = fb_toy_classifier("dense", quick);
    fb_training_report report;
    float score[2];
    uint8_t *bytes = NULL;
    size_t n_bytes = 0;
    ck_assert_int_eq(fb_classifier_score(classifier, 2, D, validation.matrix, score, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "is not trained"));
    ck_assert_int_eq(fb_classifier_save(classifier, &bytes, &n_bytes, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "is not trained"));
    training.matrix[D + 2] = NAN;
    ck_assert_int_eq(fb_classifier_fit(classifier, &training.sample, &validation.sample, NULL, NULL, &report, &error),
                     FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, "feature 2 of row 1 is nan") != NULL, "%s", error.text);
    training.matrix[D + 2] = 0.0f;
    fb_sample narrow = validation.sample;
    narrow.n_features = D - 1;
    ck_assert_int_eq(fb_classifier_fit(classifier, &training.sample, &narrow, NULL, NULL, &report, &error),
                     FB_ERROR_DATA);
    fb_classifier_free(classifier);
    classifier = trained(quick, NULL, NULL);
    ck_assert_int_eq(fb_classifier_score(classifier, 2, D - 1, validation.matrix, score, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "wrong number of features"));
    fb_classifier_free(classifier);
}
END_TEST

START_TEST(strange_values_give_scores)
{
    static const float strange[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f, -25.0f, 1e-40f};
    enum { N = sizeof strange / sizeof strange[0] };
    fb_error error = {0};
    float row[N * D], score[N];
    fb_classifier *classifier = trained(quick, NULL, NULL);
    for (int k = 0; k < N * D; k++) {
        row[k] = strange[k / D];
    }
    FB_ASSERT_OK(fb_classifier_score(classifier, N, D, row, score, &error));
    for (int k = 0; k < N; k++) {
        ck_assert(score[k] >= 0.0f && score[k] <= 1.0f);
    }
    fb_classifier_free(classifier);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models/dense");
    TCase *tests = tcase_create("dense");
    suite_add_tcase(suite, tests);
    tcase_add_unchecked_fixture(tests, make_toys, free_toys);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, learns_the_likelihood_ratio, 0, (int)(sizeof learners / sizeof learners[0]));
    tcase_add_test(tests, two_trainings_are_the_same_bytes);
    tcase_add_test(tests, the_seed_matters);
    tcase_add_test(tests, a_score_does_not_depend_on_company);
    tcase_add_test(tests, saved_and_loaded_scores_are_the_same_bits);
    tcase_add_test(tests, damaged_bytes_are_refused);
    tcase_add_test(tests, early_stopping_keeps_the_best_epoch);
    tcase_add_test(tests, a_training_that_diverges_says_so);
    tcase_add_test(tests, the_learning_curve_is_that_of_the_kept_rows);
    tcase_add_test(tests, settings_are_checked);
    tcase_add_test(tests, misuse_is_refused);
    tcase_add_test(tests, strange_values_give_scores);
    tcase_add_test(tests, can_be_interrupted); // the last: a stop, once requested, stays
    return fb_run_suite(suite);
}

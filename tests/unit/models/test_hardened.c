/* The hardened score as a classifier: what its nets learn of a problem with known densities, its formula, its bytes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/classifier.h"
#include "models/common/random.h"
#include "models/hardened.h"
#include "tests/support/support.h"

/* Class c is normal with unit widths around centre[c]; the derivative of parameter d moves column d of all classes. */
enum { D = 3, N_CLASS_ROWS = 8000, N_MOVED = 4000, N_ROWS = N_CLASS_ROWS + 2 * FB_HARDENED_DERIVATIVES * N_MOVED };

static const double centre[FB_HARDENED_CLASSES][D] = {
    {1.5, 0.0, 0.0}, {0.0, 0.0, 0.0}, {0.0, 1.5, 0.0}, {0.0, 0.0, 1.5}};
static const double MOVE = 0.25;
static const fb_hardened_constants constants = {
    .yield = {10.0, 1000.0, 100.0, 50.0}, .width = {1.0, 0.0, 0.02, 0.25}, .distance = {4.0, 4.0, 1.4}};

typedef struct rows {
    float matrix[N_ROWS * D], label[N_ROWS], weight[N_ROWS];
    uint8_t head[N_ROWS];
    fb_heads heads;
} rows;

static rows *make_rows(uint64_t seed, fb_sample *sample)
{
    rows *r = calloc(1, sizeof *r);
    r->heads = fb_hardened_heads();
    for (int i = 0; i < N_ROWS; i++) {
        const int moved = i - N_CLASS_ROWS, pair = moved < 0 ? i : N_CLASS_ROWS + moved / 2;
        fb_random random = fb_random_at(seed, FB_STREAM_TOY, (uint64_t)pair);
        const int head = moved < 0 ? 0 : 1 + moved / (2 * N_MOVED);
        const int class = moved < 0 ? i % FB_HARDENED_CLASSES : 1, side = moved % 2;
        for (int k = 0; k < D; k++) {
            const double shift = head == 1 + k ? (side ? MOVE : -MOVE) : 0.0;
            r->matrix[i * D + k] = (float)(centre[class][k] + shift + fb_random_normal(&random));
        }
        r->head[i] = (uint8_t)head;
        r->label[i] = (float)(head == 0 ? class : side);
        r->weight[i] = (float)(head == 0 ? constants.yield[class] : 1.0);
    }
    *sample = (fb_sample){.n = N_ROWS,
                          .n_features = D,
                          .matrix = r->matrix,
                          .label = r->label,
                          .weight = r->weight,
                          .heads = &r->heads,
                          .head = r->head};
    return r;
}

static fb_sample training, validation;
static rows *training_rows, *validation_rows;
static fb_classifier *classifier;

static void train(void)
{
    static const char *const settings[] = {"hidden=none",          "epochs=30", "batch=256",
                                           "derivative-batch=256", "rate=0.02", "features=standard"};
    fb_training_report report;
    fb_error error = {0};
    training_rows = make_rows(1, &training);
    validation_rows = make_rows(2, &validation);
    FB_ASSERT_OK(fb_classifier_create("hardened", &classifier, &error));
    for (size_t k = 0; k < sizeof settings / sizeof settings[0]; k++) {
        FB_ASSERT_OK(fb_classifier_set(classifier, settings[k], &error));
    }
    FB_ASSERT_OK(fb_hardened_prepare(classifier, &constants, &error));
    FB_ASSERT_OK(fb_classifier_fit(classifier, &training, &validation, NULL, NULL, &report, &error));
    ck_assert_int_gt(report.n_rounds, 30);
    ck_assert_int_le(report.best_round, 30);
}

static void clear(void)
{
    fb_classifier_free(classifier);
    free(training_rows);
    free(validation_rows);
}

/* g_p of a row, from the densities. */
static double true_fraction(const float *x, int which)
{
    double sum = 0.0, own = 0.0;
    for (int c = 0; c < FB_HARDENED_CLASSES; c++) {
        double square = 0.0;
        for (int k = 0; k < D; k++) {
            square += pow((double)x[k] - centre[c][k], 2.0);
        }
        const double density = constants.yield[c] * exp(-0.5 * square);
        sum += density;
        own = c == which ? density : own;
    }
    return own / sum;
}

/* The components against the densities: mean squared differences as parts of the variance. The densities are normal, so
 * a net without hidden layers can have them exactly. Seen: 0.002 for the fractions, 0.002 to 0.007 for the derivatives,
 * whose truth is 2 MOVE x / distance; with rows that are not in pairs 0.02 to 0.1. */
START_TEST(the_components_are_learned)
{
    enum { N = 6, ROWS = N_CLASS_ROWS };
    static const double FRACTIONS = 0.01, DERIVATIVES = 0.03;
    static float component[ROWS * N];
    double miss[N] = {0}, mean[N] = {0}, square[N] = {0};
    fb_error error = {0};
    ck_assert_int_eq(fb_hardened_n_components(classifier), N);
    FB_ASSERT_OK(fb_hardened_components(classifier, ROWS, D, validation.matrix, component, &error));
    for (int i = 0; i < ROWS; i++) {
        const float *x = validation.matrix + i * D;
        const double truth[N] = {true_fraction(x, 0),
                                 0.02 * true_fraction(x, 2),
                                 0.25 * true_fraction(x, 3),
                                 2.0 * MOVE * (double)x[0] / 4.0,
                                 2.0 * MOVE * (double)x[1] / 4.0,
                                 2.0 * MOVE * (double)x[2] / 1.4};
        for (int k = 0; k < N; k++) {
            /* Of rows of the class 1 alone, which the moved rows are of. */
            if (k < 3 || i % FB_HARDENED_CLASSES == 1) {
                miss[k] += pow((double)component[i * N + k] - truth[k], 2.0);
                mean[k] += truth[k];
                square[k] += truth[k] * truth[k];
            }
        }
    }
    for (int k = 0; k < N; k++) {
        const double n = k < 3 ? ROWS : ROWS / FB_HARDENED_CLASSES;
        ck_assert_double_lt(miss[k], (k < 3 ? FRACTIONS : DERIVATIVES) * (square[k] - mean[k] * mean[k] / n));
    }
}
END_TEST

START_TEST(the_score_is_the_folded_sum_between_knots)
{
    enum { N = 6, ROWS = 500 };
    static float component[ROWS * N], score[ROWS];
    fb_hardened_fold fold = {
        .form = {1.0, -3.0, 0.5, 0.2, -0.1, 0.3}, .n_knots = 4, .knot = {-0.2f, -0.05f, 0.1f, 0.6f}};
    fb_error error = {0};
    bool has_low = false, has_high = false;
    FB_ASSERT_OK(fb_hardened_set_fold(classifier, &fold, &error));
    FB_ASSERT_OK(fb_hardened_components(classifier, ROWS, D, validation.matrix, component, &error));
    FB_ASSERT_OK(fb_classifier_score(classifier, ROWS, D, validation.matrix, score, &error));
    for (int i = 0; i < ROWS; i++) {
        double sum = 0.0, wanted = 0.0;
        for (int k = 0; k < N; k++) {
            sum += fold.form[k] * (double)component[i * N + k];
        }
        for (int k = 0; k < 3; k++) {
            const double low = (double)fold.knot[k], high = (double)fold.knot[k + 1];
            wanted = sum >= low && sum < high ? (k + (sum - low) / (high - low)) / 3.0 : wanted;
        }
        wanted = sum >= (double)fold.knot[3] ? 1.0 : wanted;
        has_low = has_low || wanted == 0.0;
        has_high = has_high || wanted > 0.4;
        FB_ASSERT_NEAR((double)score[i], wanted, 1e-5);
    }
    ck_assert(has_low && has_high);
    fold.knot[2] = fold.knot[1];
    ck_assert_int_eq(fb_hardened_set_fold(classifier, &fold, &error), FB_ERROR_DATA);
    fold = (fb_hardened_fold){.form = {NAN}, .n_knots = 2, .knot = {0.0f, 1.0f}};
    ck_assert_int_eq(fb_hardened_set_fold(classifier, &fold, &error), FB_ERROR_DATA);
}
END_TEST

START_TEST(it_is_the_same_after_saving_and_loading)
{
    enum { ROWS = 500 };
    static float score[ROWS], again[ROWS];
    fb_error error = {0};
    fb_classifier *loaded = NULL;
    uint8_t *bytes = NULL;
    size_t n = 0;
    FB_ASSERT_OK(fb_classifier_score(classifier, ROWS, D, validation.matrix, score, &error));
    FB_ASSERT_OK(fb_classifier_save(classifier, &bytes, &n, &error));
    FB_ASSERT_OK(fb_classifier_create("hardened", &loaded, &error));
    FB_ASSERT_OK(fb_classifier_load(loaded, bytes, n, &error));
    FB_ASSERT_OK(fb_classifier_score(loaded, ROWS, D, validation.matrix, again, &error));
    ck_assert_int_eq(memcmp(score, again, sizeof score), 0);
    ck_assert_int_eq(memcmp(fb_hardened_known(loaded), &constants, sizeof constants), 0);
    free(bytes);
    /* Whatever is cut off or makes no sense is refused by the kind itself, too. */
    void *state = NULL;
    FB_ASSERT_OK(fb_hardened_methods.create(&state, &error));
    ck_assert_int_eq(fb_hardened_methods.load(state, NULL, 0, &error), FB_ERROR_DATA);
    fb_hardened_methods.free(state);
    fb_classifier_free(loaded);
}
END_TEST

START_TEST(damaged_bytes_are_refused)
{
    fb_error error = {0};
    fb_classifier *other = NULL;
    void *state = NULL;
    uint8_t *bytes = NULL;
    size_t n = 0;
    FB_ASSERT_OK(fb_hardened_methods.create(&state, &error));
    FB_ASSERT_OK(fb_classifier_save(classifier, &bytes, &n, &error));
    const size_t envelope = 24;
    FB_ASSERT_OK(fb_hardened_methods.load(state, bytes + envelope, n - envelope, &error));
    ck_assert_int_eq(fb_hardened_methods.load(state, bytes + envelope, n - envelope - 1, &error), FB_ERROR_DATA);
    /* The nets the wrong way round: what follows them would be written beyond its end. */
    const size_t head = 8 + sizeof(fb_hardened_constants) + sizeof(fb_hardened_fold) + 2 * sizeof(uint64_t);
    uint64_t length[2];
    uint8_t *turned = malloc(n - envelope), *own = bytes + envelope;
    memcpy(length, own + head - sizeof length, sizeof length);
    memcpy(turned, own, head);
    memcpy(turned + head - sizeof length, &length[1], sizeof length[1]);
    memcpy(turned + head - sizeof length[0], &length[0], sizeof length[0]);
    memcpy(turned + head, own + head + length[0], length[1]);
    memcpy(turned + head + length[1], own + head, length[0]);
    ck_assert_int_eq(fb_hardened_methods.load(state, turned, n - envelope, &error), FB_ERROR_DATA);
    ck_assert(strstr(error.text, "net with 3 outputs; 4 are needed") != NULL);
    free(turned);
    const double none = 0.0; /* the yield of class 0, after the magic */
    memcpy(bytes + envelope + 8, &none, sizeof none);
    ck_assert_int_eq(fb_hardened_methods.load(state, bytes + envelope, n - envelope, &error), FB_ERROR_DATA);
    fb_hardened_methods.free(state);
    free(bytes);
    /* Only rows with heads can be learned from, and only what has several outputs learns from them. */
    fb_training_report report;
    fb_sample plain = training;
    plain.heads = NULL;
    plain.head = NULL;
    plain.n = 200;
    for (size_t i = 0; i < plain.n; i++) {
        training_rows->label[i] = (float)(i % 2);
    }
    ck_assert_int_eq(fb_classifier_fit(classifier, &plain, &plain, NULL, NULL, &report, &error), FB_ERROR_USAGE);
    ck_assert(strstr(error.text, "distorted up and down") != NULL);
    FB_ASSERT_OK(fb_classifier_create("bdt", &other, &error));
    ck_assert(!fb_hardened_is(other));
    ck_assert_int_eq(fb_hardened_prepare(other, &constants, &error), FB_ERROR_USAGE);
    ck_assert_int_eq(fb_classifier_fit(other, &validation, &validation, NULL, NULL, &report, &error), FB_ERROR_USAGE);
    ck_assert(strstr(error.text, "cannot have several heads") != NULL);
    fb_classifier_free(other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models/hardened");
    TCase *tests = tcase_create("hardened");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, train, clear);
    tcase_add_test(tests, the_components_are_learned);
    tcase_add_test(tests, the_score_is_the_folded_sum_between_knots);
    tcase_add_test(tests, it_is_the_same_after_saving_and_loading);
    tcase_add_test(tests, damaged_bytes_are_refused);
    return fb_run_suite(suite);
}

/* A kind of classifier from outside: what may be registered, and that training and analysis files take it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/analysis.h"
#include "baseline/analysis/train.h"
#include "models/classifier_kinds.h"
#include "models/common/memory.h"
#include "tests/support/support.h"

#define FILE_NAME "test_baseline_own_kind.h5"

/* --- the kind: signal-like is who has the visible mass of a tau pair from a Higgs boson --------------------------- */

static fb_status create(void **state, fb_error *error)
{
    return fb_memory_allocate(1, sizeof(double), state, error);
}

static fb_status set(void *state, const char *key, const char *value, fb_error *error)
{
    (void)state;
    return fb_fail(error, FB_ERROR_USAGE, "model mass has no settings, not even %s=%s", key, value);
}

static void describe(const void *state, char *text, size_t size)
{
    (void)state;
    snprintf(text, size, "column=%s", fb_column_name(FB_DER_MASS_VIS));
}

static fb_status fit(void *state, const fb_sample *train, const fb_sample *validation, fb_training_progress *progress,
                     void *context, fb_training_report *report, fb_error *error)
{
    double sum = 0.0, weight = 0.0;
    (void)error;
    for (size_t i = 0; i < train->n; i++) {
        const double w = (double)(train->weight[i] * train->label[i]);
        sum += w * (double)train->matrix[i * (size_t)train->n_features + FB_DER_MASS_VIS];
        weight += w;
    }
    *(double *)state = sum / weight;
    *report = (fb_training_report){1, 1, 0.6};
    progress(context, &(fb_training_round){1, 1, NAN, (double)validation->n});
    return FB_OK;
}

static fb_status score(const void *state, size_t n, int n_features, const float *matrix, float *out, fb_error *error)
{
    (void)error;
    for (size_t i = 0; i < n; i++) {
        const double x = ((double)matrix[i * (size_t)n_features + FB_DER_MASS_VIS] - *(const double *)state) / 25.0;
        out[i] = (float)exp(-x * x);
    }
    return FB_OK;
}

static fb_status save(const void *state, uint8_t **bytes, size_t *n_bytes, fb_error *error)
{
    fb_status status = fb_memory_allocate(1, *n_bytes = sizeof(double), bytes, error);
    if (status == FB_OK) {
        memcpy(*bytes, state, *n_bytes);
    }
    return status;
}

static fb_status load(void *state, const uint8_t *bytes, size_t n_bytes, fb_error *error)
{
    if (n_bytes != sizeof(double)) {
        return fb_fail(error, FB_ERROR_DATA, "model mass: %zu bytes", n_bytes);
    }
    memcpy(state, bytes, n_bytes);
    return FB_OK;
}

static const fb_classifier_methods whole = {.name = "mass",
                                            .summary = "visible mass",
                                            .create = create,
                                            .free = free,
                                            .set = set,
                                            .describe = describe,
                                            .fit = fit,
                                            .score = score,
                                            .save = save,
                                            .load = load};

/* --- registering -------------------------------------------------------------------------------------------------- */

static void assert_refused(const fb_classifier_methods *methods, const char *says)
{
    fb_error error = {0};
    ck_assert_int_eq(fb_classifier_kinds_register(methods, &error), FB_ERROR_USAGE);
    ck_assert_msg(strstr(error.text, says) != NULL, "'%s' is not in: %s", says, error.text);
}

START_TEST(incomplete_kinds_are_refused)
{
    /* One member after the other is taken away. */
    fb_classifier_methods m[10] = {whole, whole, whole, whole, whole, whole, whole, whole, whole, whole};
    m[0].name = NULL;
    m[1].summary = NULL;
    m[2].create = NULL;
    m[3].free = NULL;
    m[4].set = NULL;
    m[5].describe = NULL;
    m[6].fit = NULL;
    m[7].score = NULL;
    m[8].save = NULL;
    m[9].load = NULL;
    static const char *const member[] = {"name",     "summary", "create", "free", "set",
                                         "describe", "fit",     "score",  "save", "load"};
    for (int k = 0; k < 10; k++) {
        char says[64];
        snprintf(says, sizeof says, "without %s ", member[k]);
        assert_refused(&m[k], says);
    }
    assert_refused(NULL, "without table");
    m[0].name = "";
    assert_refused(&m[0], "without name");
    m[0].name = "a-name-of-more-than-sixty-three-characters-which-analysis-files-have-no-room-for";
    assert_refused(&m[0], "at most 63 characters");
    /* The longest that is allowed is one shorter than this one. */
    static char edge[FB_CLASSIFIER_NAME_SIZE + 1];
    memset(edge, 'x', FB_CLASSIFIER_NAME_SIZE);
    m[0].name = edge;
    assert_refused(&m[0], "at most 63 characters");
}
END_TEST

START_TEST(names_are_taken_once)
{
    static fb_classifier_methods many[FB_MAX_CLASSIFIER_KINDS];
    static char name[FB_MAX_CLASSIFIER_KINDS][32];
    fb_error error = {0};
    fb_classifier *classifier = NULL;
    int n = 0;
    many[0] = whole;
    many[0].name = "bdt";
    assert_refused(&many[0], "there is a model 'bdt' already");
    while (fb_classifier_kinds_at(n) != NULL) {
        n++;
    }
    ck_assert_int_ge(n, 2);
    ck_assert_ptr_null(fb_classifier_kinds_at(-1));
    for (int k = n; k < FB_MAX_CLASSIFIER_KINDS; k++) {
        snprintf(name[k], sizeof name[k], "mine-%d", k);
        many[k] = whole;
        many[k].name = name[k];
        FB_ASSERT_OK(fb_classifier_kinds_register(&many[k], &error));
        assert_refused(&many[k], "already");
        ck_assert_ptr_eq(fb_classifier_kinds_at(k), &many[k]);
    }
    many[0].name = "late";
    assert_refused(&many[0], "no room");
    ck_assert_ptr_null(fb_classifier_kinds_at(FB_MAX_CLASSIFIER_KINDS));
    FB_ASSERT_OK(fb_classifier_create("mine-7", &classifier, &error));
    ck_assert_str_eq(fb_classifier_kind(classifier), "mine-7");
    fb_classifier_free(classifier);
    ck_assert_int_eq(fb_classifier_create("nobody's", &classifier, &error), FB_ERROR_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "unknown model 'nobody's'; known: bdt, dense, "));
}
END_TEST

/* --- in the whole analysis ---------------------------------------------------------------------------------------- */

/* Calibrating once more on the validation sample changes nothing: it is what it was calibrated on. */
static void assert_calibrated_on_validation(const fb_analysis *analysis, fb_source *source, fb_classifier *classifier)
{
    fb_error error = {0};
    fb_train_sample validation = {0};
    uint8_t *before = NULL, *after = NULL;
    size_t n_before = 0, n_after = 0;
    FB_ASSERT_OK(fb_classifier_save(classifier, &before, &n_before, &error));
    FB_ASSERT_OK(fb_train_sample_collect(source, &analysis->split, FB_VALIDATION, analysis->settings.train_rows / 3 + 1,
                                         &analysis->settings.augmentation, analysis->settings.templates.seed,
                                         &validation, &error));
    const fb_sample view = fb_train_sample_view(&validation);
    FB_ASSERT_OK(fb_classifier_calibrate(classifier, &view, &error));
    FB_ASSERT_OK(fb_classifier_save(classifier, &after, &n_after, &error));
    ck_assert_uint_eq(n_before, n_after);
    ck_assert_mem_eq(before, after, n_before);
    fb_train_sample_clear(&validation);
    free(before);
    free(after);
}

START_TEST(an_analysis_with_it)
{
    enum { N = 30000 };
    static fb_classifier_methods mass;
    fb_error error = {0};
    fb_source *source = NULL;
    fb_analysis *analysis = NULL, *back = NULL;
    fb_train_settings settings = fb_train_settings_default();
    fb_events *events = fb_simulated_events(N, 5);
    mass = whole;
    FB_ASSERT_OK(fb_classifier_kinds_register(&mass, &error));
    FB_ASSERT_OK(fb_source_from_events(events, "events", &source, &error));
    settings.model = "mass";
    settings.calibrate = FB_CALIBRATION_ISOTONIC;
    settings.templates.n_bins = 5;
    FB_ASSERT_OK(fb_analysis_create(&settings, &analysis, &error));
    FB_ASSERT_OK(fb_train(analysis, source, &(fb_train_observer){0}, &error));
    ck_assert_double_gt(analysis->auc[FB_HOLDOUT], 0.53);
    ck_assert_str_eq(analysis->model_settings, "column=DER_mass_vis");
    ck_assert_int_eq(analysis->diagnostics.learning.n_rounds, 1);
    FB_ASSERT_OK(fb_analysis_file_save(analysis, FILE_NAME, &error));
    FB_ASSERT_OK(fb_analysis_file_load(FILE_NAME, &back, &error));
    ck_assert_str_eq(fb_classifier_kind(back->classifier), "mass");
    ck_assert(back->settings.calibrate == FB_CALIBRATION_ISOTONIC &&
              fb_classifier_calibration(back->classifier) != NULL);
    ck_assert(isnan(back->diagnostics.learning.train[0]));
    ck_assert_double_eq(back->diagnostics.learning.validation[0], (double)analysis->n_used[FB_VALIDATION]);
    const float row[FB_N_FEATURES] = {[FB_DER_MASS_VIS] = 70.0f};
    float one = 0.0f, two = 1.0f;
    FB_ASSERT_OK(fb_classifier_score(analysis->classifier, 1, FB_N_FEATURES, row, &one, &error));
    FB_ASSERT_OK(fb_classifier_score(back->classifier, 1, FB_N_FEATURES, row, &two, &error));
    ck_assert_float_eq(one, two);
    assert_calibrated_on_validation(analysis, source, back->classifier);
    fb_analysis_free(back);
    /* A program that knows no such kind says so. */
    mass.name = "another";
    ck_assert_int_eq(fb_analysis_file_load(FILE_NAME, &back, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, FILE_NAME ": unknown model 'mass'; known: bdt, dense") != NULL, "%s", error.text);
    fb_analysis_free(analysis);
    fb_source_free(source);
    fb_events_free(events);
    remove(FILE_NAME);
}
END_TEST

/* --- kinds that do less, or other things, than they should -------------------------------------------------------- */

static fb_status fit_in_silence(void *state, const fb_sample *train, const fb_sample *validation,
                                fb_training_progress *progress, void *context, fb_training_report *report,
                                fb_error *error)
{
    (void)validation, (void)progress, (void)context, (void)error;
    *(double *)state = (double)train->matrix[FB_DER_MASS_VIS];
    *report = (fb_training_report){1, 1, 0.6};
    return FB_OK;
}

/* Only the program runs commands: it makes their kind known, which is not in the library. */
START_TEST(an_analysis_of_a_command_is_not_for_the_library)
{
    static fb_classifier_methods command;
    fb_error error = {0};
    fb_source *source = NULL;
    fb_analysis *analysis = NULL, *back = NULL;
    fb_train_settings settings = fb_train_settings_default();
    fb_events *events = fb_simulated_events(30000, 5);
    command = whole;
    command.name = settings.model = FB_TRAIN_SETTINGS_COMMAND;
    settings.templates.n_bins = 5;
    FB_ASSERT_OK(fb_classifier_kinds_register(&command, &error));
    FB_ASSERT_OK(fb_source_from_events(events, "events", &source, &error));
    FB_ASSERT_OK(fb_analysis_create(&settings, &analysis, &error));
    FB_ASSERT_OK(fb_train(analysis, source, &(fb_train_observer){0}, &error));
    FB_ASSERT_OK(fb_analysis_file_save(analysis, FILE_NAME, &error));
    command.name = "another"; // as where it was never registered
    ck_assert_int_eq(fb_analysis_file_load(FILE_NAME, &back, &error), FB_ERROR_DATA);
    ck_assert_ptr_null(back);
    ck_assert_msg(strstr(error.text, FILE_NAME ": its classifier is a command (train --score-command)") != NULL, "%s",
                  error.text);
    fb_analysis_free(analysis);
    fb_source_free(source);
    fb_events_free(events);
    remove(FILE_NAME);
}
END_TEST

START_TEST(a_training_without_rounds)
{
    static fb_classifier_methods silent;
    fb_error error = {0};
    fb_source *source = NULL;
    fb_analysis *analysis = NULL, *back = NULL;
    fb_train_settings settings = fb_train_settings_default();
    fb_events *events = fb_simulated_events(30000, 5);
    silent = whole;
    silent.name = "silent";
    silent.fit = fit_in_silence;
    FB_ASSERT_OK(fb_classifier_kinds_register(&silent, &error));
    FB_ASSERT_OK(fb_source_from_events(events, "events", &source, &error));
    settings.model = "silent";
    settings.templates.n_bins = 5;
    FB_ASSERT_OK(fb_analysis_create(&settings, &analysis, &error));
    FB_ASSERT_OK(fb_train(analysis, source, &(fb_train_observer){0}, &error));
    ck_assert_int_eq(analysis->diagnostics.learning.n_rounds, 0);
    FB_ASSERT_OK(fb_analysis_file_save(analysis, FILE_NAME, &error));
    FB_ASSERT_OK(fb_analysis_file_load(FILE_NAME, &back, &error));
    ck_assert_int_eq(back->diagnostics.learning.n_rounds, 0);
    fb_analysis_free(back);
    fb_analysis_free(analysis);
    fb_source_free(source);
    fb_events_free(events);
    remove(FILE_NAME);
}
END_TEST

static float said; /* by the kind below, of every second row */

static fb_status score_anything(const void *state, size_t n, int n_features, const float *matrix, float *out,
                                fb_error *error)
{
    (void)state, (void)n_features, (void)matrix, (void)error;
    for (size_t i = 0; i < n; i++) {
        out[i] = i % 2 == 0 ? 1.0f : said;
    }
    return FB_OK;
}

START_TEST(scores_beyond_0_and_1_are_refused)
{
    static const float wrong[] = {NAN, -1e-6f, 1.000001f, INFINITY, -INFINITY};
    static const float rows[2][FB_N_FEATURES];
    static fb_classifier_methods odd;
    fb_error error = {0};
    fb_classifier *classifier = NULL;
    float score[2];
    odd = whole;
    odd.name = "odd";
    odd.score = score_anything;
    FB_ASSERT_OK(fb_classifier_kinds_register(&odd, &error));
    FB_ASSERT_OK(fb_classifier_create("odd", &classifier, &error));
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        said = wrong[k];
        FB_ASSERT_OK(fb_classifier_score(classifier, 1, FB_N_FEATURES, rows[0], score, &error));
        ck_assert_int_eq(fb_classifier_score(classifier, 2, FB_N_FEATURES, rows[0], score, &error), FB_ERROR_DATA);
        ck_assert_msg(strstr(error.text, "model odd: an event has the score ") != NULL, "%s", error.text);
        ck_assert_int_eq(fb_classifier_score_all(classifier, 2, FB_N_FEATURES, rows[0], score, &error), FB_ERROR_DATA);
    }
    said = 0.0f;
    FB_ASSERT_OK(fb_classifier_score(classifier, 2, FB_N_FEATURES, rows[0], score, &error));
    fb_classifier_free(classifier);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline/own_kind");
    TCase *tests = tcase_create("own_kind");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, incomplete_kinds_are_refused);
    tcase_add_test(tests, an_analysis_with_it);
    tcase_add_test(tests, an_analysis_of_a_command_is_not_for_the_library);
    tcase_add_test(tests, a_training_without_rounds);
    tcase_add_test(tests, scores_beyond_0_and_1_are_refused);
    tcase_add_test(tests, names_are_taken_once); // leaves no room, so it is the last one
    return fb_run_suite(suite);
}

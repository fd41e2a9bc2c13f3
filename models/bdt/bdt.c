#include "models/bdt/bdt.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/bdt/bdt_matrix_internal.h"
#include "models/bdt/forest.h"
#include "models/common/interrupt.h"
#include "models/common/memory.h"
#include "models/common/metrics.h"
#include "models/common/settings.h"
#include "models/common/text.h"
#include "models/common/thread_limit.h"

/* The settings, as in the table below. */
enum { TREES, DEPTH, ETA, PATIENCE, BINS, LAMBDA, MIN_CHILD_WEIGHT, SUBSAMPLE, SEED, THREADS, N_SETTINGS };

typedef struct bdt {
    double value[N_SETTINGS];
    fb_forest *forest; /* NULL: not trained */
    uint8_t *ubj;      /* the same trees as a model of XGBoost, to be used by other programs */
    size_t n_ubj;
    double *gain; /* [features] of the training; NULL after loading */
} bdt;

/* XGBoost itself accepts nonsense here and fails later, or not at all. */
static const fb_settings_row rows[N_SETTINGS] = {
    [TREES] = {"trees", 300, 1, 100000, .whole = true},
    [DEPTH] = {"depth", 8, 1, 20, .whole = true},
    [ETA] = {"eta", 0.15, 1e-4, 1},
    [PATIENCE] = {"patience", 10, 1, 100000, .whole = true},
    [BINS] = {"bins", 256, 2, 65536, .whole = true},
    [LAMBDA] = {"lambda", 1, 0, 1e6},
    [MIN_CHILD_WEIGHT] = {"min_child_weight", 1, 0, 1e9},
    [SUBSAMPLE] = {"subsample", 1, 0.01, 1},
    [SEED] = {"seed", 0, 0, 2147483647, .whole = true},
    [THREADS] = {"threads", 2, 1, 1024, .whole = true},
};

static const fb_settings_table settings = {"model bdt", N_SETTINGS, rows};

/* The parameters of XGBoost that they set; NULL: none. */
static const char *const parameters[N_SETTINGS] = {[DEPTH] = "max_depth",
                                                   [ETA] = "eta",
                                                   [BINS] = "max_bin",
                                                   [LAMBDA] = "lambda",
                                                   [MIN_CHILD_WEIGHT] = "min_child_weight",
                                                   [SUBSAMPLE] = "subsample",
                                                   [SEED] = "seed",
                                                   [THREADS] = "nthread"};

static fb_status bdt_create(void **state, fb_error *error)
{
    bdt *b = NULL;
    fb_status status = fb_memory_allocate(1, sizeof *b, &b, error);
    if (status == FB_OK) {
        fb_settings_start(&settings, b->value);
    }
    *state = b;
    return status;
}

static void bdt_free(void *state)
{
    bdt *b = state;
    if (b != NULL) {
        fb_forest_free(b->forest);
        free(b->ubj);
        free(b->gain);
    }
    free(b);
}

static fb_status bdt_set(void *state, const char *key, const char *value, fb_error *error)
{
    return fb_settings_set(&settings, ((bdt *)state)->value, NULL, key, value, error);
}

static void bdt_describe(const void *state, char *text, size_t size)
{
    fb_settings_describe(&settings, ((const bdt *)state)->value, NULL, text, size);
}

static fb_status configure(BoosterHandle booster, const bdt *b, fb_error *error)
{
    static const char *const fixed[][2] = {{"booster", "gbtree"},
                                           {"objective", "binary:logistic"},
                                           {"tree_method", "hist"},
                                           {"disable_default_eval_metric", "1"},
                                           {"verbosity", "0"}};
    fb_status status = FB_OK;
    char value[FB_NUMBER_SIZE];
    for (size_t k = 0; k < sizeof fixed / sizeof fixed[0]; k++) {
        FB_CHECK_XGB(XGBoosterSetParam(booster, fixed[k][0], fixed[k][1]), fixed[k][0]);
    }
    for (int k = 0; k < N_SETTINGS; k++) {
        if (parameters[k] != NULL) {
            FB_CHECK_XGB(XGBoosterSetParam(booster, parameters[k], fb_text_of_double(b->value[k], value)), rows[k].key);
        }
    }
cleanup:
    return status;
}

/* Log-loss on a sample. XGBoost remembers the margins of the matrices that it was created with, so that each round
 * costs one more tree. */
static fb_status find_log_loss(BoosterHandle booster, DMatrixHandle matrix, const fb_sample *sample, double *log_loss,
                               fb_error *error)
{
    static const char config[] = "{\"type\": 0, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, "
                                 "\"strict_shape\": false}";
    const bst_ulong *shape = NULL;
    bst_ulong rank = 0;
    const float *score = NULL;
    fb_status status = FB_OK;
    FB_CHECK_XGB(XGBoosterPredictFromDMatrix(booster, matrix, config, &shape, &rank, &score), "log-loss");
    *log_loss = fb_metrics_log_loss(sample->n, score, sample->label, sample->weight);
cleanup:
    return status;
}

static fb_status copy_bytes(const void *from, size_t n, uint8_t **out, fb_error *error)
{
    fb_status status = fb_memory_allocate(n, 1, out, error);
    if (status == FB_OK) {
        memcpy(*out, from, n);
    }
    return status;
}

/* Moves what the pointers hold into the model. */
static void replace(bdt *b, fb_forest **forest, uint8_t **ubj, size_t n_ubj, double **gain)
{
    fb_forest_free(b->forest);
    free(b->ubj);
    free(b->gain);
    b->forest = *forest;
    b->ubj = *ubj;
    b->n_ubj = n_ubj;
    b->gain = *gain;
    *forest = NULL;
    *ubj = NULL;
    *gain = NULL;
}

/* The total gain of all splits of each feature. XGBoost names features f0, f1, ... and leaves out those without a
 * split. */
static fb_status find_gain(BoosterHandle booster, int n_features, double **out, fb_error *error)
{
    bst_ulong n_names = 0, rank = 0;
    const bst_ulong *shape = NULL;
    const char **name = NULL;
    const float *value = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate((size_t)n_features, sizeof **out, out, error));
    FB_CHECK_XGB(
        XGBoosterFeatureScore(booster, "{\"importance_type\": \"total_gain\"}", &n_names, &name, &rank, &shape, &value),
        "gain");
    for (bst_ulong k = 0; k < n_names; k++) {
        int feature = -1;
        if (sscanf(name[k], "f%d", &feature) == 1 && feature >= 0 && feature < n_features) {
            (*out)[feature] = (double)value[k];
        }
    }
cleanup:
    return status;
}

static fb_status keep_rounds(bdt *b, BoosterHandle booster, int n_rounds, fb_error *error)
{
    const char *buffer = NULL;
    bst_ulong n_json = 0, n_ubj = 0;
    uint8_t *ubj = NULL;
    double *gain = NULL;
    fb_forest *forest = NULL;
    BoosterHandle sliced = NULL;
    fb_status status = FB_OK;
    FB_CHECK_XGB(XGBoosterSlice(booster, 0, n_rounds, 1, &sliced), "best round");
    FB_CHECK_XGB(XGBoosterSaveModelToBuffer(sliced, "{\"format\": \"json\"}", &n_json, &buffer), "saving");
    FB_TRY(fb_forest_xgboost_read(buffer, n_json, &forest, error));
    FB_CHECK_XGB(XGBoosterSaveModelToBuffer(sliced, "{\"format\": \"ubj\"}", &n_ubj, &buffer), "saving");
    FB_TRY(copy_bytes(buffer, n_ubj, &ubj, error));
    FB_TRY(find_gain(sliced, fb_forest_n_features(forest), &gain, error));
    replace(b, &forest, &ubj, n_ubj, &gain);
cleanup:
    if (sliced != NULL) {
        XGBoosterFree(sliced);
    }
    fb_forest_free(forest);
    free(ubj);
    free(gain);
    return status;
}

static bool bdt_gain(const void *state, int n_features, double *gain)
{
    const bdt *b = state;
    if (b->gain == NULL || n_features != fb_forest_n_features(b->forest)) {
        return false;
    }
    memcpy(gain, b->gain, (size_t)n_features * sizeof *gain);
    return true;
}

static fb_status bdt_fit(void *state, const fb_sample *train, const fb_sample *validation,
                         fb_training_progress *progress, void *context, fb_training_report *report, fb_error *error)
{
    bdt *b = state;
    DMatrixHandle matrix[2] = {NULL, NULL};
    BoosterHandle booster = NULL;
    const int n_rounds = (int)b->value[TREES], n_bins = (int)b->value[BINS], n_threads = (int)b->value[THREADS];
    fb_status status = FB_OK;
    report->best_log_loss = INFINITY;
    /* With a smaller team than it asked for XGBoost would leave out rows. */
    if (!fb_thread_limit_allows(n_threads)) {
        return fb_fail(error, FB_ERROR_MEMORY,
                       "model bdt: threads=%d cannot be started (limits on processes or memory: ulimit -u, ulimit -v); "
                       "with threads=1 it trains, but other last digits",
                       n_threads);
    }
    FB_TRY(fb_bdt_matrix_create(train, n_bins, n_threads, NULL, &matrix[0], error));
    FB_TRY(fb_bdt_matrix_create(validation, n_bins, n_threads, matrix[0], &matrix[1], error));
    FB_CHECK_XGB(XGBoosterCreate(matrix, 2, &booster), "booster");
    FB_TRY(configure(booster, b, error));
    for (int round = 0; round < n_rounds; round++) {
        fb_training_round now = {.round = round + 1, .n_rounds = n_rounds};
        FB_TRY(fb_interrupt_check(error));
        FB_CHECK_XGB(XGBoosterUpdateOneIter(booster, round, matrix[0]), "training");
        FB_TRY(find_log_loss(booster, matrix[1], validation, &now.validation_log_loss, error));
        report->n_rounds = round + 1;
        if (now.validation_log_loss < report->best_log_loss) {
            report->best_log_loss = now.validation_log_loss;
            report->best_round = round + 1;
        }
        if (progress != NULL) {
            FB_TRY(find_log_loss(booster, matrix[0], train, &now.train_log_loss, error));
            progress(context, &now);
        }
        if (round + 1 - report->best_round >= (int)b->value[PATIENCE]) {
            break;
        }
    }
    FB_TRY(keep_rounds(b, booster, report->best_round, error));
cleanup:
    if (booster != NULL) {
        XGBoosterFree(booster);
    }
    for (int k = 0; k < 2; k++) {
        if (matrix[k] != NULL) {
            XGDMatrixFree(matrix[k]);
        }
    }
    return status;
}

static fb_status bdt_score(const void *state, size_t n, int n_features, const float *matrix, float *score,
                           fb_error *error)
{
    const bdt *b = state;
    if (b->forest == NULL || n_features != fb_forest_n_features(b->forest)) {
        return fb_fail(error, FB_ERROR_DATA, "model bdt: %s",
                       b->forest == NULL ? "is not trained" : "wrong number of features");
    }
    fb_status status = fb_forest_margin(b->forest, n, matrix, score, error);
    if (status == FB_OK) {
        fb_forest_logistic(n, score);
    }
    return status;
}

/* The bytes: the length of the forest (uint64), the forest, and the rest is XGBoost's. Reading needs no XGBoost, whose
 * reader does not check what it reads. */
static fb_status bdt_save(const void *state, uint8_t **bytes, size_t *n_bytes, fb_error *error)
{
    const bdt *b = state;
    uint8_t *forest = NULL;
    size_t n_forest = 0;
    fb_status status = FB_OK;
    *bytes = NULL;
    if (b->forest == NULL) {
        return fb_fail(error, FB_ERROR_DATA, "model bdt: is not trained");
    }
    FB_TRY(fb_forest_file_save(b->forest, &forest, &n_forest, error));
    const uint64_t length = n_forest;
    *n_bytes = sizeof length + n_forest + b->n_ubj;
    FB_TRY(fb_memory_allocate(*n_bytes, 1, bytes, error));
    memcpy(*bytes, &length, sizeof length);
    memcpy(*bytes + sizeof length, forest, n_forest);
    memcpy(*bytes + sizeof length + n_forest, b->ubj, b->n_ubj);
cleanup:
    free(forest);
    return status;
}

static fb_status bdt_load(void *state, const uint8_t *bytes, size_t n_bytes, fb_error *error)
{
    bdt *b = state;
    fb_forest *forest = NULL;
    uint8_t *ubj = NULL;
    double *none = NULL;
    uint64_t length = 0;
    fb_status status = FB_OK;
    if (n_bytes >= sizeof length) {
        memcpy(&length, bytes, sizeof length);
    }
    if (n_bytes < sizeof length || length > n_bytes - sizeof length) {
        return fb_fail(error, FB_ERROR_DATA, "model bdt: its %zu bytes end within the trees", n_bytes);
    }
    const size_t n_ubj = n_bytes - sizeof length - (size_t)length;
    FB_TRY(fb_forest_file_load(bytes + sizeof length, (size_t)length, &forest, error));
    FB_TRY(copy_bytes(bytes + sizeof length + length, n_ubj, &ubj, error));
    replace(b, &forest, &ubj, n_ubj, &none);
cleanup:
    fb_forest_free(forest);
    free(ubj);
    return status;
}

const fb_classifier_methods fb_bdt_methods = {.name = "bdt",
                                              .summary = "boosted decision trees (XGBoost)",
                                              .create = bdt_create,
                                              .free = bdt_free,
                                              .set = bdt_set,
                                              .describe = bdt_describe,
                                              .fit = bdt_fit,
                                              .score = bdt_score,
                                              .save = bdt_save,
                                              .load = bdt_load,
                                              .gain = bdt_gain};

#include "models/dense/dense.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"
#include "models/common/text.h"
#include "models/dense/dense_blas_internal.h"
#include "models/dense/dense_internal.h"
#include "models/dense/dense_train_internal.h"

/* THE table of settings; HIDDEN is a list and lives apart. */
enum { HIDDEN, EPOCHS, BATCH, RATE, SCHEDULE, L2, PATIENCE, FEATURES, SEED, N_SETTINGS };

typedef struct dense {
    int n_hidden, hidden[FB_DENSE_MAX_LAYERS];
    double value[N_SETTINGS]; /* of the settings, in the order of the table; words as their number */
    fb_dense_trained *trained;
} dense;

static const struct {
    const char *key;
    double standard, low, high;
    bool whole;
    const char *words; /* "one, two": the value is one of these words */
} settings[N_SETTINGS] = {
    [HIDDEN] = {"hidden", 0, 0, 0, false, NULL},
    [EPOCHS] = {"epochs", 20, 1, 100000, true, NULL},
    [BATCH] = {"batch", 1024, 1, 65536, true, NULL},
    [RATE] = {"rate", 0.008, 1e-7, 1, false, NULL},
    [SCHEDULE] = {"schedule", FB_DENSE_COSINE, 0, FB_DENSE_N_SCHEDULES, true, "cosine, plateau, constant"},
    [L2] = {"l2", 1e-4, 0, 1, false, NULL},
    [PATIENCE] = {"patience", 10, 1, 100000, true, NULL},
    [FEATURES] = {"features", FB_DENSE_AUTO, 0, FB_DENSE_N_KINDS, true, "standard, auto"},
    [SEED] = {"seed", 0, 0, 2147483647, true, NULL},
};

void fb_dense_trained_free(fb_dense_trained *trained)
{
    if (trained != NULL) {
        fb_dense_features_clear(&trained->features);
        free(trained->parameter);
    }
    free(trained);
}

static fb_status dense_create(void **state, fb_error *error)
{
    dense *d = NULL;
    fb_status status = fb_memory_allocate(1, sizeof *d, &d, error);
    if (status == FB_OK) {
        d->n_hidden = 3;
        d->hidden[0] = d->hidden[1] = d->hidden[2] = 100;
        for (int k = 0; k < N_SETTINGS; k++) {
            d->value[k] = settings[k].standard;
        }
        fb_dense_blas_prepare();
    }
    *state = d;
    return status;
}

static void dense_free(void *state)
{
    dense *d = state;
    if (d != NULL) {
        fb_dense_trained_free(d->trained);
    }
    free(d);
}

/* --- settings ----------------------------------------------------------------------------------------------------- */

/* "100x50" or "none"; false for anything else. */
static bool parse_hidden(const char *text, int *n, int hidden[FB_DENSE_MAX_LAYERS])
{
    *n = 0;
    if (strcmp(text, "none") == 0) {
        return true;
    }
    for (const char *p = text;; p++) {
        int width = 0, digits = 0;
        for (; *p >= '0' && *p <= '9' && digits < 5; p++, digits++) {
            width = 10 * width + (*p - '0');
        }
        if (digits == 0 || width < 1 || width > FB_DENSE_MAX_WIDTH || *n == FB_DENSE_MAX_LAYERS - 1) {
            return false;
        }
        hidden[(*n)++] = width;
        if (*p == '\0') {
            return true;
        }
        if (*p != 'x') {
            return false;
        }
    }
}

/* The place of a word in "one, two", or -1. */
static int find_word(const char *words, const char *word)
{
    const size_t n = strlen(word);
    int place = 0;
    for (const char *p = words; p != NULL; place++) {
        const char *comma = strchr(p, ',');
        if ((comma != NULL ? (size_t)(comma - p) : strlen(p)) == n && strncmp(p, word, n) == 0) {
            return place;
        }
        p = comma != NULL ? comma + 2 : NULL;
    }
    return -1;
}

/* The word at a place of "one, two". */
static int word_at(const char *words, int place, const char **word)
{
    for (; place > 0; place--) {
        words = strchr(words, ',') + 2;
    }
    *word = words;
    return (int)strcspn(words, ",");
}

static fb_status set_hidden(dense *d, const char *text, fb_error *error)
{
    int n = 0, hidden[FB_DENSE_MAX_LAYERS];
    if (!parse_hidden(text, &n, hidden)) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "hidden: '%s' is not a list of up to %d widths from 1 to %d like 100x100x100, nor 'none'", text,
                       FB_DENSE_MAX_LAYERS - 1, FB_DENSE_MAX_WIDTH);
    }
    d->n_hidden = n;
    memcpy(d->hidden, hidden, sizeof hidden[0] * (size_t)n);
    return FB_OK;
}

static fb_status set_one(dense *d, int k, const char *text, fb_error *error)
{
    if (k == HIDDEN) {
        return set_hidden(d, text, error);
    }
    if (settings[k].words != NULL) {
        const int place = find_word(settings[k].words, text);
        if (place < 0) {
            return fb_fail(error, FB_ERROR_USAGE, "%s: '%s' is not one of %s", settings[k].key, text,
                           settings[k].words);
        }
        d->value[k] = place;
        return FB_OK;
    }
    double number = 0.0;
    if (!fb_text_to_double(text, &number) || number < settings[k].low || number > settings[k].high ||
        (settings[k].whole && number != floor(number))) {
        return fb_fail(error, FB_ERROR_USAGE, "%s: '%s' is not a %snumber from %g to %g", settings[k].key, text,
                       settings[k].whole ? "whole " : "", settings[k].low, settings[k].high);
    }
    d->value[k] = number;
    return FB_OK;
}

static fb_status dense_set(void *state, const char *key, const char *value, fb_error *error)
{
    char known[256] = "";
    for (int k = 0; k < N_SETTINGS; k++) {
        if (strcmp(key, settings[k].key) == 0) {
            return set_one(state, k, value, error);
        }
        const size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", k > 0 ? ", " : "", settings[k].key);
    }
    return fb_fail(error, FB_ERROR_USAGE, "model dense has no setting '%s'; it has %s", key, known);
}

static void describe_one(const dense *d, int k, char *text, size_t size)
{
    if (k == HIDDEN) {
        size_t used = 0;
        snprintf(text, size, "none");
        for (int l = 0; l < d->n_hidden && used < size; l++) {
            used += (size_t)snprintf(text + used, size - used, "%s%d", l > 0 ? "x" : "", d->hidden[l]);
        }
    } else if (settings[k].words != NULL) {
        const char *word = NULL;
        const int length = word_at(settings[k].words, (int)d->value[k], &word);
        snprintf(text, size, "%.*s", length, word);
    } else {
        snprintf(text, size, "%.15g", d->value[k]);
    }
}

static void dense_describe(const void *state, char *text, size_t size)
{
    const dense *d = state;
    size_t used = 0;
    for (int k = 0; k < N_SETTINGS && used < size; k++) {
        char value[128];
        describe_one(d, k, value, sizeof value);
        used += (size_t)snprintf(text + used, size - used, "%s%s=%s", k > 0 ? " " : "", settings[k].key, value);
    }
    if (d->trained != NULL && used < size) {
        snprintf(text + used, size - used, " kernels=%s", d->trained->kernel);
    }
}

/* --- training and scoring ----------------------------------------------------------------------------------------- */

static fb_dense_plan plan_of(const dense *d)
{
    return (fb_dense_plan){.n_epochs = (int)d->value[EPOCHS],
                           .batch = (int)d->value[BATCH],
                           .patience = (int)d->value[PATIENCE],
                           .rate = d->value[RATE],
                           .l2 = d->value[L2],
                           .schedule = (fb_dense_schedule)d->value[SCHEDULE],
                           .seed = (uint64_t)d->value[SEED]};
}

static fb_status dense_fit(void *state, const fb_sample *train, const fb_sample *validation,
                           fb_training_progress *progress, void *context, fb_training_report *report, fb_error *error)
{
    dense *d = state;
    fb_dense_trained *t = NULL;
    const fb_dense_plan plan = plan_of(d);
    fb_status status = FB_OK;
    if (train->n_features < 1 || train->n_features > FB_DENSE_MAX_INPUTS / 2 ||
        validation->n_features != train->n_features) {
        return fb_fail(error, FB_ERROR_DATA, "model dense: %d features to train on and %d to validate; up to %d",
                       train->n_features, validation->n_features, FB_DENSE_MAX_INPUTS / 2);
    }
    FB_TRY(fb_memory_allocate(1, sizeof *t, &t, error));
    /* Both sets of vector instructions with fused multiply-add give the same bits. */
    snprintf(t->kernel, sizeof t->kernel, "%s+%s", fb_dense_blas_kernel(),
             fb_instruction_set_best() == FB_INSTRUCTIONS_PLAIN ? "plain" : "fma");
    FB_TRY(fb_dense_features_learn((fb_dense_kind)d->value[FEATURES], train, &t->features, error));
    t->shape = fb_dense_net_shape(t->features.n_columns + t->features.n_groups, d->n_hidden, d->hidden);
    FB_TRY(fb_memory_allocate(t->shape.n_parameters, sizeof(float), &t->parameter, error));
    fb_dense_net_initialise(&t->shape, plan.seed, t->parameter);
    FB_TRY(fb_dense_train(&plan, &t->shape, &t->features, train, validation, progress, context, t->parameter, report,
                          error));
    fb_dense_trained_free(d->trained);
    d->trained = t;
    t = NULL;
cleanup:
    fb_dense_trained_free(t);
    return status;
}

static fb_status dense_score(const void *state, size_t n, int n_features, const float *matrix, float *score,
                             fb_error *error)
{
    const dense *d = state;
    const fb_dense_trained *t = d->trained;
    fb_dense_workspace room;
    if (t == NULL || n_features != t->features.n_columns) {
        return fb_fail(error, FB_ERROR_DATA, "model dense: %s",
                       t == NULL ? "is not trained" : "wrong number of features");
    }
    fb_status status = fb_dense_net_workspace_make(&t->shape, 0, &room, error);
    if (status == FB_OK) {
        fb_dense_train_score_rows(&t->shape, &t->features, t->parameter, &room, n, matrix, score);
        fb_dense_net_workspace_clear(&room);
    }
    return status;
}

static fb_status dense_save(const void *state, uint8_t **bytes, size_t *n_bytes, fb_error *error)
{
    const dense *d = state;
    *bytes = NULL;
    if (d->trained == NULL) {
        return fb_fail(error, FB_ERROR_DATA, "model dense: is not trained");
    }
    return fb_dense_file_write(d->trained, bytes, n_bytes, error);
}

static fb_status dense_load(void *state, const uint8_t *bytes, size_t n_bytes, fb_error *error)
{
    dense *d = state;
    fb_dense_trained *trained = NULL;
    fb_status status = fb_dense_file_read(bytes, n_bytes, &trained, error);
    if (status == FB_OK) {
        fb_dense_trained_free(d->trained);
        d->trained = trained;
        d->n_hidden = trained->shape.n_layers - 1;
        for (int l = 0; l < d->n_hidden; l++) {
            d->hidden[l] = trained->shape.layer[l].n_out;
        }
    }
    return status;
}

const fb_classifier_methods fb_dense_methods = {.name = "dense",
                                                .summary = "dense net (own, on OpenBLAS)",
                                                .create = dense_create,
                                                .free = dense_free,
                                                .set = dense_set,
                                                .describe = dense_describe,
                                                .fit = dense_fit,
                                                .score = dense_score,
                                                .save = dense_save,
                                                .load = dense_load};

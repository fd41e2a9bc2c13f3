#include "models/dense/dense.h"

#include <omp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"
#include "models/common/settings.h"
#include "models/common/text.h"
#include "models/dense/dense_train_internal.h"
#include "models/dense/openblas_internal.h"

/* The settings, as in the table below. */
enum { HIDDEN, EPOCHS, BATCH, RATE, SCHEDULE, L2, PATIENCE, FEATURES, SEED, N_SETTINGS };

typedef struct dense {
    int n_hidden, hidden[FB_DENSE_MAX_LAYERS];
    double value[N_SETTINGS]; /* but for HIDDEN */
    fb_dense_trained *trained;
} dense;

/* --- settings ----------------------------------------------------------------------------------------------------- */

/* "100x50" or "none"; false for anything else. */
static bool parse_hidden(const char *text, int *n, int hidden[FB_DENSE_MAX_LAYERS])
{
    *n = 0;
    if (strcmp(text, "none") == 0) {
        return true;
    }
    for (const char *p = text;; p++) {
        const size_t digits = strspn(p, "0123456789");
        const int width = digits <= 5 ? atoi(p) : 0;
        if (digits == 0 || width < 1 || width > FB_DENSE_MAX_WIDTH || *n == FB_DENSE_MAX_LAYERS - 1) {
            return false;
        }
        hidden[(*n)++] = width;
        p += digits;
        if (*p == '\0') {
            return true;
        }
        if (*p != 'x') {
            return false;
        }
    }
}

static fb_status set_hidden(void *state, const char *text, fb_error *error)
{
    dense *d = state;
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

static void describe_hidden(const void *state, char *text, size_t size)
{
    const dense *d = state;
    snprintf(text, size, "%s", d->n_hidden > 0 ? "" : "none");
    for (int l = 0; l < d->n_hidden; l++) {
        fb_text_append(text, size, "x", "%d", d->hidden[l]);
    }
}

static const char *const schedules[] = {
    [FB_DENSE_COSINE] = "cosine", [FB_DENSE_PLATEAU] = "plateau", [FB_DENSE_CONSTANT] = "constant", NULL};
static const char *const kinds[] = {[FB_DENSE_STANDARD] = "standard", [FB_DENSE_AUTO] = "auto", NULL};

static const fb_settings_row rows[N_SETTINGS] = {
    [HIDDEN] = {.key = "hidden", .set = set_hidden, .describe = describe_hidden},
    [EPOCHS] = {"epochs", 20, 1, 100000, .whole = true},
    [BATCH] = {"batch", 1024, 1, 65536, .whole = true},
    [RATE] = {"rate", 0.008, 1e-7, 1},
    [SCHEDULE] = {"schedule", FB_DENSE_COSINE, .words = schedules},
    [L2] = {"l2", 1e-4, 0, 1},
    [PATIENCE] = {"patience", 10, 1, 100000, .whole = true},
    [FEATURES] = {"features", FB_DENSE_AUTO, .words = kinds},
    [SEED] = {"seed", 0, 0, 2147483647, .whole = true},
};

static const fb_settings_table settings = {"model dense", N_SETTINGS, rows};

static fb_status dense_set(void *state, const char *key, const char *value, fb_error *error)
{
    return fb_settings_set(&settings, ((dense *)state)->value, state, key, value, error);
}

static void dense_describe(const void *state, char *text, size_t size)
{
    const dense *d = state;
    fb_settings_describe(&settings, d->value, d, text, size);
    if (d->trained != NULL) {
        fb_text_append(text, size, " ", "kernels=%s", d->trained->kernel);
    }
}

/* --- creating ----------------------------------------------------------------------------------------------------- */

static fb_status dense_create(void **state, fb_error *error)
{
    dense *d = NULL;
    fb_status status = fb_memory_allocate(1, sizeof *d, &d, error);
    if (status == FB_OK) {
        d->n_hidden = 3;
        d->hidden[0] = d->hidden[1] = d->hidden[2] = 100;
        fb_settings_start(&settings, d->value);
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

/* --- training and scoring ----------------------------------------------------------------------------------------- */

static fb_dense_plan plan_of(const dense *d)
{
    return (fb_dense_plan){.n_epochs = (int)d->value[EPOCHS],
                           .batch = (int)d->value[BATCH],
                           .patience = (int)d->value[PATIENCE],
                           .rate = d->value[RATE],
                           .l2 = d->value[L2],
                           .schedule = (fb_dense_schedule)d->value[SCHEDULE],
                           .seed = (uint64_t)d->value[SEED],
                           .n_threads = omp_get_max_threads()};
}

static fb_status dense_fit(void *state, const fb_sample *train, const fb_sample *validation,
                           fb_training_progress *progress, void *context, fb_training_report *report, fb_error *error)
{
    dense *d = state;
    fb_dense_trained *t = NULL;
    fb_dense_plan plan = plan_of(d);
    fb_status status = FB_OK;
    if (train->n_features < 1 || train->n_features > FB_DENSE_MAX_INPUTS / 2 ||
        validation->n_features != train->n_features) {
        return fb_fail(error, FB_ERROR_DATA, "model dense: %d features to train on and %d to validate; up to %d",
                       train->n_features, validation->n_features, FB_DENSE_MAX_INPUTS / 2);
    }
    FB_TRY(fb_openblas_open(&plan.n_threads, error));
    FB_TRY(fb_memory_allocate(1, sizeof *t, &t, error));
    /* Both sets of vector instructions with fused multiply-add give the same bits. */
    snprintf(t->kernel, sizeof t->kernel, "%s+%s", fb_openblas_kernel(),
             fb_instruction_set_best() == FB_INSTRUCTIONS_PLAIN ? "plain" : "fma");
    FB_TRY(fb_dense_features_learn((fb_dense_kind)d->value[FEATURES], train, &t->features, error));
    t->heads = train->heads != NULL ? *train->heads : fb_sample_one_head();
    t->shape = fb_dense_net_shape(t->features.n_columns + t->features.n_groups, d->n_hidden, d->hidden,
                                  fb_sample_n_outputs(&t->heads, t->heads.n));
    FB_TRY(fb_memory_allocate(t->shape.n_parameters, sizeof(float), &t->parameter, error));
    fb_dense_net_initialise(&t->shape, plan.seed, t->parameter);
    FB_TRY(fb_dense_train(&plan, t, train, validation, progress, context, report, error));
    fb_dense_trained_free(d->trained);
    d->trained = t;
    t = NULL;
cleanup:
    fb_dense_trained_free(t);
    return status;
}

typedef void rows_function(const fb_dense_trained *net, fb_dense_workspace *workspace, size_t n, const float *matrix,
                           float *out);

static fb_status run_rows(const dense *d, rows_function *run, size_t n, int n_features, const float *matrix, float *out,
                          fb_error *error)
{
    const fb_dense_trained *t = d->trained;
    fb_dense_workspace workspace;
    if (t == NULL || n_features != t->features.n_columns) {
        return fb_fail(error, FB_ERROR_DATA, "model dense: %s",
                       t == NULL ? "is not trained" : "wrong number of features");
    }
    fb_status status = fb_dense_net_workspace_make(&t->shape, 0, &workspace, error);
    if (status == FB_OK) {
        run(t, &workspace, n, matrix, out);
        fb_dense_net_workspace_clear(&workspace);
    }
    return status;
}

static fb_status dense_score(const void *state, size_t n, int n_features, const float *matrix, float *score,
                             fb_error *error)
{
    const dense *d = state;
    if (fb_dense_n_outputs(d) > 1) {
        return fb_fail(error, FB_ERROR_DATA, "model dense: has several outputs, and no score of its own");
    }
    return run_rows(d, fb_dense_train_score_rows, n, n_features, matrix, score, error);
}

static fb_status dense_outputs(const void *state, size_t n, int n_features, const float *matrix, float *out,
                               fb_error *error)
{
    return run_rows(state, fb_dense_train_output_rows, n, n_features, matrix, out, error);
}

int fb_dense_n_outputs(const void *state)
{
    const dense *d = state;
    return d->trained != NULL ? fb_dense_net_n_outputs(&d->trained->shape) : 0;
}

static fb_status dense_save(const void *state, uint8_t **bytes, size_t *n_bytes, fb_error *error)
{
    const dense *d = state;
    *bytes = NULL;
    if (d->trained == NULL) {
        return fb_fail(error, FB_ERROR_DATA, "model dense: is not trained");
    }
    return fb_dense_trained_write(d->trained, bytes, n_bytes, error);
}

static fb_status dense_load(void *state, const uint8_t *bytes, size_t n_bytes, fb_error *error)
{
    dense *d = state;
    fb_dense_trained *trained = NULL;
    fb_status status = fb_dense_trained_read(bytes, n_bytes, &trained, error);
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
                                                .load = dense_load,
                                                .outputs = dense_outputs};

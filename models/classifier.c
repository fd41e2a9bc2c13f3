#include "models/classifier_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/calibration.h"
#include "models/classifier_kinds.h"
#include "models/common/c_locale.h"
#include "models/common/hash.h"
#include "models/common/memory.h"
#include "models/common/text.h"
#include "models/common/thread_limit.h"

struct fb_classifier {
    const fb_classifier_methods *methods;
    void *state;
    fb_calibration *calibration; /* NULL: none */
};

fb_status fb_classifier_create(const char *kind, fb_classifier **out, fb_error *error)
{
    FB_C_LOCALE;
    char known[256] = "";
    const fb_classifier_methods *methods = NULL;
    *out = NULL;
    for (int k = 0; (methods = fb_classifier_kinds_at(k)) != NULL && strcmp(kind, methods->name) != 0; k++) {
        fb_text_append(known, sizeof known, ", ", "%s", methods->name);
    }
    if (methods == NULL) {
        return fb_fail(error, FB_ERROR_USAGE, "unknown model '%s'; known: %s", kind, known);
    }
    fb_status status = fb_memory_allocate(1, sizeof **out, out, error);
    if (status == FB_OK) {
        (*out)->methods = methods;
        status = methods->create(&(*out)->state, error);
    }
    if (status != FB_OK) {
        free(*out);
        *out = NULL;
    }
    return status;
}

void fb_classifier_free(fb_classifier *classifier)
{
    if (classifier != NULL) {
        classifier->methods->free(classifier->state);
        fb_calibration_free(classifier->calibration);
        free(classifier);
    }
}

const char *fb_classifier_kind(const fb_classifier *classifier)
{
    return classifier->methods->name;
}

void *fb_classifier_state(const fb_classifier *classifier, const fb_classifier_methods *methods)
{
    return classifier->methods == methods ? classifier->state : NULL;
}

fb_status fb_classifier_set(fb_classifier *classifier, const char *assignment, fb_error *error)
{
    FB_C_LOCALE;
    char key[64];
    const char *equals = strchr(assignment, '=');
    if (equals == NULL || equals == assignment || (size_t)(equals - assignment) >= sizeof key) {
        return fb_fail(error, FB_ERROR_USAGE, "'%s' is not key=value", assignment);
    }
    memcpy(key, assignment, (size_t)(equals - assignment));
    key[equals - assignment] = '\0';
    return classifier->methods->set(classifier->state, key, equals + 1, error);
}

void fb_classifier_describe(const fb_classifier *classifier, char *text, size_t size)
{
    FB_C_LOCALE;
    classifier->methods->describe(classifier->state, text, size);
}

/* The classifier owns it from now on. */
static void calibrate_with(fb_classifier *classifier, fb_calibration *calibration)
{
    fb_calibration_free(classifier->calibration);
    classifier->calibration = calibration;
}

fb_status fb_classifier_fit(fb_classifier *classifier, const fb_sample *train, const fb_sample *validation,
                            fb_training_progress *progress, void *context, fb_training_report *report, fb_error *error)
{
    FB_C_LOCALE;
    float *train_weight = NULL, *validation_weight = NULL;
    fb_sample t = *train, v = *validation;
    fb_status status = FB_OK;
    *report = (fb_training_report){0};
    fb_thread_limit_apply();
    if (train->heads != NULL && classifier->methods->outputs == NULL) {
        return fb_fail(error, FB_ERROR_USAGE, "model %s: tells two classes apart, and cannot have several heads",
                       classifier->methods->name);
    }
    FB_TRY(fb_sample_balance(train, "training", &train_weight, error));
    FB_TRY(fb_sample_balance(validation, "validation", &validation_weight, error));
    t.weight = train_weight;
    v.weight = validation_weight;
    FB_TRY(classifier->methods->fit(classifier->state, &t, &v, progress, context, report, error));
    calibrate_with(classifier, NULL);
cleanup:
    free(train_weight);
    free(validation_weight);
    return status;
}

/* Bins, calibration and metrics rely on it, and a registered kind may break its promise. */
static fb_status check_scores(const fb_classifier *classifier, size_t n, const float *score, fb_error *error)
{
    for (size_t i = 0; i < n; i++) {
        if (!(score[i] >= 0.0f && score[i] <= 1.0f)) {
            return fb_fail(error, FB_ERROR_DATA, "model %s: an event has the score %g, which is not in [0, 1]",
                           classifier->methods->name, (double)score[i]);
        }
    }
    return FB_OK;
}

fb_status fb_classifier_score(const fb_classifier *classifier, size_t n, int n_features, const float *matrix,
                              float *score, fb_error *error)
{
    FB_C_LOCALE;
    if (n == 0) {
        return FB_OK;
    }
    fb_status status = classifier->methods->score(classifier->state, n, n_features, matrix, score, error);
    if (status == FB_OK) {
        status = check_scores(classifier, n, score, error);
    }
    if (status == FB_OK && classifier->calibration != NULL) {
        fb_calibration_apply(classifier->calibration, n, score);
    }
    return status;
}

fb_status fb_classifier_score_all(const fb_classifier *classifier, size_t n, int n_features, const float *matrix,
                                  float *score, fb_error *error)
{
    FB_C_LOCALE;
    enum { BATCH = 4096 };
    size_t failed = n; /* the first row that failed: which thread was faster must not matter */
    fb_status worst = FB_OK;
    fb_thread_limit_apply();
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t first = 0; first < n; first += BATCH) {
        size_t some = n - first < BATCH ? n - first : BATCH;
        fb_error own = {0};
        fb_status status =
            fb_classifier_score(classifier, some, n_features, matrix + first * (size_t)n_features, score + first, &own);
        if (status != FB_OK) {
#pragma omp critical(fb_classifier)
            if (first < failed) {
                failed = first;
                worst = fb_fail(error, status, "%s", own.text);
            }
        }
    }
    return worst;
}

fb_status fb_classifier_calibrate(fb_classifier *classifier, const fb_sample *sample, fb_error *error)
{
    FB_C_LOCALE;
    const fb_classifier plain = {classifier->methods, classifier->state, NULL};
    float *weight = NULL, *score = NULL;
    fb_calibration *calibration = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_sample_balance(sample, "calibration", &weight, error));
    FB_TRY(fb_memory_allocate(sample->n, sizeof *score, &score, error));
    FB_TRY(fb_classifier_score_all(&plain, sample->n, sample->n_features, sample->matrix, score, error));
    FB_TRY(fb_calibration_fit(sample->n, score, sample->label, weight, &calibration, error));
    calibrate_with(classifier, calibration);
cleanup:
    free(weight);
    free(score);
    return status;
}

const fb_calibration *fb_classifier_calibration(const fb_classifier *classifier)
{
    return classifier->calibration;
}

void fb_classifier_gain(const fb_classifier *classifier, int n_features, double *gain)
{
    double sum = 0.0;
    bool known = classifier->methods->gain != NULL && classifier->methods->gain(classifier->state, n_features, gain);
    for (int k = 0; k < n_features && known; k++) {
        sum += gain[k];
    }
    for (int k = 0; k < n_features; k++) {
        gain[k] = sum > 0.0 ? gain[k] / sum : NAN;
    }
}

/* Before the classifier's own bytes: what they are, how many, and their hash. Foreign parsers do not check what they
 * read; the hash detects damage before that. */
typedef struct envelope {
    char magic[8];
    uint64_t n_bytes;
    uint64_t hash;
} envelope;

/* Followed by the bytes of the kind; or by the length of the calibration (uint64), the calibration, and those. */
static const char magic[8] = {'f', 'b', 'm', 'o', 'd', 'e', 'l', '2'};
static const char magic_calibrated[8] = {'f', 'b', 'm', 'o', 'd', 'e', 'l', '3'};

fb_status fb_classifier_save(const fb_classifier *classifier, uint8_t **bytes, size_t *n_bytes, fb_error *error)
{
    FB_C_LOCALE;
    uint8_t *own = NULL, *curve = NULL;
    size_t n_own = 0, n_curve = 0;
    envelope head;
    const bool calibrated = classifier->calibration != NULL;
    fb_status status = FB_OK;
    *bytes = NULL;
    FB_TRY(classifier->methods->save(classifier->state, &own, &n_own, error));
    if (calibrated) {
        FB_TRY(fb_calibration_save(classifier->calibration, &curve, &n_curve, error));
    }
    const uint64_t length = n_curve;
    const size_t n_length = calibrated ? sizeof length : 0;
    head.n_bytes = n_length + n_curve + n_own;
    FB_TRY(fb_memory_allocate(sizeof head + head.n_bytes, 1, bytes, error));
    uint8_t *content = *bytes + sizeof head;
    memcpy(content, &length, n_length);
    if (calibrated) {
        memcpy(content + n_length, curve, n_curve);
    }
    memcpy(content + n_length + n_curve, own, n_own);
    memcpy(head.magic, calibrated ? magic_calibrated : magic, sizeof magic);
    head.hash = fb_hash_u64(content, head.n_bytes);
    memcpy(*bytes, &head, sizeof head);
    *n_bytes = sizeof head + head.n_bytes;
cleanup:
    free(own);
    free(curve);
    return status;
}

/* Reads what follows the head; `*bytes` and `*n_bytes` become those of the kind. */
static fb_status load_calibration(const uint8_t **bytes, size_t *n_bytes, fb_calibration **out, fb_error *error)
{
    uint64_t length = 0;
    if (*n_bytes >= sizeof length) {
        memcpy(&length, *bytes, sizeof length);
    }
    if (*n_bytes < sizeof length || length > *n_bytes - sizeof length) {
        return fb_fail(error, FB_ERROR_DATA, "the stored classifier ends within its calibration");
    }
    const uint8_t *curve = *bytes + sizeof length;
    *bytes = curve + length;
    *n_bytes -= sizeof length + (size_t)length;
    return fb_calibration_load(curve, (size_t)length, out, error);
}

fb_status fb_classifier_load(fb_classifier *classifier, const uint8_t *bytes, size_t n_bytes, fb_error *error)
{
    FB_C_LOCALE;
    envelope head;
    fb_calibration *calibration = NULL;
    fb_status status = FB_OK;
    if (n_bytes < sizeof head) {
        return fb_fail(error, FB_ERROR_DATA, "the stored classifier is cut off");
    }
    memcpy(&head, bytes, sizeof head);
    const bool calibrated = memcmp(head.magic, magic_calibrated, sizeof magic) == 0;
    if (!calibrated && memcmp(head.magic, magic, sizeof magic) != 0) {
        return fb_fail(error, FB_ERROR_DATA,
                       "the stored classifier is of another version of this program; train it again");
    }
    bytes += sizeof head;
    n_bytes -= sizeof head;
    if (head.n_bytes != n_bytes || head.hash != fb_hash_u64(bytes, n_bytes)) {
        return fb_fail(error, FB_ERROR_DATA, "the stored classifier is damaged");
    }
    if (calibrated) {
        FB_TRY(load_calibration(&bytes, &n_bytes, &calibration, error));
    }
    FB_TRY(classifier->methods->load(classifier->state, bytes, n_bytes, error));
    calibrate_with(classifier, calibration);
    calibration = NULL;
cleanup:
    fb_calibration_free(calibration);
    return status;
}

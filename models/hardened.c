#include "models/hardened.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/classifier_internal.h"
#include "models/common/memory.h"
#include "models/common/text.h"
#include "models/dense/dense.h"

enum { N_OUTPUTS = FB_HARDENED_CLASSES + FB_HARDENED_DERIVATIVES };
static const int outputs_of[2] = {FB_HARDENED_CLASSES, FB_HARDENED_DERIVATIVES}; /* of the two nets */

typedef struct hardened {
    void *net[2]; /* states of fb_dense_methods: of the classes, and of the derivatives */
    fb_hardened_constants constants;
    fb_hardened_fold fold;
} hardened;

fb_heads fb_hardened_heads(void)
{
    fb_heads heads = {.n = FB_HARDENED_HEADS, .head = {{.n_classes = FB_HARDENED_CLASSES}}};
    for (int d = 1; d < heads.n; d++) {
        heads.head[d] = (fb_head){.n_classes = 2, .unbalanced = true};
    }
    return heads;
}

/* --- creating ----------------------------------------------------------------------------------------------------- */

static void hardened_free(void *state)
{
    hardened *h = state;
    for (int k = 0; h != NULL && k < 2; k++) {
        fb_dense_methods.free(h->net[k]);
    }
    free(h);
}

/* The score is g_0. */
static fb_hardened_fold unfolded(void)
{
    return (fb_hardened_fold){.form = {1.0}, .n_knots = 2, .knot = {0.0f, 1.0f}};
}

static fb_status hardened_create(void **state, fb_error *error)
{
    hardened *h = NULL;
    fb_status status = FB_OK;
    *state = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *h, &h, error));
    for (int k = 0; k < 2; k++) {
        FB_TRY(fb_dense_methods.create(&h->net[k], error));
    }
    /* What a parameter does to most rows is slight, and a penalty would outweigh what the net gains by learning it. */
    FB_TRY(fb_dense_methods.set(h->net[1], "l2", "0", error));
    FB_TRY(fb_dense_methods.set(h->net[1], "batch", "4096", error));
    h->fold = unfolded();
    *state = h;
    h = NULL;
cleanup:
    hardened_free(h);
    return status;
}

static const char PREFIX[] = "derivative-";

/* Settings in which the second net has defaults of its own. */
static bool is_own(const char *key, size_t length)
{
    return (length == 2 && strncmp(key, "l2", 2) == 0) || (length == 5 && strncmp(key, "batch", 5) == 0);
}

static fb_status hardened_set(void *state, const char *key, const char *value, fb_error *error)
{
    const hardened *h = state;
    if (strncmp(key, PREFIX, sizeof PREFIX - 1) == 0) {
        return fb_dense_methods.set(h->net[1], key + sizeof PREFIX - 1, value, error);
    }
    fb_status status = fb_dense_methods.set(h->net[0], key, value, error);
    if (status == FB_OK && !is_own(key, strlen(key))) {
        status = fb_dense_methods.set(h->net[1], key, value, error);
    }
    return status;
}

/* Those of the first net, and of the second what it has for itself. */
static void hardened_describe(const void *state, char *text, size_t size)
{
    const hardened *h = state;
    char second[256], *rest = second, *word = NULL;
    fb_dense_methods.describe(h->net[0], text, size);
    fb_dense_methods.describe(h->net[1], second, sizeof second);
    while ((word = strsep(&rest, " ")) != NULL) {
        if (is_own(word, strcspn(word, "="))) {
            fb_text_append(text, size, " ", "%s%s", PREFIX, word);
        }
    }
}

/* --- training ----------------------------------------------------------------------------------------------------- */

/* The rounds of both nets, one after the other. */
typedef struct both_rounds {
    fb_training_progress *progress;
    void *context;
    int n_before;
} both_rounds;

static void pass_round(void *context, const fb_training_round *round)
{
    const both_rounds *both = context;
    fb_training_round shifted = *round;
    shifted.round += both->n_before;
    shifted.n_rounds = both->n_before > 0 ? both->n_before + round->n_rounds : 2 * round->n_rounds;
    both->progress(both->context, &shifted);
}

/* The rows of one net, borrowed from a sample, with weights of their own. */
typedef struct net_rows {
    fb_heads heads;
    fb_sample sample;
    float *weight;
    uint8_t *head;
} net_rows;

static void net_rows_clear(net_rows *rows)
{
    free(rows->weight);
    free(rows->head);
}

static size_t count_class_rows(const fb_sample *sample)
{
    size_t n = 0;
    while (n < sample->n && sample->head[n] == 0) {
        n++;
    }
    return n;
}

static fb_status class_rows(const fb_sample *from, const char *name, net_rows *out, fb_error *error)
{
    out->heads = (fb_heads){.n = 1, .head = {from->heads->head[0]}};
    out->sample = *from;
    out->sample.n = count_class_rows(from);
    out->sample.heads = &out->heads;
    out->sample.head = NULL;
    fb_status status = fb_sample_balance(&out->sample, name, &out->weight, error);
    out->sample.weight = out->weight;
    return status;
}

/* N_p f_p / sum of them, of one row. */
static void fractions(const fb_hardened_constants *constants, const float *margin, float *g)
{
    float largest = margin[0], sum = 0.0f;
    for (int p = 1; p < FB_HARDENED_CLASSES; p++) {
        largest = fmaxf(largest, margin[p]);
    }
    for (int p = 0; p < FB_HARDENED_CLASSES; p++) {
        g[p] = (float)constants->yield[p] * expf(margin[p] - largest);
        sum += g[p];
    }
    for (int p = 0; p < FB_HARDENED_CLASSES; p++) {
        g[p] /= sum;
    }
}

/* What the rows of the derivatives count more where there is signal: they matter where mu is measured. It is a function
 * of the row alone, so that the ratio of up to down at any row stays as it is. */
static fb_status emphasise(const hardened *h, const fb_sample *sample, float *weight, fb_error *error)
{
    enum { BATCH = 4096 };
    static const double TYPICAL = 1e-3, LOW = 0.05, HIGH = 50.0;
    fb_status worst = FB_OK;
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t first = 0; first < sample->n; first += BATCH) {
        const size_t n = sample->n - first < BATCH ? sample->n - first : BATCH;
        float margin[BATCH * FB_HARDENED_CLASSES], g[FB_HARDENED_CLASSES];
        fb_error own = {0};
        const fb_status status = fb_dense_methods.outputs(
            h->net[0], n, sample->n_features, sample->matrix + first * (size_t)sample->n_features, margin, &own);
        for (size_t i = 0; status == FB_OK && i < n; i++) {
            fractions(&h->constants, margin + i * FB_HARDENED_CLASSES, g);
            weight[first + i] = sample->weight[first + i] * (float)fmin(fmax((double)g[0] / TYPICAL, LOW), HIGH);
        }
        if (status != FB_OK) {
#pragma omp critical(fb_hardened)
            worst = fb_fail(error, status, "%s", own.text);
        }
    }
    return worst;
}

/* Needs the first net to be trained. */
static fb_status derivative_rows(const hardened *h, const fb_sample *from, const char *name, net_rows *out,
                                 fb_error *error)
{
    const size_t first = count_class_rows(from), n = from->n - first;
    float *emphasised = NULL;
    fb_status status = FB_OK;
    out->heads = (fb_heads){.n = FB_HARDENED_DERIVATIVES};
    memcpy(out->heads.head, from->heads->head + 1, sizeof out->heads.head[0] * FB_HARDENED_DERIVATIVES);
    out->sample = *from;
    out->sample.n = n;
    out->sample.matrix += first * (size_t)from->n_features;
    out->sample.label += first;
    out->sample.weight += first;
    FB_TRY(fb_memory_allocate(n, 1, &out->head, error));
    for (size_t i = 0; i < n; i++) {
        out->head[i] = (uint8_t)(from->head[first + i] - 1);
    }
    out->sample.head = out->head;
    out->sample.heads = &out->heads;
    out->sample.n_together = 2;
    FB_TRY(fb_memory_allocate(n, sizeof *emphasised, &emphasised, error));
    FB_TRY(emphasise(h, &out->sample, emphasised, error));
    out->sample.weight = emphasised;
    FB_TRY(fb_sample_balance(&out->sample, name, &out->weight, error));
    out->sample.weight = out->weight;
cleanup:
    free(emphasised);
    return status;
}

/* Net `which`, 0 or 1. */
static fb_status fit_net(hardened *h, int which, const fb_sample *train, const fb_sample *validation,
                         both_rounds *rounds, fb_training_report *report, fb_error *error)
{
    net_rows rows[2] = {{.weight = NULL}, {.weight = NULL}};
    fb_status status = FB_OK;
    if (which == 0) {
        FB_TRY(class_rows(train, "training", &rows[0], error));
        FB_TRY(class_rows(validation, "validation", &rows[1], error));
    } else {
        FB_TRY(derivative_rows(h, train, "training", &rows[0], error));
        FB_TRY(derivative_rows(h, validation, "validation", &rows[1], error));
    }
    FB_TRY(fb_dense_methods.fit(h->net[which], &rows[0].sample, &rows[1].sample,
                                rounds->progress != NULL ? pass_round : NULL, rounds, report, error));
cleanup:
    net_rows_clear(&rows[0]);
    net_rows_clear(&rows[1]);
    return status;
}

static fb_status hardened_fit(void *state, const fb_sample *train, const fb_sample *validation,
                              fb_training_progress *progress, void *context, fb_training_report *report,
                              fb_error *error)
{
    hardened *h = state;
    both_rounds rounds = {progress, context, 0};
    fb_training_report second = {0};
    fb_status status = FB_OK;
    if (train->heads == NULL || train->heads->n != FB_HARDENED_HEADS || validation->heads == NULL ||
        validation->heads->n != FB_HARDENED_HEADS || !(h->constants.yield[0] > 0.0)) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "model hardened: is trained on rows that are distorted up and down, too, as 'train' does");
    }
    h->fold = unfolded();
    FB_TRY(fit_net(h, 0, train, validation, &rounds, report, error));
    rounds.n_before = report->n_rounds;
    FB_TRY(fit_net(h, 1, train, validation, &rounds, &second, error));
    report->n_rounds += second.n_rounds;
cleanup:
    return status;
}

/* --- outputs, components, score ----------------------------------------------------------------------------------- */

/* [n][N_OUTPUTS]: those of the first net, then those of the second. */
static fb_status hardened_outputs(const void *state, size_t n, int n_features, const float *matrix, float *out,
                                  fb_error *error)
{
    const hardened *h = state;
    float *own = NULL;
    fb_status status = FB_OK;
    if (fb_dense_n_outputs(h->net[0]) != outputs_of[0] || fb_dense_n_outputs(h->net[1]) != outputs_of[1]) {
        return fb_fail(error, FB_ERROR_DATA, "model hardened: is not trained");
    }
    FB_TRY(fb_memory_allocate(n, FB_HARDENED_CLASSES * sizeof *own, &own, error));
    for (int k = 0; k < 2; k++) {
        FB_TRY(fb_dense_methods.outputs(h->net[k], n, n_features, matrix, own, error));
        const size_t count = (size_t)outputs_of[k], first = k > 0 ? (size_t)outputs_of[0] : 0;
        for (size_t i = 0; i < n; i++) {
            memcpy(out + i * N_OUTPUTS + first, own + i * count, count * sizeof *own);
        }
    }
cleanup:
    free(own);
    return status;
}

static int count_components(const fb_hardened_constants *constants)
{
    int n = FB_HARDENED_DERIVATIVES;
    for (int p = 0; p < FB_HARDENED_CLASSES; p++) {
        n += constants->width[p] > 0.0;
    }
    return n;
}

static void to_components(const fb_hardened_constants *constants, const float *output, float *component)
{
    float g[FB_HARDENED_CLASSES];
    fractions(constants, output, g);
    for (int p = 0; p < FB_HARDENED_CLASSES; p++) {
        if (constants->width[p] > 0.0) {
            *component++ = (float)constants->width[p] * g[p];
        }
    }
    for (int d = 0; d < FB_HARDENED_DERIVATIVES; d++) {
        *component++ = output[FB_HARDENED_CLASSES + d] / (float)constants->distance[d];
    }
}

static fb_status components_of(const hardened *h, size_t n, int n_features, const float *matrix, float *out,
                               fb_error *error)
{
    const size_t n_components = (size_t)count_components(&h->constants);
    float *output = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(n, N_OUTPUTS * sizeof *output, &output, error));
    FB_TRY(hardened_outputs(h, n, n_features, matrix, output, error));
    for (size_t i = 0; i < n; i++) {
        to_components(&h->constants, output + i * N_OUTPUTS, out + i * n_components);
    }
cleanup:
    free(output);
    return status;
}

float fb_hardened_sum(const fb_hardened_fold *fold, int n_components, const float *component)
{
    double sum = 0.0;
    for (int k = 0; k < n_components; k++) {
        sum += fold->form[k] * (double)component[k];
    }
    return (float)sum;
}

/* Q: where `sum` is among the knots. */
static float between_knots(const fb_hardened_fold *fold, float sum)
{
    const float *knot = fold->knot;
    const int last = fold->n_knots - 1;
    int low = 0, high = last;
    if (!(sum > knot[0])) {
        return 0.0f;
    }
    if (sum >= knot[last]) {
        return 1.0f;
    }
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        *(sum >= knot[middle] ? &low : &high) = middle;
    }
    const double part = ((double)sum - (double)knot[low]) / ((double)knot[high] - (double)knot[low]);
    return (float)((low + part) / last);
}

static fb_status hardened_score(const void *state, size_t n, int n_features, const float *matrix, float *score,
                                fb_error *error)
{
    const hardened *h = state;
    const int n_components = count_components(&h->constants);
    float *component = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(n * (size_t)n_components, sizeof *component, &component, error));
    FB_TRY(components_of(h, n, n_features, matrix, component, error));
    for (size_t i = 0; i < n; i++) {
        score[i] =
            between_knots(&h->fold, fb_hardened_sum(&h->fold, n_components, component + i * (size_t)n_components));
    }
cleanup:
    free(component);
    return status;
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

/* Followed by the bytes of the two nets. */
typedef struct head {
    char magic[8];
    fb_hardened_constants constants;
    fb_hardened_fold fold;
    uint64_t n_bytes[2];
} head;

static const char magic[8] = {'f', 'b', 'h', 'a', 'r', 'd', 'n', '1'};

static bool are_sensible(const fb_hardened_constants *constants)
{
    bool good = constants->width[0] > 0.0;
    for (int p = 0; p < FB_HARDENED_CLASSES; p++) {
        good = good && constants->yield[p] > 0.0 && isfinite(constants->yield[p]) && constants->width[p] >= 0.0 &&
               isfinite(constants->width[p]);
    }
    for (int d = 0; d < FB_HARDENED_DERIVATIVES; d++) {
        good = good && constants->distance[d] > 0.0 && isfinite(constants->distance[d]);
    }
    return good;
}

static bool is_sensible(const fb_hardened_fold *fold)
{
    bool good = fold->n_knots >= 2 && fold->n_knots <= FB_HARDENED_MOST_KNOTS;
    for (int k = 0; k < FB_HARDENED_MOST_COMPONENTS; k++) {
        good = good && isfinite(fold->form[k]);
    }
    for (int k = 0; good && k < fold->n_knots; k++) {
        good = isfinite(fold->knot[k]) && (k == 0 || fold->knot[k] > fold->knot[k - 1]);
    }
    return good;
}

static fb_status hardened_save(const void *state, uint8_t **bytes, size_t *n_bytes, fb_error *error)
{
    const hardened *h = state;
    uint8_t *net[2] = {NULL, NULL};
    size_t size[2] = {0, 0};
    head *first = NULL;
    fb_status status = FB_OK;
    *bytes = NULL;
    for (int k = 0; k < 2; k++) {
        FB_TRY(fb_dense_methods.save(h->net[k], &net[k], &size[k], error));
    }
    *n_bytes = sizeof *first + size[0] + size[1];
    FB_TRY(fb_memory_allocate(*n_bytes, 1, bytes, error));
    first = (head *)*bytes;
    memcpy(first->magic, magic, sizeof magic);
    first->constants = h->constants;
    first->fold = h->fold;
    for (int k = 0; k < 2; k++) {
        first->n_bytes[k] = size[k];
        memcpy(*bytes + sizeof *first + (k > 0 ? size[0] : 0), net[k], size[k]);
    }
cleanup:
    free(net[0]);
    free(net[1]);
    return status;
}

static fb_status hardened_load(void *state, const uint8_t *bytes, size_t n_bytes, fb_error *error)
{
    hardened *h = state;
    head first;
    fb_status status = FB_OK;
    if (n_bytes < sizeof first) {
        return fb_fail(error, FB_ERROR_DATA, "the stored hardened score is cut off");
    }
    memcpy(&first, bytes, sizeof first);
    const size_t rest = n_bytes - sizeof first;
    if (memcmp(first.magic, magic, sizeof magic) != 0 || first.n_bytes[0] > rest ||
        first.n_bytes[1] != rest - first.n_bytes[0] || !are_sensible(&first.constants) || !is_sensible(&first.fold)) {
        return fb_fail(error, FB_ERROR_DATA, "the stored hardened score holds numbers that make no sense");
    }
    for (int k = 0; k < 2; k++) {
        FB_TRY(fb_dense_methods.load(h->net[k], bytes + sizeof first + (k > 0 ? first.n_bytes[0] : 0),
                                     (size_t)first.n_bytes[k], error));
        if (fb_dense_n_outputs(h->net[k]) != outputs_of[k]) {
            return fb_fail(error, FB_ERROR_DATA, "the stored hardened score has a net with %d outputs; %d are needed",
                           fb_dense_n_outputs(h->net[k]), outputs_of[k]);
        }
    }
    h->constants = first.constants;
    h->fold = first.fold;
cleanup:
    return status;
}

const fb_classifier_methods fb_hardened_methods = {.name = "hardened",
                                                   .summary = "two dense nets folded into one score",
                                                   .create = hardened_create,
                                                   .free = hardened_free,
                                                   .set = hardened_set,
                                                   .describe = hardened_describe,
                                                   .fit = hardened_fit,
                                                   .score = hardened_score,
                                                   .save = hardened_save,
                                                   .load = hardened_load,
                                                   .outputs = hardened_outputs};

/* --- of a classifier ---------------------------------------------------------------------------------------------- */

static hardened *state_of(const fb_classifier *classifier)
{
    return fb_classifier_state(classifier, &fb_hardened_methods);
}

bool fb_hardened_is(const fb_classifier *classifier)
{
    return state_of(classifier) != NULL;
}

fb_status fb_hardened_prepare(fb_classifier *classifier, const fb_hardened_constants *constants, fb_error *error)
{
    hardened *h = state_of(classifier);
    if (h == NULL || !are_sensible(constants)) {
        return fb_fail(error, FB_ERROR_USAGE, "model %s: cannot be prepared for a hardened score: %s",
                       fb_classifier_kind(classifier),
                       h == NULL ? "it is of another kind" : "every class needs events, and widths > 0");
    }
    h->constants = *constants;
    return FB_OK;
}

int fb_hardened_n_components(const fb_classifier *classifier)
{
    return count_components(&state_of(classifier)->constants);
}

const fb_hardened_constants *fb_hardened_known(const fb_classifier *classifier)
{
    return &state_of(classifier)->constants;
}

const fb_hardened_fold *fb_hardened_folded(const fb_classifier *classifier)
{
    return &state_of(classifier)->fold;
}

fb_status fb_hardened_components(const fb_classifier *classifier, size_t n, int n_features, const float *matrix,
                                 float *out, fb_error *error)
{
    return components_of(state_of(classifier), n, n_features, matrix, out, error);
}

fb_status fb_hardened_set_fold(fb_classifier *classifier, const fb_hardened_fold *fold, fb_error *error)
{
    if (!is_sensible(fold)) {
        return fb_fail(error, FB_ERROR_DATA, "model hardened: a form that is not finite, or knots that do not rise");
    }
    state_of(classifier)->fold = *fold;
    return FB_OK;
}

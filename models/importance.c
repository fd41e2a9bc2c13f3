#include "models/importance.h"

#include <stdlib.h>
#include <string.h>

#include "models/ground/interrupt.h"
#include "models/ground/memory.h"
#include "models/ground/random.h"
#include "models/metrics.h"

/* Fisher and Yates. */
static void deal_out(float *matrix, size_t n, int n_features, int k, uint64_t seed)
{
    fb_random random = fb_random_at(seed, FB_STREAM_SHUFFLE, (uint64_t)k);
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(fb_random_uniform(&random) * (double)i);
        float *a = &matrix[(i - 1) * (size_t)n_features + (size_t)k], *b = &matrix[j * (size_t)n_features + (size_t)k];
        float value = *a;
        *a = *b;
        *b = value;
    }
}

static fb_status find_auc(const fb_classifier *classifier, const fb_sample *sample, float *score, double *auc,
                          fb_error *error)
{
    fb_status status = fb_classifier_score_all(classifier, sample->n, sample->n_features, sample->matrix, score, error);
    return status == FB_OK ? fb_metrics_auc(sample->n, score, sample->label, sample->weight, auc, error) : status;
}

fb_status fb_importance_permutation(const fb_classifier *classifier, const fb_sample *sample, size_t most_rows,
                                    uint64_t seed, double *drop, fb_error *error)
{
    const size_t d = (size_t)sample->n_features;
    fb_sample some = *sample;
    float *matrix = NULL, *score = NULL;
    double whole = 0.0;
    fb_status status = FB_OK;
    some.n = some.n < most_rows ? some.n : most_rows;
    FB_TRY(fb_allocate(some.n * d, sizeof(float), &matrix, error));
    FB_TRY(fb_allocate(some.n, sizeof(float), &score, error));
    FB_TRY(find_auc(classifier, &some, score, &whole, error));
    memcpy(matrix, sample->matrix, some.n * d * sizeof *matrix);
    some.matrix = matrix;
    for (int k = 0; k < sample->n_features; k++) {
        FB_TRY(fb_interrupt_check(error));
        deal_out(matrix, some.n, sample->n_features, k, seed);
        FB_TRY(find_auc(classifier, &some, score, &drop[k], error));
        drop[k] = whole - drop[k];
        for (size_t i = 0; i < some.n; i++) {
            matrix[i * d + (size_t)k] = sample->matrix[i * d + (size_t)k];
        }
    }
cleanup:
    free(matrix);
    free(score);
    return status;
}

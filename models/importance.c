#include "models/importance.h"

#include <stdlib.h>

#include "models/common/interrupt.h"
#include "models/common/memory.h"
#include "models/common/metrics.h"
#include "models/common/random.h"
#include "models/common/shuffle.h"

static fb_status find_auc(const fb_classifier *classifier, const fb_sample *sample, float *score, double *auc,
                          fb_error *error)
{
    fb_status status = fb_classifier_score_all(classifier, sample->n, sample->n_features, sample->matrix, score, error);
    return status == FB_OK ? fb_metrics_auc(sample->n, score, sample->label, sample->weight, auc, error) : status;
}

fb_status fb_importance_permutation(const fb_classifier *classifier, const fb_sample *sample, size_t most_rows,
                                    uint64_t seed, double *drop, fb_error *error)
{
    float *matrix = NULL, *column = NULL, *score = NULL;
    uint32_t *order = NULL;
    fb_sample some;
    double whole = 0.0;
    fb_status status = FB_OK;
    FB_TRY(fb_sample_downsample(sample, most_rows, &matrix, &some, error));
    const size_t n = some.n, d = (size_t)some.n_features;
    FB_TRY(fb_memory_allocate(n, sizeof(float), &column, error));
    FB_TRY(fb_memory_allocate(n, sizeof(float), &score, error));
    FB_TRY(fb_memory_allocate(n, sizeof *order, &order, error));
    FB_TRY(find_auc(classifier, &some, score, &whole, error));
    for (size_t k = 0; k < d; k++) {
        FB_TRY(fb_interrupt_check(error));
        for (size_t i = 0; i < n; i++) {
            column[i] = matrix[i * d + k];
            order[i] = (uint32_t)i;
        }
        fb_random random = fb_random_at(seed, FB_STREAM_IMPORTANCE, k);
        fb_shuffle((uint32_t)n, order, fb_shuffle_draw_scaled, &random);
        for (size_t i = 0; i < n; i++) {
            matrix[i * d + k] = column[order[i]];
        }
        FB_TRY(find_auc(classifier, &some, score, &drop[k], error));
        drop[k] = whole - drop[k];
        for (size_t i = 0; i < n; i++) {
            matrix[i * d + k] = column[i];
        }
    }
cleanup:
    free(matrix);
    free(column);
    free(score);
    free(order);
    return status;
}

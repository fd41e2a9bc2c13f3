#include "models/common/metrics.h"

#include <math.h>
#include <stdlib.h>

#include "models/common/c_locale.h"
#include "models/common/memory.h"

/* Sums of some rows. */
typedef struct loss {
    double sum, sum_of_weights;
} loss;

static loss add_losses(size_t first, size_t end, const float *score, const float *label, const float *weight)
{
    loss l = {0.0, 0.0};
    for (size_t i = first; i < end; i++) {
        double p = label == NULL || label[i] > 0.5f ? (double)score[i] : 1.0 - (double)score[i];
        l.sum -= weight[i] * log(p > 1e-16 ? p : 1e-16);
        l.sum_of_weights += weight[i];
    }
    return l;
}

/* The logarithms take a twentieth of the time that a tree takes to grow: worth all threads. */
double fb_metrics_log_loss(size_t n, const float *score, const float *label, const float *weight)
{
    enum { PIECES = 64, ALONE = 20000 };
    loss piece[PIECES], all = {0.0, 0.0};
#pragma omp parallel for schedule(static) if (n > ALONE)
    for (size_t k = 0; k < PIECES; k++) {
        piece[k] = add_losses(n / PIECES * k, k + 1 < PIECES ? n / PIECES * (k + 1) : n, score, label, weight);
    }
    for (size_t k = 0; k < PIECES; k++) {
        all.sum += piece[k].sum;
        all.sum_of_weights += piece[k].sum_of_weights;
    }
    return all.sum_of_weights > 0.0 ? all.sum / all.sum_of_weights : NAN;
}

typedef struct scored_row {
    float score, label, weight;
} scored_row;

static int by_score(const void *a, const void *b)
{
    float x = ((const scored_row *)a)->score;
    float y = ((const scored_row *)b)->score;
    return (x > y) - (x < y);
}

fb_status fb_metrics_auc(size_t n, const float *score, const float *label, const float *weight, double *auc,
                         fb_error *error)
{
    FB_C_LOCALE;
    scored_row *row = NULL;
    *auc = NAN;
    fb_status status = fb_memory_allocate(n, sizeof *row, &row, error);
    if (status != FB_OK) {
        return status;
    }
    for (size_t i = 0; i < n; i++) {
        row[i] = (scored_row){score[i], label[i], weight[i]};
    }
    qsort(row, n, sizeof *row, by_score);
    double below = 0.0, signal = 0.0, area = 0.0;
    for (size_t first = 0, end = 0; first < n; first = end) {
        double tied[2] = {0.0, 0.0};
        for (end = first; end < n && row[end].score == row[first].score; end++) {
            tied[row[end].label > 0.5f] += row[end].weight;
        }
        area += tied[1] * (below + 0.5 * tied[0]);
        below += tied[0];
        signal += tied[1];
    }
    if (below > 0.0 && signal > 0.0) {
        *auc = area / (below * signal);
    }
    free(row);
    return FB_OK;
}

#include "baseline/analysis/diagnostics.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "models/common/memory.h"
#include "models/importance.h"

/* Weights of both classes in a cell of the score, each class with sum 1. */
typedef struct cell {
    double background, signal;
} cell;

static cell cell_at(const fb_score_histogram *histogram, int k)
{
    return (cell){histogram->sum[FB_ZTAUTAU][k] + histogram->sum[FB_TTBAR][k] + histogram->sum[FB_DIBOSON][k],
                  histogram->sum[FB_HTAUTAU][k]};
}

/* From the highest score down; inside a cell both classes are spread evenly. */
static void find_roc(double roc[FB_ROC_POINTS], const fb_score_histogram *histogram, cell sum)
{
    cell above = {0.0, 0.0};
    int point = 0;
    for (int k = FB_SCORE_CELLS - 1; k >= 0; k--) {
        cell one = cell_at(histogram, k);
        one.background /= sum.background;
        one.signal /= sum.signal;
        for (; point < FB_ROC_POINTS - 1; point++) {
            double wanted = (double)point / (FB_ROC_POINTS - 1) - above.signal;
            if (wanted > one.signal) {
                break;
            }
            double share = one.signal > 0.0 ? wanted / one.signal : 0.0;
            roc[point] = above.background + share * one.background;
        }
        above.background += one.background;
        above.signal += one.signal;
    }
    for (; point < FB_ROC_POINTS; point++) {
        roc[point] = 1.0; /* the last one, and what rounding left over */
    }
}

static void find_calibration(double bins[FB_CALIBRATION_BINS][3], const fb_score_histogram *histogram, cell sum)
{
    for (int bin = 0; bin < FB_CALIBRATION_BINS; bin++) {
        const int begin = bin * FB_SCORE_CELLS / FB_CALIBRATION_BINS;
        const int end = (bin + 1) * FB_SCORE_CELLS / FB_CALIBRATION_BINS;
        double score = 0.0, signal = 0.0, all = 0.0;
        for (int k = begin; k < end; k++) {
            const cell one = cell_at(histogram, k);
            const double weight = 0.5 * (one.signal / sum.signal + one.background / sum.background);
            score += weight * (k + 0.5) / FB_SCORE_CELLS;
            signal += 0.5 * one.signal / sum.signal;
            all += weight;
        }
        bins[bin][0] = all > 0.0 ? score / all : NAN;
        bins[bin][1] = all > 0.0 ? signal / all : NAN;
        bins[bin][2] = all;
    }
}

void fb_diagnostics_judge(fb_diagnostics *diagnostics, const fb_score_histogram *histogram)
{
    cell sum = {0.0, 0.0};
    for (int k = 0; k < FB_SCORE_CELLS; k++) {
        const cell one = cell_at(histogram, k);
        sum.background += one.background;
        sum.signal += one.signal;
    }
    find_roc(diagnostics->roc, histogram, sum);
    find_calibration(diagnostics->calibration, histogram, sum);
    for (int k = 0; k < FB_ROC_POINTS && !(sum.signal > 0.0 && sum.background > 0.0); k++) {
        diagnostics->roc[k] = NAN;
    }
}

fb_status fb_diagnostics_weigh_features(fb_diagnostics *diagnostics, const fb_classifier *classifier,
                                        const fb_sample *validation, uint64_t seed, fb_error *error)
{
    diagnostics->n_inputs = validation->n_features;
    fb_classifier_gain(classifier, validation->n_features, diagnostics->gain);
    return fb_importance_permutation(classifier, validation, FB_IMPORTANCE_ROWS, seed, diagnostics->permutation, error);
}

void fb_diagnostics_clear(fb_diagnostics *diagnostics)
{
    free(diagnostics->learning.train);
    free(diagnostics->learning.validation);
    *diagnostics = (fb_diagnostics){0};
}

fb_status fb_diagnostics_add_round(fb_learning_curve *curve, const fb_training_round *round, fb_error *error)
{
    const size_t n = (size_t)curve->n_rounds;
    size_t capacity[2] = {(size_t)curve->capacity, (size_t)curve->capacity};
    fb_status status = FB_OK;
    FB_TRY(fb_memory_grow(&curve->train, &capacity[0], n + 1, sizeof(double), error));
    FB_TRY(fb_memory_grow(&curve->validation, &capacity[1], n + 1, sizeof(double), error));
    curve->capacity = (int)capacity[0];
    curve->train[n] = round->train_log_loss;
    curve->validation[n] = round->validation_log_loss;
    curve->n_rounds++;
cleanup:
    return status;
}

/* --- on disk ------------------------------------------------------------------------------------------------------ */

static const size_t roc_shape[1] = {FB_ROC_POINTS};
static const size_t calibration_shape[2] = {FB_CALIBRATION_BINS, 3};

#define TRAIN_CURVE "/diagnostics/train_log_loss"
#define VALIDATION_CURVE "/diagnostics/validation_log_loss"

static fb_status load_learning(fb_learning_curve *curve, fb_h5 *file, fb_error *error)
{
    size_t n[2] = {0, 0};
    fb_status status = FB_OK;
    FB_TRY(fb_h5_array_shape(file, TRAIN_CURVE, 1, &n[0], error));
    FB_TRY(fb_h5_array_shape(file, VALIDATION_CURVE, 1, &n[1], error));
    if (n[0] != n[1] || n[0] > INT_MAX) {
        return fb_fail(error, FB_ERROR_DATA, "%s: %s has %zu rounds, %s %zu", fb_h5_path(file), TRAIN_CURVE, n[0],
                       VALIDATION_CURVE, n[1]);
    }
    FB_TRY(fb_memory_allocate(n[0], sizeof(double), &curve->train, error));
    FB_TRY(fb_memory_allocate(n[0], sizeof(double), &curve->validation, error));
    FB_TRY(fb_h5_array_read(file, TRAIN_CURVE, FB_H5_F64, 1, n, curve->train, error));
    FB_TRY(fb_h5_array_read(file, VALIDATION_CURVE, FB_H5_F64, 1, n, curve->validation, error));
    curve->n_rounds = curve->capacity = (int)n[0];
cleanup:
    return status;
}

fb_status fb_diagnostics_save(const fb_diagnostics *d, fb_h5 *file, fb_error *error)
{
    const size_t n_inputs = (size_t)d->n_inputs;
    const size_t n_rounds = (size_t)d->learning.n_rounds;
    fb_status status = FB_OK;
    FB_TRY(fb_h5_group(file, "/diagnostics", error));
    FB_TRY(fb_h5_array_write(file, "/diagnostics/roc", FB_H5_F64, 1, roc_shape, d->roc, error));
    FB_TRY(fb_h5_array_write(file, "/diagnostics/calibration", FB_H5_F64, 2, calibration_shape, d->calibration, error));
    FB_TRY(fb_h5_array_write(file, "/diagnostics/gain", FB_H5_F64, 1, &n_inputs, d->gain, error));
    FB_TRY(fb_h5_array_write(file, "/diagnostics/permutation", FB_H5_F64, 1, &n_inputs, d->permutation, error));
    FB_TRY(fb_h5_array_write(file, TRAIN_CURVE, FB_H5_F64, 1, &n_rounds, d->learning.train, error));
    FB_TRY(fb_h5_array_write(file, VALIDATION_CURVE, FB_H5_F64, 1, &n_rounds, d->learning.validation, error));
cleanup:
    return status;
}

fb_status fb_diagnostics_load(fb_diagnostics *d, fb_h5 *file, fb_error *error)
{
    const size_t n_inputs = (size_t)d->n_inputs;
    fb_status status = FB_OK;
    FB_TRY(fb_h5_array_read(file, "/diagnostics/roc", FB_H5_F64, 1, roc_shape, d->roc, error));
    FB_TRY(fb_h5_array_read(file, "/diagnostics/calibration", FB_H5_F64, 2, calibration_shape, d->calibration, error));
    FB_TRY(fb_h5_array_read(file, "/diagnostics/gain", FB_H5_F64, 1, &n_inputs, d->gain, error));
    FB_TRY(fb_h5_array_read(file, "/diagnostics/permutation", FB_H5_F64, 1, &n_inputs, d->permutation, error));
    FB_TRY(load_learning(&d->learning, file, error));
cleanup:
    return status;
}

#include "baseline/diagnostics.h"

#include <math.h>
#include <string.h>

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

static cell total(const fb_score_histogram *histogram)
{
    cell sum = {0.0, 0.0};
    for (int k = 0; k < FB_SCORE_CELLS; k++) {
        cell one = cell_at(histogram, k);
        sum.background += one.background;
        sum.signal += one.signal;
    }
    return sum;
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
    const cell sum = total(histogram);
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

/* --- on disk -------------------------------------------------------------------------------------------------------
 */

static const size_t roc_shape[1] = {FB_ROC_POINTS};
static const size_t calibration_shape[2] = {FB_CALIBRATION_BINS, 3};

fb_status fb_diagnostics_save(const fb_diagnostics *d, fb_h5 *file, fb_error *error)
{
    const size_t n_inputs = (size_t)d->n_inputs;
    fb_status status = FB_OK;
    FB_TRY(fb_h5_group(file, "/diagnostics", error));
    FB_TRY(fb_h5_write(file, "/diagnostics/roc", FB_H5_F64, 1, roc_shape, d->roc, error));
    FB_TRY(fb_h5_write(file, "/diagnostics/calibration", FB_H5_F64, 2, calibration_shape, d->calibration, error));
    FB_TRY(fb_h5_write(file, "/diagnostics/gain", FB_H5_F64, 1, &n_inputs, d->gain, error));
    FB_TRY(fb_h5_write(file, "/diagnostics/permutation", FB_H5_F64, 1, &n_inputs, d->permutation, error));
cleanup:
    return status;
}

fb_status fb_diagnostics_load(fb_diagnostics *d, fb_h5 *file, fb_error *error)
{
    const size_t n_inputs = (size_t)d->n_inputs;
    fb_status status = FB_OK;
    FB_TRY(fb_h5_read(file, "/diagnostics/roc", FB_H5_F64, 1, roc_shape, d->roc, error));
    FB_TRY(fb_h5_read(file, "/diagnostics/calibration", FB_H5_F64, 2, calibration_shape, d->calibration, error));
    FB_TRY(fb_h5_read(file, "/diagnostics/gain", FB_H5_F64, 1, &n_inputs, d->gain, error));
    FB_TRY(fb_h5_read(file, "/diagnostics/permutation", FB_H5_F64, 1, &n_inputs, d->permutation, error));
cleanup:
    return status;
}

/* Labelled rows in the form of XGBoost. */
#ifndef FB_MODELS_BDT_BDT_MATRIX_INTERNAL_H
#define FB_MODELS_BDT_BDT_MATRIX_INTERNAL_H

#include <xgboost/c_api.h>

#include "models/common/classifier_methods.h"

/* Leaves with FB_ERROR_LIBRARY and XGBoost's reason. */
#define FB_CHECK_XGB(call, what)                                                                                       \
    do {                                                                                                               \
        if ((call) != 0) {                                                                                             \
            status = fb_bdt_matrix_failed(what, error);                                                                \
            goto cleanup;                                                                                              \
        }                                                                                                              \
    } while (0)

fb_status fb_bdt_matrix_failed(const char *what, fb_error *error);

/* A matrix of the numbers of the bins that the values lie in: a byte each for up to 256 bins, where XGBoost's ordinary
 * matrix copies all values, with their columns. The bins are those of `like`, or if NULL quantiles of the sample.
 * Release with XGDMatrixFree. */
fb_status fb_bdt_matrix_create(const fb_sample *sample, int n_bins, int n_threads, DMatrixHandle like,
                               DMatrixHandle *out, fb_error *error) FB_MUST_USE;

#endif

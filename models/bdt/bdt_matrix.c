#include "models/bdt/bdt_matrix_internal.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* In XGBoost's text a stack trace follows the first line, which is the reason. */
fb_status fb_bdt_matrix_failed(const char *what, fb_error *error)
{
    char reason[400];
    snprintf(reason, sizeof reason, "%s", XGBGetLastError());
    reason[strcspn(reason, "\n")] = '\0';
    return fb_fail(error, FB_ERROR_LIBRARY, "XGBoost: %s: %s", what, reason);
}

/* XGBoost calls for batches, and several times for all of them. All rows are one batch: the bins then do not depend on
 * a size. */
typedef struct batches {
    const fb_sample *sample;
    DMatrixHandle proxy;
    bool given;
} batches;

static void start_again(DataIterHandle handle)
{
    ((batches *)handle)->given = false;
}

static int give_batch(DataIterHandle handle)
{
    enum { FLOATS = 1 };
    batches *b = handle;
    const fb_sample *sample = b->sample;
    char array[160];
    if (b->given) {
        return 0;
    }
    b->given = true;
    snprintf(array, sizeof array, "{\"data\": [%zu, true], \"shape\": [%zu, %d], \"typestr\": \"<f4\", \"version\": 3}",
             (size_t)sample->matrix, sample->n, sample->n_features);
    /* After a failure here XGBoost itself finds the data missing and reports that. */
    return XGProxyDMatrixSetDataDense(b->proxy, array) == 0 &&
           XGDMatrixSetDenseInfo(b->proxy, "label", sample->label, sample->n, FLOATS) == 0 &&
           XGDMatrixSetDenseInfo(b->proxy, "weight", sample->weight, sample->n, FLOATS) == 0;
}

fb_status fb_bdt_matrix_create(const fb_sample *sample, int n_bins, int n_threads, DMatrixHandle like,
                               DMatrixHandle *out, fb_error *error)
{
    batches b = {.sample = sample};
    char config[96];
    fb_status status = FB_OK;
    /* Undefined values are the ordinary number -25 here, as for the official kit's trees. */
    snprintf(config, sizeof config, "{\"missing\": NaN, \"max_bin\": %d, \"nthread\": %d}", n_bins, n_threads);
    FB_CHECK_XGB(XGProxyDMatrixCreate(&b.proxy), "matrix");
    FB_CHECK_XGB(XGQuantileDMatrixCreateFromCallback(&b, b.proxy, like, start_again, give_batch, config, out),
                 "matrix");
cleanup:
    if (b.proxy != NULL) {
        XGDMatrixFree(b.proxy);
    }
    return status;
}

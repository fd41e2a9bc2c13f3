/* The training of a dense net: epochs, mini-batches, Adam. */
#ifndef FB_MODELS_DENSE_DENSE_TRAIN_INTERNAL_H
#define FB_MODELS_DENSE_DENSE_TRAIN_INTERNAL_H

#include "models/common/classifier_methods.h"
#include "models/dense/dense_trained_internal.h"

typedef enum fb_dense_schedule {
    FB_DENSE_COSINE,  /* rate (1 + cos(pi t)) / 2, t from 0 to 1 over all epochs */
    FB_DENSE_PLATEAU, /* halved after every second epoch in a row without a better validation log-loss */
    FB_DENSE_CONSTANT /* for comparison */
} fb_dense_schedule;

enum { FB_DENSE_CURVE_ROWS = 65536 }; /* most rows of the training sample for its log-loss in the learning curve */

typedef struct fb_dense_plan {
    int n_epochs, batch, patience;
    double rate, l2;
    fb_dense_schedule schedule;
    uint64_t seed;
    int n_threads; /* that OpenBLAS was opened for (openblas_internal.h) */
} fb_dense_plan;

/* Trains `net` from its parameters to those of the best epoch. The result depends on the sample, the plan and the BLAS
 * kernel, and not on the number of threads. */
fb_status fb_dense_train(const fb_dense_plan *plan, fb_dense_trained *net, const fb_sample *train,
                         const fb_sample *validation, fb_training_progress *progress, void *context,
                         fb_training_report *report, fb_error *error) FB_MUST_USE;

/* Scores of the first n rows of `matrix`, by the first output, in blocks, in the calling thread. */
void fb_dense_train_score_rows(const fb_dense_trained *net, fb_dense_workspace *workspace, size_t n,
                               const float *matrix, float *score);

/* The derivatives of the loss of one row, factor times -ln p(label), by the margins of its head (README.md, section 3).
 * Those of a head with several classes are FB_DENSE_BLOCK floats apart, margins and slopes. */
void fb_dense_train_slope(int n_classes, float label, float factor, const float *margin, float *slope);

/* The margins of the same: `out` [n][n_outputs]. */
void fb_dense_train_output_rows(const fb_dense_trained *net, fb_dense_workspace *workspace, size_t n,
                                const float *matrix, float *out);

/* The order of n rows in an epoch: a permutation that depends on (seed, epoch), each as likely as any other; or, of groups
 * of `n_together` neighbouring rows, which stay together. */
void fb_dense_train_shuffle(uint64_t seed, int epoch, uint32_t n, uint32_t n_together, uint32_t *order);

/* Adam (Kingma and Ba, arXiv:1412.6980, algorithm 1) with beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8. */
typedef struct fb_dense_adam {
    float *first, *second; /* [n] running means of the gradient and of its square */
    float rate;            /* alpha sqrt(1 - beta2^t) / (1 - beta1^t) */
    float epsilon;         /* that of the paper times sqrt(1 - beta2^t): the same step, one division less */
} fb_dense_adam;

/* Sets rate and epsilon of step t = 1, 2, ... */
void fb_dense_train_adam_begin(fb_dense_adam *adam, double alpha, uint64_t t);

/* One step of parameters [first, end). The gradient is the sum of `n_shards` arrays, in their order (it is left in the
 * first of them), plus decay[k] parameter[k]: what an L2 term decay[k] parameter[k]^2 / 2 of the loss contributes. */
void fb_dense_train_adam_step(const fb_dense_adam *adam, size_t first, size_t end, int n_shards, float *const *shard,
                              const float *decay, float *parameter);

#endif

/** \file dense.h
 * A dense net: layers of weighted sums and max(0, .), one logistic output, or the outputs of several heads
 * (common/sample.h); models/dense/README.md derives it line by line.
 *
 * Settings and defaults:
 *   hidden=100x100x100  widths of the hidden layers; none: logistic regression
 *   epochs=20           passes over the training rows at most
 *   batch=1024          rows of a mini-batch
 *   rate=0.008          first step length of Adam
 *   schedule=cosine     how it goes down: cosine (to 0 over all epochs), plateau (halved after every second epoch
 *                       without a better validation log-loss) or constant
 *   l2=0.0001           coefficient of half the sum of squared weights in the loss; biases are left alone
 *   patience=10         epochs without a better validation log-loss before the training stops; the best is kept
 *   features=auto       auto (compress skewed columns, mark undefined values) or standard (mean 0, width 1)
 *   seed=0              of the first weights and of the order of the rows
 *
 * The log-loss of the training sample in fb_training_round is that of at most 65536 of its rows and at most as many as
 * are validated, evenly spread and the same in every epoch, with the weights at the epoch's end: it can be compared
 * with that of the validation sample, which the running mean over the mini-batches could not.
 *
 * The result depends on these and on the instructions of the processor: on the kernel that OpenBLAS chooses, and on
 * whether there is a fused multiply-add. Both are recorded, as "kernels=Haswell+fma". It does not depend on the number
 * of threads, nor does a row's score on the rows scored along with it.
 */
#ifndef FB_MODELS_DENSE_DENSE_H
#define FB_MODELS_DENSE_DENSE_H

#include "models/common/classifier_methods.h"

extern const fb_classifier_methods fb_dense_methods;

/** Outputs of all heads of a trained state of this kind; 0: not trained. */
int fb_dense_n_outputs(const void *state);

#endif

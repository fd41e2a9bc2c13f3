/** \file train_sample.h
 * The rows that a classifier is trained on, in memory, at most so many of them however large the file is.
 */
#ifndef FB_BASELINE_ANALYSIS_TRAIN_SAMPLE_H
#define FB_BASELINE_ANALYSIS_TRAIN_SAMPLE_H

#include "holdout/events/weight_stats.h"
#include "holdout/pipeline/conditioning.h"
#include "holdout/pipeline/split.h"
#include "models/classifier.h"

/** Packed rows after the pipeline: an fb_sample that grows. Zeroed is empty. */
typedef struct fb_train_sample {
    size_t n;
    size_t n_plain; ///< of them before those that are moved up and down for derivatives; n without these
    size_t matrix_capacity, label_capacity, weight_capacity, process_capacity;
    fb_nuisance_mask conditioned; ///< columns after the features (holdout/pipeline/conditioning.h)
    float *matrix;                ///< [n][fb_conditioning_n_inputs(conditioned)]
    float *label;                 ///< [n] 1: signal; of a moved row 0: down, 1: up
    float *weight;                ///< [n]
    uint8_t *process;             ///< [n_plain]
    uint8_t *head;                ///< [n] 0, or 1 + the parameter by which the row is moved; NULL without such rows
} fb_train_sample;

/** How many rows are kept per unit of weight (as the split scales it), so that about `most_rows` are left of a part
 * whose rows were put into `stats`: [FB_N_PROCESS], INFINITY where all are. Half of the rows are for the signal and
 * half for the backgrounds, which share theirs as they share the rows of the part; what one of them does not need goes
 * to the other. Rows with more weight are kept rather than those with less, and most end with equal weights: of all
 * samples of that size this one has the most effective events, and where rows of very different weights are mixed the
 * heavy ones are not lost. */
void fb_train_sample_rates(const fb_split *split, fb_part part, const fb_weight_stats *stats, uint64_t most_rows,
                           double rate[FB_N_PROCESS]);

/** Distorted copies of the rows, so that the classifier learns what not to trust. */
typedef struct fb_augmentation {
    uint64_t n_copies;            ///< of every row beside the nominal one; 0: none
    double widening;              ///< of the priors that tes, jes and soft_met are drawn from
    fb_nuisance_mask conditioned; ///< parameters whose values are further columns for the classifier
    /** Two more copies for each shape parameter, moved down and up by it (fb_hardening_points): as many rows again. */
    bool derivatives;
    fb_prior_set priors; ///< whose widths those are moved by
} fb_augmentation;

/** Collects about `most_rows` rows of a part from the whole of `source` into `*out`, which is empty. The same seed
 * takes the same rows. */
fb_status fb_train_sample_collect(fb_source *source, const fb_split *split, fb_part part, uint64_t most_rows,
                                  const fb_augmentation *augmentation, uint64_t seed, fb_train_sample *out,
                                  fb_error *error) FB_MUST_USE;

void fb_train_sample_clear(fb_train_sample *sample);

/** As a classifier of signal and background sees it, without the moved rows; borrows from `sample`. */
fb_sample fb_train_sample_view(const fb_train_sample *sample);

/** As a classifier with the heads of fb_hardened_heads sees all of it; borrows from `sample` and `heads`.
 *  \param label  gets memory that it needs; release with free() */
fb_status fb_train_sample_view_heads(const fb_train_sample *sample, const fb_heads *heads, float **label,
                                     fb_sample *out, fb_error *error) FB_MUST_USE;

/** Yields of the processes at nominal, from the rows before the moved ones: the sums of their weights. */
void fb_train_sample_yields(const fb_train_sample *sample, double yield[FB_N_PROCESS]);

#endif

/** \file official_truth.h
 * What is true in the official program's pseudo-experiments: the signal strength of each set, the nuisance parameters
 * of each experiment, and the seeds that follow from them. Bit for bit, with the overlaps of its seeds
 * (holdout/pseudo/README.md).
 */
#ifndef FB_HOLDOUT_PSEUDO_OFFICIAL_TRUTH_H
#define FB_HOLDOUT_PSEUDO_OFFICIAL_TRUTH_H

#include <stdint.h>

#include "holdout/events/events.h"
#include "holdout/events/nuisance.h"
#include "holdout/events/truth.h"

/** What the official ingestion is started with. */
typedef struct fb_official_run {
    uint32_t seed;          ///< its --random-seed; 31415 by default
    uint32_t n_sets;        ///< >= 1
    uint32_t n_experiments; ///< per set, >= 1
    fb_nuisance_mask drawn; ///< nuisance parameters that are switched on
} fb_official_run;

/** One experiment. */
typedef struct fb_official_truth {
    double mu;
    fb_nuisances nuisances;
    fb_nuisance_mask drawn; ///< as in the run: off is not the same as nominal, see fb_official_truth_factors
    uint32_t seed;          ///< of the nuisance parameters, of the draw (and + 1, + 3, + 6) and of the shuffle
} fb_official_truth;

enum { FB_OFFICIAL_SEED_REACH = 6 }; ///< the last process of an experiment is drawn with its seed + this

/** FB_ERROR_USAGE when a number is 0, when there are 2^32 experiments or more, or when a seed would not fit in 32 bits,
 * which numpy refuses as well. The other functions expect a run that passed. */
fb_status fb_official_truth_check_run(const fb_official_run *run, fb_error *error) FB_MUST_USE;

/** The true signal strengths: RandomState(seed).uniform(0.1, 3, n_sets) into `mu` [n_sets]. */
void fb_official_truth_mus(const fb_official_run *run, double *mu);

/** Experiment `e` of set `s`, whose true signal strength is `mu`: RandomState(seed + s n_experiments + e) gives one
 * number of a normal stream for each parameter that is switched on, in the order of fb_nuisance; soft_met is its
 * exponential; then all are clipped to their ranges. */
fb_official_truth fb_official_truth_of(const fb_official_run *run, double mu, uint32_t s, uint32_t e);

/** What multiplies the weights of each process: mu for the signal, bkg_scale for ztautau; for ttbar and diboson own
 * scale times bkg_scale if their own scale is switched on, else 1. */
void fb_official_truth_factors(const fb_official_truth *truth, double factor[FB_N_PROCESS]);

#endif

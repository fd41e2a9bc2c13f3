/** \file truth.h
 * The truth behind one pseudo-experiment.
 */
#ifndef FB_HOLDOUT_EVENTS_TRUTH_H
#define FB_HOLDOUT_EVENTS_TRUTH_H

#include "holdout/events/events.h"
#include "holdout/events/nuisance.h"

/** The range that the true signal strengths of pseudo-experiments are drawn from, uniformly. */
#define FB_TRUE_MU_LOW 0.1
#define FB_TRUE_MU_HIGH 3.0

typedef struct fb_truth {
    double mu;
    fb_nuisances nuisances;
    uint64_t seed; ///< of all random numbers of the experiment
} fb_truth;

/** What multiplies the expected number of events of each process. */
void fb_truth_scales(const fb_truth *truth, double scale[FB_N_PROCESS]);

/** What is still to be done to events that were drawn with those scales: the shape parameters of the truth, and nominal
 * normalisations. */
fb_nuisances fb_truth_distortions(const fb_truth *truth);

#endif

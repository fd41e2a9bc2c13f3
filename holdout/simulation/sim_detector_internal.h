/* The detector: efficiencies, resolutions, thresholds, missing momentum, the sixteen columns. */
#ifndef FB_HOLDOUT_SIMULATION_SIM_DETECTOR_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_DETECTOR_INTERNAL_H

#include "holdout/simulation/sim_event.inc"

/** Fills the detector's part of `plan`. */
void fb_sim_detector_plan(fb_sim_plan *plan);
/** Draws the response of the detector to lepton and tau. */
void fb_sim_detector_prepare(fb_sim_random *random, const fb_sim_plan *plan, fb_sim_event *event);
/** Whether lepton and tau are where the detector sees them. */
bool fb_sim_detector_in_reach(const fb_sim_event *event);
/** What the detector measures of `event`: the primary columns in row[FB_N_PRIMARY]; false if not selected. */
bool fb_sim_detector_measure(fb_sim_random *random, const fb_sim_event *event, float *row);

#endif

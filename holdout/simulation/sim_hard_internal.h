/* The hard process: which channel, and one attempt at it. */
#ifndef FB_HOLDOUT_SIMULATION_SIM_HARD_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_HARD_INTERNAL_H

#include "holdout/simulation/sim_event_internal.h"

/** Draws the channel of an event of `process`. */
fb_sim_channel fb_sim_hard_choose_channel(fb_sim_random *random, const fb_sim_settings *settings, int process);
/** What all attempts at an event of `channel` share. */
fb_sim_plan fb_sim_hard_plan(const fb_sim_settings *settings, fb_sim_channel channel);
/** One attempt at an event; false, early, when it cannot pass the thresholds. */
bool fb_sim_hard_produce(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                         fb_sim_event *event);

#endif

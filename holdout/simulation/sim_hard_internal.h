/* The hard process: which channel, and one attempt at it. */
#ifndef FB_HOLDOUT_SIMULATION_SIM_HARD_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_HARD_INTERNAL_H

#include "holdout/simulation/sim_event.inc"

/** Draws the channel of an event of `process`. */
fb_sim_channel fb_sim_hard_choose_channel(fb_sim_random *random, int process);
/** What all attempts at an event of `channel` share. */
fb_sim_plan fb_sim_hard_plan(fb_sim_channel channel);
/** One attempt at an event; false, early, when it cannot pass the thresholds. */
bool fb_sim_hard_produce(fb_sim_random *random, const fb_sim_plan *plan, fb_sim_event *event);

/** The two kinds of attempts: a boson that decays to two taus, and W bosons (top pairs, single tops, pairs of W). */
bool fb_sim_boson_produce(fb_sim_random *random, const fb_sim_plan *plan, fb_sim_event *event);
bool fb_sim_pair_produce(fb_sim_random *random, const fb_sim_plan *plan, fb_sim_event *event);

#endif

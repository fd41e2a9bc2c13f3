/* Production of one boson that decays to two taus. */
#ifndef FB_HOLDOUT_SIMULATION_SIM_BOSON_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_BOSON_INTERNAL_H

#include "holdout/simulation/sim_event_internal.h"

/** One attempt at an event; false, early, when it cannot pass the thresholds. */
bool fb_sim_boson_produce(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                          fb_sim_event *event);

#endif

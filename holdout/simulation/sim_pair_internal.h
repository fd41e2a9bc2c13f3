/* Production with W bosons: top pairs, single tops, pairs of W. Each function makes one attempt at an event and returns
 * false, early, when the attempt cannot pass the thresholds. */
#ifndef FB_HOLDOUT_SIMULATION_SIM_PAIR_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_PAIR_INTERNAL_H

#include "holdout/simulation/sim_event_internal.h"

bool fb_sim_pair_top(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                     fb_sim_event *event);
bool fb_sim_pair_single_top(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                            fb_sim_event *event);
bool fb_sim_pair_w(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                   fb_sim_event *event);

#endif

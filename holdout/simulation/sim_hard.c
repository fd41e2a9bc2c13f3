#include "holdout/simulation/sim_hard_internal.h"

#include "holdout/events/process.h"
#include "holdout/simulation/sim_detector_internal.h"

fb_sim_channel fb_sim_hard_choose_channel(fb_sim_random *random, int process)
{
    static const struct {
        fb_sim_channel first, last;
    } range[FB_N_PROCESS] = {[FB_HTAUTAU] = {FB_SIM_H_GLUON, FB_SIM_H_FAKE},
                             [FB_ZTAUTAU] = {FB_SIM_Z, FB_SIM_Z_FAKE},
                             [FB_TTBAR] = {FB_SIM_TOP_PAIR, FB_SIM_TOP_SINGLE},
                             [FB_DIBOSON] = {FB_SIM_WW, FB_SIM_VZ}};
    double u = fb_sim_random_uniform(random);
    int channel = range[process].first;
    for (; channel < (int)range[process].last; channel++) {
        u -= fb_sim_settings_channel[channel].share;
        if (u < 0.0) {
            break;
        }
    }
    return (fb_sim_channel)channel;
}

fb_sim_plan fb_sim_hard_plan(fb_sim_channel channel)
{
    const fb_sim_radiation *radiation = &fb_sim_settings_channel[channel].radiation;
    double t = log(FB_SIM_RADIATION_CUTOFF / 20.0);
    fb_sim_plan plan = {.channel = channel, .radiation = radiation, .lowest_log = t};
    plan.quiet = exp(-radiation->n20 * exp(-t * (radiation->slope + radiation->curvature * t)));
    fb_sim_detector_plan(&plan);
    return plan;
}

bool fb_sim_hard_produce(fb_sim_random *random, const fb_sim_plan *plan, fb_sim_event *event)
{
    event->n_jets = 0;
    event->soft_et = event->plus = event->minus = 0.0;
    event->invisible_x = event->invisible_y = 0.0;
    event->left = 1.0;
    switch (plan->channel) {
    case FB_SIM_TOP_PAIR:
    case FB_SIM_TOP_PAIR_FAKE:
    case FB_SIM_TOP_SINGLE:
    case FB_SIM_WW:
    case FB_SIM_WW_FAKE:
        return fb_sim_pair_produce(random, plan, event);
    default:
        return fb_sim_boson_produce(random, plan, event);
    }
}

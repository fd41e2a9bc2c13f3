/* The hard process: which channel, and one attempt at it. */
#include "holdout/simulation/sim_hard_internal.h"

#include "holdout/events/process.h"
#include "holdout/simulation/sim_boson_internal.h"
#include "holdout/simulation/sim_detector_internal.h"
#include "holdout/simulation/sim_event.inc"
#include "holdout/simulation/sim_pair_internal.h"
#include "holdout/simulation/sim_random.inc"

fb_sim_channel fb_sim_hard_choose_channel(fb_sim_random *random, const fb_sim_settings *settings, int process)
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
        u -= settings->share[channel];
        if (u < 0.0) {
            break;
        }
    }
    return (fb_sim_channel)channel;
}

fb_sim_plan fb_sim_hard_plan(const fb_sim_settings *settings, fb_sim_channel channel)
{
    const fb_sim_radiation *radiation = &settings->radiation[channel];
    double t = log(settings->radiation_cutoff / 20.0);
    fb_sim_plan plan = {.channel = channel, .radiation = radiation, .lowest_log = t};
    plan.quiet = exp(-radiation->n20 * exp(-t * (radiation->slope + radiation->curvature * t)));
    fb_sim_detector_plan(settings, &plan);
    return plan;
}

bool fb_sim_hard_produce(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                         fb_sim_event *event)
{
    fb_sim_event_begin(event);
    switch (plan->channel) {
    case FB_SIM_TOP_PAIR:
    case FB_SIM_TOP_PAIR_FAKE:
        return fb_sim_pair_top(random, settings, plan, event);
    case FB_SIM_TOP_SINGLE:
        return fb_sim_pair_single_top(random, settings, plan, event);
    case FB_SIM_WW:
    case FB_SIM_WW_FAKE:
        return fb_sim_pair_w(random, settings, plan, event);
    default:
        return fb_sim_boson_produce(random, settings, plan, event);
    }
}

/* Production with W bosons: top pairs, single tops, pairs of W. */
#include "holdout/simulate_internal.h"

/* W -> e, mu or tau -> e, mu. */
static bool decay_to_lepton(fb_random *random, const fb_sim_settings *settings, const fb_sim_vector *w, double mass,
                            const fb_sim_vector *axis, fb_sim_truth *truth)
{
    fb_sim_vector lepton, neutrino;
    fb_sim_decay_w(random, settings, w, mass, axis, &lepton, &neutrino);
    double x = 1.0;
    if (fb_sim_uniform(random) * (2.0 + settings->tau_to_lepton) > 2.0) {
        x = fb_sim_tau_to_lepton(random, -1.0);
    }
    truth->lepton = fb_sim_to_particle(&lepton);
    truth->lepton.px *= x;
    truth->lepton.py *= x;
    fb_sim_lose(truth, neutrino.x + (1.0 - x) * lepton.x, neutrino.y + (1.0 - x) * lepton.y);
    return fabs(truth->lepton.eta) <= settings->lepton_eta_max && fb_sim_pt(&truth->lepton) > truth->lepton_floor;
}

/* W -> tau -> hadrons. */
static bool decay_to_tau(fb_random *random, const fb_sim_settings *settings, const fb_sim_vector *w, double mass,
                         const fb_sim_vector *axis, fb_sim_truth *truth)
{
    fb_sim_vector tau, neutrino;
    fb_sim_decay_w(random, settings, w, mass, axis, &tau, &neutrino);
    double x = fb_sim_tau_to_hadrons(random, settings, -1.0);
    truth->tau = fb_sim_to_particle(&tau);
    truth->tau.px *= x;
    truth->tau.py *= x;
    fb_sim_lose(truth, neutrino.x + (1.0 - x) * tau.x, neutrino.y + (1.0 - x) * tau.y);
    return fb_sim_in_reach(settings, truth) && fb_sim_pt(&truth->tau) > truth->tau_floor;
}

static void decay_to_quarks(fb_random *random, const fb_sim_settings *settings, const fb_sim_vector *w, double mass,
                            const fb_sim_vector *axis, fb_sim_truth *truth)
{
    fb_sim_vector q1, q2;
    fb_sim_decay_w(random, settings, w, mass, axis, &q1, &q2);
    fb_sim_add_jet(truth, fb_sim_to_particle(&q1));
    fb_sim_add_jet(truth, fb_sim_to_particle(&q2));
}

/* One of the jets is taken for a tau. */
static bool take_jet_for_tau(fb_random *random, fb_sim_truth *truth)
{
    int which = (int)(fb_sim_uniform(random) * truth->n_jets);
    truth->tau = truth->jet[which];
    truth->jet[which] = truth->jet[--truth->n_jets];
    return fb_sim_pt(&truth->tau) > truth->tau_floor;
}

/* A pair of particles of `mass` each that recoils against radiation. */
typedef struct pair {
    fb_sim_channel channel;
    double mass[2];     // GeV
    fb_sim_vector p[2]; // GeV
    double rapidity;    // of the pair
    fb_sim_emissions emissions;
} pair;

/* Draws everything but the masses; `pt` and `gap` are the transverse momentum and the width of the difference in
 * rapidity of the two in the frame of the pair. */
static void draw_pair(fb_random *random, const fb_sim_settings *settings, fb_sim_channel channel, double pt, double gap,
                      pair *out)
{
    const fb_sim_radiation *radiation = &settings->radiation[channel];
    out->channel = channel;
    out->rapidity = settings->rapidity_width[channel] * fb_sim_normal(random);
    double half_gap = 0.5 * gap * fb_sim_normal(random);
    double px = 0.0, py = 0.0;
    fb_sim_draw_emissions(random, settings, radiation, &out->emissions);
    fb_sim_aim(random, radiation, &out->emissions, &px, &py);
    fb_sim_particle half = fb_sim_direct(random, pt, 0.0);
    out->p[0] = fb_sim_to_vector(half.px - 0.5 * px, half.py - 0.5 * py, out->rapidity + half_gap, out->mass[0]);
    out->p[1] = fb_sim_to_vector(-half.px - 0.5 * px, -half.py - 0.5 * py, out->rapidity - half_gap, out->mass[1]);
}

static void radiate(fb_random *random, const fb_sim_settings *settings, const pair *made, fb_sim_truth *truth)
{
    fb_sim_radiate(random, settings, &settings->radiation[made->channel], &made->emissions, made->rapidity, truth);
}

bool fb_sim_produce_top_pair(fb_random *random, const fb_sim_settings *settings, bool fake, fb_sim_truth *truth)
{
    pair top = {.mass = {settings->top_mass, settings->top_mass}};
    double pt = fb_sim_draw_power(random, settings->top_scale, settings->top_power);
    draw_pair(random, settings, fake ? FB_SIM_TOP_PAIR_FAKE : FB_SIM_TOP_PAIR, pt, settings->top_rapidity_gap, &top);
    fb_sim_vector w, axis;
    fb_sim_particle b[2];
    double mass = fb_sim_w_mass(random, settings);
    fb_sim_decay_top(random, settings, &top.p[0], mass, &b[0], &w, &axis);
    if (!decay_to_lepton(random, settings, &w, mass, &axis, truth)) {
        return false;
    }
    mass = fb_sim_w_mass(random, settings);
    fb_sim_decay_top(random, settings, &top.p[1], mass, &b[1], &w, &axis);
    if (!fake && !decay_to_tau(random, settings, &w, mass, &axis, truth)) {
        return false;
    }
    fb_sim_add_jet(truth, b[0]);
    fb_sim_add_jet(truth, b[1]);
    if (fake) {
        decay_to_quarks(random, settings, &w, mass, &axis, truth);
    }
    radiate(random, settings, &top, truth);
    return !fake || take_jet_for_tau(random, truth);
}

/* t-channel: a top and the quark that it recoils against, which keeps its direction. */
bool fb_sim_produce_single_top(fb_random *random, const fb_sim_settings *settings, fb_sim_truth *truth)
{
    pair top = {.mass = {settings->top_mass, 0.0}};
    double pt = fb_sim_draw_power(random, settings->single_top_scale, settings->single_top_power);
    draw_pair(random, settings, FB_SIM_TOP_SINGLE, pt, settings->top_rapidity_gap, &top);
    fb_sim_vector w, axis;
    fb_sim_particle b;
    double mass = fb_sim_w_mass(random, settings);
    fb_sim_decay_top(random, settings, &top.p[0], mass, &b, &w, &axis);
    if (!decay_to_lepton(random, settings, &w, mass, &axis, truth)) {
        return false;
    }
    double side = fb_sim_uniform(random) < 0.5 ? 1.0 : -1.0;
    double eta = settings->spectator_eta_mean + settings->spectator_eta_width * fb_sim_normal(random);
    fb_sim_add_jet(truth, b);
    fb_sim_add_jet(truth, (fb_sim_particle){top.p[1].x, top.p[1].y, side * eta});
    radiate(random, settings, &top, truth);
    return take_jet_for_tau(random, truth);
}

bool fb_sim_produce_w_pair(fb_random *random, const fb_sim_settings *settings, bool fake, fb_sim_truth *truth)
{
    pair w;
    for (int k = 0; k < 2; k++) {
        w.mass[k] = fb_sim_w_mass(random, settings);
    }
    double pt = fb_sim_draw_power(random, settings->w_scale, settings->w_power);
    draw_pair(random, settings, fake ? FB_SIM_WW_FAKE : FB_SIM_WW, pt, settings->w_rapidity_gap, &w);
    if (!decay_to_lepton(random, settings, &w.p[0], w.mass[0], NULL, truth)) {
        return false;
    }
    if (!fake && !decay_to_tau(random, settings, &w.p[1], w.mass[1], NULL, truth)) {
        return false;
    }
    if (fake) {
        decay_to_quarks(random, settings, &w.p[1], w.mass[1], NULL, truth);
    }
    radiate(random, settings, &w, truth);
    return !fake || take_jet_for_tau(random, truth);
}

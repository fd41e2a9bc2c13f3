/* Production with W bosons: top pairs, single tops, pairs of W. */
#include "holdout/simulation/sim_pair_internal.h"

#include <stddef.h>

#include "holdout/simulation/sim_decay_internal.h"
#include "holdout/simulation/sim_detector_internal.h"
#include "holdout/simulation/sim_event.inc"
#include "holdout/simulation/sim_kinematics.inc"
#include "holdout/simulation/sim_radiation_internal.h"

/* W -> e, mu or tau -> e, mu. */
static bool decay_to_lepton(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_vector *w, double mass,
                            const fb_sim_vector *axis, fb_sim_event *event)
{
    fb_sim_vector lepton, neutrino;
    fb_sim_decay_w(random, settings, w, mass, axis, &lepton, &neutrino);
    double x = 1.0;
    if (fb_sim_random_uniform(random) * (2.0 + settings->tau_to_lepton) > 2.0) {
        x = fb_sim_decay_tau_to_lepton(random, -1.0);
    }
    if (x * sqrt(lepton.x * lepton.x + lepton.y * lepton.y) <= event->lepton_floor) {
        return false;
    }
    event->lepton = fb_sim_kinematics_to_particle(&lepton);
    event->lepton.px *= x;
    event->lepton.py *= x;
    fb_sim_event_lose(event, neutrino.x + (1.0 - x) * lepton.x, neutrino.y + (1.0 - x) * lepton.y);
    return fabs(event->lepton.eta) <= settings->lepton_eta_max;
}

/* W -> tau -> hadrons. */
static bool decay_to_tau(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_vector *w, double mass,
                         const fb_sim_vector *axis, fb_sim_event *event)
{
    fb_sim_vector tau, neutrino;
    fb_sim_decay_w(random, settings, w, mass, axis, &tau, &neutrino);
    double x = fb_sim_decay_tau_to_hadrons(random, settings, -1.0);
    if (x * sqrt(tau.x * tau.x + tau.y * tau.y) <= event->tau_floor) {
        return false;
    }
    event->tau = fb_sim_kinematics_to_particle(&tau);
    event->tau.px *= x;
    event->tau.py *= x;
    fb_sim_event_lose(event, neutrino.x + (1.0 - x) * tau.x, neutrino.y + (1.0 - x) * tau.y);
    return fb_sim_detector_in_reach(settings, event);
}

static void decay_to_quarks(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_vector *w, double mass,
                            const fb_sim_vector *axis, fb_sim_event *event)
{
    fb_sim_vector q1, q2;
    fb_sim_decay_w(random, settings, w, mass, axis, &q1, &q2);
    fb_sim_event_add_jet(event, fb_sim_kinematics_to_particle(&q1));
    fb_sim_event_add_jet(event, fb_sim_kinematics_to_particle(&q2));
}

/* One of the jets is taken for a tau. */
static bool take_jet_for_tau(fb_sim_random *random, fb_sim_event *event)
{
    int which = (int)(fb_sim_random_uniform(random) * event->n_jets);
    event->tau = event->jet[which];
    event->jet[which] = event->jet[--event->n_jets];
    return fb_sim_kinematics_pt(&event->tau) > event->tau_floor;
}

/* A pair of particles of `mass` each that recoils against radiation. */
typedef struct pair {
    double mass[2];     // GeV
    double rapidity[2]; // of each
    double centre;      // the rapidity about which they radiate
    fb_sim_vector p[2]; // GeV
    fb_sim_emissions emissions;
} pair;

/* `gap` is the width of the difference in rapidity of the two. */
static void draw_rapidities(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan, double gap,
                            pair *out)
{
    out->centre = settings->rapidity_width[plan->channel] * fb_sim_random_normal(random);
    double half_gap = 0.5 * gap * fb_sim_random_normal(random);
    out->rapidity[0] = out->centre + half_gap;
    out->rapidity[1] = out->centre - half_gap;
}

/* Draws emissions and momenta of a pair with masses and rapidities, false when the protons have no partons for it; `pt`
 * is the transverse momentum of the two in the frame of the pair. */
static bool draw_pair(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan, double pt,
                      fb_sim_event *event, pair *out)
{
    /* The masses alone end hopeless attempts early. */
    for (int k = 0; k < 2; k++) {
        fb_sim_event_add_system(event, out->mass[k], out->rapidity[k]);
    }
    if (!fb_sim_radiation_have_partons(random, settings, plan, event)) {
        return false;
    }
    double px = 0.0, py = 0.0;
    fb_sim_radiation_draw(random, plan, fb_sim_random_uniform(random), &out->emissions);
    fb_sim_radiation_aim(random, &out->emissions, &px, &py);
    fb_sim_particle half = fb_sim_kinematics_at_random_azimuth(random, pt, 0.0);
    out->p[0] = fb_sim_kinematics_to_vector(half.px - 0.5 * px, half.py - 0.5 * py, out->rapidity[0], out->mass[0]);
    out->p[1] = fb_sim_kinematics_to_vector(-half.px - 0.5 * px, -half.py - 0.5 * py, out->rapidity[1], out->mass[1]);
    /* The momenta across the beam, recoil included, take from the protons too. */
    event->plus = event->minus = 0.0;
    fb_sim_event_add_vector(event, &out->p[0]);
    fb_sim_event_add_vector(event, &out->p[1]);
    if (!fb_sim_radiation_have_partons(random, settings, plan, event)) {
        return false;
    }
    fb_sim_detector_prepare(random, settings, plan, event);
    return true;
}

/* A b quark; sometimes a neutrino takes a part of its momentum. */
static void add_b(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_vector *from,
                  fb_sim_event *event)
{
    fb_sim_particle b = fb_sim_kinematics_to_particle(from);
    if (fb_sim_random_uniform(random) < settings->b_to_neutrino) {
        double share = settings->b_neutrino_share * fb_sim_random_uniform(random);
        fb_sim_event_lose(event, share * b.px, share * b.py);
        b.px *= 1.0 - share;
        b.py *= 1.0 - share;
    }
    fb_sim_event_add_jet(event, b);
}

bool fb_sim_pair_top(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                     fb_sim_event *event)
{
    bool fake = plan->channel == FB_SIM_TOP_PAIR_FAKE;
    pair top = {.mass = {settings->top_mass, settings->top_mass}};
    double pt = fb_sim_random_power_law(random, settings->top_scale, settings->top_power);
    draw_rapidities(random, settings, plan, settings->top_rapidity_gap, &top);
    if (!draw_pair(random, settings, plan, pt, event, &top)) {
        return false;
    }
    fb_sim_vector w, axis, b[2];
    double mass = fb_sim_decay_w_mass(random, settings);
    fb_sim_decay_top(random, settings, &top.p[0], mass, &b[0], &w, &axis);
    if (!decay_to_lepton(random, settings, &w, mass, &axis, event)) {
        return false;
    }
    mass = fb_sim_decay_w_mass(random, settings);
    fb_sim_decay_top(random, settings, &top.p[1], mass, &b[1], &w, &axis);
    if (!fake && !decay_to_tau(random, settings, &w, mass, &axis, event)) {
        return false;
    }
    add_b(random, settings, &b[0], event);
    add_b(random, settings, &b[1], event);
    if (fake) {
        decay_to_quarks(random, settings, &w, mass, &axis, event);
    }
    return fb_sim_radiation_apply(random, settings, plan, &top.emissions, top.centre, event) &&
           (!fake || take_jet_for_tau(random, event));
}

/* t-channel: a top and the quark that it recoils against, which keeps its direction. */
bool fb_sim_pair_single_top(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                            fb_sim_event *event)
{
    pair top = {.mass = {settings->top_mass, 0.0}};
    double pt = fb_sim_random_power_law(random, settings->single_top_scale, settings->single_top_power);
    draw_rapidities(random, settings, plan, settings->top_rapidity_gap, &top);
    double side = fb_sim_random_uniform(random) < 0.5 ? 1.0 : -1.0;
    top.rapidity[1] =
        side * (settings->spectator_eta_mean + settings->spectator_eta_width * fb_sim_random_normal(random));
    if (!draw_pair(random, settings, plan, pt, event, &top)) {
        return false;
    }
    fb_sim_vector w, axis, b;
    double mass = fb_sim_decay_w_mass(random, settings);
    fb_sim_decay_top(random, settings, &top.p[0], mass, &b, &w, &axis);
    if (!decay_to_lepton(random, settings, &w, mass, &axis, event)) {
        return false;
    }
    add_b(random, settings, &b, event);
    fb_sim_event_add_jet(event, (fb_sim_particle){top.p[1].x, top.p[1].y, top.rapidity[1]});
    return fb_sim_radiation_apply(random, settings, plan, &top.emissions, top.centre, event) &&
           take_jet_for_tau(random, event);
}

bool fb_sim_pair_w(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan, fb_sim_event *event)
{
    bool fake = plan->channel == FB_SIM_WW_FAKE;
    pair w;
    for (int k = 0; k < 2; k++) {
        w.mass[k] = fb_sim_decay_w_mass(random, settings);
    }
    double pt = fb_sim_random_power_law(random, settings->w_scale, settings->w_power);
    draw_rapidities(random, settings, plan, settings->w_rapidity_gap, &w);
    if (!draw_pair(random, settings, plan, pt, event, &w)) {
        return false;
    }
    if (!decay_to_lepton(random, settings, &w.p[0], w.mass[0], NULL, event)) {
        return false;
    }
    if (!fake && !decay_to_tau(random, settings, &w.p[1], w.mass[1], NULL, event)) {
        return false;
    }
    if (fake) {
        decay_to_quarks(random, settings, &w.p[1], w.mass[1], NULL, event);
    }
    return fb_sim_radiation_apply(random, settings, plan, &w.emissions, w.centre, event) &&
           (!fake || take_jet_for_tau(random, event));
}

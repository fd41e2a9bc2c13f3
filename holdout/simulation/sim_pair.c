/* Production with W bosons: top pairs, single tops, pairs of W. */
#include <stddef.h>

#include "holdout/simulation/sim_decay_internal.h"
#include "holdout/simulation/sim_detector_internal.h"
#include "holdout/simulation/sim_hard_internal.h"
#include "holdout/simulation/sim_radiation_internal.h"

/* What is seen is the share `x` of the momentum of `from`; the rest and `neutrino` are lost. False at or below `floor`.
 */
static bool see_share(const fb_sim_vector *from, double x, const fb_sim_vector *neutrino, double floor,
                      fb_sim_particle *seen, fb_sim_event *event)
{
    if (x * sqrt(from->x * from->x + from->y * from->y) <= floor) {
        return false;
    }
    *seen = fb_sim_kinematics_to_particle(from);
    seen->px *= x;
    seen->py *= x;
    fb_sim_event_lose(event, neutrino->x + (1.0 - x) * from->x, neutrino->y + (1.0 - x) * from->y);
    return true;
}

/* W -> e, mu or tau -> e, mu. */
static bool decay_to_lepton(fb_sim_random *random, const fb_sim_vector *w, double mass, const fb_sim_vector *axis,
                            fb_sim_event *event)
{
    fb_sim_vector lepton, neutrino;
    fb_sim_decay_w(random, w, mass, axis, &lepton, &neutrino);
    const bool by_tau = fb_sim_random_uniform(random) * (2.0 + FB_SIM_TAU_TO_LEPTON) > 2.0;
    const double x = by_tau ? fb_sim_decay_tau_to_lepton(random, -1.0) : 1.0;
    return see_share(&lepton, x, &neutrino, event->lepton_floor, &event->lepton, event) &&
           fabs(event->lepton.eta) <= FB_SIM_LEPTON_ETA_MAX;
}

/* W -> tau -> hadrons. */
static bool decay_to_tau(fb_sim_random *random, const fb_sim_vector *w, double mass, const fb_sim_vector *axis,
                         fb_sim_event *event)
{
    fb_sim_vector tau, neutrino;
    fb_sim_decay_w(random, w, mass, axis, &tau, &neutrino);
    const double x = fb_sim_decay_tau_to_hadrons(random, -1.0);
    return see_share(&tau, x, &neutrino, event->tau_floor, &event->tau, event) && fb_sim_detector_in_reach(event);
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
static void draw_rapidities(fb_sim_random *random, const fb_sim_plan *plan, double gap, pair *out)
{
    out->centre = fb_sim_settings_channel[plan->channel].rapidity_width * fb_sim_random_normal(random);
    double half_gap = 0.5 * gap * fb_sim_random_normal(random);
    out->rapidity[0] = out->centre + half_gap;
    out->rapidity[1] = out->centre - half_gap;
}

/* Draws emissions and momenta of a pair with masses and rapidities, false when the protons have no partons for it; `pt`
 * is the transverse momentum of the two in the frame of the pair. */
static bool draw_pair(fb_sim_random *random, const fb_sim_plan *plan, double pt, fb_sim_event *event, pair *out)
{
    /* The masses alone end hopeless attempts early. */
    for (int k = 0; k < 2; k++) {
        fb_sim_event_add_system(event, out->mass[k], out->rapidity[k]);
    }
    if (!fb_sim_radiation_have_partons(random, plan, event)) {
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
    if (!fb_sim_radiation_have_partons(random, plan, event)) {
        return false;
    }
    fb_sim_detector_prepare(random, plan, event);
    return true;
}

/* A b quark; sometimes a neutrino takes a part of its momentum. */
static void add_b(fb_sim_random *random, const fb_sim_vector *from, fb_sim_event *event)
{
    fb_sim_particle b = fb_sim_kinematics_to_particle(from);
    if (fb_sim_random_uniform(random) < FB_SIM_B_TO_NEUTRINO) {
        double share = FB_SIM_B_NEUTRINO_SHARE * fb_sim_random_uniform(random);
        fb_sim_event_lose(event, share * b.px, share * b.py);
        b.px *= 1.0 - share;
        b.py *= 1.0 - share;
    }
    fb_sim_event_add_jet(event, b);
}

static bool make_tops(fb_sim_random *random, const fb_sim_plan *plan, bool fake, pair *top, fb_sim_event *event)
{
    top->mass[0] = top->mass[1] = FB_SIM_TOP_MASS;
    double pt = fb_sim_random_power_law(random, FB_SIM_TOP_SCALE, FB_SIM_TOP_POWER);
    draw_rapidities(random, plan, FB_SIM_TOP_RAPIDITY_GAP, top);
    if (!draw_pair(random, plan, pt, event, top)) {
        return false;
    }
    fb_sim_vector w, axis, b[2];
    double mass = fb_sim_decay_w_mass(random);
    fb_sim_decay_top(random, &top->p[0], mass, &b[0], &w, &axis);
    if (!decay_to_lepton(random, &w, mass, &axis, event)) {
        return false;
    }
    mass = fb_sim_decay_w_mass(random);
    fb_sim_decay_top(random, &top->p[1], mass, &b[1], &w, &axis);
    if (!fake && !decay_to_tau(random, &w, mass, &axis, event)) {
        return false;
    }
    add_b(random, &b[0], event);
    add_b(random, &b[1], event);
    if (fake) {
        fb_sim_decay_w_to_jets(random, &w, mass, &axis, event);
    }
    return true;
}

/* t-channel: a top and the quark that it recoils against, which keeps its direction. */
static bool make_single_top(fb_sim_random *random, const fb_sim_plan *plan, pair *top, fb_sim_event *event)
{
    top->mass[0] = FB_SIM_TOP_MASS;
    top->mass[1] = 0.0;
    double pt = fb_sim_random_power_law(random, FB_SIM_SINGLE_TOP_SCALE, FB_SIM_SINGLE_TOP_POWER);
    draw_rapidities(random, plan, FB_SIM_TOP_RAPIDITY_GAP, top);
    double side = fb_sim_random_uniform(random) < 0.5 ? 1.0 : -1.0;
    top->rapidity[1] = side * (FB_SIM_SPECTATOR_ETA_MEAN + FB_SIM_SPECTATOR_ETA_WIDTH * fb_sim_random_normal(random));
    if (!draw_pair(random, plan, pt, event, top)) {
        return false;
    }
    fb_sim_vector w, axis, b;
    double mass = fb_sim_decay_w_mass(random);
    fb_sim_decay_top(random, &top->p[0], mass, &b, &w, &axis);
    if (!decay_to_lepton(random, &w, mass, &axis, event)) {
        return false;
    }
    add_b(random, &b, event);
    fb_sim_event_add_jet(event, (fb_sim_particle){top->p[1].x, top->p[1].y, top->rapidity[1]});
    return true;
}

static bool make_ws(fb_sim_random *random, const fb_sim_plan *plan, bool fake, pair *w, fb_sim_event *event)
{
    w->mass[0] = fb_sim_decay_w_mass(random);
    w->mass[1] = fb_sim_decay_w_mass(random);
    double pt = fb_sim_random_power_law(random, FB_SIM_W_SCALE, FB_SIM_W_POWER);
    draw_rapidities(random, plan, FB_SIM_W_RAPIDITY_GAP, w);
    if (!draw_pair(random, plan, pt, event, w) || !decay_to_lepton(random, &w->p[0], w->mass[0], NULL, event)) {
        return false;
    }
    if (fake) {
        fb_sim_decay_w_to_jets(random, &w->p[1], w->mass[1], NULL, event);
        return true;
    }
    return decay_to_tau(random, &w->p[1], w->mass[1], NULL, event);
}

bool fb_sim_pair_produce(fb_sim_random *random, const fb_sim_plan *plan, fb_sim_event *event)
{
    pair made;
    bool fake = true, is_made = false;
    switch (plan->channel) {
    case FB_SIM_TOP_SINGLE:
        is_made = make_single_top(random, plan, &made, event);
        break;
    case FB_SIM_WW:
    case FB_SIM_WW_FAKE:
        fake = plan->channel == FB_SIM_WW_FAKE;
        is_made = make_ws(random, plan, fake, &made, event);
        break;
    default:
        fake = plan->channel == FB_SIM_TOP_PAIR_FAKE;
        is_made = make_tops(random, plan, fake, &made, event);
    }
    return is_made && fb_sim_radiation_apply(random, plan, &made.emissions, made.centre, event) &&
           (!fake || take_jet_for_tau(random, event));
}

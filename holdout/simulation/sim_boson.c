/* Production of one boson that decays to two taus. */
#include <stddef.h>

#include "holdout/simulation/sim_decay_internal.h"
#include "holdout/simulation/sim_detector_internal.h"
#include "holdout/simulation/sim_hard_internal.h"
#include "holdout/simulation/sim_radiation_internal.h"

/* Relativistic Breit-Wigner in m^2, times the falling parton flux above the peak. */
static double draw_z_mass(fb_sim_random *random)
{
    double m0 = FB_SIM_Z_MASS;
    double low = FB_SIM_Z_MASS_LOW * FB_SIM_Z_MASS_LOW;
    double high = FB_SIM_Z_MASS_HIGH * FB_SIM_Z_MASS_HIGH;
    double power = 0.5 * FB_SIM_Z_TAIL_POWER;
    for (;;) {
        double x = 0.0, y = 0.0;
        fb_sim_random_disc(random, &x, &y);
        double m2 = m0 * m0 + m0 * FB_SIM_Z_WIDTH * y / x;
        if (m2 <= low || m2 >= high) {
            continue;
        }
        /* (1 + excess)^-power, which is above its tangent: the tangent saves most powers. */
        double excess = m2 / (m0 * m0) - 1.0;
        double u = excess > 0.0 ? fb_sim_random_uniform(random) : 0.0;
        if (u < 1.0 - power * excess || u < pow(1.0 + excess, -power)) {
            return sqrt(m2);
        }
    }
}

/* What the boson recoils against besides radiation: the quarks of fusion, or a W or Z. */
typedef struct companion {
    double px, py; // GeV
    double rapidity;
    double mass; // GeV
} companion;

/* The boson and how it comes about, as far as it is drawn. */
typedef struct boson {
    bool vector;           // has spin 1
    bool exchange;         // another jet is taken for its tau
    bool companion_lepton; // the lepton comes from its companion
    double mass;           // GeV
    double handedness;     // of the tau that gives the lepton
    double x_lep, x_had;   // visible shares of its taus
    double lepton_floor;   // GeV, what its decay products need
    double tau_floor;      // GeV
    double first;          // decides about the hardest emission
    double polar;          // cosine of the angle of its decay to the beam, where it rests
    double pt;             // GeV
    double rapidity;
    int n_companions;
    companion companions[2];
    fb_sim_emissions emissions;
} boson;

/* The quark and antiquark, or the lost neutrinos, of a W or Z that the boson recoils against. */
static void decay_companion(fb_sim_random *random, const companion *from, fb_sim_event *event)
{
    if (fb_sim_random_uniform(random) * (1.0 - FB_SIM_LEPTONIC_V) > FB_SIM_HADRONIC_V) {
        fb_sim_event_lose(event, from->px, from->py);
        return;
    }
    fb_sim_vector v = fb_sim_kinematics_to_vector(from->px, from->py, from->rapidity, from->mass);
    fb_sim_decay_w_to_jets(random, &v, from->mass, NULL, event);
    event->soft_et += from->mass;
}

/* The lepton comes from the W that the boson recoils against, and both taus decay to hadrons: one is seen as a jet. */
static bool take_other_lepton(fb_sim_random *random, const companion *from, fb_sim_event *event)
{
    fb_sim_vector w = fb_sim_kinematics_to_vector(from->px, from->py, from->rapidity, from->mass);
    fb_sim_vector lepton, neutrino;
    fb_sim_decay_w(random, &w, from->mass, NULL, &lepton, &neutrino);
    fb_sim_event_add_jet(event, event->lepton);
    event->lepton = fb_sim_kinematics_to_particle(&lepton);
    fb_sim_event_lose(event, neutrino.x, neutrino.y);
    return fb_sim_kinematics_pt(&event->lepton) > event->lepton_floor && fb_sim_detector_in_reach(event);
}

/* Cosine of the angle between tau and beam where the boson rests: a boson of spin 1 made by quarks keeps 1 + cos^2. */
static double draw_polar_angle(fb_sim_random *random, bool vector_boson)
{
    double z = 2.0 * fb_sim_random_uniform(random) - 1.0;
    while (vector_boson && 2.0 * fb_sim_random_uniform(random) > 1.0 + z * z) {
        z = 2.0 * fb_sim_random_uniform(random) - 1.0;
    }
    return z;
}

/* Sets down lepton, tau and neutrinos of a boson of transverse momentum (px, py) at rapidity 0; false when below the
 * thresholds. */
static bool decay_boson(fb_sim_random *random, const boson *b, double px, double py, fb_sim_event *event)
{
    double half = 0.5 * b->mass;
    double cosine = 0.0, sine = 0.0;
    fb_sim_random_azimuth(random, &cosine, &sine);
    double across = half * sqrt(1.0 - b->polar * b->polar);
    fb_sim_vector parent = {sqrt(b->mass * b->mass + px * px + py * py), px, py, 0.0};
    fb_sim_vector tau1 = {half, across * cosine, across * sine, half * b->polar};
    tau1 = fb_sim_kinematics_boost(tau1, &parent, b->mass);
    double pt1 = sqrt(tau1.x * tau1.x + tau1.y * tau1.y);
    if (b->x_lep * pt1 < b->lepton_floor) {
        return false;
    }
    fb_sim_vector tau2 = {parent.e - tau1.e, px - tau1.x, py - tau1.y, -tau1.z};
    double pt2 = sqrt(tau2.x * tau2.x + tau2.y * tau2.y);
    if (b->x_had * pt2 < b->tau_floor) {
        return false;
    }
    event->lepton = (fb_sim_particle){b->x_lep * tau1.x, b->x_lep * tau1.y, asinh(tau1.z / pt1)};
    event->tau = (fb_sim_particle){b->x_had * tau2.x, b->x_had * tau2.y, asinh(tau2.z / pt2)};
    fb_sim_event_lose(event, (1.0 - b->x_lep) * tau1.x + (1.0 - b->x_had) * tau2.x,
                      (1.0 - b->x_lep) * tau1.y + (1.0 - b->x_had) * tau2.y);
    return true;
}

static companion draw_companion(fb_sim_random *random, double pt, double rapidity, double mass)
{
    fb_sim_particle direction = fb_sim_kinematics_at_random_azimuth(random, pt, rapidity);
    return (companion){direction.px, direction.py, rapidity, mass};
}

/* The companions, where the boson has rapidity 0. */
static void draw_companions(fb_sim_random *random, fb_sim_channel channel, boson *b)
{
    b->n_companions = 0;
    if (channel == FB_SIM_H_FUSION) {
        /* Two quarks from which W or Z were emitted: d sigma / d pT^2 ~ 1 / (pT^2 + scale^2)^2. */
        for (int k = 0; k < 2; k++) {
            double side = k == 0 ? 1.0 : -1.0;
            double eta = FB_SIM_FUSION_ETA_MEAN + FB_SIM_FUSION_ETA_WIDTH * fb_sim_random_normal(random);
            double pt = fb_sim_random_power_law(random, FB_SIM_FUSION_SCALE, 1.0);
            b->companions[b->n_companions++] = draw_companion(random, pt, side * eta, 0.0);
        }
    } else if (channel == FB_SIM_H_STRAHLUNG || channel == FB_SIM_VZ) {
        double pt = fb_sim_random_power_law(random, FB_SIM_STRAHLUNG_SCALE, FB_SIM_STRAHLUNG_POWER);
        double rapidity = FB_SIM_W_RAPIDITY_GAP * fb_sim_random_normal(random);
        b->companions[b->n_companions++] = draw_companion(random, pt, rapidity, fb_sim_decay_w_mass(random));
    }
}

/* The tau from the boson stays a jet, and another jet is taken for it. */
static bool exchange_tau(fb_sim_random *random, fb_sim_event *event)
{
    if (event->n_jets == 0) {
        return false;
    }
    fb_sim_particle real = event->tau;
    int which = (int)(fb_sim_random_uniform(random) * event->n_jets);
    event->tau = event->jet[which];
    event->jet[which] = real;
    return fb_sim_detector_in_reach(event) && fb_sim_kinematics_pt(&event->tau) > event->tau_floor;
}

/* Draws the boson and the lepton's share of its tau; false when that cannot be enough. */
static bool begin_boson(fb_sim_random *random, const fb_sim_plan *plan, boson *b)
{
    fb_sim_channel channel = plan->channel;
    b->exchange = channel == FB_SIM_H_FAKE || channel == FB_SIM_Z_FAKE;
    b->vector = channel == FB_SIM_Z || channel == FB_SIM_Z_FAKE || channel == FB_SIM_VZ;
    b->mass = b->vector ? draw_z_mass(random) : FB_SIM_H_MASS;
    double mean = b->vector ? FB_SIM_Z_POLARISATION : 0.0;
    b->handedness = 2.0 * fb_sim_random_uniform(random) < 1.0 + mean ? 1.0 : -1.0;
    b->companion_lepton =
        (channel == FB_SIM_H_STRAHLUNG || channel == FB_SIM_VZ) && fb_sim_random_uniform(random) < FB_SIM_LEPTONIC_V;
    b->x_lep = b->companion_lepton ? fb_sim_decay_tau_to_hadrons(random, b->handedness)
                                   : fb_sim_decay_tau_to_lepton(random, b->handedness);
    /* Most attempts end here: a slow lepton of a boson that hardly recoils. */
    bool alone =
        channel == FB_SIM_H_GLUON || channel == FB_SIM_H_FAKE || channel == FB_SIM_Z || channel == FB_SIM_Z_FAKE;
    b->first = fb_sim_random_uniform(random);
    double soft = FB_SIM_SOFT_LIMIT * plan->radiation->soft_kt;
    return !alone || b->first > plan->quiet ||
           b->x_lep * (sqrt(b->mass * b->mass + soft * soft) + soft) >= 2.0 * plan->lepton_floor;
}

/* Draws all that the boson recoils against and its decay; false when the decay products are below the thresholds. */
static bool recoil(fb_sim_random *random, const fb_sim_plan *plan, boson *b, fb_sim_event *event)
{
    /* Taus of a vector boson have opposite helicities, those of a scalar equal ones; the tau+ decays like a tau- of the
     * opposite helicity. */
    b->x_had = fb_sim_decay_tau_to_hadrons(random, b->vector ? b->handedness : -b->handedness);
    b->lepton_floor = b->companion_lepton ? 0.0 : event->lepton_floor;
    b->tau_floor = b->exchange ? 0.0 : event->tau_floor;
    double need_lep = b->lepton_floor / b->x_lep;
    double need_had = b->tau_floor / b->x_had;
    double need = 2.0 * (need_lep > need_had ? need_lep : need_had);
    draw_companions(random, plan->channel, b);
    fb_sim_radiation_draw(random, plan, b->first, &b->emissions);
    /* The best that a boost can do is to add all recoil along the particle, which then has (mT sin theta + pT) / 2
     * times its energy fraction. */
    double most = b->emissions.sum + b->emissions.soft;
    for (int k = 0; k < b->n_companions; k++) {
        most += hypot(b->companions[k].px, b->companions[k].py);
    }
    b->polar = draw_polar_angle(random, b->vector);
    double sine = sqrt(1.0 - b->polar * b->polar);
    if (sine * sqrt(b->mass * b->mass + most * most) + most < need) {
        return false;
    }
    double px = 0.0, py = 0.0;
    fb_sim_radiation_aim(random, &b->emissions, &px, &py);
    for (int k = 0; k < b->n_companions; k++) {
        px += b->companions[k].px;
        py += b->companions[k].py;
    }
    b->pt = sqrt(px * px + py * py);
    return sine * sqrt(b->mass * b->mass + b->pt * b->pt) + b->pt >= need && decay_boson(random, b, -px, -py, event);
}

/* Draws where along the beam everything is; false when that is out of the detector's or the protons' reach. */
static bool place_boson(fb_sim_random *random, const fb_sim_plan *plan, boson *b, fb_sim_event *event)
{
    /* Where the boson has rapidity 0, its taus fly to opposite sides of 0, so that one of them is farther out than the
     * boson: no other rapidities are seen. */
    bool both_seen = !b->exchange && !b->companion_lepton;
    double width = fb_sim_settings_channel[plan->channel].rapidity_width;
    double reach = fmax(FB_SIM_LEPTON_ETA_MAX, FB_SIM_TAU_ETA_MAX);
    b->rapidity = width * fb_sim_random_normal(random);
    while (both_seen && fabs(b->rapidity) > reach) {
        b->rapidity = width * fb_sim_random_normal(random);
    }
    event->lepton.eta += b->rapidity;
    event->tau.eta += b->rapidity;
    if (both_seen && !fb_sim_detector_in_reach(event)) {
        return false;
    }
    fb_sim_event_add_system(event, sqrt(b->mass * b->mass + b->pt * b->pt), b->rapidity);
    double pull = plan->channel == FB_SIM_H_FUSION ? plan->radiation->eta_pull : 1.0;
    for (int k = 0; k < b->n_companions; k++) {
        companion *c = &b->companions[k];
        c->rapidity += pull * b->rapidity;
        fb_sim_event_add_system(event, sqrt(c->mass * c->mass + c->px * c->px + c->py * c->py), c->rapidity);
    }
    return fb_sim_radiation_have_partons(random, plan, event);
}

bool fb_sim_boson_produce(fb_sim_random *random, const fb_sim_plan *plan, fb_sim_event *event)
{
    boson b;
    if (!begin_boson(random, plan, &b)) {
        return false;
    }
    fb_sim_detector_prepare(random, plan, event);
    if (!recoil(random, plan, &b, event) || !place_boson(random, plan, &b, event) ||
        !fb_sim_radiation_apply(random, plan, &b.emissions, b.rapidity, event)) {
        return false;
    }
    if (b.companion_lepton) {
        return take_other_lepton(random, &b.companions[0], event);
    }
    for (int k = 0; k < b.n_companions; k++) {
        const companion *c = &b.companions[k];
        if (plan->channel == FB_SIM_H_FUSION) {
            fb_sim_event_add_jet(event, (fb_sim_particle){c->px, c->py, c->rapidity});
        } else {
            decay_companion(random, c, event);
        }
    }
    return !b.exchange || exchange_tau(random, event);
}

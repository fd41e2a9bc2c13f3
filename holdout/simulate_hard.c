/* Production: which channel, and one boson that decays to two taus. */
#include "holdout/simulate_internal.h"

/* Relativistic Breit-Wigner in m^2, times the falling parton flux above the peak. */
static double draw_z_mass(fb_sim_random *random, const fb_sim_settings *settings)
{
    double m0 = settings->z_mass;
    double low = settings->z_mass_low * settings->z_mass_low;
    double high = settings->z_mass_high * settings->z_mass_high;
    double power = 0.5 * settings->z_tail_power;
    for (;;) {
        double x = 0.0, y = 0.0;
        fb_sim_disc(random, &x, &y);
        double m2 = m0 * m0 + m0 * settings->z_width * y / x;
        if (m2 <= low || m2 >= high) {
            continue;
        }
        /* (1 + excess)^-power, which is above its tangent: the tangent saves most powers. */
        double excess = m2 / (m0 * m0) - 1.0;
        double u = excess > 0.0 ? fb_sim_uniform(random) : 0.0;
        if (u < 1.0 - power * excess || u < pow(1.0 + excess, -power)) {
            return sqrt(m2);
        }
    }
}

/* The quark and antiquark, or the lost neutrinos, of a W or Z that the boson recoils against. */
static void decay_companion(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_particle *companion,
                            fb_sim_truth *truth)
{
    if (fb_sim_uniform(random) * (1.0 - settings->leptonic_v) > settings->hadronic_v) {
        fb_sim_lose(truth, companion->px, companion->py);
        return;
    }
    double mass = fb_sim_w_mass(random, settings);
    fb_sim_vector v = fb_sim_to_vector(companion->px, companion->py, companion->eta, mass);
    fb_sim_vector q1, q2;
    fb_sim_decay_w(random, settings, &v, mass, NULL, &q1, &q2);
    fb_sim_add_jet(truth, fb_sim_to_particle(&q1));
    fb_sim_add_jet(truth, fb_sim_to_particle(&q2));
    truth->soft_et += mass;
}

/* The lepton comes from the W that the boson recoils against, and both taus decay to hadrons: one is seen as a jet. */
static bool take_other_lepton(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_particle *companion,
                              fb_sim_truth *truth)
{
    double mass = fb_sim_w_mass(random, settings);
    fb_sim_vector w = fb_sim_to_vector(companion->px, companion->py, companion->eta, mass);
    fb_sim_vector lepton, neutrino;
    fb_sim_decay_w(random, settings, &w, mass, NULL, &lepton, &neutrino);
    fb_sim_add_jet(truth, truth->lepton);
    truth->lepton = fb_sim_to_particle(&lepton);
    fb_sim_lose(truth, neutrino.x, neutrino.y);
    return fb_sim_pt(&truth->lepton) > truth->lepton_floor && fb_sim_in_reach(settings, truth);
}

/* Cosine of the angle between tau and beam where the boson rests: a boson of spin 1 made by quarks keeps 1 + cos^2. */
static double draw_polar_angle(fb_sim_random *random, bool vector_boson)
{
    double z = 2.0 * fb_sim_uniform(random) - 1.0;
    while (vector_boson && 2.0 * fb_sim_uniform(random) > 1.0 + z * z) {
        z = 2.0 * fb_sim_uniform(random) - 1.0;
    }
    return z;
}

/* Sets down lepton, tau and neutrinos of a boson of transverse momentum (px, py) at rapidity 0, whose taus decay at
 * polar angle `z` in its rest frame; false when below the thresholds. */
static bool decay_boson(fb_sim_random *random, double z, double lepton_floor, double tau_floor, double mass,
                        double x_lep, double x_had, double px, double py, fb_sim_truth *truth)
{
    double half = 0.5 * mass;
    double cosine = 0.0, sine = 0.0;
    fb_sim_azimuth(random, &cosine, &sine);
    double across = half * sqrt(1.0 - z * z);
    fb_sim_vector parent = {sqrt(mass * mass + px * px + py * py), px, py, 0.0};
    fb_sim_vector tau1 = {half, across * cosine, across * sine, half * z};
    tau1 = fb_sim_boost(tau1, &parent, mass);
    double pt1 = sqrt(tau1.x * tau1.x + tau1.y * tau1.y);
    if (x_lep * pt1 < lepton_floor) {
        return false;
    }
    fb_sim_vector tau2 = {parent.e - tau1.e, px - tau1.x, py - tau1.y, -tau1.z};
    double pt2 = sqrt(tau2.x * tau2.x + tau2.y * tau2.y);
    if (x_had * pt2 < tau_floor) {
        return false;
    }
    truth->lepton = (fb_sim_particle){x_lep * tau1.x, x_lep * tau1.y, asinh(tau1.z / pt1)};
    truth->tau = (fb_sim_particle){x_had * tau2.x, x_had * tau2.y, asinh(tau2.z / pt2)};
    fb_sim_lose(truth, (1.0 - x_lep) * tau1.x + (1.0 - x_had) * tau2.x,
                (1.0 - x_lep) * tau1.y + (1.0 - x_had) * tau2.y);
    return true;
}

/* What the boson recoils against besides radiation, where the boson has rapidity 0. */
static int draw_companions(fb_sim_random *random, const fb_sim_settings *settings, fb_sim_channel channel,
                           fb_sim_particle out[2])
{
    if (channel == FB_SIM_H_FUSION) {
        /* Two quarks from which W or Z were emitted: d sigma / d pT^2 ~ 1 / (pT^2 + scale^2)^2. */
        for (int k = 0; k < 2; k++) {
            double side = k == 0 ? 1.0 : -1.0;
            double eta = settings->fusion_eta_mean + settings->fusion_eta_width * fb_sim_normal(random);
            out[k] = fb_sim_direct(random, fb_sim_draw_power(random, settings->fusion_scale, 1.0), side * eta);
        }
        return 2;
    }
    if (channel == FB_SIM_H_STRAHLUNG || channel == FB_SIM_VZ) {
        double pt = fb_sim_draw_power(random, settings->strahlung_scale, settings->strahlung_power);
        out[0] = fb_sim_direct(random, pt, settings->w_rapidity_gap * fb_sim_normal(random));
        return 1;
    }
    return 0;
}

/* The tau from the boson stays a jet, and another jet is taken for it. */
static bool exchange_tau(fb_sim_random *random, const fb_sim_settings *settings, fb_sim_truth *truth)
{
    if (truth->n_jets == 0) {
        return false;
    }
    fb_sim_particle real = truth->tau;
    int which = (int)(fb_sim_uniform(random) * truth->n_jets);
    truth->tau = truth->jet[which];
    truth->jet[which] = real;
    return fb_sim_in_reach(settings, truth) && fb_sim_pt(&truth->tau) > truth->tau_floor;
}

static bool produce_boson(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                          fb_sim_truth *truth)
{
    fb_sim_channel channel = plan->channel;
    bool exchange = channel == FB_SIM_H_FAKE || channel == FB_SIM_Z_FAKE;
    bool is_z = channel == FB_SIM_Z || channel == FB_SIM_Z_FAKE || channel == FB_SIM_VZ;
    double mass = is_z ? draw_z_mass(random, settings) : settings->h_mass;
    /* Taus of a vector boson have opposite helicities, those of a scalar equal ones; the tau+ decays like a tau- of the
     * opposite helicity. */
    double handedness = 2.0 * fb_sim_uniform(random) < 1.0 + (is_z ? settings->z_polarisation : 0.0) ? 1.0 : -1.0;
    bool companion_lepton =
        (channel == FB_SIM_H_STRAHLUNG || channel == FB_SIM_VZ) && fb_sim_uniform(random) < settings->leptonic_v;
    double x_lep = companion_lepton ? fb_sim_tau_to_hadrons(random, settings, handedness)
                                    : fb_sim_tau_to_lepton(random, handedness);
    /* Most attempts end here: a slow lepton of a boson that hardly recoils. */
    bool alone =
        channel == FB_SIM_H_GLUON || channel == FB_SIM_H_FAKE || channel == FB_SIM_Z || channel == FB_SIM_Z_FAKE;
    double first = fb_sim_uniform(random);
    double soft = fb_sim_soft_limit * plan->radiation->soft_kt;
    if (alone && first <= plan->quiet && x_lep * (sqrt(mass * mass + soft * soft) + soft) < 2.0 * plan->lepton_floor) {
        return false;
    }
    fb_sim_prepare(random, settings, plan, truth);
    double x_had = fb_sim_tau_to_hadrons(random, settings, is_z ? handedness : -handedness);
    double lepton_floor = companion_lepton ? 0.0 : truth->lepton_floor;
    double need_lep = lepton_floor / x_lep;
    double need_had = (exchange ? 0.0 : truth->tau_floor) / x_had;
    double need = 2.0 * (need_lep > need_had ? need_lep : need_had);

    fb_sim_particle companion[2];
    int n_companions = draw_companions(random, settings, channel, companion);
    fb_sim_emissions list;
    fb_sim_draw_emissions(random, plan, first, &list);
    /* The best that a boost can do is to add all recoil along the particle, which then has (mT sin theta + pT) / 2
     * times its energy fraction. */
    double most = list.sum + list.soft;
    for (int k = 0; k < n_companions; k++) {
        most += fb_sim_pt(&companion[k]);
    }
    double z = draw_polar_angle(random, is_z);
    double sine = sqrt(1.0 - z * z);
    if (sine * sqrt(mass * mass + most * most) + most < need) {
        return false;
    }
    double px = 0.0, py = 0.0;
    fb_sim_aim(random, &list, &px, &py);
    for (int k = 0; k < n_companions; k++) {
        px += companion[k].px;
        py += companion[k].py;
    }
    double pt = sqrt(px * px + py * py);
    if (sine * sqrt(mass * mass + pt * pt) + pt < need ||
        !decay_boson(random, z, lepton_floor, exchange ? 0.0 : truth->tau_floor, mass, x_lep, x_had, -px, -py, truth)) {
        return false;
    }
    /* Where the boson has rapidity 0, its taus fly to opposite sides of 0, so that one of them is farther out than the
     * boson: no other rapidities are seen. */
    double width = settings->rapidity_width[channel];
    double reach = fmax(settings->lepton_eta_max, settings->tau_eta_max);
    double rapidity = width * fb_sim_normal(random);
    while (!exchange && !companion_lepton && fabs(rapidity) > reach) {
        rapidity = width * fb_sim_normal(random);
    }
    for (int k = 0; k < n_companions; k++) {
        companion[k].eta += channel == FB_SIM_H_FUSION ? plan->radiation->eta_pull * rapidity : rapidity;
    }
    truth->lepton.eta += rapidity;
    truth->tau.eta += rapidity;
    if (!exchange && !companion_lepton && !fb_sim_in_reach(settings, truth)) {
        return false;
    }
    fb_sim_add_system(truth, sqrt(mass * mass + pt * pt), rapidity);
    for (int k = 0; k < n_companions; k++) {
        fb_sim_add_system(truth, fb_sim_pt(&companion[k]), companion[k].eta);
    }
    if (!fb_sim_have_partons(random, settings, plan, truth)) {
        return false;
    }
    fb_sim_radiate(random, settings, plan, &list, rapidity, truth);
    if (channel == FB_SIM_H_FUSION) {
        fb_sim_add_jet(truth, companion[0]);
        fb_sim_add_jet(truth, companion[1]);
    } else if (companion_lepton) {
        return take_other_lepton(random, settings, &companion[0], truth);
    } else if (n_companions == 1) {
        decay_companion(random, settings, &companion[0], truth);
    }
    return !exchange || exchange_tau(random, settings, truth);
}

/* --- channels ---------------------------------------------------------------------------------------------------- */

fb_sim_channel fb_sim_choose_channel(fb_sim_random *random, const fb_sim_settings *settings, int process)
{
    static const struct {
        fb_sim_channel first, last;
    } range[FB_N_PROCESS] = {[FB_HTAUTAU] = {FB_SIM_H_GLUON, FB_SIM_H_FAKE},
                             [FB_ZTAUTAU] = {FB_SIM_Z, FB_SIM_Z_FAKE},
                             [FB_TTBAR] = {FB_SIM_TOP_PAIR, FB_SIM_TOP_SINGLE},
                             [FB_DIBOSON] = {FB_SIM_WW, FB_SIM_VZ}};
    double u = fb_sim_uniform(random);
    int channel = range[process].first;
    for (; channel < (int)range[process].last; channel++) {
        u -= settings->share[channel];
        if (u < 0.0) {
            break;
        }
    }
    return (fb_sim_channel)channel;
}

fb_sim_plan fb_sim_make_plan(const fb_sim_settings *settings, fb_sim_channel channel)
{
    const fb_sim_radiation *radiation = &settings->radiation[channel];
    double t = log(settings->radiation_cutoff / 20.0);
    fb_sim_plan plan = {.channel = channel, .radiation = radiation, .lowest_log = t};
    plan.quiet = exp(-radiation->n20 * exp(-t * (radiation->slope + radiation->curvature * t)));
    fb_sim_plan_detector(settings, &plan);
    return plan;
}

bool fb_sim_produce(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                    fb_sim_truth *truth)
{
    truth->n_jets = 0;
    truth->soft_et = 0.0;
    truth->plus = 0.0;
    truth->minus = 0.0;
    truth->invisible_x = 0.0;
    truth->invisible_y = 0.0;
    switch (plan->channel) {
    case FB_SIM_TOP_PAIR:
    case FB_SIM_TOP_PAIR_FAKE:
        return fb_sim_produce_top_pair(random, settings, plan, truth);
    case FB_SIM_TOP_SINGLE:
        return fb_sim_produce_single_top(random, settings, plan, truth);
    case FB_SIM_WW:
    case FB_SIM_WW_FAKE:
        return fb_sim_produce_w_pair(random, settings, plan, truth);
    default:
        return produce_boson(random, settings, plan, truth);
    }
}

/* Production: which channel, and one boson that decays to two taus. */
#include "holdout/simulate_internal.h"

/* Relativistic Breit-Wigner in m^2, times the falling parton flux above the peak. */
static double draw_z_mass(fb_random *random, const fb_sim_settings *settings)
{
    double m0 = settings->z_mass;
    double low = settings->z_mass_low * settings->z_mass_low;
    double high = settings->z_mass_high * settings->z_mass_high;
    for (;;) {
        double x = 0.0, y = 0.0;
        fb_sim_disc(random, &x, &y);
        double m2 = m0 * m0 + m0 * settings->z_width * y / x;
        if (m2 > low && m2 < high &&
            (m2 <= m0 * m0 || fb_sim_uniform(random) < pow(m2 / (m0 * m0), -0.5 * settings->z_tail_power))) {
            return sqrt(m2);
        }
    }
}

/* The quark and antiquark, or the lost neutrinos, of a W or Z that the boson recoils against. */
static void decay_companion(fb_random *random, const fb_sim_settings *settings, const fb_sim_particle *companion,
                            fb_sim_truth *truth)
{
    if (fb_sim_uniform(random) > settings->hadronic_v) {
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

/* Sets down lepton, tau and neutrinos of a boson at rest, and boosts them; false when below the thresholds. */
static bool decay_boson(fb_random *random, bool vector_boson, double tau_floor, double mass, double x_lep, double x_had,
                        double px, double py, double rapidity, fb_sim_truth *truth)
{
    fb_sim_vector direction = fb_sim_isotropic(random, 1.0);
    /* A boson of spin 1 made by quarks keeps 1 + cos^2 theta about the beam. */
    while (vector_boson && 2.0 * fb_sim_uniform(random) > 1.0 + direction.z * direction.z) {
        direction = fb_sim_isotropic(random, 1.0);
    }
    fb_sim_vector parent = {sqrt(mass * mass + px * px + py * py), px, py, 0.0};
    double half = 0.5 * mass;
    fb_sim_vector tau1 = {half, half * direction.x, half * direction.y, half * direction.z};
    tau1 = fb_sim_boost(tau1, &parent, mass);
    double pt1 = sqrt(tau1.x * tau1.x + tau1.y * tau1.y);
    if (x_lep * pt1 < truth->lepton_floor) {
        return false;
    }
    fb_sim_vector tau2 = {parent.e - tau1.e, px - tau1.x, py - tau1.y, -tau1.z};
    double pt2 = sqrt(tau2.x * tau2.x + tau2.y * tau2.y);
    if (x_had * pt2 < tau_floor) {
        return false;
    }
    truth->lepton = (fb_sim_particle){x_lep * tau1.x, x_lep * tau1.y, asinh(tau1.z / pt1) + rapidity};
    truth->tau = (fb_sim_particle){x_had * tau2.x, x_had * tau2.y, asinh(tau2.z / pt2) + rapidity};
    fb_sim_lose(truth, (1.0 - x_lep) * tau1.x + (1.0 - x_had) * tau2.x,
                (1.0 - x_lep) * tau1.y + (1.0 - x_had) * tau2.y);
    return true;
}

/* What the boson recoils against besides radiation, where the boson has rapidity 0. */
static int draw_companions(fb_random *random, const fb_sim_settings *settings, fb_sim_channel channel,
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
static bool exchange_tau(fb_random *random, const fb_sim_settings *settings, fb_sim_truth *truth)
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

static bool produce_boson(fb_random *random, const fb_sim_settings *settings, fb_sim_channel channel,
                          fb_sim_truth *truth)
{
    bool exchange = channel == FB_SIM_H_FAKE || channel == FB_SIM_Z_FAKE;
    bool is_z = channel == FB_SIM_Z || channel == FB_SIM_Z_FAKE || channel == FB_SIM_VZ;
    double mass = is_z ? draw_z_mass(random, settings) : settings->h_mass;
    /* Taus of a vector boson have opposite helicities, those of a scalar equal ones; the tau+ decays like a tau- of the
     * opposite helicity. */
    double handedness = 2.0 * fb_sim_uniform(random) < 1.0 + (is_z ? settings->z_polarisation : 0.0) ? 1.0 : -1.0;
    double x_lep = fb_sim_tau_to_lepton(random, handedness);
    double x_had = fb_sim_tau_to_hadrons(random, settings, is_z ? handedness : -handedness);
    double need_lep = truth->lepton_floor / x_lep;
    double need_had = (exchange ? 0.0 : truth->tau_floor) / x_had;
    double need = 2.0 * (need_lep > need_had ? need_lep : need_had);

    const fb_sim_radiation *radiation = &settings->radiation[channel];
    fb_sim_particle companion[2];
    int n_companions = draw_companions(random, settings, channel, companion);
    fb_sim_emissions list;
    fb_sim_draw_emissions(random, settings, radiation, &list);
    /* The best that a boost can do is to add all recoil along the particle: (mT + pT) / 2 times its energy fraction. */
    double most = list.sum + 6.0 * radiation->soft_kt;
    for (int k = 0; k < n_companions; k++) {
        most += fb_sim_pt(&companion[k]);
    }
    if (sqrt(mass * mass + most * most) + most < need) {
        return false;
    }
    double px = 0.0, py = 0.0;
    fb_sim_aim(random, radiation, &list, &px, &py);
    for (int k = 0; k < n_companions; k++) {
        px += companion[k].px;
        py += companion[k].py;
    }
    double pt = sqrt(px * px + py * py);
    if (sqrt(mass * mass + pt * pt) + pt < need) {
        return false;
    }
    double rapidity = settings->rapidity_width[channel] * fb_sim_normal(random);
    for (int k = 0; k < n_companions; k++) {
        companion[k].eta += channel == FB_SIM_H_FUSION ? radiation->eta_pull * rapidity : rapidity;
    }
    if (!decay_boson(random, is_z, exchange ? 0.0 : truth->tau_floor, mass, x_lep, x_had, -px, -py, rapidity, truth)) {
        return false;
    }
    if (!exchange && !fb_sim_in_reach(settings, truth)) {
        return false;
    }
    fb_sim_radiate(random, settings, radiation, &list, rapidity, truth);
    if (channel == FB_SIM_H_FUSION) {
        fb_sim_add_jet(truth, companion[0]);
        fb_sim_add_jet(truth, companion[1]);
    } else if (n_companions == 1) {
        decay_companion(random, settings, &companion[0], truth);
    }
    return !exchange || exchange_tau(random, settings, truth);
}

/* --- channels ---------------------------------------------------------------------------------------------------- */

fb_sim_channel fb_sim_choose_channel(fb_random *random, const fb_sim_settings *settings, int process)
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

bool fb_sim_produce(fb_random *random, const fb_sim_settings *settings, fb_sim_channel channel, fb_sim_truth *truth)
{
    truth->n_jets = 0;
    truth->soft_et = 0.0;
    truth->invisible_x = 0.0;
    truth->invisible_y = 0.0;
    if (!fb_sim_prepare(random, settings, truth)) {
        return false;
    }
    switch (channel) {
    case FB_SIM_TOP_PAIR:
    case FB_SIM_TOP_PAIR_FAKE:
        return fb_sim_produce_top_pair(random, settings, channel == FB_SIM_TOP_PAIR_FAKE, truth);
    case FB_SIM_TOP_SINGLE:
        return fb_sim_produce_single_top(random, settings, truth);
    case FB_SIM_WW:
    case FB_SIM_WW_FAKE:
        return fb_sim_produce_w_pair(random, settings, channel == FB_SIM_WW_FAKE, truth);
    default:
        return produce_boson(random, settings, channel, truth);
    }
}

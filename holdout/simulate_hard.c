/* Production: what flies out of the collision, before the detector. */
#include "holdout/simulate_internal.h"

/* A transverse momentum of which (1 + (pT / scale)^2)^-power lie above pT. */
static double draw_power(fb_random *random, double scale, double power)
{
    return scale * sqrt(pow(fb_sim_uniform(random), -1.0 / power) - 1.0);
}

static fb_sim_particle direct(fb_random *random, double pt, double eta)
{
    double phi = 2.0 * M_PI * fb_sim_uniform(random);
    return (fb_sim_particle){pt * cos(phi), pt * sin(phi), eta};
}

static fb_sim_particle to_particle(const fb_sim_vector *p)
{
    return (fb_sim_particle){p->x, p->y, asinh(p->z / sqrt(p->x * p->x + p->y * p->y))};
}

static fb_sim_vector to_vector(double px, double py, double rapidity, double mass)
{
    double mt = sqrt(mass * mass + px * px + py * py);
    return (fb_sim_vector){mt * cosh(rapidity), px, py, mt * sinh(rapidity)};
}

static void add_jet(fb_sim_truth *truth, fb_sim_particle jet)
{
    if (truth->n_jets < FB_SIM_MAX_JETS) {
        truth->jet[truth->n_jets++] = jet;
    }
}

static void lose(fb_sim_truth *truth, double px, double py)
{
    truth->invisible_x += px;
    truth->invisible_y += py;
}

/* --- radiation --------------------------------------------------------------------------------------------------- */

enum { MAX_EMISSIONS = 14 };

typedef struct emissions {
    int n;
    double pt[MAX_EMISSIONS]; // GeV, falling
    double sum;               // GeV
} emissions;

/* Emissions ordered in pT are a Poisson process in the mean number of harder ones, so each follows the one before at an
 * exponential step, and pT is where fb_sim_radiation's count reaches the sum of the steps. */
static void draw_emissions(fb_random *random, const fb_sim_settings *settings, const fb_sim_radiation *radiation,
                           emissions *out)
{
    double lowest = log(settings->radiation_cutoff / 20.0);
    double count = 0.0;
    double b = radiation->curvature;
    out->n = 0;
    out->sum = 0.0;
    while (out->n < MAX_EMISSIONS) {
        count -= log(fb_sim_uniform(random));
        /* count = n20 exp(-(slope t + b t^2)), solved for t = ln(pT / 20 GeV) */
        double root = radiation->slope * radiation->slope - 4.0 * b * log(count / radiation->n20);
        if (root <= 0.0) {
            break;
        }
        double t = 0.5 * (sqrt(root) - radiation->slope) / b;
        if (t < lowest) {
            break;
        }
        double pt = 20.0 * exp(t);
        out->pt[out->n++] = pt;
        out->sum += pt;
    }
}

/* Parts a hard emission into two jets that share its momentum, at a distance beyond the jet cone. */
static void split(fb_random *random, const fb_sim_settings *settings, const fb_sim_particle *parent, double pt,
                  fb_sim_truth *truth)
{
    double z = 0.1 + 0.8 * fb_sim_uniform(random);
    double distance = settings->cone - settings->splitting_distance * log(fb_sim_uniform(random));
    double angle = 2.0 * M_PI * fb_sim_uniform(random);
    double phi = atan2(parent->py, parent->px);
    double dphi = distance * cos(angle);
    double deta = distance * sin(angle);
    double phi1 = phi + (1.0 - z) * dphi;
    double phi2 = phi - z * dphi;
    add_jet(truth, (fb_sim_particle){z * pt * cos(phi1), z * pt * sin(phi1), parent->eta + (1.0 - z) * deta});
    add_jet(truth, (fb_sim_particle){(1.0 - z) * pt * cos(phi2), (1.0 - z) * pt * sin(phi2), parent->eta - z * deta});
}

/* Gives the emissions directions, makes jets of them and adds up their momentum, with the primordial one. */
static void radiate(fb_random *random, const fb_sim_settings *settings, const fb_sim_radiation *radiation,
                    const emissions *list, double rapidity, fb_sim_truth *truth, double *px, double *py)
{
    double sum_x = settings->primordial_kt * fb_random_normal(random);
    double sum_y = settings->primordial_kt * fb_random_normal(random);
    for (int k = 0; k < list->n; k++) {
        double pt = list->pt[k];
        double eta = radiation->eta_pull * rapidity + radiation->eta_width * fb_random_normal(random);
        fb_sim_particle parton = direct(random, pt, eta);
        sum_x += parton.px;
        sum_y += parton.py;
        if (pt > 20.0 && fb_sim_uniform(random) < settings->splitting * log(pt / 20.0)) {
            split(random, settings, &parton, pt, truth);
        } else {
            add_jet(truth, parton);
        }
    }
    truth->soft_et += list->sum;
    *px = sum_x;
    *py = sum_y;
}

/* --- one boson to two taus --------------------------------------------------------------------------------------- */

/* Relativistic Breit-Wigner in m^2, times the falling parton flux above the peak. */
static double draw_z_mass(fb_random *random, const fb_sim_settings *settings)
{
    double m0 = settings->z_mass;
    double scale = m0 * settings->z_width;
    double low = atan((settings->z_mass_low * settings->z_mass_low - m0 * m0) / scale);
    double high = atan((settings->z_mass_high * settings->z_mass_high - m0 * m0) / scale);
    for (;;) {
        double m = sqrt(m0 * m0 + scale * tan(low + (high - low) * fb_sim_uniform(random)));
        if (m <= m0 || fb_sim_uniform(random) < pow(m0 / m, settings->z_tail_power)) {
            return m;
        }
    }
}

/* The quark and antiquark, or the lost neutrinos, of a W or Z that the boson recoils against. */
static void decay_companion(fb_random *random, const fb_sim_settings *settings, const fb_sim_particle *companion,
                            fb_sim_truth *truth)
{
    if (fb_sim_uniform(random) > settings->hadronic_v) {
        lose(truth, companion->px, companion->py);
        return;
    }
    double mass = fb_sim_w_mass(random, settings);
    fb_sim_vector v = to_vector(companion->px, companion->py, companion->eta, mass);
    fb_sim_vector q1, q2;
    fb_sim_decay_w(random, settings, &v, mass, NULL, &q1, &q2);
    add_jet(truth, to_particle(&q1));
    add_jet(truth, to_particle(&q2));
    truth->soft_et += mass;
}

/* Sets down lepton, tau and neutrinos of a boson at rest, and boosts them; false when below the thresholds. */
static bool decay_boson(fb_random *random, const fb_sim_settings *settings, bool vector_boson, double mass,
                        double x_lep, double x_had, double px, double py, double rapidity, fb_sim_truth *truth)
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
    if (x_lep * pt1 < fb_sim_lepton_floor(settings)) {
        return false;
    }
    fb_sim_vector tau2 = {parent.e - tau1.e, px - tau1.x, py - tau1.y, -tau1.z};
    double pt2 = sqrt(tau2.x * tau2.x + tau2.y * tau2.y);
    if (x_had * pt2 < fb_sim_tau_floor(settings)) {
        return false;
    }
    truth->lepton = (fb_sim_particle){x_lep * tau1.x, x_lep * tau1.y, asinh(tau1.z / pt1) + rapidity};
    truth->tau = (fb_sim_particle){x_had * tau2.x, x_had * tau2.y, asinh(tau2.z / pt2) + rapidity};
    lose(truth, (1.0 - x_lep) * tau1.x + (1.0 - x_had) * tau2.x, (1.0 - x_lep) * tau1.y + (1.0 - x_had) * tau2.y);
    return true;
}

/* What the boson recoils against besides radiation. */
static int draw_companions(fb_random *random, const fb_sim_settings *settings, fb_sim_channel channel, double rapidity,
                           fb_sim_particle out[2])
{
    if (channel == FB_SIM_H_FUSION) {
        /* Two quarks from which W or Z were emitted: d sigma / d pT^2 ~ 1 / (pT^2 + scale^2)^2. */
        for (int k = 0; k < 2; k++) {
            double side = k == 0 ? 1.0 : -1.0;
            double eta = settings->fusion_eta_mean + settings->fusion_eta_width * fb_random_normal(random);
            out[k] = direct(random, draw_power(random, settings->fusion_scale, 1.0), side * eta + 0.3 * rapidity);
        }
        return 2;
    }
    if (channel == FB_SIM_H_STRAHLUNG || channel == FB_SIM_VZ) {
        double pt = draw_power(random, settings->strahlung_scale, settings->strahlung_power);
        out[0] = direct(random, pt, rapidity + settings->w_rapidity_gap * fb_random_normal(random));
        return 1;
    }
    return 0;
}

static bool produce_boson(fb_random *random, const fb_sim_settings *settings, fb_sim_channel channel,
                          fb_sim_truth *truth)
{
    bool is_z = channel == FB_SIM_Z || channel == FB_SIM_VZ;
    double mass = is_z ? draw_z_mass(random, settings) : settings->h_mass;
    /* Taus of a vector boson have opposite helicities, those of a scalar equal ones; the tau+ decays like a tau- of the
     * opposite helicity. */
    double handedness = 2.0 * fb_sim_uniform(random) < 1.0 + (is_z ? settings->z_polarisation : 0.0) ? 1.0 : -1.0;
    double x_lep = fb_sim_tau_to_lepton(random, handedness);
    double x_had = fb_sim_tau_to_hadrons(random, settings, is_z ? handedness : -handedness);
    double need_lep = fb_sim_lepton_floor(settings) / x_lep;
    double need_had = fb_sim_tau_floor(settings) / x_had;
    double need = 2.0 * (need_lep > need_had ? need_lep : need_had);

    double rapidity = settings->rapidity_width[channel] * fb_random_normal(random);
    fb_sim_particle companion[2];
    int n_companions = draw_companions(random, settings, channel, rapidity, companion);
    emissions list;
    draw_emissions(random, settings, &settings->radiation[channel], &list);
    /* The best that a boost can do is to add all recoil along the particle: (mT + pT) / 2 times its energy fraction. */
    double most = list.sum + 6.0 * settings->primordial_kt;
    for (int k = 0; k < n_companions; k++) {
        most += fb_sim_pt(&companion[k]);
    }
    if (sqrt(mass * mass + most * most) + most < need) {
        return false;
    }
    double px = 0.0, py = 0.0;
    radiate(random, settings, &settings->radiation[channel], &list, rapidity, truth, &px, &py);
    for (int k = 0; k < n_companions; k++) {
        px += companion[k].px;
        py += companion[k].py;
    }
    if (!decay_boson(random, settings, is_z, mass, x_lep, x_had, -px, -py, rapidity, truth)) {
        return false;
    }
    if (channel == FB_SIM_H_FUSION) {
        add_jet(truth, companion[0]);
        add_jet(truth, companion[1]);
    } else if (n_companions == 1) {
        decay_companion(random, settings, &companion[0], truth);
    }
    return true;
}

/* --- two W bosons ------------------------------------------------------------------------------------------------ */

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
    truth->lepton = to_particle(&lepton);
    truth->lepton.px *= x;
    truth->lepton.py *= x;
    lose(truth, neutrino.x + (1.0 - x) * lepton.x, neutrino.y + (1.0 - x) * lepton.y);
    return fb_sim_pt(&truth->lepton) > fb_sim_lepton_floor(settings);
}

/* W -> tau -> hadrons. */
static bool decay_to_tau(fb_random *random, const fb_sim_settings *settings, const fb_sim_vector *w, double mass,
                         const fb_sim_vector *axis, fb_sim_truth *truth)
{
    fb_sim_vector tau, neutrino;
    fb_sim_decay_w(random, settings, w, mass, axis, &tau, &neutrino);
    double x = fb_sim_tau_to_hadrons(random, settings, -1.0);
    truth->tau = to_particle(&tau);
    truth->tau.px *= x;
    truth->tau.py *= x;
    lose(truth, neutrino.x + (1.0 - x) * tau.x, neutrino.y + (1.0 - x) * tau.y);
    return fb_sim_pt(&truth->tau) > fb_sim_tau_floor(settings);
}

static void decay_to_quarks(fb_random *random, const fb_sim_settings *settings, const fb_sim_vector *w, double mass,
                            const fb_sim_vector *axis, fb_sim_truth *truth)
{
    fb_sim_vector q1, q2;
    fb_sim_decay_w(random, settings, w, mass, axis, &q1, &q2);
    add_jet(truth, to_particle(&q1));
    add_jet(truth, to_particle(&q2));
}

/* One of the jets is taken for a tau. */
static bool take_jet_for_tau(fb_random *random, const fb_sim_settings *settings, fb_sim_truth *truth)
{
    int which = (int)(fb_sim_uniform(random) * truth->n_jets);
    truth->tau = truth->jet[which];
    truth->jet[which] = truth->jet[--truth->n_jets];
    return fb_sim_pt(&truth->tau) > fb_sim_tau_floor(settings);
}

/* The momenta of a pair of particles of `mass` each, which recoils against the radiation. */
static void draw_pair(fb_random *random, const fb_sim_settings *settings, fb_sim_channel channel, double pt, double gap,
                      const double mass[2], fb_sim_truth *truth, fb_sim_vector pair[2])
{
    double rapidity = settings->rapidity_width[channel] * fb_random_normal(random);
    double half_gap = 0.5 * gap * fb_random_normal(random);
    emissions list;
    double px = 0.0, py = 0.0;
    draw_emissions(random, settings, &settings->radiation[channel], &list);
    radiate(random, settings, &settings->radiation[channel], &list, rapidity, truth, &px, &py);
    fb_sim_particle relative = direct(random, pt, 0.0);
    pair[0] = to_vector(relative.px - 0.5 * px, relative.py - 0.5 * py, rapidity + half_gap, mass[0]);
    pair[1] = to_vector(-relative.px - 0.5 * px, -relative.py - 0.5 * py, rapidity - half_gap, mass[1]);
}

static bool produce_top_pair(fb_random *random, const fb_sim_settings *settings, bool fake, fb_sim_truth *truth)
{
    fb_sim_vector top[2], w[2], axis[2];
    fb_sim_particle b[2];
    double pt = draw_power(random, settings->top_scale, settings->top_power);
    draw_pair(random, settings, fake ? FB_SIM_TOP_PAIR_FAKE : FB_SIM_TOP_PAIR, pt, settings->top_rapidity_gap,
              (const double[2]){settings->top_mass, settings->top_mass}, truth, top);
    double mass = fb_sim_w_mass(random, settings);
    fb_sim_decay_top(random, settings, &top[0], mass, &b[0], &w[0], &axis[0]);
    if (!decay_to_lepton(random, settings, &w[0], mass, &axis[0], truth)) {
        return false;
    }
    mass = fb_sim_w_mass(random, settings);
    fb_sim_decay_top(random, settings, &top[1], mass, &b[1], &w[1], &axis[1]);
    add_jet(truth, b[0]);
    add_jet(truth, b[1]);
    if (!fake) {
        return decay_to_tau(random, settings, &w[1], mass, &axis[1], truth);
    }
    decay_to_quarks(random, settings, &w[1], mass, &axis[1], truth);
    return take_jet_for_tau(random, settings, truth);
}

/* t-channel: a top and the quark that it recoils against, which keeps its direction. */
static bool produce_single_top(fb_random *random, const fb_sim_settings *settings, fb_sim_truth *truth)
{
    fb_sim_vector pair[2], w, axis;
    fb_sim_particle b;
    double pt = draw_power(random, settings->single_top_scale, settings->single_top_power);
    draw_pair(random, settings, FB_SIM_TOP_SINGLE, pt, settings->top_rapidity_gap,
              (const double[2]){settings->top_mass, 0.0}, truth, pair);
    double mass = fb_sim_w_mass(random, settings);
    fb_sim_decay_top(random, settings, &pair[0], mass, &b, &w, &axis);
    if (!decay_to_lepton(random, settings, &w, mass, &axis, truth)) {
        return false;
    }
    double side = fb_sim_uniform(random) < 0.5 ? 1.0 : -1.0;
    double eta = settings->spectator_eta_mean + settings->spectator_eta_width * fb_random_normal(random);
    add_jet(truth, b);
    add_jet(truth, (fb_sim_particle){pair[1].x, pair[1].y, side * eta});
    return take_jet_for_tau(random, settings, truth);
}

static bool produce_w_pair(fb_random *random, const fb_sim_settings *settings, bool fake, fb_sim_truth *truth)
{
    double mass[2];
    fb_sim_vector w[2];
    for (int k = 0; k < 2; k++) {
        mass[k] = fb_sim_w_mass(random, settings);
    }
    double pt = draw_power(random, settings->w_scale, settings->w_power);
    draw_pair(random, settings, fake ? FB_SIM_WW_FAKE : FB_SIM_WW, pt, settings->w_rapidity_gap, mass, truth, w);
    if (!decay_to_lepton(random, settings, &w[0], mass[0], NULL, truth)) {
        return false;
    }
    if (!fake) {
        return decay_to_tau(random, settings, &w[1], mass[1], NULL, truth);
    }
    decay_to_quarks(random, settings, &w[1], mass[1], NULL, truth);
    return take_jet_for_tau(random, settings, truth);
}

/* --- channels ---------------------------------------------------------------------------------------------------- */

fb_sim_channel fb_sim_choose_channel(fb_random *random, const fb_sim_settings *settings, int process)
{
    static const struct {
        fb_sim_channel first, last;
    } range[FB_N_PROCESS] = {[FB_HTAUTAU] = {FB_SIM_H_GLUON, FB_SIM_H_STRAHLUNG},
                             [FB_ZTAUTAU] = {FB_SIM_Z, FB_SIM_Z},
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
    switch (channel) {
    case FB_SIM_TOP_PAIR:
    case FB_SIM_TOP_PAIR_FAKE:
        return produce_top_pair(random, settings, channel == FB_SIM_TOP_PAIR_FAKE, truth);
    case FB_SIM_TOP_SINGLE:
        return produce_single_top(random, settings, truth);
    case FB_SIM_WW:
    case FB_SIM_WW_FAKE:
        return produce_w_pair(random, settings, channel == FB_SIM_WW_FAKE, truth);
    default:
        return produce_boson(random, settings, channel, truth);
    }
}

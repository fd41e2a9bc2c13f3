/** \file sim_internal.h
 * What the parts of the simulator share: the settings, the true event, and the way from one to the other.
 *
 *   hard      production of one boson; which channel
 *   pair      production of tops and of W pairs
 *   radiation jets off the incoming partons
 *   decay     tau, W and top decays, boosts
 *   detector  efficiencies, resolutions, thresholds, missing momentum, the sixteen columns
 *
 * Momenta in GeV, angles in radian, all particles that are seen or lost are massless. An "attempt" makes one true event
 * and says early, with `false`, when it cannot pass the thresholds.
 */
#ifndef FB_HOLDOUT_SIMULATION_SIM_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_INTERNAL_H

#include <math.h>
#include <stdbool.h>

#include "holdout/events/events.h"
#include "models/common/random.h"

/** Jets beyond this number are not simulated (top pairs have about four). */
enum { FB_SIM_MAX_JETS = 24 };

/** A massless particle. */
typedef struct fb_sim_particle {
    double px, py; ///< GeV
    double eta;
} fb_sim_particle;

/** The event before the detector. */
typedef struct fb_sim_truth {
    fb_sim_particle lepton;
    fb_sim_particle tau; ///< its visible part, or the jet that is taken for one
    double invisible_x;  ///< GeV, summed momentum of the neutrinos
    double invisible_y;  ///< GeV
    double soft_x;       ///< GeV, momentum of the emissions that are too soft for jets
    double soft_y;       ///< GeV
    double soft_et;      ///< GeV, scalar sum of the radiation
    double plus, minus;  ///< GeV, sums of E + p_z and E - p_z of all that was made: what the partons must bring
    double left;         ///< product of the shares of the protons' momenta that they were found to leave
    int n_jets;          ///< partons that may become jets
    fb_sim_particle jet[FB_SIM_MAX_JETS];
    /* How the detector will answer, drawn first, so that hopeless attempts end early. */
    double lepton_luck; ///< uniform below the largest efficiency, to compare with the efficiency
    double lepton_pull; ///< mismeasurement in standard deviations
    double tau_pull;
    double lepton_floor; ///< GeV, true momenta below these cannot pass the thresholds
    double tau_floor;    ///< GeV
} fb_sim_truth;

/** The ways to make the events of the four processes. */
typedef enum fb_sim_channel {
    FB_SIM_H_GLUON,     ///< gg -> H and what looks like it
    FB_SIM_H_FUSION,    ///< qq -> qqH
    FB_SIM_H_STRAHLUNG, ///< qq -> VH
    FB_SIM_H_FAKE,      ///< the tau not recognised, a jet taken for it
    FB_SIM_Z,
    FB_SIM_Z_FAKE,
    FB_SIM_TOP_PAIR,      ///< tt, both W -> leptons
    FB_SIM_TOP_PAIR_FAKE, ///< tt, one W -> quarks, a jet taken for a tau
    FB_SIM_TOP_SINGLE,    ///< single top, a jet taken for a tau
    FB_SIM_WW,
    FB_SIM_WW_FAKE, ///< one W -> quarks, a jet taken for a tau
    FB_SIM_VZ,      ///< WZ and ZZ with Z -> tau tau
    FB_SIM_N_CHANNEL
} fb_sim_channel;

/** How often a boson radiates: the mean number of emissions harder than pT is
 *  n20 (20 GeV / pT)^(slope + curvature ln(pT / 20 GeV)), so that exp(-that) is the Sudakov factor of the hardest. */
typedef struct fb_sim_radiation {
    double n20;       ///< emissions above 20 GeV
    double slope;     ///< of the power law at 20 GeV
    double curvature; ///< > 0, its increase with ln pT
    double eta_width; ///< rapidity of an emission: normal around `eta_pull` times that of the boson
    double eta_pull;
    double growth;       ///< an emission radiates itself: growth (L + L^2) emissions above pT, L = ln(its pT / pT)
    double soft_kt;      ///< GeV per component, from all emissions below the cutoff
    double parton_power; ///< a parton with the share x of its proton: density ~ (1 - x)^this
} fb_sim_radiation;

/** How well a calorimeter measures: sigma_E = stochastic sqrt(E) + constant E + noise in squares. */
typedef struct fb_sim_resolution {
    double stochastic; ///< sqrt(GeV)
    double constant;
    double noise; ///< GeV
} fb_sim_resolution;

/** Every number that shapes the events; fb_sim_settings says where each comes from. */
typedef struct fb_sim_settings {
    /* masses and widths, GeV */
    double z_mass, z_width, w_mass, w_width, h_mass, top_mass, tau_mass;
    double z_mass_low, z_mass_high; ///< GeV, range of the Z mass
    double z_tail_power;            ///< the parton flux falls like (z_mass / m)^this above the peak
    double z_polarisation;          ///< mean helicity of the tau- of a Z
    /* shares of the channels among accepted events */
    double share[FB_SIM_N_CHANNEL];
    /* production */
    fb_sim_radiation radiation[FB_SIM_N_CHANNEL];
    double rapidity_width[FB_SIM_N_CHANNEL]; ///< standard deviation of the rapidity of the boson or pair
    double collision_energy;                 ///< GeV
    double radiation_cutoff;                 ///< GeV, softer emissions are in soft_kt
    double scattering_rate;                  ///< mean number of other pairs of partons that scatter above the cutoff
    double scattering_power;                 ///< that number falls like pT to the minus this
    double scattering_width;                 ///< standard deviation of their rapidities
    double fusion_scale;                     ///< GeV, of the momenta of the two quarks
    double fusion_eta_mean, fusion_eta_width;
    double strahlung_scale, strahlung_power; ///< boson recoil: (1 + (pT / scale)^2)^-power survives
    double top_scale, top_power, top_rapidity_gap;
    double single_top_scale, single_top_power, spectator_eta_mean, spectator_eta_width;
    double w_scale, w_power, w_rapidity_gap;
    double hadronic_v; ///< share of the W and Z next to a boson that decay to quarks
    double leptonic_v; ///< share of those that give the lepton, while the boson gives two taus that decay to hadrons
    /* tau decays */
    double pi_share, rho_share; ///< of the hadronic decays; the rest are a1
    double pi_mass, rho_mass, rho_width, a1_mass, a1_width;
    double tau_to_lepton;    ///< branching ratio of tau -> e, mu
    double longitudinal_top; ///< share of longitudinal W in top decays
    double b_to_neutrino;    ///< share of b quarks with a neutrino among their products
    double b_neutrino_share; ///< largest share of their momentum that it takes
    /* detector */
    double lepton_min, lepton_eta_max, lepton_eta_step;
    double lepton_efficiency_central, lepton_efficiency_forward, lepton_resolution;
    double jet_min, jet_eta_max;         ///< before the correction of the energy scale
    double scale_at_zero, scale_per_eta; ///< pT -> pT sqrt((zero - per_eta |eta|)^2 / pT + 1)
    double endcap_begin, forward_begin;  ///< |eta|, the calorimeter's parts
    fb_sim_resolution jet_central, jet_endcap, jet_forward, tau;
    double tau_eta_max, tau_axis_max, tau_axis_spread;
    double hadronic_response; ///< share of the momentum of hadrons that the calorimeter sees
    double soft_response;     ///< the same for soft_kt: slow particles curl up in the field or are below the noise
    double tau_response;
    double jet_width;          ///< a jet nearer than this to the calorimeter's end is partly outside
    double underlying;         ///< GeV that the underlying event adds to a jet or tau
    double isolation_distance; ///< lepton to tau
    double cone;               ///< closer jets are one
    double met_noise;          ///< GeV per component
    double met_stochastic;     ///< sqrt(GeV), times the root of the soft scalar sum
} fb_sim_settings;

extern const fb_sim_settings fb_sim_settings_default;

/** What is the same for all attempts at an event. */
typedef struct fb_sim_plan {
    fb_sim_channel channel;
    const fb_sim_radiation *radiation;
    double lowest_log;   ///< ln(radiation_cutoff / 20 GeV)
    double quiet;        ///< probability of no emission above the cutoff
    double lepton_floor; ///< GeV, lower than the floor of any lepton
    double tau_sigma;    ///< GeV, resolution of a tau at the threshold, where it is worst
} fb_sim_plan;

/** The random numbers of one event, started by those of models/common/random.h, and much faster:
 *  xoshiro128++ of Blackman and Vigna (ACM Trans. Math. Software 47 (2021) 36). An event takes some hundred, mostly for
 *  attempts that fail. */
typedef struct fb_sim_random {
    uint32_t word[4]; ///< the state, not all 0
    bool has_normal;  ///< a second normal number is waiting
    double normal;
} fb_sim_random;

static inline fb_sim_random fb_sim_random_at(uint64_t seed, uint64_t index)
{
    fb_random start = fb_random_at(seed, FB_STREAM_SIMULATE, index);
    fb_sim_random random = {.has_normal = false};
    for (int k = 0; k < 4; k++) {
        random.word[k] = fb_random_u32(&start);
    }
    random.word[3] |= 1;
    return random;
}

/** Uniform in (0, 1) with 32 bits: enough for kinematics. */
static inline double fb_sim_uniform(fb_sim_random *random)
{
    uint32_t *s = random->word;
    uint32_t sum = s[0] + s[3];
    uint32_t out = (sum << 7 | sum >> 25) + s[0];
    uint32_t shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = s[3] << 11 | s[3] >> 21;
    return ((double)out + 0.5) * 0x1p-32;
}

/** A point in the unit circle, not its centre: its direction is a random azimuth without sine and cosine, its y / x a
 *  Breit-Wigner number without a tangent. Gives x^2 + y^2. */
static inline double fb_sim_disc(fb_sim_random *random, double *x, double *y)
{
    for (;;) {
        *x = 2.0 * fb_sim_uniform(random) - 1.0;
        *y = 2.0 * fb_sim_uniform(random) - 1.0;
        double r2 = *x * *x + *y * *y;
        if (r2 < 1.0) {
            return r2;
        }
    }
}

/** Cosine and sine of a random azimuth: those of twice the angle of a point in the circle (von Neumann 1951). */
static inline void fb_sim_azimuth(fb_sim_random *random, double *cosine, double *sine)
{
    double x = 0.0, y = 0.0;
    double r2 = fb_sim_disc(random, &x, &y);
    *cosine = (x * x - y * y) / r2;
    *sine = 2.0 * x * y / r2;
}

/** Standard normal, by the polar method of Marsaglia (SIAM Review 6 (1964) 260). */
static inline double fb_sim_normal(fb_sim_random *random)
{
    if (random->has_normal) {
        random->has_normal = false;
        return random->normal;
    }
    double x = 0.0, y = 0.0;
    double r2 = fb_sim_disc(random, &x, &y);
    double factor = sqrt(-2.0 * log(r2) / r2);
    random->normal = factor * y;
    random->has_normal = true;
    return factor * x;
}

/** True with the probability x^power, 0 < x <= 1, power >= 1. The tangent at 1, which is below, saves most powers. */
static inline bool fb_sim_pass_power(fb_sim_random *random, double x, double power)
{
    double u = fb_sim_uniform(random);
    return u < 1.0 - power * (1.0 - x) || u < pow(x, power);
}

static inline double fb_sim_pt(const fb_sim_particle *particle)
{
    return sqrt(particle->px * particle->px + particle->py * particle->py);
}

/** A four-vector with mass, while it decays. */
typedef struct fb_sim_vector {
    double e, x, y, z;
} fb_sim_vector;

/** Emissions of one event: those of the incoming partons, hardest first, then those of emissions. */
enum { FB_SIM_MAX_EMISSIONS = 14 };
typedef struct fb_sim_emissions {
    int n;
    double pt[FB_SIM_MAX_EMISSIONS]; ///< GeV
    double px[FB_SIM_MAX_EMISSIONS]; ///< GeV
    double py[FB_SIM_MAX_EMISSIONS]; ///< GeV
    double sum;                      ///< GeV, of pt
    double soft;                     ///< GeV, size of the momentum of those below the cutoff
    double soft_x, soft_y;           ///< GeV
} fb_sim_emissions;

/** A transverse momentum of which (1 + (pT / scale)^2)^-power lie above pT. */
static inline double fb_sim_draw_power(fb_sim_random *random, double scale, double power)
{
    return scale * sqrt(pow(fb_sim_uniform(random), -1.0 / power) - 1.0);
}

/** A particle in a random azimuth. */
static inline fb_sim_particle fb_sim_direct(fb_sim_random *random, double pt, double eta)
{
    double cosine = 0.0, sine = 0.0;
    fb_sim_azimuth(random, &cosine, &sine);
    return (fb_sim_particle){pt * cosine, pt * sine, eta};
}

static inline fb_sim_particle fb_sim_to_particle(const fb_sim_vector *p)
{
    return (fb_sim_particle){p->x, p->y, asinh(p->z / sqrt(p->x * p->x + p->y * p->y))};
}

static inline fb_sim_vector fb_sim_to_vector(double px, double py, double rapidity, double mass)
{
    double mt = sqrt(mass * mass + px * px + py * py);
    return (fb_sim_vector){mt * cosh(rapidity), px, py, mt * sinh(rapidity)};
}

/** Jets beyond FB_SIM_MAX_JETS are left out. */
static inline void fb_sim_add_jet(fb_sim_truth *truth, fb_sim_particle jet)
{
    if (truth->n_jets < FB_SIM_MAX_JETS) {
        truth->jet[truth->n_jets++] = jet;
    }
}

/** Something of this transverse mass and rapidity was made. */
static inline void fb_sim_add_system(fb_sim_truth *truth, double transverse_mass, double rapidity)
{
    double factor = exp(rapidity);
    truth->plus += transverse_mass * factor;
    truth->minus += transverse_mass / factor;
}

/** The same from a momentum. */
static inline void fb_sim_add_vector(fb_sim_truth *truth, const fb_sim_vector *p)
{
    truth->plus += p->e + p->z;
    truth->minus += p->e - p->z;
}

/** Neutrinos take this momentum away. */
static inline void fb_sim_lose(fb_sim_truth *truth, double px, double py)
{
    truth->invisible_x += px;
    truth->invisible_y += py;
}

/* --- decay ------------------------------------------------------------------------------------------------------- */

/** Energy fraction of the lepton in tau -> l nu nu, for a tau of `handedness` -1 (left-handed tau-, right-handed tau+)
 *  .. 1, where E_tau >> m_tau. */
double fb_sim_decay_tau_to_lepton(fb_sim_random *random, double handedness);
/** Energy fraction of the visible part in tau -> hadrons + nu. */
double fb_sim_decay_tau_to_hadrons(fb_sim_random *random, const fb_sim_settings *settings, double handedness);
/** A random direction times `length`. */
fb_sim_vector fb_sim_decay_isotropic(fb_sim_random *random, double length);
/** `p`, given in the rest frame of `parent` (of mass `mass`), in the frame where parent was given. */
fb_sim_vector fb_sim_decay_boost(fb_sim_vector p, const fb_sim_vector *parent, double mass);
/** A W mass, GeV. */
double fb_sim_decay_w_mass(fb_sim_random *random, const fb_sim_settings *settings);
/** The momenta of b and W in the decay of `top`; the W has `w_mass`. */
void fb_sim_decay_top(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_vector *top, double w_mass,
                      fb_sim_vector *b, fb_sim_vector *w, fb_sim_vector *w_axis);
/** The two massless daughters of `w`: the fermion that flies along the helicity axis, and the other. `axis`: unit
 * vector in the W rest frame, or NULL for no polarisation. */
void fb_sim_decay_w(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_vector *w, double w_mass,
                    const fb_sim_vector *axis, fb_sim_vector *first, fb_sim_vector *second);

/* --- radiation --------------------------------------------------------------------------------------------------- */

/** Soft emissions add up to at most this many soft_kt. */
static const double fb_sim_soft_limit = 4.0;
/** Draws momenta of emissions; aim comes next. `first` is the uniform number that decides about the hardest emission:
 *  there is none when it is at most plan->quiet. */
void fb_sim_radiation_draw(fb_sim_random *random, const fb_sim_plan *plan, double first, fb_sim_emissions *out);
/** Whether the protons have partons for what was made: with the probability (1 - x)^parton_power each, if asked first,
 *  and with the ratio to that before, if more was made since. */
bool fb_sim_radiation_have_partons(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                                   fb_sim_truth *truth);
/** Gives the emissions azimuths; (*px, *py) is their sum with that of the soft ones. */
void fb_sim_radiation_aim(fb_sim_random *random, fb_sim_emissions *list, double *px, double *py);
/** Makes jets of the emissions, about a boson or pair of this rapidity, and of other partons that scatter; false when
 * the protons have no partons for one of them. */
bool fb_sim_radiation_apply(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                            const fb_sim_emissions *list, double rapidity, fb_sim_truth *truth);

/* --- hard -------------------------------------------------------------------------------------------------------- */

/** Draws the channel of an event of `process`. */
fb_sim_channel fb_sim_hard_choose_channel(fb_sim_random *random, const fb_sim_settings *settings, int process);
/** What all attempts at an event of `channel` share. */
fb_sim_plan fb_sim_hard_plan(const fb_sim_settings *settings, fb_sim_channel channel);
/** One attempt. */
bool fb_sim_hard_produce(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                         fb_sim_truth *truth);

/** The parts of fb_sim_hard_produce with W bosons. */
bool fb_sim_pair_top(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                     fb_sim_truth *truth);
bool fb_sim_pair_single_top(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                            fb_sim_truth *truth);
bool fb_sim_pair_w(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                   fb_sim_truth *truth);

/* --- detector ---------------------------------------------------------------------------------------------------- */

/** Fills the detector's part of `plan`. */
void fb_sim_detector_plan(const fb_sim_settings *settings, fb_sim_plan *plan);
/** Draws how the detector will answer. */
void fb_sim_detector_prepare(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_plan *plan,
                             fb_sim_truth *truth);
/** Whether lepton and tau are where the detector sees them. */
bool fb_sim_detector_in_reach(const fb_sim_settings *settings, const fb_sim_truth *truth);
/** What the detector makes of `truth`: the primary columns in row[FB_N_PRIMARY]; false if not selected. */
bool fb_sim_detector_answer(fb_sim_random *random, const fb_sim_settings *settings, const fb_sim_truth *truth,
                            float *row);

#endif

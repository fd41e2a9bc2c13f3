/* Every number that shapes the simulated events. Energies in GeV, angles in radian.
 *
 * Sources: PDG = Particle Data Group, Phys. Rev. D110 (2024) 030001; "setup" = the published generator and detector
 * settings of the data set; "tuned" = fitted, all together, to the published distributions (README.md), from the values
 * in brackets that physics suggests. */
#ifndef FB_HOLDOUT_SIMULATION_SIM_SETTINGS_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_SETTINGS_INTERNAL_H

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

typedef struct fb_sim_channel_settings {
    double share;          ///< of the accepted events of the process
    double rapidity_width; ///< standard deviation of the rapidity of the boson or pair
    fb_sim_radiation radiation;
} fb_sim_channel_settings;

extern const fb_sim_channel_settings fb_sim_settings_channel[FB_SIM_N_CHANNEL];

/* PDG */
#define FB_SIM_Z_MASS 91.19
#define FB_SIM_Z_WIDTH 2.495
#define FB_SIM_Z_POLARISATION (-0.15) ///< mean helicity of the tau- of a Z, at LEP
#define FB_SIM_W_MASS 80.37
#define FB_SIM_W_WIDTH 2.085
#define FB_SIM_H_MASS 125.0
#define FB_SIM_TOP_MASS 172.6
#define FB_SIM_TAU_MASS 1.777

/* The range of Z masses, and the parton flux, which falls like (z_mass / m)^this above the peak: tuned; that of quarks,
 * tau dL/dtau, falls like m^-(0.5 to 1). */
#define FB_SIM_Z_MASS_LOW 40.0
#define FB_SIM_Z_MASS_HIGH 1000.0
#define FB_SIM_Z_TAIL_POWER 0.543

#define FB_SIM_COLLISION_ENERGY 13000.0
/** Softer emissions are in soft_kt: half the threshold of jets, above which they do not fluctuate. */
#define FB_SIM_RADIATION_CUTOFF 10.0
/* Other pairs of partons that scatter: their mean number above the cutoff, which falls like pT to the minus power, and
 * the standard deviation of their rapidities. Tuned: (0.15, 3.6) from jet cross sections of a few mb above 10 GeV over
 * an effective 30 mb. */
#define FB_SIM_SCATTERING_RATE 0.086
#define FB_SIM_SCATTERING_POWER 2.89
#define FB_SIM_SCATTERING_WIDTH 3.31

/* What recoils: (1 + (pT / scale)^2)^-power survives. Tuned: near the mass of the W (fusion), of the top, and half of
 * them in t-channel and WW. */
#define FB_SIM_FUSION_SCALE 78.9
#define FB_SIM_FUSION_ETA_MEAN 2.42
#define FB_SIM_FUSION_ETA_WIDTH 0.981
#define FB_SIM_STRAHLUNG_SCALE 89.0
#define FB_SIM_STRAHLUNG_POWER 1.5
#define FB_SIM_TOP_SCALE 200.0
#define FB_SIM_TOP_POWER 2.68
#define FB_SIM_TOP_RAPIDITY_GAP 1.2
#define FB_SIM_SINGLE_TOP_SCALE 89.1
#define FB_SIM_SINGLE_TOP_POWER 1.8
#define FB_SIM_SPECTATOR_ETA_MEAN 2.12
#define FB_SIM_SPECTATOR_ETA_WIDTH 1.1
#define FB_SIM_W_SCALE 61.6
#define FB_SIM_W_POWER 1.55
#define FB_SIM_W_RAPIDITY_GAP 2.18

/* The W and Z next to a boson: the share that decays to quarks, and that which gives the lepton, while the boson gives
 * two taus that decay to hadrons. PDG: .67 of the W and .70 of the Z decay to quarks, .25 of the W to a lepton; events
 * with a second lepton are vetoed, those with a second tau partly; then tuned. */
#define FB_SIM_HADRONIC_V 0.609
#define FB_SIM_LEPTONIC_V 0.23

/* Decays. PDG: the shares of one charged pion, and of one with a neutral one, among the hadronic decays of a tau; the
 * others have three pions, by an a1. */
#define FB_SIM_PI_SHARE 0.18
#define FB_SIM_RHO_SHARE 0.40
#define FB_SIM_PI_MASS 0.14
#define FB_SIM_RHO_MASS 0.775
#define FB_SIM_RHO_WIDTH 0.149
#define FB_SIM_A1_MASS 1.23
#define FB_SIM_A1_WIDTH 0.42
#define FB_SIM_TAU_TO_LEPTON 0.352   ///< branching ratio of tau -> e, mu
#define FB_SIM_LONGITUDINAL_TOP 0.70 ///< share of longitudinal W in top decays
/* b quarks with a neutrino among their products, and the largest share of their momentum that it takes. PDG: 21 % decay
 * to e or mu, and 2 % to a tau, directly, 17 % by a c quark; the first is tuned. */
#define FB_SIM_B_TO_NEUTRINO 0.464
#define FB_SIM_B_NEUTRINO_SHARE 0.4

/* The detector: setup. Momenta of jets are those before the correction of the energy scale, which is
 * pT -> pT sqrt((at_zero - per_eta |eta|)^2 / pT + 1); the calorimeter's parts begin at these |eta|. */
#define FB_SIM_LEPTON_MIN 20.0
#define FB_SIM_LEPTON_ETA_MAX 2.5
#define FB_SIM_LEPTON_ETA_STEP 1.5
#define FB_SIM_LEPTON_EFFICIENCY_CENTRAL 0.95
#define FB_SIM_LEPTON_EFFICIENCY_FORWARD 0.85
#define FB_SIM_LEPTON_RESOLUTION 0.02
#define FB_SIM_JET_MIN 20.0
#define FB_SIM_JET_ETA_MAX 4.9
#define FB_SIM_SCALE_AT_ZERO 3.0
#define FB_SIM_SCALE_PER_ETA 0.2
#define FB_SIM_ENDCAP_BEGIN 1.7
#define FB_SIM_FORWARD_BEGIN 3.2
#define FB_SIM_TAU_ETA_MAX 2.5
#define FB_SIM_TAU_AXIS_MAX 2.7
#define FB_SIM_TAU_AXIS_SPREAD 0.03
#define FB_SIM_CONE 0.6                ///< closer jets are one
#define FB_SIM_ISOLATION_DISTANCE 0.56 ///< lepton to tau
#define FB_SIM_JET_WIDTH 0.125         ///< a jet nearer than this to the calorimeter's end is partly outside

/* Shares of the momentum of hadrons, and of soft_kt, that the calorimeter sees. Tuned: those below the thresholds of
 * towers or curled up in 2 T (pT < 0.35 GeV) are lost, mostly soft ones. */
#define FB_SIM_HADRONIC_RESPONSE 0.924
#define FB_SIM_SOFT_RESPONSE 0.555
#define FB_SIM_TAU_RESPONSE 0.99
/** What the underlying event adds to a jet or tau; tuned: 1 to 2 GeV in a cone of 0.6. */
#define FB_SIM_UNDERLYING 1.53
/* Tuned: per component of the MET, and sqrt(GeV) times the root of the soft scalar sum. */
#define FB_SIM_MET_NOISE 5.99
#define FB_SIM_MET_STOCHASTIC 1.0

/** How well a calorimeter measures: sigma_E = stochastic sqrt(E) + constant E + noise in squares. */
typedef struct fb_sim_resolution {
    double stochastic; ///< sqrt(GeV)
    double constant;
    double noise; ///< GeV
} fb_sim_resolution;

extern const fb_sim_resolution fb_sim_settings_jet_central, fb_sim_settings_jet_endcap, fb_sim_settings_jet_forward,
    fb_sim_settings_tau;

#endif

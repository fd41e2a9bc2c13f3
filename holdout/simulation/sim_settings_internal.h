/* The settings of the simulation: every number that shapes the events. Energies in GeV, angles in radian. */
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

/** How well a calorimeter measures: sigma_E = stochastic sqrt(E) + constant E + noise in squares. */
typedef struct fb_sim_resolution {
    double stochastic; ///< sqrt(GeV)
    double constant;
    double noise; ///< GeV
} fb_sim_resolution;

/** Every number that shapes the events; sim_settings.c says where each comes from. */
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

#endif

/* Every number that shapes the simulated events. Sources: PDG = Particle Data Group, Phys. Rev. D110 (2024) 030001;
 * "setup" = the published generator and detector settings of the data set; "tuned" = chosen so that the distributions
 * resemble the published ones (SIMULATION.md). */
#include "holdout/simulate_internal.h"

const fb_sim_settings fb_sim_settings_default = {
    /* PDG */
    .z_mass = 91.19,
    .z_width = 2.495,
    .w_mass = 80.37,
    .w_width = 2.085,
    .h_mass = 125.0,
    .top_mass = 172.6,
    .tau_mass = 1.777,
    .z_mass_low = 40.0,
    .z_mass_high = 1000.0,
    .z_tail_power = 2.0, /* tuned */
    .z_polarisation = -0.15,
    .share =
        {
            [FB_SIM_H_GLUON] = 0.819, /* with bbH and ttH */
            [FB_SIM_H_FUSION] = 0.107,
            [FB_SIM_H_STRAHLUNG] = 0.074,
            [FB_SIM_Z] = 1.0,
            /* From branching ratios (PDG), a misidentification of 1 to 2 % per jet (setup), opposite charges. */
            [FB_SIM_TOP_PAIR] = 0.62,
            [FB_SIM_TOP_PAIR_FAKE] = 0.32,
            [FB_SIM_TOP_SINGLE] = 0.06,
            /* WW, WZ and ZZ are 81, 15 and 4 % of the weight. */
            [FB_SIM_WW] = 0.67,
            [FB_SIM_WW_FAKE] = 0.14,
            [FB_SIM_VZ] = 0.19,
        },
    .radiation =
        {
            /* tuned: n20, slope, curvature, eta_width, eta_pull */
            [FB_SIM_H_GLUON] = {0.95, 0.75, 0.15, 2.0, 0.3},
            [FB_SIM_H_FUSION] = {0.30, 0.9, 0.20, 1.8, 0.3},
            [FB_SIM_H_STRAHLUNG] = {0.45, 0.9, 0.20, 2.0, 0.3},
            [FB_SIM_Z] = {0.32, 1.1, 0.16, 2.0, 0.3},
            [FB_SIM_TOP_PAIR] = {1.3, 0.7, 0.20, 1.9, 0.3},
            [FB_SIM_TOP_PAIR_FAKE] = {1.3, 0.7, 0.20, 1.9, 0.3},
            [FB_SIM_TOP_SINGLE] = {0.8, 0.8, 0.20, 1.9, 0.3},
            [FB_SIM_WW] = {0.60, 0.8, 0.15, 2.0, 0.3},
            [FB_SIM_WW_FAKE] = {0.60, 0.8, 0.15, 2.0, 0.3},
            [FB_SIM_VZ] = {0.50, 0.9, 0.15, 2.0, 0.3},
        },
    .rapidity_width =
        {
            /* tuned */
            [FB_SIM_H_GLUON] = 1.4,
            [FB_SIM_H_FUSION] = 1.1,
            [FB_SIM_H_STRAHLUNG] = 1.3,
            [FB_SIM_Z] = 2.0,
            [FB_SIM_TOP_PAIR] = 0.9,
            [FB_SIM_TOP_PAIR_FAKE] = 0.9,
            [FB_SIM_TOP_SINGLE] = 1.2,
            [FB_SIM_WW] = 1.4,
            [FB_SIM_WW_FAKE] = 1.4,
            [FB_SIM_VZ] = 1.3,
        },
    .radiation_cutoff = 4.0,
    .primordial_kt = 3.0,
    .splitting = 0.25,
    .splitting_distance = 0.5,
    .fusion_scale = 55.0,
    .fusion_eta_mean = 2.4,
    .fusion_eta_width = 1.1,
    .strahlung_scale = 110.0,
    .strahlung_power = 1.5,
    .top_scale = 200.0,
    .top_power = 3.0,
    .top_rapidity_gap = 1.2,
    .single_top_scale = 70.0,
    .single_top_power = 1.8,
    .spectator_eta_mean = 2.3,
    .spectator_eta_width = 1.1,
    .w_scale = 60.0,
    .w_power = 1.4,
    .w_rapidity_gap = 1.5,
    .hadronic_v = 0.85,
    /* PDG: the shares of one charged pion, one with a neutral one, three pions among the hadronic decays. */
    .pi_share = 0.18,
    .rho_share = 0.40,
    .pi_mass = 0.14,
    .rho_mass = 0.775,
    .rho_width = 0.149,
    .a1_mass = 1.23,
    .a1_width = 0.42,
    .tau_to_lepton = 0.352,
    .longitudinal_top = 0.70,
    /* setup */
    .lepton_min = 20.0,
    .lepton_eta_max = 2.5,
    .lepton_eta_step = 1.5,
    .lepton_efficiency_central = 0.95,
    .lepton_efficiency_forward = 0.85,
    .lepton_resolution = 0.02,
    .jet_min = 20.0,
    .jet_eta_max = 4.9,
    .scale_at_zero = 3.0,
    .scale_per_eta = 0.2,
    .jet_stochastic = 0.6,
    .jet_constant = 0.04,
    .jet_noise = 2.5,
    .tau_stochastic = 0.45,
    .tau_constant = 0.03,
    .tau_noise = 2.0,
    .tau_eta_max = 2.5,
    .tau_axis_max = 2.7,
    .tau_axis_spread = 0.03,
    .jet_axis_spread = 0.03,
    .underlying = 1.0, /* tuned */
    .isolation_distance = 0.56,
    .cone = 0.6,
    .met_noise = 6.5, /* tuned */
    .met_stochastic = 0.5,
};

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
            [FB_SIM_H_GLUON] = 0.791, /* with bbH and ttH */
            [FB_SIM_H_FUSION] = 0.107,
            [FB_SIM_H_STRAHLUNG] = 0.074,
            [FB_SIM_H_FAKE] = 0.028,
            [FB_SIM_Z] = 0.990,
            [FB_SIM_Z_FAKE] = 0.010,
            /* From branching ratios (PDG), a misidentification of 1 to 2 % per jet (setup), opposite charges. */
            [FB_SIM_TOP_PAIR] = 0.58,
            [FB_SIM_TOP_PAIR_FAKE] = 0.30,
            [FB_SIM_TOP_SINGLE] = 0.12,
            /* WZ and ZZ are a fifth of the weight; those with W -> l nu and a jet taken for the tau are under WW. */
            [FB_SIM_WW] = 0.53,
            [FB_SIM_WW_FAKE] = 0.37,
            [FB_SIM_VZ] = 0.10,
        },
    .radiation =
        {
            /* tuned: n20, slope, curvature, eta_width, eta_pull, growth, soft_kt */
            [FB_SIM_H_GLUON] = {1.00, 0.60, 0.51, 2.5, 0.35, 0.20, 7.0},
            [FB_SIM_H_FUSION] = {0.25, 1.0, 0.45, 2.0, 0.3, 0.3, 4.0},
            [FB_SIM_H_STRAHLUNG] = {0.45, 1.0, 0.45, 2.4, 0.3, 0.3, 4.0},
            [FB_SIM_H_FAKE] = {1.00, 0.60, 0.51, 2.5, 0.35, 0.20, 7.0},
            [FB_SIM_Z] = {0.42, 1.27, 0.50, 2.25, 0.45, 0.32, 4.0},
            [FB_SIM_Z_FAKE] = {0.42, 1.27, 0.50, 2.25, 0.45, 0.32, 4.0},
            [FB_SIM_TOP_PAIR] = {1.38, 0.80, 0.28, 2.7, 0.3, 0.06, 6.0},
            [FB_SIM_TOP_PAIR_FAKE] = {1.18, 0.80, 0.28, 2.7, 0.3, 0.06, 6.0},
            [FB_SIM_TOP_SINGLE] = {0.95, 0.80, 0.28, 2.7, 0.3, 0.06, 6.0},
            [FB_SIM_WW] = {0.45, 0.68, 0.32, 2.3, 0.3, 0.65, 4.0},
            [FB_SIM_WW_FAKE] = {0.30, 0.68, 0.32, 2.3, 0.3, 0.65, 4.0},
            [FB_SIM_VZ] = {0.28, 0.85, 0.32, 2.3, 0.3, 0.65, 4.0},
        },
    .rapidity_width =
        {
            /* tuned */
            [FB_SIM_H_GLUON] = 1.6,
            [FB_SIM_H_FUSION] = 1.1,
            [FB_SIM_H_STRAHLUNG] = 1.4,
            [FB_SIM_H_FAKE] = 1.6,
            [FB_SIM_Z] = 2.3,
            [FB_SIM_Z_FAKE] = 2.3,
            [FB_SIM_TOP_PAIR] = 1.1,
            [FB_SIM_TOP_PAIR_FAKE] = 1.1,
            [FB_SIM_TOP_SINGLE] = 1.2,
            [FB_SIM_WW] = 1.5,
            [FB_SIM_WW_FAKE] = 1.5,
            [FB_SIM_VZ] = 1.3,
        },
    .radiation_cutoff = 4.0,
    .central_pt = 350.0,
    .splitting = 0.20,
    .splitting_distance = 0.9,
    .fusion_scale = 58.0,
    .fusion_eta_mean = 2.35,
    .fusion_eta_width = 0.85,
    .strahlung_scale = 75.0,
    .strahlung_power = 1.5,
    .top_scale = 180.0,
    .top_power = 3.0,
    .top_rapidity_gap = 1.15,
    .single_top_scale = 70.0,
    .single_top_power = 1.8,
    .spectator_eta_mean = 2.3,
    .spectator_eta_width = 1.1,
    .w_scale = 60.0,
    .w_power = 1.5,
    .w_rapidity_gap = 1.5,
    .hadronic_v = 0.95,
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
    .tau_stochastic = 0.62,
    .tau_constant = 0.03,
    .tau_noise = 2.7,
    .tau_eta_max = 2.5,
    .tau_axis_max = 2.7,
    .tau_axis_spread = 0.03,
    .jet_loss = 0.07, /* tuned */
    .jet_axis_spread = 0.05,
    .underlying = 1.0, /* tuned */
    .isolation_distance = 0.56,
    .cone = 0.6,
    .met_noise = 6.9, /* tuned */
    .met_stochastic = 0.40,
};

/* Every number that shapes the simulated events. Sources: PDG = Particle Data Group, Phys. Rev. D110 (2024) 030001;
 * "setup" = the published generator and detector settings of the data set; "tuned" = fitted, all together, to
 * the published distributions (README.md), from the values in brackets that physics suggests. */
#include "holdout/simulation/sim_settings_internal.h"

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
    .z_tail_power = 0.543,   /* tuned; the flux of quarks, tau dL/dtau, falls like m^-(0.5 to 1) */
    .z_polarisation = -0.15, /* PDG: tau polarisation at LEP */
    /* H: from the generator's cross sections, .80 gluon, .11 fusion, .05 strahlung, and higher acceptance of the last
     * two; then tuned. */
    .share =
        {
            [FB_SIM_H_GLUON] = 0.836, /* with bbH and ttH */
            [FB_SIM_H_FUSION] = 0.097,
            [FB_SIM_H_STRAHLUNG] = 0.059,
            [FB_SIM_H_FAKE] = 0.008,
            [FB_SIM_Z] = 0.992,
            [FB_SIM_Z_FAKE] = 0.008,
            /* From branching ratios (PDG), a misidentification of 1 to 2 % per jet (setup), opposite charges: a jet is
             * taken for a tau in 30 % of top pairs and 15 % of WW; then tuned. */
            [FB_SIM_TOP_PAIR] = 0.685,
            [FB_SIM_TOP_PAIR_FAKE] = 0.153,
            [FB_SIM_TOP_SINGLE] = 0.162,
            /* WZ and ZZ are a fifth of the weight; those with W -> l nu and a jet taken for the tau are under WW. */
            [FB_SIM_WW] = 0.671,
            [FB_SIM_WW_FAKE] = 0.136,
            [FB_SIM_VZ] = 0.193,
        },
    .radiation =
        {
            /* tuned: n20, slope, curvature, eta_width, eta_pull, growth, soft_kt, parton_power. Gluons radiate C_A /
             * C_F = 9 / 4 as much as quarks, hence the n20 of H and top pairs; growth is about C alpha_s / pi = 0.05 to
             * 0.12; parton_power 5 for gluons, 3 for valence quarks, between them for a mixture. */
            [FB_SIM_H_GLUON] = {1.02, 0.849, 0.281, 4.55, 1.15, 0.0779, 11.1, 3.32},
            [FB_SIM_H_FUSION] = {0.865, 1.0, 0.45, 2.48, 0.3, 0.08, 7.0, 2.45},
            [FB_SIM_H_STRAHLUNG] = {0.45, 1.0, 0.45, 2.4, 0.3, 0.08, 7.0, 3.5},
            [FB_SIM_H_FAKE] = {1.02, 0.849, 0.281, 4.55, 1.15, 0.0779, 11.1, 3.32},
            [FB_SIM_Z] = {0.388, 1.41, 0.359, 2.52, 1.15, 0.141, 7.25, 4.8},
            [FB_SIM_Z_FAKE] = {0.388, 1.41, 0.359, 2.52, 1.15, 0.141, 7.25, 4.8},
            [FB_SIM_TOP_PAIR] = {1.58, 0.938, 0.143, 2.95, 0.947, 0.0522, 14.5, 2.75},
            [FB_SIM_TOP_PAIR_FAKE] = {1.17, 0.938, 0.143, 2.95, 0.947, 0.0522, 14.5, 2.75},
            [FB_SIM_TOP_SINGLE] = {1.06, 0.938, 0.143, 2.95, 0.947, 0.0522, 14.5, 2.75},
            [FB_SIM_WW] = {0.612, 0.931, 0.388, 2.47, 0.26, 0.083, 9.58, 2.82},
            [FB_SIM_WW_FAKE] = {0.612, 0.931, 0.388, 2.47, 0.26, 0.083, 9.58, 2.82},
            [FB_SIM_VZ] = {0.612, 0.931, 0.388, 2.47, 0.26, 0.083, 9.58, 2.82},
        },
    .rapidity_width =
        {
            /* tuned; that of a Z is flat where its decay products are seen, heavy pairs are central */
            [FB_SIM_H_GLUON] = 2.2,
            [FB_SIM_H_FUSION] = 1.1,
            [FB_SIM_H_STRAHLUNG] = 1.4,
            [FB_SIM_H_FAKE] = 2.2,
            [FB_SIM_Z] = 3.2,
            [FB_SIM_Z_FAKE] = 3.2,
            [FB_SIM_TOP_PAIR] = 1.8,
            [FB_SIM_TOP_PAIR_FAKE] = 1.8,
            [FB_SIM_TOP_SINGLE] = 1.2,
            [FB_SIM_WW] = 1.94,
            [FB_SIM_WW_FAKE] = 1.94,
            [FB_SIM_VZ] = 1.94,
        },
    .collision_energy = 13000.0,
    .radiation_cutoff = 10.0, /* half the threshold of jets: softer ones do not fluctuate above it */
    /* tuned: (0.15, 3.6) from jet cross sections of a few mb above 10 GeV over an effective 30 mb */
    .scattering_rate = 0.086,
    .scattering_power = 2.89,
    .scattering_width = 3.31,
    /* tuned: near the mass of the W (fusion), of the top, and half of them in t-channel and WW */
    .fusion_scale = 78.9,
    .fusion_eta_mean = 2.42,
    .fusion_eta_width = 0.981,
    .strahlung_scale = 89.0,
    .strahlung_power = 1.5,
    .top_scale = 200.0,
    .top_power = 2.68,
    .top_rapidity_gap = 1.2,
    .single_top_scale = 89.1,
    .single_top_power = 1.8,
    .spectator_eta_mean = 2.12,
    .spectator_eta_width = 1.1,
    .w_scale = 61.6,
    .w_power = 1.55,
    .w_rapidity_gap = 2.18,
    /* PDG: .67 of the W and .70 of the Z decay to quarks, .25 of the W to a lepton; events with a second lepton are
     * vetoed, those with a second tau partly; then tuned */
    .hadronic_v = 0.609,
    .leptonic_v = 0.23,
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
    /* PDG: 21 % of b quarks decay to e or mu, and 2 % to a tau, directly, 17 % by a c quark */
    .b_to_neutrino = 0.464, /* tuned */
    .b_neutrino_share = 0.4,
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
    .endcap_begin = 1.7,
    .forward_begin = 3.2,
    /* HCAL (setup): 0.52, 0.03, 1.6 GeV a tower; 0.71, 0.05; 1.00, 0.094. A jet has several towers and a third of its
     * energy in the ECAL; centre and tau tuned, with the endcap's noise that of the centre. */
    .jet_central = {0.732, 0.03, 0.861},
    .jet_endcap = {0.70, 0.05, 0.861},
    .jet_forward = {1.00, 0.094, 0.0},
    .tau = {0.653, 0.03, 2.28},
    .tau_eta_max = 2.5,
    .tau_axis_max = 2.7,
    .tau_axis_spread = 0.03,
    /* tuned: hadrons below the thresholds of towers or curled up in 2 T (pT < 0.35 GeV) are lost, mostly soft ones */
    .hadronic_response = 0.924,
    .soft_response = 0.555,
    .tau_response = 0.99,
    .jet_width = 0.125,
    .underlying = 1.53, /* tuned: 1 to 2 GeV in a cone of 0.6 */
    .isolation_distance = 0.56,
    .cone = 0.6,
    /* tuned */
    .met_noise = 5.99,
    .met_stochastic = 1.0,
};

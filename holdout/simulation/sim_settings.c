#include "holdout/simulation/sim_settings_internal.h"

/* Shares. H: from the generator's cross sections, .80 gluon (with bbH and ttH), .11 fusion, .05 strahlung, and higher
 * acceptance of the last two. Top and WW: from branching ratios (PDG), a misidentification of 1 to 2 % per jet (setup),
 * opposite charges: a jet is taken for a tau in 30 % of top pairs and 15 % of WW. WZ and ZZ are a fifth of the weight
 * of the dibosons; those with W -> l nu and a jet taken for the tau are under WW. Then tuned.
 *
 * Rapidities: tuned; that of a Z is flat where its decay products are seen, heavy pairs are central.
 *
 * Radiation: tuned n20, slope, curvature, eta_width, eta_pull, growth, soft_kt, parton_power. Gluons radiate C_A / C_F
 * = 9 / 4 as much as quarks, hence the n20 of H and top pairs; growth is about C alpha_s / pi = 0.05 to 0.12;
 * parton_power 5 for gluons, 3 for valence quarks, between them for a mixture. */
const fb_sim_channel_settings fb_sim_settings_channel[FB_SIM_N_CHANNEL] = {
    [FB_SIM_H_GLUON] = {0.836, 2.2, {1.02, 0.849, 0.281, 4.55, 1.15, 0.0779, 11.1, 3.32}},
    [FB_SIM_H_FUSION] = {0.097, 1.1, {0.865, 1.0, 0.45, 2.48, 0.3, 0.08, 7.0, 2.45}},
    [FB_SIM_H_STRAHLUNG] = {0.059, 1.4, {0.45, 1.0, 0.45, 2.4, 0.3, 0.08, 7.0, 3.5}},
    [FB_SIM_H_FAKE] = {0.008, 2.2, {1.02, 0.849, 0.281, 4.55, 1.15, 0.0779, 11.1, 3.32}},
    [FB_SIM_Z] = {0.992, 3.2, {0.388, 1.41, 0.359, 2.52, 1.15, 0.141, 7.25, 4.8}},
    [FB_SIM_Z_FAKE] = {0.008, 3.2, {0.388, 1.41, 0.359, 2.52, 1.15, 0.141, 7.25, 4.8}},
    [FB_SIM_TOP_PAIR] = {0.685, 1.8, {1.58, 0.938, 0.143, 2.95, 0.947, 0.0522, 14.5, 2.75}},
    [FB_SIM_TOP_PAIR_FAKE] = {0.153, 1.8, {1.17, 0.938, 0.143, 2.95, 0.947, 0.0522, 14.5, 2.75}},
    [FB_SIM_TOP_SINGLE] = {0.162, 1.2, {1.06, 0.938, 0.143, 2.95, 0.947, 0.0522, 14.5, 2.75}},
    [FB_SIM_WW] = {0.671, 1.94, {0.612, 0.931, 0.388, 2.47, 0.26, 0.083, 9.58, 2.82}},
    [FB_SIM_WW_FAKE] = {0.136, 1.94, {0.612, 0.931, 0.388, 2.47, 0.26, 0.083, 9.58, 2.82}},
    [FB_SIM_VZ] = {0.193, 1.94, {0.612, 0.931, 0.388, 2.47, 0.26, 0.083, 9.58, 2.82}},
};

/* HCAL (setup): 0.52, 0.03, 1.6 GeV a tower; 0.71, 0.05; 1.00, 0.094. A jet has several towers and a third of its
 * energy in the ECAL; centre and tau tuned, with the endcap's noise that of the centre. */
const fb_sim_resolution fb_sim_settings_jet_central = {0.732, 0.03, 0.861};
const fb_sim_resolution fb_sim_settings_jet_endcap = {0.70, 0.05, 0.861};
const fb_sim_resolution fb_sim_settings_jet_forward = {1.00, 0.094, 0.0};
const fb_sim_resolution fb_sim_settings_tau = {0.653, 0.03, 2.28};

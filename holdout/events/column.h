/** \file column.h
 * The columns of a table of events: the only place with their names, units and descriptions.
 *
 * They are those of the FAIR Universe HiggsML data set (Zenodo 10.5281/zenodo.15131565). Momenta in GeV, angles in
 * radian, phi in (-pi, pi]. A value that is not defined (a jet that is not there) is exactly FB_MISSING.
 */
#ifndef FB_HOLDOUT_EVENTS_COLUMN_H
#define FB_HOLDOUT_EVENTS_COLUMN_H

#include "models/common/status.h"

FB_BEGIN_DECLARATIONS

/** The primary columns in official order: X(symbol, official name, unit, description). */
#define FB_PRIMARY_LIST(X)                                                                                             \
    X(FB_LEP_PT, "PRI_lep_pt", "GeV", "transverse momentum of the lepton")                                             \
    X(FB_LEP_ETA, "PRI_lep_eta", "1", "pseudorapidity of the lepton")                                                  \
    X(FB_LEP_PHI, "PRI_lep_phi", "rad", "azimuth of the lepton")                                                       \
    X(FB_HAD_PT, "PRI_had_pt", "GeV", "transverse momentum of the hadronic tau")                                       \
    X(FB_HAD_ETA, "PRI_had_eta", "1", "pseudorapidity of the hadronic tau")                                            \
    X(FB_HAD_PHI, "PRI_had_phi", "rad", "azimuth of the hadronic tau")                                                 \
    X(FB_JET1_PT, "PRI_jet_leading_pt", "GeV", "transverse momentum of the leading jet")                               \
    X(FB_JET1_ETA, "PRI_jet_leading_eta", "1", "pseudorapidity of the leading jet")                                    \
    X(FB_JET1_PHI, "PRI_jet_leading_phi", "rad", "azimuth of the leading jet")                                         \
    X(FB_JET2_PT, "PRI_jet_subleading_pt", "GeV", "transverse momentum of the subleading jet")                         \
    X(FB_JET2_ETA, "PRI_jet_subleading_eta", "1", "pseudorapidity of the subleading jet")                              \
    X(FB_JET2_PHI, "PRI_jet_subleading_phi", "rad", "azimuth of the subleading jet")                                   \
    X(FB_N_JETS, "PRI_n_jets", "1", "number of jets")                                                                  \
    X(FB_JET_ALL_PT, "PRI_jet_all_pt", "GeV", "scalar sum of the transverse momenta of all jets")                      \
    X(FB_MET, "PRI_met", "GeV", "missing transverse momentum")                                                         \
    X(FB_MET_PHI, "PRI_met_phi", "rad", "azimuth of the missing transverse momentum")

/** The derived columns, which follow the primary ones in what a classifier sees. */
#define FB_DERIVED_LIST(X)                                                                                             \
    X(FB_DER_MT, "DER_mass_transverse_met_lep", "GeV", "transverse mass of MET and lepton")                            \
    X(FB_DER_MASS_VIS, "DER_mass_vis", "GeV", "invariant mass of lepton and hadronic tau")                             \
    X(FB_DER_PT_H, "DER_pt_h", "GeV", "transverse momentum of lepton + tau + MET")                                     \
    X(FB_DER_DETA_JJ, "DER_deltaeta_jet_jet", "1", "pseudorapidity distance of the two jets")                          \
    X(FB_DER_MASS_JJ, "DER_mass_jet_jet", "GeV", "invariant mass of the two jets")                                     \
    X(FB_DER_PRODETA_JJ, "DER_prodeta_jet_jet", "1", "product of the pseudorapidities of the two jets")                \
    X(FB_DER_DR_HAD_LEP, "DER_deltar_had_lep", "1", "distance of lepton and tau in (eta, phi)")                        \
    X(FB_DER_PT_TOT, "DER_pt_tot", "GeV", "transverse momentum of lepton + tau + MET + two jets")                      \
    X(FB_DER_SUM_PT, "DER_sum_pt", "GeV", "scalar sum of the momenta of lepton, tau and all jets")                     \
    X(FB_DER_PT_RATIO, "DER_pt_ratio_lep_had", "1", "momentum of the lepton over that of the tau")                     \
    X(FB_DER_MET_PHI_CENTRALITY, "DER_met_phi_centrality", "1", "centrality of the MET between lepton and tau in phi") \
    X(FB_DER_LEP_ETA_CENTRALITY, "DER_lep_eta_centrality", "1", "centrality of the lepton between the jets in eta")

typedef enum fb_column {
#define FB_COLUMN_ENUM(symbol, name, unit, description) symbol,
    FB_PRIMARY_LIST(FB_COLUMN_ENUM) FB_N_PRIMARY,
    FB_LAST_PRIMARY = FB_N_PRIMARY - 1,
    FB_DERIVED_LIST(FB_COLUMN_ENUM) FB_N_FEATURES
#undef FB_COLUMN_ENUM
} fb_column;

enum { FB_N_DERIVED = FB_N_FEATURES - FB_N_PRIMARY };

/** What stands for an undefined value. */
#define FB_MISSING (-25.0f)

/** Official name of column `which` (0 .. FB_N_FEATURES-1), its unit and one line about it. */
FB_API const char *fb_column_name(int which);
FB_API const char *fb_column_unit(int which);
FB_API const char *fb_column_description(int which);

FB_END_DECLARATIONS

#endif

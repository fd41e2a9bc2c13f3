/* One simulated event before the detector, and what all attempts at it share; sim_event.inc has the functions that are
 * inlined. */
#ifndef FB_HOLDOUT_SIMULATION_SIM_EVENT_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_EVENT_INTERNAL_H

#include "holdout/simulation/sim_kinematics_internal.h"
#include "holdout/simulation/sim_random_internal.h"
#include "holdout/simulation/sim_settings_internal.h"

/** Jets beyond this number are not simulated (top pairs have about four). */
enum { FB_SIM_MAX_JETS = 24 };

/** The event before the detector. */
typedef struct fb_sim_event {
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
    /* The response of the detector, drawn first, so that hopeless attempts end early. */
    double lepton_uniform; ///< uniform below the largest efficiency, to compare with the efficiency
    double lepton_pull;    ///< mismeasurement in standard deviations
    double tau_pull;
    double lepton_floor; ///< GeV, true momenta below these cannot pass the thresholds
    double tau_floor;    ///< GeV
} fb_sim_event;

/** What is the same for all attempts at an event. */
typedef struct fb_sim_plan {
    fb_sim_channel channel;
    const fb_sim_radiation *radiation;
    double lowest_log;   ///< ln(radiation_cutoff / 20 GeV)
    double quiet;        ///< probability of no emission above the cutoff
    double lepton_floor; ///< GeV, lower than the floor of any lepton
    double tau_sigma;    ///< GeV, resolution of a tau at the threshold, where it is worst
} fb_sim_plan;

#endif

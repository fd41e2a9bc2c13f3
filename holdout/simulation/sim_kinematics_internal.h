/* Momenta of simulated particles; sim_kinematics.inc has the functions that are inlined. */
#ifndef FB_HOLDOUT_SIMULATION_SIM_KINEMATICS_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_KINEMATICS_INTERNAL_H

#include "holdout/simulation/sim_random_internal.h"

/** A massless particle. */
typedef struct fb_sim_particle {
    double px, py; ///< GeV
    double eta;
} fb_sim_particle;

/** A four-vector with mass, while it decays. */
typedef struct fb_sim_vector {
    double e, x, y, z;
} fb_sim_vector;

/** A random direction times `length`. */
fb_sim_vector fb_sim_kinematics_isotropic(fb_sim_random *random, double length);
/** `p`, given in the rest frame of `parent` (of mass `mass`), in the frame where parent was given. */
fb_sim_vector fb_sim_kinematics_boost(fb_sim_vector p, const fb_sim_vector *parent, double mass);

#endif

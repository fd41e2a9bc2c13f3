/* Momenta of simulated particles; sim_kinematics.inc has the functions. */
#ifndef FB_HOLDOUT_SIMULATION_SIM_KINEMATICS_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_KINEMATICS_INTERNAL_H

/** A massless particle. */
typedef struct fb_sim_particle {
    double px, py; ///< GeV
    double eta;
} fb_sim_particle;

/** A four-vector with mass, while it decays. */
typedef struct fb_sim_vector {
    double e, x, y, z;
} fb_sim_vector;

#endif

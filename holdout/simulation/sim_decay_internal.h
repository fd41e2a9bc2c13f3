/* Decays of taus, W bosons and top quarks. */
#ifndef FB_HOLDOUT_SIMULATION_SIM_DECAY_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_DECAY_INTERNAL_H

#include "holdout/simulation/sim_event.inc"

/** Energy fraction of the lepton in tau -> l nu nu, for a tau of `handedness` -1 (left-handed tau-, right-handed tau+)
 *  .. 1, where E_tau >> m_tau. */
double fb_sim_decay_tau_to_lepton(fb_sim_random *random, double handedness);
/** Energy fraction of the visible part in tau -> hadrons + nu. */
double fb_sim_decay_tau_to_hadrons(fb_sim_random *random, double handedness);
/** A W mass, GeV. */
double fb_sim_decay_w_mass(fb_sim_random *random);
/** The momenta of b and W in the decay of `top`; the W has `w_mass`. */
void fb_sim_decay_top(fb_sim_random *random, const fb_sim_vector *top, double w_mass, fb_sim_vector *b,
                      fb_sim_vector *w, fb_sim_vector *w_axis);
/** The two massless daughters of `w`: the fermion that flies along the helicity axis, and the other. `axis`: unit
 * vector in the W rest frame, or NULL for no polarisation. */
void fb_sim_decay_w(fb_sim_random *random, const fb_sim_vector *w, double w_mass, const fb_sim_vector *axis,
                    fb_sim_vector *first, fb_sim_vector *second);
/** The same, to quarks, which are added to the jets. */
void fb_sim_decay_w_to_jets(fb_sim_random *random, const fb_sim_vector *w, double w_mass, const fb_sim_vector *axis,
                            fb_sim_event *event);

#endif

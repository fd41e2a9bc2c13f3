/* Radiation off the incoming partons: the jets that a boson or a pair recoils against. */
#ifndef FB_HOLDOUT_SIMULATION_SIM_RADIATION_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_RADIATION_INTERNAL_H

#include "holdout/simulation/sim_event.inc"

/** Emissions of one event: those of the incoming partons, hardest first, then those of emissions. */
enum { FB_SIM_MAX_EMISSIONS = 14 };
typedef struct fb_sim_emissions {
    int n;
    double pt[FB_SIM_MAX_EMISSIONS]; ///< GeV
    double px[FB_SIM_MAX_EMISSIONS]; ///< GeV
    double py[FB_SIM_MAX_EMISSIONS]; ///< GeV
    double sum;                      ///< GeV, of pt
    double soft;                     ///< GeV, size of the momentum of those below the cutoff
    double soft_x, soft_y;           ///< GeV
} fb_sim_emissions;

/** Soft emissions add up to at most this many soft_kt. */
enum { FB_SIM_SOFT_LIMIT = 4 };

/** Draws momenta of emissions; aim comes next. `first` is the uniform number that decides about the hardest emission:
 *  there is none when it is at most plan->quiet. */
void fb_sim_radiation_draw(fb_sim_random *random, const fb_sim_plan *plan, double first, fb_sim_emissions *out);
/** Whether the protons have partons for what was made: with the probability (1 - x)^parton_power each
 *  in the first call for an event, and with the ratio to the one before in later calls, when more was made since. */
bool fb_sim_radiation_have_partons(fb_sim_random *random, const fb_sim_plan *plan, fb_sim_event *event);
/** Gives the emissions azimuths; (*px, *py) is their sum with that of the soft ones. */
void fb_sim_radiation_aim(fb_sim_random *random, fb_sim_emissions *list, double *px, double *py);
/** Makes jets of the emissions, about a boson or pair of this rapidity, and of other partons that scatter; false when
 * the protons have no partons for one of them. */
bool fb_sim_radiation_apply(fb_sim_random *random, const fb_sim_plan *plan, const fb_sim_emissions *list,
                            double rapidity, fb_sim_event *event);

#endif

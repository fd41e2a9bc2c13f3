/* The random numbers of simulated events; sim_random.inc has the distributions that are inlined. */
#ifndef FB_HOLDOUT_SIMULATION_SIM_RANDOM_INTERNAL_H
#define FB_HOLDOUT_SIMULATION_SIM_RANDOM_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

/** The random numbers of one event, started by those of models/common/random.h, and much faster:
 *  xoshiro128++ of Blackman and Vigna (ACM Trans. Math. Software 47 (2021) 36). An event takes some hundred, mostly for
 *  attempts that fail. */
typedef struct fb_sim_random {
    uint32_t word[4]; ///< the state, not all 0
    bool has_normal;  ///< a second normal number is waiting
    double normal;
} fb_sim_random;

/** The start of the sequence of an event. */
fb_sim_random fb_sim_random_at(uint64_t seed, uint64_t index);

/** A transverse momentum of which (1 + (pT / scale)^2)^-power lie above pT. */
double fb_sim_random_power_law(fb_sim_random *random, double scale, double power);

#endif

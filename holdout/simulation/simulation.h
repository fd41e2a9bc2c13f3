/** \file simulation.h
 * A simple simulation of proton collisions at 13 TeV with one lepton and one tau that decays to hadrons, for the four
 * processes of the data set. README.md explains the physics and compares with the published events.
 *
 * Event i of a simulation is a function of (seed, mixture, i) only: any block size, any number of threads and any order
 * give the same bytes.
 */
#ifndef FB_HOLDOUT_SIMULATION_SIMULATION_H
#define FB_HOLDOUT_SIMULATION_SIMULATION_H

#include "holdout/events/events.h"
#include "holdout/events/source.h"

typedef struct fb_simulation {
    uint64_t n_events; ///< at most 2^56; 0: endless
    uint64_t seed;
    double mixture[FB_N_PROCESS]; ///< shares of the processes among the events, > 0; normalised where they are used
} fb_simulation;

/** Endless, seed 1, and a mixture for training: 30 % H, 50 % Z, 14 % top, 6 % diboson. The signal and the Z background
 *  decide the precision of the templates, so they get most events; the small backgrounds have small weights anyway. */
fb_simulation fb_simulation_default(void);

/** How many of the first `n` events are of each process: count[FB_N_PROCESS]. `simulation` must be valid: n_events at
 *  most 2^56, all shares positive. The process of event i is the one at frac((i + 1/2) golden ratio) on the cumulated
 *  mixture, so that the number of events of each process among any n is the expected one up to O(log n). */
void fb_simulation_count(const fb_simulation *simulation, uint64_t n, uint64_t *count);

/** Fills rows [0, n) of `block` with events first .. first + n - 1 of one process, of weight 1, on all OpenMP threads:
 * event i is a function of (seed, process, i). No event of any fb_simulation is among them. first + n <= 2^56.
 *  FB_ERROR_LIBRARY: an event was not accepted in a hundred thousand attempts (which means broken settings). */
fb_status fb_simulation_block_of_process(uint64_t seed, int process, uint64_t first, size_t n, fb_events *block,
                                         fb_error *error) FB_MUST_USE;

/** A source of the events of `simulation`, which is copied; stage FB_EVENTS_RAW. Its origin does not depend on
 * n_events: row i is the same event (of another weight) in a longer simulation. Events are made on all OpenMP threads.
 *  The weight of an event of process p is fb_process_expected[p] over the number of events of p in the simulation; in
 *  an endless one, over a million times the share of p, so that any million events in a row make the expected yields.
 *  FB_ERROR_USAGE: n_events above 2^56, or a share that is not positive; in reading, FB_ERROR_LIBRARY as above. */
fb_status fb_simulation_source(const fb_simulation *simulation, fb_source **out, fb_error *error) FB_MUST_USE;

#endif

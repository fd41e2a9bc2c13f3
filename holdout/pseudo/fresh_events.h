/** \file fresh_events.h
 * Pseudo-experiments without a pool: every event of an experiment is simulated for it.
 */
#ifndef FB_HOLDOUT_PSEUDO_FRESH_EVENTS_H
#define FB_HOLDOUT_PSEUDO_FRESH_EVENTS_H

#include "holdout/events/source.h"
#include "holdout/events/truth.h"

/** A source of simulated raw events: of each process Poisson(scale * expected yield at 10 fb^-1). No event is shared
 * with any simulation that `simulate` writes, nor with that of another seed. */
fb_status fb_fresh_events_source(const fb_truth *truth, fb_source **out, fb_error *error) FB_MUST_USE;

#endif

/** \file event_pool.h
 * Events to draw pseudo-experiments from: raw ones, and the split that keeps them apart from those to learn from.
 */
#ifndef FB_BASELINE_EXPERIMENTS_EVENT_POOL_H
#define FB_BASELINE_EXPERIMENTS_EVENT_POOL_H

#include "baseline/analysis/analysis.h"

typedef struct fb_event_pool {
    fb_source *source;           ///< NULL: fresh simulated events for every experiment
    fb_split split;              ///< measured on it
    char origin[FB_ORIGIN_SIZE]; ///< of its pool, as fb_analysis_pool_origin says it
} fb_event_pool;

/** Reads the events once, and warns of a pool without some process, and of a metadata file that says something else.
 *  \param source    borrowed
 *  \param metadata  path of the option --metadata, or NULL; see fb_split_metadata_read
 *  \return FB_ERROR_DATA for events that are distorted and selected already; as fb_split_measure and
 *          fb_analysis_identify */
fb_status fb_event_pool_from(fb_source *source, const char *metadata, const fb_split *split, fb_event_pool *out,
                             fb_error *error) FB_MUST_USE;

/** FB_ERROR_DATA when the pool overlaps with the events that `analysis` learnt from; `who` names it in the message. */
fb_status fb_event_pool_check(const fb_event_pool *pool, const fb_analysis *analysis, const char *who,
                              fb_error *error) FB_MUST_USE;

#endif

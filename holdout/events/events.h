/** \file events.h
 * A table of events: one array per column, all of one length.
 *
 * Which columns there are, and their units: column.h.
 */
#ifndef FB_HOLDOUT_EVENTS_EVENTS_H
#define FB_HOLDOUT_EVENTS_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "holdout/events/column.h"
#include "holdout/events/process.h"
#include "models/common/status.h"

FB_BEGIN_DECLARATIONS

/** The table. Rows 0 .. n-1 are in use. Without weights (pseudo-data) each weight is 1; without processes each process
 *  is FB_PROCESS_UNKNOWN. */
typedef struct fb_events {
    size_t n;           ///< rows in use
    size_t capacity;    ///< rows that there is room for
    uint64_t first_row; ///< row number, in its source, of row 0
    bool has_weights;
    bool has_processes;
    float *column[FB_N_PRIMARY];  ///< [n], 64-byte aligned
    float *weight;                ///< [n] expected events at 10 fb^-1
    uint8_t *process;             ///< [n] fb_process
    float *derived[FB_N_DERIVED]; ///< [n] the derived columns as the source has them; NULL: they are not kept
} fb_events;

/** An empty table with room for `capacity` rows; release it with fb_events_free. */
FB_API fb_status fb_events_create(size_t capacity, fb_events **out, fb_error *error) FB_MUST_USE;
FB_API void fb_events_free(fb_events *events);

/** Makes an empty table keep the derived columns too. What writes rows into it fills them, if it has them. */
FB_API fb_status fb_events_keep_derived(fb_events *events, fb_error *error) FB_MUST_USE;

/** Copies rows [first, first + n) of `from` behind the rows of `to`, whose capacity must suffice; the
 * derived columns where both keep them. */
FB_API void fb_events_append(fb_events *to, const fb_events *from, size_t first, size_t n);
/** Makes row `to` of `events` a copy of row `from` (to <= from), for compaction in place. */
FB_API void fb_events_move_row(fb_events *events, size_t to, size_t from);

FB_END_DECLARATIONS

#endif

/** \file sink.h
 * Where events go, block after block: an HDF5, CSV or Parquet file that appears under its name when it is complete.
 */
#ifndef FB_HOLDOUT_EVENTS_SINK_H
#define FB_HOLDOUT_EVENTS_SINK_H

#include "holdout/events/events.h"
#include "holdout/events/source.h"

FB_BEGIN_DECLARATIONS

typedef struct fb_sink fb_sink;

typedef struct fb_sink_settings {
    bool weights;           ///< write the weights
    bool processes;         ///< write the process (detailed_labels; CSV and Parquet: labels too)
    bool derived;           ///< write the 12 derived columns
    bool rows;              ///< write the column `row`, integers, which no reader here looks at
    fb_event_stage stage;   ///< recorded in HDF5 and Parquet files
    const char *origin;     ///< identity of simulated events, or "" (HDF5, Parquet)
    const char *provenance; ///< how the events were made, one line (HDF5, Parquet)
    int gzip;               ///< 0: no filter; 1..9: compression of HDF5 columns; refused for other formats
} fb_sink_settings;

/** What a file format provides; `state` is its own. */
typedef struct fb_sink_methods {
    fb_status (*write)(void *state, const fb_events *events, float *const *derived, const int64_t *row,
                       fb_error *error);
    fb_status (*commit)(void *state, fb_error *error);
    void (*free)(void *state);
} fb_sink_methods;

/** For the formats: wraps `state`; on failure `state` is freed. */
FB_API fb_status fb_sink_create(const fb_sink_methods *methods, void *state, fb_sink **out,
                                fb_error *error) FB_MUST_USE;

/** Appends the rows of `events`; `derived` [FB_N_DERIVED][n] is needed if the settings say so, else NULL. */
FB_API fb_status fb_sink_write(fb_sink *sink, const fb_events *events, float *const *derived,
                               fb_error *error) FB_MUST_USE;
/** The same; `row` [n] is needed if the settings say so, else NULL: the number of each row in some other file. */
FB_API fb_status fb_sink_write_rows(fb_sink *sink, const fb_events *events, float *const *derived, const int64_t *row,
                                    fb_error *error) FB_MUST_USE;
/** Completes the file. */
FB_API fb_status fb_sink_commit(fb_sink *sink, fb_error *error) FB_MUST_USE;
/** Releases; leaves nothing behind unless it was committed. */
FB_API void fb_sink_free(fb_sink *sink);

FB_END_DECLARATIONS

#endif

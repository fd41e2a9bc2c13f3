/** \file source.h
 * Where events come from, block after block: a file of any size, a table in memory, the simulator. Nothing that reads
 * through this interface needs all events in memory.
 */
#ifndef FB_HOLDOUT_EVENTS_SOURCE_H
#define FB_HOLDOUT_EVENTS_SOURCE_H

#include "holdout/events/events.h"

FB_BEGIN_DECLARATIONS

/** What has been done to the events of a source. */
typedef enum fb_event_stage {
    FB_EVENTS_UNKNOWN, ///< the file does not say (CSV, Parquet of other programs)
    FB_EVENTS_RAW,     ///< as generated and preselected: distortions and selection are still to come
    FB_EVENTS_OBSERVED ///< distorted and selected, as a participant gets them
} fb_event_stage;

enum {
    FB_ORIGIN_SIZE = 512,
    FB_READ_ROWS = 65536 ///< a good number of rows to read at once
};

/** The number of rows is not known before the end (a CSV file, or an endless simulation). */
#define FB_ROWS_UNKNOWN UINT64_MAX

typedef struct fb_source fb_source;

/** What a kind of source provides. `state` is its own. */
typedef struct fb_source_methods {
    /** Fills `block` (n, first_row, columns, the weights and processes that there are, and the derived columns where it
     * keeps them and the source has them) with the next rows, at most its capacity; n = 0, as `block` comes, at the
     * end. From one rewind to the next all blocks keep the same columns. */
    fb_status (*read)(void *state, fb_events *block, fb_error *error);
    /** Goes back to the first row. */
    fb_status (*rewind)(void *state, fb_error *error);
    void (*free)(void *state);
    /** Called before a rewind: from there on the primary columns are not asked for, or are again. NULL: they are cheap.
     */
    void (*weights_only)(void *state, bool on);
} fb_source_methods;

/** Facts about a source, known when it is opened. */
typedef struct fb_source_info {
    uint64_t n_rows; ///< or FB_ROWS_UNKNOWN
    bool has_weights;
    bool has_processes;
    bool has_derived; ///< all 12 derived columns; their values are not checked, and NaN where one is missing
    fb_event_stage stage;
    char name[FB_ORIGIN_SIZE];   ///< for messages: the path
    char origin[FB_ORIGIN_SIZE]; ///< identity of simulated events ("simulate/3 seed=..."), else empty: two sources of
                                 ///< the same origin hold the same event in the same row
    char provenance[FB_ORIGIN_SIZE]; ///< how the events were made, if the file says so
} fb_source_info;

/** For the kinds of sources: wraps `state`; on failure `state` is freed by `methods->free`. */
FB_API fb_status fb_source_create(const fb_source_methods *methods, void *state, const fb_source_info *info,
                                  fb_source **out, fb_error *error) FB_MUST_USE;

/** A source over a table, which is borrowed and must outlive it. */
FB_API fb_status fb_source_from_events(const fb_events *events, const char *name, fb_source **out,
                                       fb_error *error) FB_MUST_USE;

FB_API const fb_source_info *fb_source_describe(const fb_source *source);

/** Fills `block` with the next rows, at most its capacity; block->n is 0 at the end. */
FB_API fb_status fb_source_read(fb_source *source, fb_events *block, fb_error *error) FB_MUST_USE;
FB_API fb_status fb_source_rewind(fb_source *source, fb_error *error) FB_MUST_USE;
FB_API void fb_source_free(fb_source *source);

/** Rewinds; with `weights_only` the blocks that are then read have weights and processes, and primary columns of any
 * content: a thirteenth of the bytes. The last call holds. */
FB_API fb_status fb_source_rewind_for(fb_source *source, bool weights_only, fb_error *error) FB_MUST_USE;

/** The number of rows; where it is not known, by reading all of them and rewinding. */
FB_API fb_status fb_source_count(fb_source *source, uint64_t *n_rows, fb_error *error) FB_MUST_USE;

/** Reads all rows that are left into a new table. */
FB_API fb_status fb_source_read_all(fb_source *source, fb_events **out, fb_error *error) FB_MUST_USE;

FB_END_DECLARATIONS

#endif

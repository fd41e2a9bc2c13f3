/** \file convert_events.h
 * Writes all events of a source to a file, as convert and simulate do.
 */
#ifndef FB_BASELINE_COMMANDS_CONVERT_EVENTS_H
#define FB_BASELINE_COMMANDS_CONVERT_EVENTS_H

#include "baseline/analysis/metadata.h"
#include "baseline/config/command_line.h"
#include "holdout/events/sink.h"

/** Copies what is left of `source` to the new file `path`, with the source's weights, processes, stage and origin, then
 *  prints numbers, yields and checksum.
 *
 *  \param what        for the progress line
 *  \param provenance  how the events were made
 *  \param gzip        compression of HDF5 columns, 0 .. 9
 *  \param metadata    what the events must agree with, else FB_ERROR_DATA and no file; NULL: nothing */
fb_status fb_convert_events(fb_source *source, const char *path, const char *what, const char *provenance, int gzip,
                            const fb_metadata *metadata, const fb_common *common, fb_error *error) FB_MUST_USE;

/** Adds --gzip to a table, which both have. */
void fb_convert_events_add_gzip(fb_option_table *table, int *gzip);

#endif

/** \file split_metadata.h
 * The metadata file beside the events as the official program uses it: total_rows, and not the rows of the file,
 * decides how many are the pool, and sum_weights what the draws scale the pool to.
 */
#ifndef FB_BASELINE_ANALYSIS_SPLIT_METADATA_H
#define FB_BASELINE_ANALYSIS_SPLIT_METADATA_H

#include "baseline/analysis/metadata.h"
#include "holdout/pipeline/split.h"

/** What --help says of the option --metadata FILE of commands that draw from a pool. */
#define FB_SPLIT_METADATA_HELP "JSON with total_rows and sum_weights, which the official pool and draws go by"

/** Reads the metadata file, and takes it into the settings if they have the official rule.
 *  \param path    of the file; NULL or "": under the official rule NAME_metadata.json beside the events NAME.EXT, if
 *                 it is there
 *  \param events  path of the events
 *  \param out     what the file says; nothing is known if none was read
 *  \return as fb_metadata_read */
fb_status fb_split_metadata_read(const char *path, const char *events, fb_split_settings *settings, fb_metadata *out,
                                 fb_error *error) FB_MUST_USE;

/** Compares with what was measured on all events. Under the official rule differences are warnings, since the file
 * decides as in the official program; under the other one they are errors, as of fb_metadata_check. */
fb_status fb_split_metadata_compare(const fb_metadata *metadata, const char *events, const fb_split *split,
                                    fb_error *error) FB_MUST_USE;

#endif

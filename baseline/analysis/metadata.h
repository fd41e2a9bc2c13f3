/** \file metadata.h
 * What a JSON file beside a file of events says about it, to notice that the events are cut or others.
 *
 * Keys are found wherever they stand in the document, so the small official file, `{"total_rows": 220099101,
 * "sum_weights": 1051433.0}`, and a Croissant file (JSON-LD of MLCommons) that carries them are both understood. Inside
 * an object that is the value of a key htautau, ztautau, ttbar or diboson they are about that process, and `rows` is
 * another word for `total_rows` there. The `@context` of JSON-LD, which explains words, is passed over.
 */
#ifndef FB_BASELINE_ANALYSIS_METADATA_H
#define FB_BASELINE_ANALYSIS_METADATA_H

#include <jansson.h>

#include "baseline/analysis/process_counts.h"
#include "models/common/status.h"

typedef struct fb_metadata_facts {
    bool has_rows, has_sum_weights;
    uint64_t rows;
    double sum_weights; ///< >= 0
} fb_metadata_facts;

enum { FB_METADATA_PATH_SIZE = 1024 };

/** All of it zero: nothing is known, and every table agrees with it. */
typedef struct fb_metadata {
    char path[FB_METADATA_PATH_SIZE]; ///< for messages; "": there is no file
    fb_metadata_facts total;
    fb_metadata_facts process[FB_N_PROCESS];
} fb_metadata;

/** What --help says of the option --metadata FILE. */
#define FB_METADATA_HELP "JSON with total_rows, sum_weights or both, which the events must have"

/** The largest relative difference of sums of weights: those of the official file are rounded. */
#define FB_METADATA_TOLERANCE 1e-3

/** A file, or NULL for none. FB_ERROR_FILE: cannot be read. FB_ERROR_DATA: no JSON; a value of the wrong type, negative
 * or not whole; two different values of one key; or neither total_rows nor sum_weights. */
fb_status fb_metadata_read(const char *path, fb_metadata *out, fb_error *error) FB_MUST_USE;

/** FB_ERROR_DATA unless the rows of `counts`, counted to the end of the file `events`, are exactly as many as
 * `metadata` says, and the sums of weights agree within FB_METADATA_TOLERANCE; or when the events lack the weights or
 * processes that this needs. */
fb_status fb_metadata_check(const fb_metadata *metadata, const char *events, const fb_process_counts *counts,
                            fb_error *error) FB_MUST_USE;

/** What --help says of the option --write-metadata FILE. */
#define FB_METADATA_WRITE_HELP "write total_rows and sum_weights of the events as JSON, as --metadata reads them"

/** The other direction: total_rows, sum_weights and, if they are known, both of each process, as fb_metadata_read finds
 * them; a new reference. `counts` must have weights. */
json_t *fb_metadata_json(const fb_process_counts *counts);

#endif

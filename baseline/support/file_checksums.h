/** \file file_checksums.h
 * The files that a result was made from, by their bytes.
 */
#ifndef FB_BASELINE_SUPPORT_FILE_CHECKSUMS_H
#define FB_BASELINE_SUPPORT_FILE_CHECKSUMS_H

#include <jansson.h>

#include "models/common/status.h"

/** Sets results["files"] to [{"name": ..., "checksum": "xxh128:..."}, ...], one for each of the `n` paths, under its name
 * without folders: the hash of the bytes of an ordinary file; for a folder, the hash of the names and bytes, in the
 * order of the names, of those of its files that are read from a folder (results of experiments, settings, parts of a
 * Parquet table); left out if it has none. Pipes and the like are left out too. FB_ERROR_FILE when one cannot be read. */
fb_status fb_file_checksums_record(json_t *results, int n, const char *const *path, fb_error *error) FB_MUST_USE;

#endif

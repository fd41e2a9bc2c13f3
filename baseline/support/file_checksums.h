/** \file file_checksums.h
 * The files that a result was made from, by their bytes.
 */
#ifndef FB_BASELINE_SUPPORT_FILE_CHECKSUMS_H
#define FB_BASELINE_SUPPORT_FILE_CHECKSUMS_H

#include <jansson.h>

#include "models/common/status.h"

/** Sets results["files"] to [{"name": ..., "checksum": "xxh128:..."}, ...], the hash of the bytes of each of the `n` paths
 * that is an ordinary file, under its name without folders; folders, pipes and the like are left out. FB_ERROR_FILE when one cannot be read. */
fb_status fb_file_checksums_record(json_t *results, int n, const char *const *path, fb_error *error) FB_MUST_USE;

#endif

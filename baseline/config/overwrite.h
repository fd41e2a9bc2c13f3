/** \file overwrite.h
 * The one rule for results that are there already: they are refused before any work, unless --overwrite is given.
 */
#ifndef FB_BASELINE_CONFIG_OVERWRITE_H
#define FB_BASELINE_CONFIG_OVERWRITE_H

#include "models/common/status.h"

/** FB_ERROR_FILE, which names the file and --overwrite, when `path` is an ordinary file. */
fb_status fb_overwrite_check(const char *path, fb_error *error) FB_MUST_USE;

#endif

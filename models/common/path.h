/** \file path.h
 * Names of files.
 */
#ifndef FB_MODELS_COMMON_PATH_H
#define FB_MODELS_COMMON_PATH_H

#include "models/common/status.h"

enum { FB_PATH_SIZE = 4096 };

/** folder/name. FB_ERROR_FILE when that is too long. */
fb_status fb_path_in(const char *folder, const char *name, char path[FB_PATH_SIZE], fb_error *error) FB_MUST_USE;

/** FB_ERROR_FILE when `path` does not exist, or is no ordinary file, in which one can go back to the beginning, as the
 *  readers of events do: a folder, a pipe, a device. */
fb_status fb_path_check_ordinary(const char *path, fb_error *error) FB_MUST_USE;

#endif

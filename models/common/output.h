/** \file output.h
 * Text files that are either complete or not there: written under a temporary name and renamed at the end.
 */
#ifndef FB_MODELS_COMMON_OUTPUT_H
#define FB_MODELS_COMMON_OUTPUT_H

#include <stdio.h>

#include "models/common/status.h"

typedef struct fb_output fb_output;

/** Opens a temporary file beside `path`. Nothing appears under `path`, and an existing file there stays as it is, until
 *  fb_output_commit. FB_ERROR_FILE names the path and the system's reason. */
fb_status fb_output_create(const char *path, fb_output **out, fb_error *error) FB_MUST_USE;
/** The stream to write to; owned by the output. */
FILE *fb_output_stream(fb_output *output);
/** The path given at create; owned by the output. */
const char *fb_output_path(const fb_output *output);
/** Checks that everything reached the file and gives it its name. Call fb_output_free afterwards in any case. */
fb_status fb_output_commit(fb_output *output, fb_error *error) FB_MUST_USE;
/** Releases; removes the temporary file unless it was committed. May be NULL. */
void fb_output_free(fb_output *output);

/** Writes two text files; neither appears unless both could be written. */
fb_status fb_output_write_pair(const char *path, const char *text, const char *other_path, const char *other_text,
                               fb_error *error) FB_MUST_USE;

/** The temporary name for `path`: the same folder, so that renaming is atomic. Released with free(). What killed
 *  processes left there under such names is removed.
 *  FB_ERROR_FILE when `path` is there and no ordinary file: a folder, a device. */
fb_status fb_output_temporary_name(const char *path, char **out, fb_error *error) FB_MUST_USE;
/** FB_ERROR_USAGE when both paths name one existing file: a result must not replace its own input. */
fb_status fb_output_check_distinct(const char *input, const char *output, fb_error *error) FB_MUST_USE;
/** Creates a temporary file beside `path` and removes it, so that hours of work are not begun when the result cannot be
 *  written. FB_ERROR_FILE as fb_output_create. */
fb_status fb_output_check_writable(const char *path, fb_error *error) FB_MUST_USE;
/** Renames the temporary file to `path`. */
fb_status fb_output_rename(const char *temporary, const char *path, fb_error *error) FB_MUST_USE;

#endif

/** \file temp_dir.h
 * A folder for files in passing, under TMPDIR (/tmp if that is not set). It goes with the process that made it, or,
 * when that was killed, as soon as another one makes its own.
 *
 * Whoever made a folder holds a lock on it (flock), which the kernel releases at the end of the process, however it
 * comes. Where the file system knows no such locks nothing of others is removed.
 */
#ifndef FB_BASELINE_SUPPORT_TEMP_DIR_H
#define FB_BASELINE_SUPPORT_TEMP_DIR_H

#include <stdbool.h>

#include "models/common/status.h"

enum { FB_TEMP_DIR_PATH_SIZE = 4000 };

/** A zeroed one has no folder. */
typedef struct fb_temp_dir {
    char path[FB_TEMP_DIR_PATH_SIZE]; ///< absolute if TMPDIR is; empty: there is none
    int lock;                         ///< the folder, opened
} fb_temp_dir;

/** Removes what killed processes of this user left behind, and makes a folder, which only this user can look into.
 *  \param scratch  release with fb_temp_dir_remove
 *  \return FB_ERROR_FILE when no folder can be made */
fb_status fb_temp_dir_make(fb_temp_dir *scratch, fb_error *error) FB_MUST_USE;

/** Whether the folder is still the one that was made: what runs in it can remove it. */
bool fb_temp_dir_is_there(const fb_temp_dir *scratch);

/** Removes the folder and the files in it; folders that somebody made in it stay. */
void fb_temp_dir_remove(fb_temp_dir *scratch);

#endif

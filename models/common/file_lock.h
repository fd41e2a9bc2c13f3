/** \file file_lock.h
 * Locks (flock) that say that a file or folder is in use. The kernel releases a lock at the end of the process,
 * however it comes; not every file system has them.
 */
#ifndef FB_MODELS_COMMON_FILE_LOCK_H
#define FB_MODELS_COMMON_FILE_LOCK_H

#include <stdbool.h>

typedef enum fb_file_lock {
    FB_FILE_LOCK_TAKEN, ///< until the file is closed, or the process ends
    FB_FILE_LOCK_HELD,  ///< by another who has opened the file
    FB_FILE_LOCK_NONE   ///< the file system has none, or the system is out of them
} fb_file_lock;

/** Takes the lock of an open file or folder, and does not wait for it. */
fb_file_lock fb_file_lock_try(int file);

/** Whether `path` still names the file or folder that was opened. One that had the lock before may have removed it:
 * then the lock is worth nothing. */
bool fb_file_lock_is_at(int file, const char *path);

#endif

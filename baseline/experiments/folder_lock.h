/** \file folder_lock.h
 * One run at a time writes into a folder of results: it holds the lock of the file run.lock there from before it looks
 * at what the folder has until it ends. However it ends, the next run can have the folder; the file itself goes with
 * the lock, or stays behind a run that was killed, and then says nothing.
 */
#ifndef FB_BASELINE_EXPERIMENTS_FOLDER_LOCK_H
#define FB_BASELINE_EXPERIMENTS_FOLDER_LOCK_H

#include <stdbool.h>

#include "models/common/status.h"

#define FB_FOLDER_LOCK_NAME "run.lock"

typedef struct fb_folder_lock fb_folder_lock;

/** Takes the lock of a folder that is there. Where the file system has no locks a warning says so.
 *  \param out  release with fb_folder_lock_free
 *  \return FB_ERROR_FILE when another run has it, which is named (process and machine), or when the folder cannot be
 *          written to; nothing was changed then */
fb_status fb_folder_lock_take(const char *folder, fb_folder_lock **out, fb_error *error) FB_MUST_USE;

/** The same of a folder that is made if it is not there. */
fb_status fb_folder_lock_make(const char *folder, fb_folder_lock **out, fb_error *error) FB_MUST_USE;

/** Whether the folder was made with the lock. */
bool fb_folder_lock_is_new(const fb_folder_lock *lock);

/** Gives the lock back; a folder that was made with it and has nothing in it goes. NULL is fine. */
void fb_folder_lock_free(fb_folder_lock *lock);

#endif

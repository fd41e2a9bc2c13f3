/** \file leftovers.h
 * What a killed process left under temporary names, NAME.tmp<process>: the next one that writes NAME removes it.
 */
#ifndef FB_MODELS_COMMON_LEFTOVERS_H
#define FB_MODELS_COMMON_LEFTOVERS_H

/** Removes the temporary files of `path` of this user whose process is gone and on which no process has a lock: a process on
 * another machine, which has the same files, is not known by its number. Where the file system has no locks all stay.
 */
void fb_leftovers_remove_files(const char *path);

/** Removes all temporary folders of `path`, with the files in them. For one who holds a lock that keeps everybody else
 * from making any. */
void fb_leftovers_remove_folders(const char *path);

#endif

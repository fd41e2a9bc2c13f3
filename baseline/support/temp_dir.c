#include "baseline/support/temp_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/common/file_lock.h"

#define PREFIX "fair-baseline-method."

enum { MOST_TRIES = 100 };

static int open_folder(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static void remove_files(int folder)
{
    const int copy = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    DIR *entries = copy >= 0 ? fdopendir(copy) : NULL;
    for (const struct dirent *e; entries != NULL && (e = readdir(entries)) != NULL;) {
        unlinkat(folder, e->d_name, 0); /* no folders */
    }
    if (entries != NULL) {
        closedir(entries);
    } else if (copy >= 0) {
        close(copy);
    }
}

/* --- what others left --------------------------------------------------------------------------------------------- */

/* Holding the lock means that no process uses the folder, or not yet: see make_one. */
static void remove_if_left(const char *path)
{
    struct stat facts;
    const int folder = open_folder(path);
    if (folder < 0) {
        return;
    }
    if (fstat(folder, &facts) == 0 && facts.st_uid == geteuid() && fb_file_lock_try(folder) == FB_FILE_LOCK_TAKEN) {
        remove_files(folder);
        rmdir(path);
    }
    close(folder);
}

static void remove_left(const char *parent)
{
    char path[FB_TEMP_DIR_PATH_SIZE];
    DIR *entries = opendir(parent);
    for (const struct dirent *e; entries != NULL && (e = readdir(entries)) != NULL;) {
        if (strncmp(e->d_name, PREFIX, strlen(PREFIX)) == 0 &&
            snprintf(path, sizeof path, "%s/%s", parent, e->d_name) < (int)sizeof path) {
            remove_if_left(path);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
}

/* --- ours --------------------------------------------------------------------------------------------------------- */

/* Whether `path` is still the folder that was opened, and no other process is about to remove it. */
static bool is_kept(int folder, const char *path)
{
    return fb_file_lock_try(folder) != FB_FILE_LOCK_HELD && fb_file_lock_is_at(folder, path);
}

/* Another process can take a folder that has no lock yet for one that was left: then it is as if it had never been
 * made. */
static bool make_one(fb_temp_dir *scratch, const char *parent)
{
    for (int k = 0; k < MOST_TRIES; k++) {
        snprintf(scratch->path, sizeof scratch->path, "%s/" PREFIX "XXXXXX", parent);
        if (mkdtemp(scratch->path) == NULL) {
            return false;
        }
        scratch->lock = open_folder(scratch->path);
        if (scratch->lock >= 0 && is_kept(scratch->lock, scratch->path)) {
            return true;
        }
        rmdir(scratch->path);
        if (scratch->lock >= 0) {
            close(scratch->lock);
        }
    }
    return false;
}

fb_status fb_temp_dir_make(fb_temp_dir *scratch, fb_error *error)
{
    const char *parent = getenv("TMPDIR");
    parent = parent != NULL && parent[0] != '\0' ? parent : "/tmp";
    *scratch = (fb_temp_dir){.lock = -1};
    if (strlen(parent) + sizeof PREFIX "/XXXXXX" > sizeof scratch->path) {
        return fb_fail(error, FB_ERROR_FILE, "%s: no folder can be made in it: its name is too long", parent);
    }
    remove_left(parent);
    if (!make_one(scratch, parent)) {
        scratch->path[0] = '\0';
        return fb_fail(error, FB_ERROR_FILE, "%s: no folder can be made in it: %s", parent, strerror(errno));
    }
    return FB_OK;
}

bool fb_temp_dir_is_there(const fb_temp_dir *scratch)
{
    return scratch->path[0] != '\0' && fb_file_lock_is_at(scratch->lock, scratch->path);
}

void fb_temp_dir_remove(fb_temp_dir *scratch)
{
    if (scratch->path[0] == '\0') {
        return;
    }
    remove_files(scratch->lock);
    rmdir(scratch->path);
    close(scratch->lock);
    scratch->path[0] = '\0';
}

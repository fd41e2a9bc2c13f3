#include "baseline/experiments/folder_lock.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/common/file_lock.h"
#include "models/common/log.h"
#include "models/common/memory.h"
#include "models/common/path.h"

enum { HOLDER_SIZE = 128, MOST_TRIES = 100 };

struct fb_folder_lock {
    char folder[FB_PATH_SIZE];
    char path[FB_PATH_SIZE]; /* of the file */
    int file;
    bool is_new; /* the folder */
};

/* "process 12 on machine": the line that the holder wrote, as far as it has come. */
static fb_status refuse(const fb_folder_lock *lock, fb_error *error)
{
    char holder[HOLDER_SIZE] = "";
    const ssize_t n = pread(lock->file, holder, sizeof holder - 1, 0);
    size_t length = 0;
    while (n > 0 && isprint((unsigned char)holder[length])) {
        length++;
    }
    holder[length] = '\0';
    return fb_fail(error, FB_ERROR_FILE,
                   "%s: another run is writing into this folder%s%s; wait until it has ended, or give another folder",
                   lock->folder, length > 0 ? ": " : "", holder);
}

/* For people, and for the error of others. The lock holds without it, on a full disk for example. */
static void write_holder(const fb_folder_lock *lock)
{
    char machine[64] = "", holder[HOLDER_SIZE];
    gethostname(machine, sizeof machine - 1);
    const int n = snprintf(holder, sizeof holder, "process %ld on %s\n", (long)getpid(), machine);
    if (ftruncate(lock->file, 0) != 0 || pwrite(lock->file, holder, (size_t)n, 0) != n) {
        fb_log(FB_LOG_DEBUG, "%s: cannot be written: %s", lock->path, strerror(errno));
    }
}

static fb_status make_folder(fb_folder_lock *lock, fb_error *error)
{
    struct stat facts;
    if (mkdir(lock->folder, 0777) == 0) {
        lock->is_new = true;
    } else if (errno != EEXIST) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be made: %s", lock->folder, strerror(errno));
    } else if (stat(lock->folder, &facts) != 0 || !S_ISDIR(facts.st_mode)) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be made: a file of this name is there", lock->folder);
    }
    return FB_OK;
}

static fb_status lock_file(const fb_folder_lock *lock, fb_error *error)
{
    const fb_file_lock state = fb_file_lock_try(lock->file);
    if (state == FB_FILE_LOCK_HELD) {
        return refuse(lock, error);
    }
    if (state == FB_FILE_LOCK_NONE) {
        fb_log(FB_LOG_WARNING, "%s: is on a file system without locks: two runs into it would not be noticed",
               lock->folder);
    }
    return FB_OK;
}

/* Opens the file and takes its lock; again when the run before removed the file, or even its folder, in between. */
static fb_status take(fb_folder_lock *lock, bool make, fb_error *error)
{
    fb_status status = FB_OK;
    for (int k = 0; k < MOST_TRIES; k++) {
        FB_TRY(make ? make_folder(lock, error) : FB_OK);
        lock->file = open(lock->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (lock->file >= 0) {
            FB_TRY(lock_file(lock, error));
            if (fb_file_lock_is_at(lock->file, lock->path)) {
                return FB_OK;
            }
            close(lock->file);
            lock->file = -1;
        } else if (errno != ENOENT || !make) {
            break;
        }
    }
    status = fb_fail(error, FB_ERROR_FILE, "%s: cannot be written to: %s", lock->folder, strerror(errno));
cleanup:
    return status;
}

static fb_status create(const char *folder, bool make, fb_folder_lock **out, fb_error *error)
{
    fb_folder_lock *lock = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *lock, &lock, error));
    lock->file = -1;
    FB_TRY(fb_path_in(folder, FB_FOLDER_LOCK_NAME, lock->path, error));
    snprintf(lock->folder, sizeof lock->folder, "%s", folder);
    FB_TRY(take(lock, make, error));
    write_holder(lock);
    *out = lock;
    return FB_OK;
cleanup:
    if (lock != NULL && lock->file >= 0) {
        close(lock->file); /* the file is another's */
    } else if (lock != NULL && lock->is_new) {
        rmdir(folder);
    }
    free(lock);
    return status;
}

fb_status fb_folder_lock_take(const char *folder, fb_folder_lock **out, fb_error *error)
{
    return create(folder, false, out, error);
}

fb_status fb_folder_lock_make(const char *folder, fb_folder_lock **out, fb_error *error)
{
    return create(folder, true, out, error);
}

bool fb_folder_lock_is_new(const fb_folder_lock *lock)
{
    return lock->is_new;
}

void fb_folder_lock_free(fb_folder_lock *lock)
{
    if (lock == NULL) {
        return;
    }
    /* While the lock holds, so that no other run has taken it by then; not one in a folder that was removed and made again. */
    if (fb_file_lock_is_at(lock->file, lock->path)) {
        unlink(lock->path);
    }
    close(lock->file);
    if (lock->is_new) {
        rmdir(lock->folder); /* stays if there is anything in it */
    }
    free(lock);
}

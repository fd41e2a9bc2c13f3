#include "models/common/file_lock.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/stat.h>

fb_file_lock fb_file_lock_try(int file)
{
    if (flock(file, LOCK_EX | LOCK_NB) == 0) {
        return FB_FILE_LOCK_TAKEN;
    }
    return errno == EWOULDBLOCK ? FB_FILE_LOCK_HELD : FB_FILE_LOCK_NONE;
}

bool fb_file_lock_is_at(int file, const char *path)
{
    struct stat opened, there;
    return fstat(file, &opened) == 0 && stat(path, &there) == 0 && opened.st_dev == there.st_dev &&
           opened.st_ino == there.st_ino;
}

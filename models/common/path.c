#include "models/common/path.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

fb_status fb_path_in(const char *folder, const char *name, char path[FB_PATH_SIZE], fb_error *error)
{
    int length = snprintf(path, FB_PATH_SIZE, "%s/%s", folder, name);
    return length < FB_PATH_SIZE ? FB_OK : fb_fail(error, FB_ERROR_FILE, "%s: the path is too long", folder);
}

fb_status fb_path_check_ordinary(const char *path, fb_error *error)
{
    struct stat facts;
    if (stat(path, &facts) != 0) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    }
    return S_ISREG(facts.st_mode)
               ? FB_OK
               : fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: it is %s", path,
                         S_ISDIR(facts.st_mode) ? "a folder"
                                                : "a pipe or a device, and no ordinary file, in which one can go back");
}

#include "models/common/path.h"

#include <stdio.h>

fb_status fb_path_in(const char *folder, const char *name, char path[FB_PATH_SIZE], fb_error *error)
{
    int length = snprintf(path, FB_PATH_SIZE, "%s/%s", folder, name);
    return length < FB_PATH_SIZE ? FB_OK : fb_fail(error, FB_ERROR_FILE, "%s: the path is too long", folder);
}

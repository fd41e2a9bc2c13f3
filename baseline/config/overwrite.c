#include "baseline/config/overwrite.h"

#include <stdbool.h>
#include <sys/stat.h>

fb_status fb_overwrite_check(const char *path, fb_error *error)
{
    struct stat facts;
    const bool is_there = lstat(path, &facts) == 0 && S_ISREG(facts.st_mode);
    return is_there ? fb_fail(error, FB_ERROR_FILE,
                              "%s: is there already; give another name, or --overwrite to replace it", path)
                    : FB_OK;
}

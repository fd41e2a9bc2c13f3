#include "models/common/build_info.h"

#include "models/common/revision.h"

const char *fb_build_info_version(void)
{
    return FB_REVISION[0] != '\0' ? FB_VERSION " (" FB_REVISION ")" : FB_VERSION;
}

const char *fb_build_info_compiler(void)
{
    return FB_COMPILER;
}

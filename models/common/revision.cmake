# Asks git for the revision of the sources at every build, and writes revision.h if that changed.
#   cmake -D SOURCE=... -D OUTPUT=... -D FB_PROJECT_VERSION=... -D FB_COMPILER=... -P revision.cmake
set(FB_REVISION "")
find_package(Git QUIET)
if(GIT_FOUND AND EXISTS ${SOURCE}/.git)
    execute_process(COMMAND ${GIT_EXECUTABLE} -C ${SOURCE} describe --always --dirty
        OUTPUT_VARIABLE FB_REVISION OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
configure_file(${SOURCE}/models/common/revision.h.in ${OUTPUT} @ONLY)

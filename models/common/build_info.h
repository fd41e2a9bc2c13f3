/** \file build_info.h
 * What was built: for the provenance of results, which have the same bytes whenever it is the same.
 */
#ifndef FB_MODELS_COMMON_BUILD_INFO_H
#define FB_MODELS_COMMON_BUILD_INFO_H

/** "0.1.0 (7740fe6)": the version, and in brackets what git says of the sources ("-dirty": they were changed since);
 * "0.1.0" where there is no git. */
const char *fb_build_info_version(void);

/** "GCC 12.2.0, x86_64" */
const char *fb_build_info_compiler(void);

#endif

/** \file analysis_report.h
 * An analysis for people and for programs.
 */
#ifndef FB_BASELINE_ANALYSIS_REPORT_H
#define FB_BASELINE_ANALYSIS_REPORT_H

#include <jansson.h>

#include "baseline/analysis.h"

/** Prints the parts, the classifier, the bins, the shapes and the expected error under the heading `name`. */
FB_API void fb_analysis_print(const fb_analysis *analysis, const char *name);
/** The same as JSON; a new reference. */
FB_API json_t *fb_analysis_json(const fb_analysis *analysis);

#endif

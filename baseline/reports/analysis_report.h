/** \file analysis_report.h
 * An analysis for people and for programs.
 */
#ifndef FB_BASELINE_REPORTS_ANALYSIS_REPORT_H
#define FB_BASELINE_REPORTS_ANALYSIS_REPORT_H

#include <jansson.h>

#include "baseline/analysis/analysis.h"

/** Prints the parts, the classifier, the bins, the shapes and the expected error under the heading `name`. */
void fb_analysis_report_print(const fb_analysis *analysis, const char *name);
/** The same as JSON; a new reference. */
json_t *fb_analysis_report_json(const fb_analysis *analysis);

/** Writes a new analysis, warns of what is poor in its templates, and prints it, as JSON if asked for. */
fb_status fb_analysis_report_publish(const fb_analysis *analysis, const char *path, bool json,
                                     fb_error *error) FB_MUST_USE;

#endif

/** \file template_warnings.h
 * What the user should know about templates that were just measured.
 */
#ifndef FB_BASELINE_ANALYSIS_TEMPLATE_WARNINGS_H
#define FB_BASELINE_ANALYSIS_TEMPLATE_WARNINGS_H

#include "baseline/analysis/analysis.h"

/** Logs warnings: of bins that are missing or hold few simulated events, of shapes from few events, and of templates
 * whose own statistics is large beside the expected error of mu. */
void fb_template_warnings(const fb_analysis *analysis);

#endif

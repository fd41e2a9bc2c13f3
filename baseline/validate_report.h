/** \file validate_report.h
 * What `validate` tells of a file of events: a table, or JSON.
 */
#ifndef FB_BASELINE_VALIDATE_REPORT_H
#define FB_BASELINE_VALIDATE_REPORT_H

#include <jansson.h>

#include "holdout/census.h"
#include "holdout/checksum.h"
#include "holdout/source.h"

/** What there is to report; everything is borrowed. */
typedef struct fb_validate_report {
    const fb_source_info *info;
    const fb_census *census;  ///< judged
    bool complete;            ///< the file was read to its end
    const char *reason;       ///< why not
    bool compared;            ///< with metadata
    const char *disagreement; ///< with it, or NULL
    char checksum[FB_CHECKSUM_TEXT_SIZE];
} fb_validate_report;

FB_API void fb_validate_print(const fb_validate_report *report);
/** A new reference. */
FB_API json_t *fb_validate_json(const fb_validate_report *report);

#endif

/** \file validation_report.h
 * What `validate` says about a file of events: a table, or JSON.
 */
#ifndef FB_BASELINE_REPORTS_VALIDATION_REPORT_H
#define FB_BASELINE_REPORTS_VALIDATION_REPORT_H

#include <jansson.h>

#include "holdout/events/checksum.h"
#include "holdout/events/source.h"
#include "holdout/validation/event_validation.h"

/** What there is to report; everything is borrowed. */
typedef struct fb_validation_report {
    const fb_source_info *info;
    const fb_event_validation *validation; ///< judged
    bool complete;                         ///< the file was read to its end
    const char *reason;                    ///< why not
    bool compared;                         ///< with metadata
    const char *disagreement;              ///< with it, or NULL
    char checksum[FB_CHECKSUM_TEXT_SIZE];
} fb_validation_report;

void fb_validation_report_print(const fb_validation_report *report);
/** A new reference. */
json_t *fb_validation_report_json(const fb_validation_report *report);

#endif

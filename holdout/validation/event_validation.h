/** \file event_validation.h
 * Is a set of events usable, and plausible? One pass in bounded memory (36 MiB), whatever the number of rows.
 *
 * Gathered: what breaks the rules of value_rules.h, duplicates, the weights of each process, the order of the
 * processes. Then judged: a list of findings, each with the rows concerned and how bad it is.
 */
#ifndef FB_HOLDOUT_VALIDATION_EVENT_VALIDATION_H
#define FB_HOLDOUT_VALIDATION_EVENT_VALIDATION_H

#include "holdout/events/weight_stats.h"
#include "holdout/validation/duplicates.h"
#include "holdout/validation/process_order.h"
#include "holdout/validation/value_rules.h"

typedef struct fb_finding {
    const char *family;   ///< one of fb_event_validation_families
    const char *check;    ///< what was looked at: the column or process
    fb_severity severity; ///< FB_SEVERITY_OK: nothing found
    uint64_t n_rows;      ///< rows concerned; 0 where rows are not the point
    bool has_example;
    uint64_t first_row; ///< the first of them, if has_example
    double value;       ///< the value there, or NaN
    char text[256];     ///< what was found, or what is looked for
} fb_finding;

enum { FB_EVENT_VALIDATION_FAMILIES = 7, FB_EVENT_VALIDATION_FINDINGS = 128 };

/** "ranges", "undefined", "jets", "duplicates", "yields", "weights", "order": the findings come in this order. */
extern const char *const fb_event_validation_families[FB_EVENT_VALIDATION_FAMILIES];

typedef struct fb_event_validation {
    bool has_weights, has_processes;
    fb_event_stage declared; ///< by the file
    fb_value_rules rules;
    fb_weight_stats stats;
    fb_process_order order;
    fb_duplicates *duplicates;
    /* set by fb_event_validation_judge */
    fb_event_stage stage;
    int n_findings;
    fb_finding finding[FB_EVENT_VALIDATION_FINDINGS];
} fb_event_validation;

/** An empty validation of a source; release it with fb_event_validation_free. */
fb_status fb_event_validation_create(const fb_source_info *info, fb_event_validation **out,
                                     fb_error *error) FB_MUST_USE;
void fb_event_validation_free(fb_event_validation *validation);

/** Takes in the next rows, in the order of the source. */
void fb_event_validation_add(fb_event_validation *validation, const fb_events *events);

/** Makes the findings. `complete`: all rows were taken in; otherwise yields, weights and order are not judged. */
void fb_event_validation_judge(fb_event_validation *validation, bool complete);

/** Number of findings of a severity. */
int fb_event_validation_count(const fb_event_validation *validation, fb_severity severity);

/** The sum of weights of a process minus what is expected of raw events (fb_process_expected), over the error of the
 * sum from the squared weights. NaN where there is no error. */
double fb_event_validation_pull(const fb_event_validation *validation, int process);

/** The first 30 % of the rows, which the official split rule takes for the pool, and the rest. */
void fb_event_validation_divide(const fb_event_validation *validation, fb_weight_sums first[FB_N_PROCESS],
                                fb_weight_sums rest[FB_N_PROCESS]);

#endif

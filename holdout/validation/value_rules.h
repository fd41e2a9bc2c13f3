/** \file value_rules.h
 * Whether the values of events can be what the columns say, row by row: ranges, undefined values, jets that fit
 * together.
 *
 * The reader (source.h) has refused what is no number at all. What is checked here: the definitions of the columns
 * (events.h), the kinematic limits of collisions at 13 TeV, and the thresholds of the published data set: leptons of 20
 * GeV, taus and jets of 20 GeV before their correction (see holdout/simulation/README.md), and after the final
 * selection more than 26 GeV.
 */
#ifndef FB_HOLDOUT_VALIDATION_VALUE_RULES_H
#define FB_HOLDOUT_VALIDATION_VALUE_RULES_H

#include "holdout/events/source.h"

typedef enum fb_severity {
    FB_SEVERITY_OK,
    FB_SEVERITY_NOTE,    ///< good to know
    FB_SEVERITY_WARNING, ///< unusual: look at it
    FB_SEVERITY_ERROR    ///< impossible: the events cannot be used
} fb_severity;

/** "ok", "note", "warning", "error". */
const char *fb_value_rules_severity_name(fb_severity severity);

enum { FB_VALUE_RULES_MOST = 64 };

/** What a rule found: rows that break it. */
typedef struct fb_value_rule_count {
    uint64_t n;
    uint64_t first_row; ///< the first of them, if n > 0
    float value;        ///< there, of the rule's column
} fb_value_rule_count;

/** Start it zeroed. */
typedef struct fb_value_rules {
    uint64_t n_rows;
    uint64_t n_soft; ///< rows with an object that the final selection removes
    fb_value_rule_count count[FB_VALUE_RULES_MOST];
} fb_value_rules;

/** A rule, in words. */
typedef struct fb_value_rule {
    const char *family; ///< "ranges", "undefined" or "jets"
    int column;         ///< the one to name, fb_column
    char text[96];      ///< what a row that breaks it has
} fb_value_rule;

int fb_value_rules_n_rules(void);
fb_value_rule fb_value_rules_describe(int rule);

void fb_value_rules_add(fb_value_rules *rules, const fb_events *events);

/** The stage: `declared` unless it is unknown; then what the thresholds say: in raw files of the data set one event in
 * ten has a tau or jet that the final selection removes, afterwards none has. */
fb_event_stage fb_value_rules_stage(const fb_value_rules *rules, fb_event_stage declared);

/** How bad what a rule found is for events of a stage. Jets out of order or that do not add up are an error if more
 * than one row in 1000 is concerned, else a warning. FB_SEVERITY_OK where the rule does not apply: after the final
 * selection jets may be undefined that PRI_n_jets still counts (block.h). */
fb_severity fb_value_rules_judge(const fb_value_rules *rules, int rule, fb_event_stage stage);

#endif

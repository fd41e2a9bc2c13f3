/* What value_rules.c and value_relations.c share. */
#ifndef FB_HOLDOUT_VALIDATION_VALUE_RULES_INTERNAL_H
#define FB_HOLDOUT_VALIDATION_VALUE_RULES_INTERNAL_H

#include "holdout/validation/value_rules.h"

/* The stage that a rule is for. */
typedef enum fb_value_rule_when { FB_ALWAYS, FB_ONLY_RAW, FB_ONLY_OBSERVED } fb_value_rule_when;

/* The least PRI_jet_all_pt: after the selection it is a sum minus its terms, all rounded. What is not above the
 * negative of it is no jet. */
#define FB_VALUE_RULES_SUM_LEAST (-0.005f)

/* A rule, and how the rows that break it are found. */
typedef struct fb_value_check {
    const char *family;
    int column; /* to be named, with its value */
    fb_severity severity;
    fb_value_rule_when when;
    bool rare_is_tolerable; /* then it is but a warning */
    /* broken[i] = 1 where it does not hold, else 0 */
    void (*find)(const struct fb_value_check *check, const fb_events *events, uint8_t *broken);
    int jet;          /* that it is about: its pt column, eta and phi follow */
    float low, high;  /* of a range */
    const char *text; /* NULL: it is a range */
} fb_value_check;

/* The relations between columns. */
enum { FB_VALUE_RULES_RELATIONS = 13 };
extern const fb_value_check fb_value_relations[FB_VALUE_RULES_RELATIONS];

#define FB_VALUE_RULES_COLUMN(name, which) const float *restrict name = events->column[which]

#endif

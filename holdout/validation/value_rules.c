#include "holdout/validation/value_rules.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "holdout/pipeline/stages.h"
#include "holdout/validation/value_rules_internal.h"

const char *fb_value_rules_severity_name(fb_severity severity)
{
    static const char *const names[] = {"ok", "note", "warning", "error"};
    return names[severity];
}

/* --- the rules ---------------------------------------------------------------------------------------------------- */

/* Values below `low` or above `high` break the rule, unless they are so far out that the rule for impossible values
 * reports them. */
static void outside(const fb_value_check *range, const fb_events *events, uint8_t *broken);

static void undefined(const fb_value_check *check, const fb_events *events, uint8_t *broken)
{
    FB_VALUE_RULES_COLUMN(value, check->column);
    for (size_t i = 0; i < events->n; i++) {
        broken[i] = value[i] == FB_MISSING;
    }
}

#define RANGE(column, severity, when, low, high)                                                                       \
    {                                                                                                                  \
        "ranges", column, severity, when, false, outside, 0, low, high, NULL                                           \
    }
/* Columns that every event has a value in; the reader refuses -25 as a number of jets. */
#define ALWAYS_DEFINED(column)                                                                                         \
    {                                                                                                                  \
        "undefined", column, FB_SEVERITY_ERROR, FB_ALWAYS, false, undefined, 0, 0.0f, 0.0f,                            \
            "-25 in a column that every event has a value in"                                                          \
    }

/* pi and three decimals; |eta| with three decimals. */
#define PHI 3.1426f
#define ETA(most) ((most) + 0.001f)
/* Two protons have 13 TeV, an energy scale adds a tenth at most; one object has half of it. */
#define PT_MOST 14300.0f
#define PT_HIGH 6500.0f
/* A jet at the threshold is removed; the next number of three decimals is not. */
#define SELECTED_JET (FB_SELECT_JET_PT + 0.0005f)

#define ANGLE(column) RANGE(column, FB_SEVERITY_ERROR, FB_ALWAYS, -PHI, PHI)
#define RAPIDITY(column, high)                                                                                         \
    RANGE(column, FB_SEVERITY_ERROR, FB_ALWAYS, -10.0f, 10.0f),                                                        \
        RANGE(column, FB_SEVERITY_WARNING, FB_ALWAYS, -ETA(high), ETA(high))
#define MOMENTUM(column, least)                                                                                        \
    RANGE(column, FB_SEVERITY_ERROR, FB_ALWAYS, least, PT_MOST),                                                       \
        RANGE(column, FB_SEVERITY_WARNING, FB_ALWAYS, least, PT_HIGH)

static const fb_value_check checks[] = {
    MOMENTUM(FB_LEP_PT, 0.0f),
    RANGE(FB_LEP_PT, FB_SEVERITY_WARNING, FB_ALWAYS, FB_SELECT_LEP_PT, FLT_MAX),
    RAPIDITY(FB_LEP_ETA, 2.5f),
    ANGLE(FB_LEP_PHI),
    MOMENTUM(FB_HAD_PT, 0.0f),
    /* 20 sqrt((3 - 0.2 |eta|)^2 / 20 + 1) is 22.7 at |eta| 2.7, and for jets 21.9 at 5 */
    RANGE(FB_HAD_PT, FB_SEVERITY_WARNING, FB_ONLY_RAW, 22.6f, FLT_MAX),
    RANGE(FB_HAD_PT, FB_SEVERITY_WARNING, FB_ONLY_OBSERVED, FB_SELECT_HAD_PT, FLT_MAX),
    RAPIDITY(FB_HAD_ETA, 2.7f),
    ANGLE(FB_HAD_PHI),
    MOMENTUM(FB_JET1_PT, 0.0f),
    RANGE(FB_JET1_PT, FB_SEVERITY_WARNING, FB_ONLY_RAW, 21.8f, FLT_MAX),
    RANGE(FB_JET1_PT, FB_SEVERITY_WARNING, FB_ONLY_OBSERVED, SELECTED_JET, FLT_MAX),
    RAPIDITY(FB_JET1_ETA, 5.0f),
    ANGLE(FB_JET1_PHI),
    MOMENTUM(FB_JET2_PT, 0.0f),
    RANGE(FB_JET2_PT, FB_SEVERITY_WARNING, FB_ONLY_RAW, 21.8f, FLT_MAX),
    RANGE(FB_JET2_PT, FB_SEVERITY_WARNING, FB_ONLY_OBSERVED, SELECTED_JET, FLT_MAX),
    RAPIDITY(FB_JET2_ETA, 5.0f),
    ANGLE(FB_JET2_PHI),
    RANGE(FB_N_JETS, FB_SEVERITY_WARNING, FB_ALWAYS, 0.0f, 20.0f),
    MOMENTUM(FB_JET_ALL_PT, FB_VALUE_RULES_SUM_LEAST),
    MOMENTUM(FB_MET, 0.0f),
    ANGLE(FB_MET_PHI),
    ALWAYS_DEFINED(FB_LEP_PT),
    ALWAYS_DEFINED(FB_LEP_ETA),
    ALWAYS_DEFINED(FB_LEP_PHI),
    ALWAYS_DEFINED(FB_HAD_PT),
    ALWAYS_DEFINED(FB_HAD_ETA),
    ALWAYS_DEFINED(FB_HAD_PHI),
    ALWAYS_DEFINED(FB_MET),
    ALWAYS_DEFINED(FB_JET_ALL_PT),
    ALWAYS_DEFINED(FB_MET_PHI),
};

enum { N_CHECKS = sizeof checks / sizeof checks[0], N_RULES = N_CHECKS + FB_VALUE_RULES_RELATIONS };
_Static_assert((int)N_RULES <= (int)FB_VALUE_RULES_MOST, "room for every rule");

int fb_value_rules_n_rules(void)
{
    return N_RULES;
}

static const fb_value_check *check_of(int rule)
{
    return rule < N_CHECKS ? &checks[rule] : &fb_value_relations[rule - N_CHECKS];
}

fb_value_rule fb_value_rules_describe(int rule)
{
    const fb_value_check *check = check_of(rule);
    const char *what = check->severity == FB_SEVERITY_ERROR ? "impossible" : "unusual";
    fb_value_rule words = {.family = check->family, .column = check->column};
    if (check->text != NULL) {
        snprintf(words.text, sizeof words.text, "%s", check->text);
    } else if (check->high == FLT_MAX) {
        snprintf(words.text, sizeof words.text, "%s: below %g", what, (double)check->low);
    } else {
        snprintf(words.text, sizeof words.text, "%s: not from %g to %g", what, (double)check->low, (double)check->high);
    }
    return words;
}

/* --- counting ----------------------------------------------------------------------------------------------------- */

/* So many rows stay in cache while all rules look at them. */
enum { VIEW_ROWS = 4096 };

/* What lies outside the widest range of the column is impossible, and the others have no say. */
static void outside(const fb_value_check *range, const fb_events *events, uint8_t *broken)
{
    const float low = range->low, high = range->high;
    float least = -FLT_MAX, most = FLT_MAX;
    for (int k = 0; k < N_CHECKS && range->severity != FB_SEVERITY_ERROR; k++) {
        const fb_value_check *other = &checks[k];
        if (other->find == outside && other->column == range->column && other->severity == FB_SEVERITY_ERROR) {
            least = other->low;
            most = other->high;
        }
    }
    FB_VALUE_RULES_COLUMN(value, range->column);
#pragma omp simd
    for (size_t i = 0; i < events->n; i++) {
        broken[i] = ((value[i] < low) | (value[i] > high)) & (value[i] >= least) & (value[i] <= most) &
                    (value[i] != FB_MISSING);
    }
}

static uint64_t count(const uint8_t *broken, size_t n)
{
    unsigned sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < n; i++) {
        sum += broken[i];
    }
    return sum;
}

static uint64_t count_soft(const fb_events *events, uint8_t *broken)
{
    FB_VALUE_RULES_COLUMN(had, FB_HAD_PT);
    FB_VALUE_RULES_COLUMN(pt1, FB_JET1_PT);
    FB_VALUE_RULES_COLUMN(pt2, FB_JET2_PT);
    for (size_t i = 0; i < events->n; i++) {
        broken[i] = (had[i] < FB_SELECT_HAD_PT) | ((pt1[i] >= 0.0f) & (pt1[i] <= FB_SELECT_JET_PT)) |
                    ((pt2[i] >= 0.0f) & (pt2[i] <= FB_SELECT_JET_PT));
    }
    return count(broken, events->n);
}

/* Rows [first, first + n), borrowed. */
static fb_events view(const fb_events *events, size_t first, size_t n)
{
    fb_events part = *events;
    part.n = n;
    part.first_row = events->first_row + first;
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        part.column[k] = events->column[k] + first;
    }
    return part;
}

static void add_view(fb_value_rules *rules, const fb_events *events)
{
    uint8_t broken[VIEW_ROWS];
    for (int rule = 0; rule < N_RULES; rule++) {
        fb_value_rule_count *c = &rules->count[rule];
        const fb_value_check *check = check_of(rule);
        check->find(check, events, broken);
        const uint64_t n = count(broken, events->n);
        for (size_t i = 0; n > 0 && c->n == 0 && i < events->n; i++) {
            if (broken[i]) {
                c->first_row = events->first_row + i;
                c->value = events->column[check->column][i];
                break;
            }
        }
        c->n += n;
    }
    rules->n_soft += count_soft(events, broken);
    rules->n_rows += events->n;
}

void fb_value_rules_add(fb_value_rules *rules, const fb_events *events)
{
    for (size_t first = 0; first < events->n; first += VIEW_ROWS) {
        const fb_events part = view(events, first, events->n - first < VIEW_ROWS ? events->n - first : VIEW_ROWS);
        add_view(rules, &part);
    }
}

fb_event_stage fb_value_rules_stage(const fb_value_rules *rules, fb_event_stage declared)
{
    if (declared != FB_EVENTS_UNKNOWN || rules->n_rows == 0) {
        return declared;
    }
    /* A few broken rows do not make observed events raw ones. */
    return (double)rules->n_soft > 0.005 * (double)rules->n_rows ? FB_EVENTS_RAW : FB_EVENTS_OBSERVED;
}

fb_severity fb_value_rules_judge(const fb_value_rules *rules, int rule, fb_event_stage stage)
{
    const fb_value_check *check = check_of(rule);
    const uint64_t n = rules->count[rule].n;
    if (n == 0 || (check->when == FB_ONLY_RAW && stage == FB_EVENTS_OBSERVED) ||
        (check->when == FB_ONLY_OBSERVED && stage != FB_EVENTS_OBSERVED)) {
        return FB_SEVERITY_OK;
    }
    return check->rare_is_tolerable && (double)n <= 0.001 * (double)rules->n_rows ? FB_SEVERITY_WARNING
                                                                                  : check->severity;
}

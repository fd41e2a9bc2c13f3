/* Inside plausible*.c only. */
#ifndef FB_HOLDOUT_PLAUSIBLE_INTERNAL_H
#define FB_HOLDOUT_PLAUSIBLE_INTERNAL_H

#include "holdout/plausible.h"

/* The stage that a rule is for. */
typedef enum fb_plausible_when { FB_ALWAYS, FB_ONLY_RAW, FB_ONLY_OBSERVED } fb_plausible_when;

/* The least PRI_jet_all_pt: after the selection it is a sum minus its terms, all rounded. What is not above the
 * negative of it is no jet. */
#define FB_PLAUSIBLE_SUM_LEAST (-0.005f)

/* A relation between columns. */
typedef struct fb_plausible_relation {
    const char *family;
    int column; /* to be named, with its value */
    fb_plausible_when when;
    bool rare_is_tolerable;
    void (*find)(const fb_events *events, uint8_t *broken); /* broken[i] = 1 where it does not hold, else 0 */
    const char *text;
} fb_plausible_relation;

enum { FB_PLAUSIBLE_RELATIONS = 13 };
extern const fb_plausible_relation fb_plausible_relations[FB_PLAUSIBLE_RELATIONS];

#define FB_PLAUSIBLE_COLUMN(name, which) const float *restrict name = events->column[which]

#endif

/** \file nuisance.h
 * THE table of the six nuisance parameters: the only place with their names, nominal values, priors and ranges.
 */
#ifndef FB_HOLDOUT_EVENTS_NUISANCE_H
#define FB_HOLDOUT_EVENTS_NUISANCE_H

#include <stdbool.h>

#include "models/common/random.h"
#include "models/common/status.h"

typedef enum fb_nuisance {
    FB_TES,           ///< tau energy scale, a factor
    FB_JES,           ///< jet energy scale, a factor
    FB_SOFT_MET,      ///< width of the extra noise of each MET component, GeV
    FB_TTBAR_SCALE,   ///< ttbar normalisation, a factor
    FB_DIBOSON_SCALE, ///< diboson normalisation, a factor
    FB_BKG_SCALE,     ///< normalisation of all backgrounds together, a factor
    FB_N_NUISANCE
} fb_nuisance;

/** The first three move events (shapes), the last three only weights (normalisations). */
enum { FB_N_SHAPE = 3 };

typedef enum fb_prior_shape {
    FB_PRIOR_NORMAL,    ///< Normal(centre, width)
    FB_PRIOR_LOG_NORMAL ///< exp(Normal(centre, width))
} fb_prior_shape;

/** A probability density for one nuisance parameter, clipped to [low, high]. */
typedef struct fb_prior {
    fb_prior_shape shape;
    double centre; ///< of the parameter (normal) or of its logarithm (log-normal)
    double width;  ///< same unit as centre, > 0
    double low;    ///< allowed range, same unit as the parameter
    double high;
} fb_prior;

/** Which of the published sets of widths: the official program's (default), the white paper's table
 *  (arXiv:2410.02867), or those that the official kit's analysis assumes in its fit. */
typedef enum fb_prior_set { FB_PRIORS_OFFICIAL, FB_PRIORS_WHITE_PAPER, FB_PRIORS_KIT } fb_prior_set;

/** "official", "white-paper", "kit"; NULL behind the last. */
extern const char *const fb_nuisance_prior_names[];

/** Facts about one parameter that do not depend on the set of priors. */
typedef struct fb_nuisance_info {
    const char *name;   ///< as in the challenge's files, for example "soft_met"
    const char *option; ///< as on the command line, for example "soft-met"
    const char *unit;
    double nominal;
} fb_nuisance_info;

/** One value for each parameter. */
typedef struct fb_nuisances {
    double value[FB_N_NUISANCE];
} fb_nuisances;

/** A set of parameters: bit k stands for parameter k. */
typedef unsigned fb_nuisance_mask;
enum { FB_ALL_NUISANCES = (1 << FB_N_NUISANCE) - 1 };

const fb_nuisance_info *fb_nuisance_describe(fb_nuisance which);
fb_prior fb_nuisance_prior(fb_prior_set set, fb_nuisance which);

/** All parameters at their nominal values. */
fb_nuisances fb_nuisance_nominal(void);

/** Draws the parameters in `mask` from their priors, clipped to their ranges; the others stay nominal. */
fb_nuisances fb_nuisance_draw(fb_prior_set set, fb_nuisance_mask mask, fb_random *random);

/** Moves the parameters of `nuisances` away from their nominal values by `factor` >= 0, clipped to their ranges. */
fb_nuisances fb_nuisance_widen(const fb_nuisances *nuisances, double factor);

/** Parses "all", "none" or names separated by commas ("tes,soft_met"; '-' and '_' are the same).
 *  FB_ERROR_USAGE names the unknown word and lists the known ones. */
fb_status fb_nuisance_mask_parse(const char *text, fb_nuisance_mask *mask, fb_error *error) FB_MUST_USE;

enum { FB_NUISANCE_MASK_SIZE = 64 };

/** The same as text, "all", "none" or the names in the order of the table; returns `text`. */
const char *fb_nuisance_mask_text(fb_nuisance_mask mask, char text[FB_NUISANCE_MASK_SIZE]);

/** Index of a name (either spelling), or -1. */
int fb_nuisance_find(const char *name);

#endif

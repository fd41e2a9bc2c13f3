/** \file fit_settings.h
 * What a user chooses about a fit, with the defaults.
 */
#ifndef FB_NLL_FIT_SETTINGS_H
#define FB_NLL_FIT_SETTINGS_H

#include "nll/expectation.h"

/** What p16, p84 and delta_mu_hat are. sigma_hesse: from the curvature of t at the minimum. */
typedef enum fb_interval_kind {
    FB_INTERVAL_SYMMETRIC, ///< sigma = half the distance of the two points with Delta t = 1; p16, p84 = mu_hat -+ sigma
    FB_INTERVAL_PROFILE,   ///< p16, p84 = the two points with Delta t = 1; delta = half their distance
    FB_INTERVAL_HESSIAN    ///< sigma = sigma_hesse; p16, p84 = mu_hat -+ sigma
} fb_interval_kind;

/** "symmetric", "profile", "hessian"; NULL behind the last. */
extern const char *const fb_fit_settings_interval_names[];

/** What takes the place of ln nu where a bin without Monte-Carlo uncertainty expects less than `floor`. */
typedef enum fb_floor_kind {
    FB_FLOOR_QUADRATIC, ///< the quadratic that continues the logarithm, and a cubic wall below 0: t keeps two
                        ///< derivatives and grows
    FB_FLOOR_CLIP       ///< nu = floor: the official kit; t is flat there
} fb_floor_kind;

/** Settings of a fit. Start from fb_fit_settings_default or fb_fit_settings_kit. */
typedef struct fb_fit_settings {
    fb_prior_set priors;            ///< [FB_PRIORS_OFFICIAL]
    fb_nuisance_mask systematics;   ///< parameters that float [all]; the others are held at their nominal values
    fb_nuisance_mask fixed;         ///< parameters held at `fixed_at` instead, whether on or off [none]
    fb_nuisances fixed_at;          ///< their values, within the prior's range
    bool mu_is_fixed;               ///< [false]; then there is no interval
    double mu_fixed_at;             ///< finite; within mu_low .. mu_high unless these may be widened
    double mu_low, mu_high;         ///< limits of mu [-50, 50]
    bool mu_limits_follow;          ///< widen these where the templates can hardly measure mu (mu_limits.h) [true]
    double observed[FB_N_NUISANCE]; ///< where the auxiliary measurements came out, in pulls [0]; toys move them
    bool monte_carlo_uncertainty;   ///< Barlow-Beeston-lite: the templates' own statistics [true]
    fb_floor_kind floor_kind;       ///< [FB_FLOOR_QUADRATIC]
    double floor;                   ///< events, > 0 [1e-3]
    bool multistart;                ///< also start from +-2.5 prior widths of every shape parameter [true]
    double tolerance;               ///< sqrt(g^T H^-1 g) at convergence, > 0 [1e-7]
    int max_iterations;             ///< of one minimisation, >= 1 [200]
    fb_interval_kind interval;      ///< [FB_INTERVAL_SYMMETRIC]
    bool all_sides;                 ///< also where the profile of each parameter has risen by 1 [false]: costs fits
    double delta_in_sigmas;         ///< reported delta_mu_hat over sigma, > 0 [1]
} fb_fit_settings;

fb_fit_settings fb_fit_settings_default(void);

/** The official starting kit's fit: its widths, soft_met a Gaussian on [0, 5], no Monte-Carlo uncertainty, expectations
 *  clipped at 1e-10, one start, curvature errors, delta_mu_hat = 2 sigma. (The average of the six templates, its other
 *  peculiarity, is a property of the templates: FB_COMBINE_AVERAGE.) */
fb_fit_settings fb_fit_settings_kit(void);

/** FB_ERROR_USAGE naming the setting, its value and what is allowed. */
fb_status fb_fit_settings_check(const fb_fit_settings *settings, fb_error *error) FB_MUST_USE;

/** Fixes one parameter as in "NAME=VALUE", for example "tes=1.02" or "mu=1" ('-' and '_' are the same).
 *  \return FB_ERROR_USAGE for an unknown name, a value that is not a number to its last character, or one out of range;
 *  the settings are then unchanged */
fb_status fb_fit_settings_fix(fb_fit_settings *settings, const char *text, fb_error *error) FB_MUST_USE;

/** The k-th parameter that is fixed, k = 0, 1, ..., as fb_fit_settings_fix reads it; false: no more are fixed. */
bool fb_fit_settings_fixed_text(const fb_fit_settings *settings, int k, char *text, size_t size);

/** Sets limits of mu that are not widened, from "LOW,HIGH".
 *  \return FB_ERROR_USAGE unless these are two finite numbers that rise; the settings are then unchanged */
fb_status fb_fit_settings_limit(fb_fit_settings *settings, const char *text, fb_error *error) FB_MUST_USE;

/** Name of a parameter: "mu", "tes", ... */
const char *fb_fit_settings_parameter_name(int which);

#endif

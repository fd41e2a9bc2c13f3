/** \file score_formula.h
 * The score of the challenge: how narrow the intervals are, and whether they hold the truth as often as they say.
 */
#ifndef FB_BASELINE_SCORES_SCORE_FORMULA_H
#define FB_BASELINE_SCORES_SCORE_FORMULA_H

#include <stddef.h>
#include <stdint.h>

#include "models/common/coverage.h"
#include "models/common/status.h"

/** The results of one set of pseudo-experiments, all at one true mu. Arrays are borrowed. */
typedef struct fb_result_set {
    double mu;
    size_t n;
    const double *mu_hat;       ///< [n]
    const double *delta_mu_hat; ///< [n]
    const double *p16;          ///< [n]
    const double *p84;          ///< [n]
} fb_result_set;

enum { FB_N_SCORES = 5 };

typedef union fb_scores {
    struct {
        double rmse;            ///< mean of sqrt(d^2 + (d^2 - delta^2)^2), d = mu_hat - mu
        double mae;             ///< mean of |d| + ||d| - delta|
        double interval;        ///< w, mean of |p84 - p16|
        double coverage;        ///< c, fraction of experiments with p16 <= mu <= p84
        double quantiles_score; ///< -ln((w + epsilon) f(c))
    };
    double value[FB_N_SCORES]; ///< the same by number
} fb_scores;

/** Their names, as in scores.json. */
extern const char *const fb_score_formula_keys[FB_N_SCORES];

/** The constants of the score, which differ between what was published and what was run. */
typedef struct fb_score_formula {
    const char *name;
    double level;   ///< coverage wanted, in (0, 1)
    double epsilon; ///< added to the width, > 0
} fb_score_formula;

/** The official program. */
#define FB_SCORE_OFFICIAL ((fb_score_formula){"official", FB_COVERAGE_LEVEL, 1e-3})
/** White paper (arXiv:2410.02867) and slides. */
#define FB_SCORE_WHITE_PAPER ((fb_score_formula){"white-paper", 0.68, 1e-2})

/** The constants of that name; FB_ERROR_USAGE for any other. */
fb_status fb_score_formula_find(const char *name, fb_score_formula *formula, fb_error *error) FB_MUST_USE;

/** -ln((w + epsilon) f(c)). f is the penalty for coverage `c` in `n` experiments: 1 inside level +- 2 sigma68 with
 *     sigma68 = sqrt(level (1 - level) / n);
 * below 1 + |(c - edge) / sigma68|^4, above 1 + |(c - edge) / sigma68|^3. */
double fb_score_formula_quantiles(double w, double c, double n, fb_score_formula formula);

/** Over all sets (n >= 1 in each): rmse and mae are means over the sets; interval, coverage and score pool all
 * experiments. */
fb_scores fb_score_formula_of_sets(const fb_result_set *sets, size_t n_sets, fb_score_formula formula);

/** The first seed of the official program's bootstrap. */
enum { FB_SCORE_BOOTSTRAP_SEED = 42 };

/** How to resample sets. */
typedef struct fb_score_resampling {
    size_t n_replicas; ///< so often
    size_t n_chosen;   ///< so many sets each time, with replacement; >= 1
    uint32_t seed;     ///< of the first replica; replica i has seed + i, which must stay below 2^32
} fb_score_resampling;

/** The official program's bootstrapped scores, to see how far the scores depend on which sets there are. Replica i
 * takes the sets of numpy's RandomState(seed + i).choice(n_sets, n_chosen). Its interval and coverage are plain means
 * over the chosen sets, whatever their sizes; its score has N = the sum of their sizes. rmse and mae, which the program
 * does not resample, are means over the chosen sets too.
 *
 *  \param n_sets  1 to 2^32 - 1
 *  \param out     [n_replicas] */
fb_status fb_score_formula_bootstrap(const fb_result_set *sets, size_t n_sets, const fb_score_resampling *resampling,
                                     fb_score_formula formula, fb_scores *out, fb_error *error) FB_MUST_USE;

#endif

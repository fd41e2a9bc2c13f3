/** \file minimize.h
 * Minimum of a smooth function in a box: damped Newton steps with the exact Hessian.
 *
 * One step solves (H + lambda M) d = -g among the coordinates that are free to move, where M is a positive metric that
 * the function supplies (Levenberg, Quart. Appl. Math. 2 (1944) 164; Marquardt, J. SIAM 11 (1963) 431; for a likelihood
 * M is the expected information). Where H is not positive definite M takes its place, which makes the step one of
 * Fisher's scoring. lambda is 0 while the quadratic model is good and grows until the step lowers the function. A
 * coordinate that a step would carry over its limit stops there, and the others are solved for again; one that rests
 * on a limit with the gradient pushing outwards does not move.
 *
 * Nothing is allocated and nothing is shared: all state is in the arguments and on the stack.
 */
#ifndef FB_NLL_MINIMIZE_H
#define FB_NLL_MINIMIZE_H

#include "nll/likelihood.h"

/** How a fit ended, one list: X(name, text). Only the first is a success. */
#define FB_FIT_STATUS_LIST(X)                                                                                          \
    X(FB_FIT_CONVERGED, "converged")                                                                                   \
    X(FB_FIT_NOT_RUN, "not run")                                                                                       \
    X(FB_FIT_NOT_FINITE, "t is not finite at the start")                                                               \
    X(FB_FIT_OUT_OF_ITERATIONS, "out of iterations")                                                                   \
    X(FB_FIT_STALLED, "no step lowers t although the gradient is not zero")                                            \
    X(FB_FIT_SADDLE, "the gradient is zero but the Hessian is not positive: not a minimum")                            \
    X(FB_FIT_MU_AT_LIMIT, "mu is at its limit")                                                                        \
    X(FB_FIT_LOWER_ELSEWHERE, "t is lower elsewhere, where the fit did not converge")                                  \
    X(FB_FIT_INTERVAL_OPEN, "t does not rise by 1 within the limits of mu")                                            \
    X(FB_FIT_INTERVAL_FAILED, "a conditional fit of the interval did not converge")                                    \
    X(FB_FIT_INTERVAL_UNSTABLE, "the interval kept finding new minima")

typedef enum fb_fit_status {
#define FB_FIT_STATUS_ENUM(name, text) name,
    FB_FIT_STATUS_LIST(FB_FIT_STATUS_ENUM)
#undef FB_FIT_STATUS_ENUM
} fb_fit_status;

/** One line about a fit status. Never NULL. */
const char *fb_minimize_status_text(fb_fit_status status);

/** A function of up to FB_N_PARAMETER coordinates. Not-finite values mean "do not go there". */
typedef struct fb_objective {
    int n; ///< number of coordinates, 1 .. FB_N_PARAMETER
    void (*evaluate)(const double *x, fb_order order, fb_nll_value *out, const void *context);
    const void *context;
    unsigned held;              ///< bit a: coordinate a does not move
    double low[FB_N_PARAMETER]; ///< limits; may be infinite
    double high[FB_N_PARAMETER];
    double tolerance; ///< of sqrt(g^T H^-1 g), the distance from the minimum in standard deviations times sqrt 2
    int max_iterations;
} fb_objective;

/** Where a minimisation ended and how far to trust it. */
typedef struct fb_minimum {
    fb_fit_status status;
    double x[FB_N_PARAMETER];
    double t;
    double gradient_norm;         ///< sqrt(g^T H^-1 g) of the free coordinates; NaN where H is not positive definite
    double edm;                   ///< estimated distance to the minimum, in t: g^T H^-1 g / 2
    unsigned at_limit;            ///< bit a: coordinate a rests on a limit and t would fall beyond it
    int iterations;               ///< accepted steps
    int evaluations;              ///< of t with all derivatives
    double covariance[FB_N_PAIR]; ///< 2 H^-1 of the free coordinates (Delta t = 1: one standard deviation); 0 for held
                                  ///< ones and those at a limit; NaN unless converged
} fb_minimum;

/** Minimises from `start`.
 *  \param start  [n], moved into the box first; held coordinates stay as given
 *  \param out    always filled; out->status says whether it is a minimum */
void fb_minimize(const fb_objective *objective, const double *start, fb_minimum *out);

/** The objective of a likelihood: t in its coordinates, its limits, tolerance and held parameters. It borrows the
 *  likelihood. */
fb_objective fb_minimize_objective(const fb_likelihood *likelihood);

#endif

/** \file multistart.h
 * The deepest minimum of t among those that several starts lead to.
 *
 * With curved shape dependences t can have more than one minimum, and a descent finds the one whose basin it starts in.
 * The starts are: all nuisance parameters where their auxiliary measurements put them, and, for each parameter that
 * moves events between bins, the same with that parameter 2.5 prior widths up and down (clipped to its range).
 */
#ifndef FB_NLL_MULTISTART_H
#define FB_NLL_MULTISTART_H

#include "nll/minimize.h"

enum { FB_MAX_STARTS = 1 + 2 * FB_N_NUISANCE };

/** Two minima whose t differ by more than this are different ones. */
#define FB_SAME_MINIMUM 1e-5

/** What the starts found. */
typedef struct fb_minima {
    int n;                             ///< different minima, deepest first, at least 1 (then maybe not converged)
    fb_minimum minimum[FB_MAX_STARTS]; ///< [n]
    int n_starts;                      ///< starts tried
    int n_failed;                      ///< that ended without convergence
    int n_disagreeing;                 ///< that converged to another minimum than the deepest
    double largest_difference;         ///< of t between a converged start and the deepest minimum, >= 0
} fb_minima;

/** Minimises t from its starts (from the first alone unless the settings say multistart). If a start that failed ended
 *  below every minimum, the deepest one's status becomes FB_FIT_LOWER_ELSEWHERE. */
void fb_multistart_find(const fb_likelihood *likelihood, fb_minima *out);

/** Adds one more start, for example a lower point that a scan met.
 *  \param start  [FB_N_PARAMETER] */
void fb_multistart_add(const fb_likelihood *likelihood, const double *start, fb_minima *minima);

/** The starts.
 *  \param start  [FB_MAX_STARTS][FB_N_PARAMETER]
 *  \return how many */
int fb_multistart_starts(const fb_likelihood *likelihood, double start[FB_MAX_STARTS][FB_N_PARAMETER]);

#endif

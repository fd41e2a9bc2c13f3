#include "nll/multistart.h"

#include <math.h>
#include <string.h>

#include "nll/coordinates.h"

static const double START_PULL = 2.5;

int fb_multistart_starts(const fb_likelihood *likelihood, double start[FB_MAX_STARTS][FB_N_PARAMETER])
{
    const fb_coordinates *coordinates = fb_likelihood_coordinates(likelihood);
    const fb_expectation *expectation = fb_likelihood_expectation(likelihood);
    double *first = start[0];
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        const fb_coordinate *coordinate = &coordinates->of[a];
        first[a] = coordinate->is_held ? 0.0 : fmin(fmax(coordinate->observed, coordinate->low), coordinate->high);
    }
    first[FB_MU] = fb_likelihood_guess_mu(likelihood, first);
    int n = 1;
    if (!fb_likelihood_settings(likelihood)->multistart) {
        return n;
    }
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_coordinate *coordinate = &coordinates->of[1 + k];
        if (coordinate->is_held || !fb_expectation_has_shape(expectation, (fb_nuisance)k)) {
            continue;
        }
        for (int side = -1; side <= 1; side += 2) {
            double pull = fmin(fmax(first[1 + k] + side * START_PULL, coordinate->low), coordinate->high);
            if (pull != first[1 + k]) {
                memcpy(start[n], first, FB_N_PARAMETER * sizeof *first);
                start[n++][1 + k] = pull;
            }
        }
    }
    return n;
}

/* Puts `found` into its place among the different minima. */
static void insert(fb_minima *minima, const fb_minimum *found)
{
    int place = 0;
    while (place < minima->n && minima->minimum[place].t < found->t - FB_SAME_MINIMUM) {
        place++;
    }
    if (place < minima->n && fabs(minima->minimum[place].t - found->t) <= FB_SAME_MINIMUM) {
        return;
    }
    int n_kept = minima->n < FB_MAX_STARTS ? minima->n : FB_MAX_STARTS - 1;
    if (place > n_kept) {
        return;
    }
    memmove(&minima->minimum[place + 1], &minima->minimum[place], (size_t)(n_kept - place) * sizeof *found);
    minima->minimum[place] = *found;
    minima->n = n_kept + 1;
}

/* Totals that the starts leave behind, kept while they run. */
typedef struct totals {
    double t[FB_MAX_STARTS]; // [n] of converged starts
    int n;
    fb_minimum lowest_failure; // t = infinity: none
} totals;

static void run_start(const fb_objective *objective, const double *start, fb_minima *minima, totals *so_far)
{
    fb_minimum found;
    fb_minimize(objective, start, &found);
    minima->n_starts++;
    if (found.status == FB_FIT_CONVERGED) {
        insert(minima, &found);
        so_far->t[so_far->n++] = found.t;
        return;
    }
    minima->n_failed++;
    if (found.t < so_far->lowest_failure.t || isnan(so_far->lowest_failure.t) ||
        so_far->lowest_failure.status == FB_FIT_NOT_RUN) {
        so_far->lowest_failure = found;
    }
}

void fb_multistart_find(const fb_likelihood *likelihood, fb_minima *out)
{
    double start[FB_MAX_STARTS][FB_N_PARAMETER];
    totals so_far = {.lowest_failure = {.status = FB_FIT_NOT_RUN, .t = INFINITY}};
    fb_objective objective = fb_minimize_objective(likelihood);
    int n_starts = fb_multistart_starts(likelihood, start);
    memset(out, 0, sizeof *out);
    for (int s = 0; s < n_starts; s++) {
        run_start(&objective, start[s], out, &so_far);
    }
    if (out->n == 0) {
        out->minimum[0] = so_far.lowest_failure;
        out->n = 1;
        return;
    }
    fb_minimum *deepest = &out->minimum[0];
    for (int s = 0; s < so_far.n; s++) {
        double difference = so_far.t[s] - deepest->t;
        out->n_disagreeing += difference > FB_SAME_MINIMUM;
        out->largest_difference = fmax(out->largest_difference, difference);
    }
    if (so_far.lowest_failure.t < deepest->t - FB_SAME_MINIMUM) {
        deepest->status = FB_FIT_LOWER_ELSEWHERE;
    }
}

void fb_multistart_add(const fb_likelihood *likelihood, const double *start, fb_minima *minima)
{
    totals so_far = {.lowest_failure = {.status = FB_FIT_NOT_RUN, .t = INFINITY}};
    fb_objective objective = fb_minimize_objective(likelihood);
    double before = minima->minimum[0].t;
    run_start(&objective, start, minima, &so_far);
    double rise = before - minima->minimum[0].t;
    if (rise > FB_SAME_MINIMUM) { // all earlier starts have missed the new one
        minima->n_disagreeing = minima->n_starts - minima->n_failed - 1;
        minima->largest_difference += rise;
    }
    if (so_far.lowest_failure.t < minima->minimum[0].t - FB_SAME_MINIMUM) {
        minima->minimum[0].status = FB_FIT_LOWER_ELSEWHERE;
    }
}

#include "nll/minimize.h"

#include <math.h>
#include <string.h>

#include "nll/cholesky.h"
#include "nll/coordinates.h"
#include "nll/pair.inc"

enum { N = FB_N_PARAMETER };

static const double FIRST_DAMPING = 1e-3;
static const double LEAST_DAMPING = 1e-6; // below: plain Newton
static const double MOST_DAMPING = 1e12;  // above: no step lowers t
static const double WORSE = 4.0, BETTER = 0.02;
/* Below this predicted fall of t, relative to 1 + |t|, rounding decides whether t falls: an (almost) undamped
 * step is then taken on trust, and the gradient after it judges. */
static const double ROUNDING = 1e-12;

const char *fb_minimize_status_text(fb_fit_status status)
{
    static const char *const status_texts[] = {
#define FB_FIT_STATUS_TEXT(name, text) [name] = text,
        FB_FIT_STATUS_LIST(FB_FIT_STATUS_TEXT)
#undef FB_FIT_STATUS_TEXT
    };
    return (unsigned)status < sizeof status_texts / sizeof status_texts[0] ? status_texts[status] : "unknown";
}

/* A set of coordinates, as indices. */
typedef struct index_set {
    int n;
    int index[N];
} index_set;

/* Cholesky factor of (H + lambda M) restricted to `free`, in factor[N * N]; false if it is not positive definite. */
static bool factorise(const fb_nll_value *at, const index_set *free, double lambda, double *factor)
{
    for (int i = 0; i < free->n; i++) {
        for (int j = 0; j < free->n; j++) {
            const int pair = fb_pair_of(free->index[i], free->index[j]);
            factor[i * free->n + j] = at->hessian[pair] + lambda * at->metric[pair];
        }
    }
    return fb_cholesky_factorise(free->n, factor);
}

/* Coordinates that may move from x: not held, and not pressed against a limit. */
static index_set free_at(const fb_objective *objective, const double *x, const double *gradient, unsigned *at_limit)
{
    index_set free = {0};
    *at_limit = 0;
    for (int a = 0; a < objective->n; a++) {
        if ((objective->held >> a & 1U) != 0) {
            continue;
        }
        if ((x[a] <= objective->low[a] && gradient[a] > 0.0) || (x[a] >= objective->high[a] && gradient[a] < 0.0)) {
            *at_limit |= 1U << a;
            continue;
        }
        free.index[free.n++] = a;
    }
    return free;
}

/* The damped step from x, stopped at the limits: what is left after those that hit a limit is solved for again.
 * step: [n]. False if the matrix is not positive definite. */
static bool damped_step(const fb_objective *objective, const double *x, const fb_nll_value *at, index_set free,
                        double lambda, double *step)
{
    memset(step, 0, (size_t)objective->n * sizeof *step);
    index_set stopped = {0};
    while (free.n > 0) {
        double factor[N * N], right[N];
        if (!factorise(at, &free, lambda, factor)) {
            return false;
        }
        for (int i = 0; i < free.n; i++) {
            right[i] = -at->gradient[free.index[i]];
            for (int s = 0; s < stopped.n; s++) {
                double entry = at->hessian[fb_pair_of(free.index[i], stopped.index[s])] +
                               lambda * at->metric[fb_pair_of(free.index[i], stopped.index[s])];
                right[i] -= entry * step[stopped.index[s]];
            }
        }
        fb_cholesky_solve(free.n, factor, right);
        index_set left = {0};
        for (int i = 0; i < free.n; i++) {
            int a = free.index[i];
            double target = x[a] + right[i];
            if (target < objective->low[a] || target > objective->high[a]) {
                step[a] = (target < objective->low[a] ? objective->low[a] : objective->high[a]) - x[a];
                stopped.index[stopped.n++] = a;
            } else {
                step[a] = right[i];
                left.index[left.n++] = a;
            }
        }
        if (left.n == free.n) {
            break;
        }
        free = left;
    }
    return true;
}

/* How far the quadratic model falls along `step`: -(g d + d H d / 2). */
static double predicted_fall(const fb_objective *objective, const fb_nll_value *at, const double *step)
{
    double fall = 0.0;
    for (int a = 0; a < objective->n; a++) {
        double curved = 0.0;
        for (int b = 0; b < objective->n; b++) {
            curved += at->hessian[fb_pair_of(a, b)] * step[b];
        }
        fall -= step[a] * (at->gradient[a] + 0.5 * curved);
    }
    return fall;
}

/* g^T (H + lambda M)^-1 g over the free coordinates; NaN if not positive definite. */
static double gradient_square(const fb_nll_value *at, const index_set *free, double lambda)
{
    double factor[N * N], solution[N];
    if (free->n == 0) {
        return 0.0;
    }
    if (!factorise(at, free, lambda, factor)) {
        return NAN;
    }
    for (int i = 0; i < free->n; i++) {
        solution[i] = at->gradient[free->index[i]];
    }
    fb_cholesky_solve(free->n, factor, solution);
    double sum = 0.0;
    for (int i = 0; i < free->n; i++) {
        sum += at->gradient[free->index[i]] * solution[i];
    }
    return sum < 0.0 ? 0.0 : sum; // NaN stays NaN: it is not convergence
}

static void fill_covariance(const fb_nll_value *at, const index_set *free, double *covariance)
{
    double factor[N * N];
    memset(covariance, 0, FB_N_PAIR * sizeof *covariance);
    if (free->n == 0 || !factorise(at, free, 0.0, factor)) {
        return;
    }
    for (int j = 0; j < free->n; j++) {
        double column[N] = {0.0}; // of the inverse
        column[j] = 1.0;
        fb_cholesky_solve(free->n, factor, column);
        for (int i = j; i < free->n; i++) { // indices rise, so (i, j) is in the lower triangle
            covariance[fb_pair(free->index[i], free->index[j])] = 2.0 * column[i];
        }
    }
}

static void evaluate(const fb_objective *objective, const double *x, fb_nll_value *at, fb_minimum *out)
{
    objective->evaluate(x, FB_HESSIAN, at, objective->context);
    out->evaluations++;
}

/* x + step inside the box; held coordinates stay. */
static void step_to(const fb_objective *objective, const double *x, const double *step, double *out)
{
    for (int a = 0; a < objective->n; a++) {
        bool is_held = (objective->held >> a & 1U) != 0;
        out[a] = is_held ? x[a] : fmin(fmax(x[a] + step[a], objective->low[a]), objective->high[a]);
    }
}

/* The damping after a step whose fall of t was `gain` times the predicted one. */
static double next_damping(double lambda, double gain)
{
    if (gain > 0.75) {
        lambda *= BETTER;
    } else if (gain < 0.25) {
        lambda *= WORSE;
    }
    return lambda < LEAST_DAMPING ? 0.0 : lambda;
}

/* Tries steps from x with rising damping until one lowers t; x and at move with it. Where the Hessian is not positive
 * the metric takes its place. */
static fb_fit_status advance(const fb_objective *objective, const index_set *free, double *lambda, double *x,
                             fb_nll_value *at, fb_minimum *out)
{
    double scale = ROUNDING * (1.0 + fabs(at->value));
    fb_nll_value model = *at;
    if (isnan(out->gradient_norm)) {
        memcpy(model.hessian, at->metric, sizeof model.hessian);
    }
    while (*lambda <= MOST_DAMPING) {
        double step[N], trial[N];
        double fall =
            damped_step(objective, x, &model, *free, *lambda, step) ? predicted_fall(objective, &model, step) : -1.0;
        if (fall > 0.0) {
            fb_nll_value next;
            step_to(objective, x, step, trial);
            evaluate(objective, trial, &next, out);
            double gain = (at->value - next.value) / fall;
            bool is_rounding = *lambda <= FIRST_DAMPING && fall < scale && fabs(at->value - next.value) < 10.0 * scale;
            if (isfinite(next.value) && (gain > 1e-4 || is_rounding)) {
                *lambda = next_damping(*lambda, is_rounding ? 1.0 : gain);
                memcpy(x, trial, (size_t)objective->n * sizeof *x);
                *at = next;
                out->iterations++;
                return FB_FIT_CONVERGED;
            }
        }
        *lambda = fmax(*lambda * 10.0, FIRST_DAMPING);
    }
    return FB_FIT_STALLED;
}

static void iterate(const fb_objective *objective, double *x, fb_nll_value *at, fb_minimum *out)
{
    double lambda = 0.0;
    out->status = FB_FIT_OUT_OF_ITERATIONS;
    for (;;) {
        index_set free = free_at(objective, x, at->gradient, &out->at_limit);
        double square = gradient_square(at, &free, 0.0);
        out->gradient_norm = sqrt(square);
        out->edm = 0.5 * square;
        if (out->gradient_norm <= objective->tolerance) {
            out->status = FB_FIT_CONVERGED;
            fill_covariance(at, &free, out->covariance);
            return;
        }
        if (isnan(square) && sqrt(gradient_square(at, &free, MOST_DAMPING) * MOST_DAMPING) <= objective->tolerance) {
            out->status = FB_FIT_SADDLE;
            return;
        }
        if (out->iterations >= objective->max_iterations) {
            return;
        }
        if (out->edm < ROUNDING * (1.0 + fabs(at->value))) {
            lambda = 0.0;
        }
        fb_fit_status step = advance(objective, &free, &lambda, x, at, out);
        if (step != FB_FIT_CONVERGED) {
            out->status = step;
            return;
        }
    }
}

void fb_minimize(const fb_objective *objective, const double *start, fb_minimum *out)
{
    double x[N] = {0};
    fb_nll_value at;
    *out = (fb_minimum){.status = FB_FIT_NOT_FINITE, .gradient_norm = NAN, .edm = NAN};
    for (int ab = 0; ab < FB_N_PAIR; ab++) {
        out->covariance[ab] = NAN;
    }
    for (int a = 0; a < objective->n; a++) {
        bool is_held = (objective->held >> a & 1U) != 0;
        x[a] = is_held ? start[a] : fmin(fmax(start[a], objective->low[a]), objective->high[a]);
    }
    evaluate(objective, x, &at, out);
    if (isfinite(at.value)) {
        iterate(objective, x, &at, out);
    }
    memcpy(out->x, x, sizeof x);
    out->t = at.value;
}

static void evaluate_likelihood(const double *x, fb_order order, fb_nll_value *out, const void *context)
{
    fb_likelihood_evaluate(context, x, order, out);
}

fb_objective fb_minimize_objective(const fb_likelihood *likelihood)
{
    const fb_coordinates *coordinates = fb_likelihood_coordinates(likelihood);
    const fb_fit_settings *settings = fb_likelihood_settings(likelihood);
    fb_objective objective = {.n = FB_N_PARAMETER,
                              .evaluate = evaluate_likelihood,
                              .context = likelihood,
                              .tolerance = settings->tolerance,
                              .max_iterations = settings->max_iterations};
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        objective.low[a] = coordinates->of[a].low;
        objective.high[a] = coordinates->of[a].high;
        objective.held |= coordinates->of[a].is_held ? 1U << a : 0U;
    }
    return objective;
}

/* A counting experiment: how many events have a visible mass above a cut?
 *
 * With s and b the signal and background expected above the cut, n observed events give
 *   mu_hat = (n - b) / s,   sigma^2 = (n + v) / s^2.
 * n is the variance of a Poisson count; v that of b: of the finite simulation and of six nuisance parameters, each
 * moved by its prior width. Minimising -2 ln L over the nuisance parameters gives the same in the limit of many events.
 * The cut is the one with the smallest sigma at mu = 1. */
#include <baseline/plugin.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_CUTS = 100, N_NUISANCES = 6, FEATURE = FB_PLUGIN_DER_MASS_VIS };

/* Cut k is at 2 GeV times k. */
static const float step = 2.0f;

/* What is expected above each cut: of the events that one reading of the holdout gives. */
typedef struct yields {
    double signal[N_CUTS];
    double background[N_CUTS];
    double square[N_CUTS]; /* sum of squared weights, of the background */
} yields;

typedef struct counter {
    const fb_plugin_data *data;
    float cut;
    double s, b, v;
} counter;

/* The last cut that a row is above. */
static int cut_of(const float *row)
{
    const float value = row[FEATURE];
    return value < step ? 0 : value >= step * (N_CUTS - 1) ? N_CUTS - 1 : (int)(value / step);
}

static int add_rows(void *context, const fb_plugin_rows *rows, char *reason)
{
    yields *y = context;
    (void)reason;
    for (size_t i = 0; i < rows->n; i++) {
        const int k = cut_of(rows->features + i * FB_PLUGIN_N_FEATURES);
        const double weight = rows->weight[i];
        if (rows->process[i] == FB_PLUGIN_HTAUTAU) {
            y->signal[k] += weight;
        } else {
            y->background[k] += weight;
            y->square[k] += weight * weight;
        }
    }
    return 0;
}

static int measure(const counter *c, const fb_plugin_nuisances *at, yields *y, char *reason)
{
    *y = (yields){{0}, {0}, {0}};
    const int failed = c->data->systematics(c->data, FB_PLUGIN_HOLDOUT, at, 1, add_rows, y, reason);
    for (int k = N_CUTS - 2; k >= 0; k--) {
        y->signal[k] += y->signal[k + 1];
        y->background[k] += y->background[k + 1];
        y->square[k] += y->square[k + 1];
    }
    return failed;
}

static int create(const fb_plugin_data *data, void **method, char *reason)
{
    counter *c = calloc(1, sizeof *c);
    if (c == NULL) {
        snprintf(reason, FB_PLUGIN_REASON_SIZE, "no memory");
        return 1;
    }
    c->data = data;
    *method = c;
    return 0;
}

/* One nuisance parameter after the other moved by its prior width; soft_met, which cannot be negative, to its median.
 */
static int add_systematics(const counter *c, const yields *nominal, double *variance, char *reason)
{
    static const fb_plugin_nuisances moved[N_NUISANCES] = {
        {1.01, 1.0, 0.0, 1.0, 1.0, 1.0}, {1.0, 1.01, 0.0, 1.0, 1.0, 1.0}, {1.0, 1.0, 1.0, 1.0, 1.0, 1.0},
        {1.0, 1.0, 0.0, 1.02, 1.0, 1.0}, {1.0, 1.0, 0.0, 1.0, 1.25, 1.0}, {1.0, 1.0, 0.0, 1.0, 1.0, 1.001}};
    yields other;
    for (int m = 0; m < N_NUISANCES; m++) {
        if (measure(c, &moved[m], &other, reason) != 0) {
            return 1;
        }
        for (int k = 0; k < N_CUTS; k++) {
            const double change = other.signal[k] + other.background[k] - nominal->signal[k] - nominal->background[k];
            variance[k] += change * change;
        }
    }
    return 0;
}

static int fit(void *method, char *reason)
{
    static const fb_plugin_nuisances nominal = FB_PLUGIN_NOMINAL;
    counter *c = method;
    yields y;
    double variance[N_CUTS], best = INFINITY;
    if (measure(c, &nominal, &y, reason) != 0) {
        return 1;
    }
    for (int k = 0; k < N_CUTS; k++) {
        variance[k] = y.square[k];
    }
    if (add_systematics(c, &y, variance, reason) != 0) {
        return 1;
    }
    for (int k = 0; k < N_CUTS; k++) {
        const double sigma = sqrt(y.signal[k] + y.background[k] + variance[k]) / y.signal[k];
        if (sigma < best) {
            best = sigma;
            *c = (counter){c->data, step * (float)k, y.signal[k], y.background[k], variance[k]};
        }
    }
    fprintf(stderr, "one-bin: DER_mass_vis >= %g: s %.17g b %.17g v %.17g\n", c->cut, c->s, c->b, c->v);
    return isfinite(best) ? 0 : 2;
}

static int predict(void *method, const fb_plugin_experiment *experiment, fb_plugin_result *result, char *reason)
{
    const counter *c = method;
    double n = 0.0;
    (void)reason;
    for (size_t i = 0; i < experiment->n; i++) {
        n += experiment->features[i * FB_PLUGIN_N_FEATURES + FEATURE] >= c->cut ? experiment->weight[i] : 0.0;
    }
    const double mu_hat = (n - c->b) / c->s, sigma = sqrt(n + c->v) / c->s;
    *result = (fb_plugin_result){mu_hat, sigma, mu_hat - sigma, mu_hat + sigma};
    return 0;
}

static void destroy(void *method)
{
    free(method);
}

const fb_plugin *fb_plugin_get(void)
{
    static const fb_plugin plugin = {FB_PLUGIN_VERSION, "one-bin", create, fit, predict, destroy};
    return &plugin;
}

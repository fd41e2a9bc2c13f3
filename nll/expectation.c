#include "nll/expectation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/ground/memory.h"

enum { MU = FB_MU, BKG = 1 + FB_BKG_SCALE };

/* The normalisation parameter that a process has for itself; 0 (mu) means none for a background. */
static const int own_scale[FB_N_PROCESS] = {
    [FB_HTAUTAU] = MU, [FB_ZTAUTAU] = 0, [FB_TTBAR] = 1 + FB_TTBAR_SCALE, [FB_DIBOSON] = 1 + FB_DIBOSON_SCALE};

struct fb_expectation {
    int n_bins;
    fb_combination combination;
    int n_shapes;                   // parameters with polynomials
    int shape[FB_N_NUISANCE];       // [n_shapes] which
    int degree[FB_N_NUISANCE];      // [n_shapes]
    int first[FB_N_NUISANCE];       // [n_shapes] where its coefficients start within a cell
    double per_unit[FB_N_NUISANCE]; // [n_shapes] dx / dalpha
    int n_coefficients;             // of one cell: sum of degree + 1
    double base;                    // h = base + weight * sum_k (r_k - 1) in the additive combinations
    double weight;
    int n_relevant[FB_N_PROCESS];               // parameters on which g_p depends, in increasing order
    int relevant[FB_N_PROCESS][FB_N_PARAMETER]; // [process][n_relevant]
    double *yield;                              // [n_bins][FB_N_PROCESS]
    double *variance;                           // [n_bins][FB_N_PROCESS]
    double *coefficient;                        // [n_bins][FB_N_PROCESS][n_coefficients]
};

static fb_status check_cell(const fb_templates *templates, size_t cell, fb_error *error)
{
    int bin = (int)(cell % (size_t)templates->n_bins);
    const char *process = fb_process_name((int)(cell / (size_t)templates->n_bins));
    double yield = templates->yield[cell];
    double variance = templates->variance[cell];
    if (!(yield >= 0.0) || !isfinite(yield)) {
        return fb_fail(error, FB_ERROR_DATA, "templates: yield of %s in bin %d is %g; a finite number >= 0 is needed",
                       process, bin, yield);
    }
    if (!(variance >= 0.0) || !isfinite(variance)) {
        return fb_fail(error, FB_ERROR_DATA,
                       "templates: variance of %s in bin %d is %g; a finite number >= 0 is needed", process, bin,
                       variance);
    }
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_shape *shape = &templates->shape[k];
        for (int j = 0; shape->coefficient != NULL && j <= shape->degree; j++) {
            double c = shape->coefficient[cell * ((size_t)shape->degree + 1) + (size_t)j];
            if (!isfinite(c)) {
                return fb_fail(error, FB_ERROR_DATA, "templates: coefficient %d of %s of %s in bin %d is not finite", j,
                               fb_nuisance_describe((fb_nuisance)k)->name, process, bin);
            }
        }
    }
    return FB_OK;
}

static fb_status check_templates(const fb_templates *templates, fb_error *error)
{
    if (templates->n_bins < 1 || templates->yield == NULL || templates->variance == NULL) {
        return fb_fail(error, FB_ERROR_DATA, "templates have no bins");
    }
    for (int k = FB_N_SHAPE; k < FB_N_NUISANCE; k++) {
        if (templates->shape[k].coefficient != NULL && templates->combination != FB_COMBINE_AVERAGE) {
            return fb_fail(error, FB_ERROR_DATA,
                           "templates: %s is an exact normalisation and cannot have a shape as well (combination %s)",
                           fb_nuisance_describe((fb_nuisance)k)->name, fb_combination_name(templates->combination));
        }
    }
    double total = 0.0;
    size_t n_cells = (size_t)FB_N_PROCESS * (size_t)templates->n_bins;
    for (size_t cell = 0; cell < n_cells; cell++) {
        fb_status status = check_cell(templates, cell, error);
        if (status != FB_OK) {
            return status;
        }
        total += templates->yield[cell];
    }
    if (!(total > 0.0)) {
        return fb_fail(error, FB_ERROR_DATA, "templates: all yields are zero");
    }
    return FB_OK;
}

static void list_shapes(fb_expectation *expectation, const fb_templates *templates)
{
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_shape *shape = &templates->shape[k];
        if (shape->coefficient == NULL) {
            continue;
        }
        int n = expectation->n_shapes++;
        expectation->shape[n] = k;
        expectation->degree[n] = shape->degree;
        expectation->first[n] = expectation->n_coefficients;
        expectation->per_unit[n] = 1.0 / shape->unit;
        expectation->n_coefficients += shape->degree + 1;
    }
}

static void list_relevant(fb_expectation *expectation)
{
    bool exact = expectation->combination != FB_COMBINE_AVERAGE;
    for (int p = 0; p < FB_N_PROCESS; p++) {
        for (int a = 0; a < FB_N_PARAMETER; a++) {
            bool acts = a == MU ? p == FB_HTAUTAU : p != FB_HTAUTAU && exact && (a == BKG || a == own_scale[p]);
            for (int s = 0; s < expectation->n_shapes; s++) {
                acts = acts || a == 1 + expectation->shape[s];
            }
            if (acts) {
                expectation->relevant[p][expectation->n_relevant[p]++] = a;
            }
        }
    }
}

static void copy_cells(fb_expectation *expectation, const fb_templates *templates)
{
    for (int bin = 0; bin < expectation->n_bins; bin++) {
        for (int p = 0; p < FB_N_PROCESS; p++) {
            size_t from = (size_t)p * (size_t)expectation->n_bins + (size_t)bin;
            size_t to = (size_t)bin * FB_N_PROCESS + (size_t)p;
            expectation->yield[to] = templates->yield[from];
            expectation->variance[to] = templates->variance[from];
            for (int s = 0; s < expectation->n_shapes; s++) {
                size_t n_powers = (size_t)expectation->degree[s] + 1;
                memcpy(expectation->coefficient + to * (size_t)expectation->n_coefficients + expectation->first[s],
                       templates->shape[expectation->shape[s]].coefficient + from * n_powers,
                       n_powers * sizeof(double));
            }
        }
    }
}

fb_status fb_expectation_create(const fb_templates *templates, fb_expectation **out, fb_error *error)
{
    fb_status status = FB_OK;
    fb_expectation *expectation = NULL;
    *out = NULL;
    FB_TRY(check_templates(templates, error));
    FB_TRY(fb_allocate(1, sizeof *expectation, &expectation, error));
    expectation->n_bins = templates->n_bins;
    expectation->combination = templates->combination;
    expectation->base = 1.0;
    /* (1/6) sum over all six r_k = 1 + (1/6) sum (r_k - 1): parameters without a shape have r = 1. */
    expectation->weight = templates->combination == FB_COMBINE_AVERAGE ? 1.0 / FB_N_NUISANCE : 1.0;
    list_shapes(expectation, templates);
    list_relevant(expectation);
    size_t n_cells = (size_t)FB_N_PROCESS * (size_t)templates->n_bins;
    FB_TRY(fb_allocate(n_cells, sizeof(double), &expectation->yield, error));
    FB_TRY(fb_allocate(n_cells, sizeof(double), &expectation->variance, error));
    FB_TRY(
        fb_allocate(n_cells * (size_t)expectation->n_coefficients, sizeof(double), &expectation->coefficient, error));
    copy_cells(expectation, templates);
    *out = expectation;
    expectation = NULL;
cleanup:
    fb_expectation_free(expectation);
    return status;
}

void fb_expectation_free(fb_expectation *expectation)
{
    if (expectation == NULL) {
        return;
    }
    free(expectation->yield);
    free(expectation->variance);
    free(expectation->coefficient);
    free(expectation);
}

int fb_expectation_n_bins(const fb_expectation *expectation)
{
    return expectation->n_bins;
}

bool fb_expectation_depends_on(const fb_expectation *expectation, int which)
{
    for (int p = 0; p < FB_N_PROCESS; p++) {
        double total = 0.0;
        for (int bin = 0; bin < expectation->n_bins; bin++) {
            total += expectation->yield[bin * FB_N_PROCESS + p];
        }
        for (int r = 0; total > 0.0 && r < expectation->n_relevant[p]; r++) {
            if (expectation->relevant[p][r] == which) {
                return true;
            }
        }
    }
    return false;
}

bool fb_expectation_has_shape(const fb_expectation *expectation, fb_nuisance which)
{
    for (int s = 0; s < expectation->n_shapes; s++) {
        if (expectation->shape[s] == (int)which) {
            return true;
        }
    }
    return false;
}

bool fb_expectation_is_dead(const fb_expectation *expectation, int bin, bool with_variance)
{
    for (int p = 0; p < FB_N_PROCESS; p++) {
        if (expectation->yield[bin * FB_N_PROCESS + p] > 0.0 ||
            (with_variance && expectation->variance[bin * FB_N_PROCESS + p] > 0.0)) {
            return false;
        }
    }
    return true;
}

void fb_expectation_prepare(const fb_expectation *expectation, const fb_point *point, fb_order order,
                            fb_expectation_at *at)
{
    memset(at, 0, sizeof *at);
    at->order = order;
    for (int s = 0; s < expectation->n_shapes; s++) {
        int k = expectation->shape[s];
        at->x[s] =
            (point->nuisances.value[k] - fb_nuisance_describe((fb_nuisance)k)->nominal) * expectation->per_unit[s];
    }
    at->f[FB_HTAUTAU] = point->mu;
    at->f1[FB_HTAUTAU][MU] = 1.0;
    for (int p = FB_ZTAUTAU; p < FB_N_PROCESS; p++) {
        if (expectation->combination == FB_COMBINE_AVERAGE) {
            at->f[p] = 1.0;
            continue;
        }
        double bkg = point->nuisances.value[FB_BKG_SCALE];
        double own = own_scale[p] == 0 ? 1.0 : point->nuisances.value[own_scale[p] - 1];
        at->f[p] = bkg * own;
        at->f1[p][BKG] = own;
        if (own_scale[p] != 0) {
            at->f1[p][own_scale[p]] = bkg;
            at->bkg_and_own[p] = 1.0;
        }
    }
}

/* h of one cell with its derivatives; only entries of parameters with a shape are written. */
typedef struct cell_shape {
    double h;
    double h1[FB_N_PARAMETER];
    double h2[FB_N_PAIR];
} cell_shape;

/* r_s(x) of one parameter and its derivatives with respect to x, by Horner's scheme. */
static inline void polynomial(const double *c, int degree, double x, double *r, double *r1, double *r2)
{
    double value = c[degree], first = 0.0, second = 0.0;
    for (int j = degree - 1; j >= 0; j--) {
        second = second * x + first;
        first = first * x + value;
        value = value * x + c[j];
    }
    *r = value;
    *r1 = first;
    *r2 = 2.0 * second;
}

static void combine(const fb_expectation *expectation, const fb_expectation_at *at, const double *coefficient,
                    cell_shape *out)
{
    int n = expectation->n_shapes;
    double r[FB_N_NUISANCE], r1[FB_N_NUISANCE], r2[FB_N_NUISANCE]; // [n_shapes]
    for (int s = 0; s < n; s++) {
        polynomial(coefficient + expectation->first[s], expectation->degree[s], at->x[s], &r[s], &r1[s], &r2[s]);
        r1[s] *= expectation->per_unit[s];
        r2[s] *= expectation->per_unit[s] * expectation->per_unit[s];
    }
    if (expectation->combination != FB_COMBINE_PRODUCT) {
        out->h = expectation->base;
        for (int s = 0; s < n; s++) {
            int a = 1 + expectation->shape[s];
            out->h += expectation->weight * (r[s] - 1.0);
            out->h1[a] = expectation->weight * r1[s];
            for (int q = 0; q < s; q++) {
                out->h2[fb_pair(a, 1 + expectation->shape[q])] = 0.0;
            }
            out->h2[fb_pair(a, a)] = expectation->weight * r2[s];
        }
        return;
    }
    /* Products that leave out one or two factors, without dividing: a ratio may be zero. */
    out->h = 1.0;
    for (int s = 0; s < n; s++) {
        out->h *= r[s];
    }
    for (int s = 0; at->order >= FB_GRADIENT && s < n; s++) {
        int a = 1 + expectation->shape[s];
        double others = 1.0;
        for (int q = 0; q < n; q++) {
            others *= q == s ? 1.0 : r[q];
        }
        out->h1[a] = r1[s] * others;
        out->h2[fb_pair(a, a)] = r2[s] * others;
        for (int q = 0; q < s; q++) {
            double rest = r1[s] * r1[q];
            for (int o = 0; o < n; o++) {
                rest *= o == s || o == q ? 1.0 : r[o];
            }
            out->h2[fb_pair(a, 1 + expectation->shape[q])] = rest;
        }
    }
}

/* Adds process p: nu += N g, v += V g^2, with g = f h. */
static void add_process(const fb_expectation *expectation, const fb_expectation_at *at, int p, double yield,
                        double variance, const cell_shape *shape, fb_bin_expectation *out)
{
    double g = at->f[p] * shape->h;
    out->nu += yield * g;
    out->v += variance * g * g;
    if (at->order < FB_GRADIENT) {
        return;
    }
    const int *relevant = expectation->relevant[p];
    int n = expectation->n_relevant[p];
    double g1[FB_N_PARAMETER]; // [n_relevant]
    for (int i = 0; i < n; i++) {
        int a = relevant[i];
        g1[i] = at->f1[p][a] * shape->h + at->f[p] * shape->h1[a];
        out->nu1[a] += yield * g1[i];
        out->v1[a] += 2.0 * variance * g * g1[i];
    }
    if (at->order < FB_HESSIAN) {
        return;
    }
    for (int i = 0; i < n; i++) {
        int a = relevant[i];
        for (int j = 0; j <= i; j++) {
            int b = relevant[j];
            int ab = fb_pair(a, b);
            double g2 = at->f1[p][a] * shape->h1[b] + at->f1[p][b] * shape->h1[a] + at->f[p] * shape->h2[ab];
            if (a == BKG && b == own_scale[p]) {
                g2 += at->bkg_and_own[p] * shape->h;
            }
            out->nu2[ab] += yield * g2;
            out->v2[ab] += 2.0 * variance * (g1[i] * g1[j] + g * g2);
        }
    }
}

void fb_expectation_bin(const fb_expectation *expectation, const fb_expectation_at *at, int bin,
                        fb_bin_expectation *out)
{
    out->nu = out->v = 0.0;
    if (at->order >= FB_GRADIENT) {
        memset(out->nu1, 0, sizeof out->nu1);
        memset(out->v1, 0, sizeof out->v1);
    }
    if (at->order >= FB_HESSIAN) {
        memset(out->nu2, 0, sizeof out->nu2);
        memset(out->v2, 0, sizeof out->v2);
    }
    cell_shape shape;
    memset(&shape, 0, sizeof shape);
    for (int p = 0; p < FB_N_PROCESS; p++) {
        size_t cell = (size_t)bin * FB_N_PROCESS + (size_t)p;
        double yield = expectation->yield[cell];
        double variance = expectation->variance[cell];
        if (yield == 0.0 && variance == 0.0) {
            continue;
        }
        combine(expectation, at, expectation->coefficient + cell * (size_t)expectation->n_coefficients, &shape);
        add_process(expectation, at, p, yield, variance, &shape, out);
    }
}

void fb_expectation_counts(const fb_expectation *expectation, const fb_point *point, double *nu, double *v)
{
    fb_expectation_at at;
    fb_expectation_prepare(expectation, point, FB_VALUE, &at);
    for (int bin = 0; bin < expectation->n_bins; bin++) {
        fb_bin_expectation one;
        fb_expectation_bin(expectation, &at, bin, &one);
        nu[bin] = one.nu;
        if (v != NULL) {
            v[bin] = one.v;
        }
    }
}

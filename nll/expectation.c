#include "nll/expectation.h"

#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"
#include "nll/pair.inc"

enum { MU = FB_MU, BKG = 1 + FB_BKG_SCALE, MAX_NORMS = 2 };

/* The parameters that scale a process; with the official kit's average only mu does. */
static const int norms[FB_N_PROCESS][MAX_NORMS] = {[FB_HTAUTAU] = {MU},
                                                   [FB_ZTAUTAU] = {BKG},
                                                   [FB_TTBAR] = {1 + FB_TTBAR_SCALE, BKG},
                                                   [FB_DIBOSON] = {1 + FB_DIBOSON_SCALE, BKG}};
static const int n_norms_of[FB_N_PROCESS] = {[FB_HTAUTAU] = 1, [FB_ZTAUTAU] = 1, [FB_TTBAR] = 2, [FB_DIBOSON] = 2};

struct fb_expectation {
    int n_bins;
    fb_combination combination;
    int n_shapes;                                  // parameters with polynomials
    int shape[FB_N_NUISANCE];                      // [n_shapes] which
    int degree[FB_N_NUISANCE];                     // [n_shapes]
    int first[FB_N_NUISANCE];                      // [n_shapes] where its coefficients start within a cell
    double per_unit[FB_N_NUISANCE];                // [n_shapes] du / dalpha
    int n_coefficients;                            // of one cell: sum of degree + 1
    double weight;                                 // of each r_k - 1 where they add up
    int n_norms[FB_N_PROCESS];                     // how many of `norms` there are
    int shape_pair[FB_N_PARAMETER][FB_N_NUISANCE]; // [FB_N_PARAMETER][n_shapes] fb_pair of a parameter and a shape
    double *yield;                                 // [n_bins][FB_N_PROCESS]
    double *variance;                              // [n_bins][FB_N_PROCESS]
    double *coefficient;                           // [n_bins][FB_N_PROCESS][n_coefficients]
};

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
        for (int a = 0; a < FB_N_PARAMETER; a++) {
            expectation->shape_pair[a][n] = fb_pair_of(a, 1 + k);
        }
        expectation->first[n] = expectation->n_coefficients;
        expectation->per_unit[n] = 1.0 / shape->unit;
        expectation->n_coefficients += shape->degree + 1;
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
    FB_TRY(fb_templates_check(templates, error));
    FB_TRY(fb_memory_allocate(1, sizeof *expectation, &expectation, error));
    expectation->n_bins = templates->n_bins;
    expectation->combination = templates->combination;
    /* (1/6) sum over all six r_k = 1 + (1/6) sum (r_k - 1): parameters without a shape have r = 1. */
    expectation->weight = templates->combination == FB_COMBINE_AVERAGE ? 1.0 / FB_N_NUISANCE : 1.0;
    list_shapes(expectation, templates);
    for (int p = 0; p < FB_N_PROCESS; p++) {
        const bool is_fixed = templates->combination == FB_COMBINE_AVERAGE && p != FB_HTAUTAU;
        expectation->n_norms[p] = is_fixed ? 0 : n_norms_of[p];
    }
    size_t n_cells = (size_t)FB_N_PROCESS * (size_t)templates->n_bins;
    FB_TRY(fb_memory_allocate(n_cells, sizeof(double), &expectation->yield, error));
    FB_TRY(fb_memory_allocate(n_cells, sizeof(double), &expectation->variance, error));
    FB_TRY(fb_memory_allocate(n_cells * (size_t)expectation->n_coefficients, sizeof(double), &expectation->coefficient,
                              error));
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

bool fb_expectation_has_signal(const fb_expectation *expectation)
{
    double total = 0.0;
    for (int bin = 0; bin < expectation->n_bins; bin++) {
        total += expectation->yield[bin * FB_N_PROCESS + FB_HTAUTAU];
    }
    return total > 0.0;
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

bool fb_expectation_is_always_empty(const fb_expectation *expectation, int bin, bool with_variance)
{
    for (int p = 0; p < FB_N_PROCESS; p++) {
        if (expectation->yield[bin * FB_N_PROCESS + p] > 0.0 ||
            (with_variance && expectation->variance[bin * FB_N_PROCESS + p] > 0.0)) {
            return false;
        }
    }
    return true;
}

static double value_of(const fb_point *point, int which)
{
    return which == MU ? point->mu : point->nuisances.value[which - 1];
}

void fb_expectation_prepare(const fb_expectation *expectation, const fb_point *point, fb_order order,
                            fb_expectation_at *at)
{
    memset(at, 0, sizeof *at);
    at->order = order;
    for (int s = 0; s < expectation->n_shapes; s++) {
        int k = expectation->shape[s];
        at->u[s] =
            (point->nuisances.value[k] - fb_nuisance_describe((fb_nuisance)k)->nominal) * expectation->per_unit[s];
    }
    for (int p = 0; p < FB_N_PROCESS; p++) {
        at->f[p] = 1.0;
        for (int a = 0; a < expectation->n_norms[p]; a++) {
            at->f[p] *= value_of(point, norms[p][a]);
            at->f1[p][norms[p][a]] = expectation->n_norms[p] == 2 ? value_of(point, norms[p][1 - a]) : 1.0;
        }
    }
}

/* h of one cell and its derivatives with respect to the parameters with a shape, in the order of the list of shapes. */
typedef struct cell_shape {
    double h;
    double h1[FB_N_NUISANCE];                // [n_shapes]
    double h2[FB_N_NUISANCE][FB_N_NUISANCE]; // [n_shapes][n_shapes], second <= first
} cell_shape;

/* One parameter's ratio and its derivatives with respect to the parameter. */
typedef struct ratio {
    double r, r1, r2;
} ratio;

/* By Horner's scheme. c: [degree + 1] */
static inline ratio polynomial(const double *c, int degree, double u, double per_unit)
{
    double value = c[degree], first = 0.0, second = 0.0;
    for (int j = degree - 1; j >= 0; j--) {
        second = second * u + first;
        first = first * u + value;
        value = value * u + c[j];
    }
    return (ratio){value, first * per_unit, 2.0 * second * per_unit * per_unit};
}

/* Sum and average: h = 1 + weight * sum_s (r_s - 1). */
static void add_up(int n, double weight, const ratio *of, cell_shape *out)
{
    out->h = 1.0;
    for (int s = 0; s < n; s++) {
        out->h += weight * (of[s].r - 1.0);
        out->h1[s] = weight * of[s].r1;
        for (int q = 0; q < s; q++) {
            out->h2[s][q] = 0.0;
        }
        out->h2[s][s] = weight * of[s].r2;
    }
}

/* h = prod_s r_s, one factor after the other, without dividing: a ratio may be zero. */
static void multiply(int n, const ratio *of, cell_shape *out)
{
    out->h = 1.0;
    for (int s = 0; s < n; s++) {
        for (int q = 0; q < s; q++) {
            for (int o = 0; o <= q; o++) {
                out->h2[q][o] *= of[s].r;
            }
        }
        for (int q = 0; q < s; q++) {
            out->h2[s][q] = out->h1[q] * of[s].r1;
            out->h1[q] *= of[s].r;
        }
        out->h2[s][s] = out->h * of[s].r2;
        out->h1[s] = out->h * of[s].r1;
        out->h *= of[s].r;
    }
}

/* Adds process p: nu += N g, v += V g^2, with g = f h. */
static void add_process(const fb_expectation *expectation, const fb_expectation_at *at, int p, double yield,
                        double variance, const cell_shape *shape, fb_bin_expectation *out)
{
    int n_shapes = expectation->n_shapes, n_norms = expectation->n_norms[p];
    const int *norm = norms[p];
    double f = at->f[p], g = f * shape->h, twice = 2.0 * variance;
    double by_shape[FB_N_NUISANCE], by_norm[MAX_NORMS]; // dg / d parameter
    out->nu += yield * g;
    out->v += variance * g * g;
    if (at->order < FB_GRADIENT) {
        return;
    }
    for (int s = 0; s < n_shapes; s++) {
        by_shape[s] = f * shape->h1[s];
        out->nu1[1 + expectation->shape[s]] += yield * by_shape[s];
        out->v1[1 + expectation->shape[s]] += twice * g * by_shape[s];
    }
    for (int a = 0; a < n_norms; a++) {
        by_norm[a] = at->f1[p][norm[a]] * shape->h;
        out->nu1[norm[a]] += yield * by_norm[a];
        out->v1[norm[a]] += twice * g * by_norm[a];
    }
    if (at->order < FB_HESSIAN) {
        return;
    }
    for (int s = 0; s < n_shapes; s++) {
        const int *place = expectation->shape_pair[1 + expectation->shape[s]];
        for (int q = 0; q <= s; q++) {
            double g2 = f * shape->h2[s][q];
            out->nu2[place[q]] += yield * g2;
            out->v2[place[q]] += twice * (by_shape[s] * by_shape[q] + g * g2);
        }
    }
    for (int a = 0; a < n_norms; a++) {
        const int *place = expectation->shape_pair[norm[a]];
        for (int s = 0; s < n_shapes; s++) {
            double g2 = at->f1[p][norm[a]] * shape->h1[s];
            out->nu2[place[s]] += yield * g2;
            out->v2[place[s]] += twice * (by_norm[a] * by_shape[s] + g * g2);
        }
        out->v2[fb_pair(norm[a], norm[a])] += twice * by_norm[a] * by_norm[a];
    }
    if (n_norms == 2) { // bkg_scale and the process's own: f is their product
        double g2 = shape->h;
        out->nu2[fb_pair(norm[1], norm[0])] += yield * g2;
        out->v2[fb_pair(norm[1], norm[0])] += twice * (by_norm[0] * by_norm[1] + g * g2);
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
    for (int p = 0; p < FB_N_PROCESS; p++) {
        size_t cell = (size_t)bin * FB_N_PROCESS + (size_t)p;
        double yield = expectation->yield[cell];
        double variance = expectation->variance[cell];
        if (yield == 0.0 && variance == 0.0) {
            continue;
        }
        const double *coefficient = expectation->coefficient + cell * (size_t)expectation->n_coefficients;
        ratio of[FB_N_NUISANCE]; // [n_shapes]
        cell_shape shape;
        for (int s = 0; s < expectation->n_shapes; s++) {
            of[s] = polynomial(coefficient + expectation->first[s], expectation->degree[s], at->u[s],
                               expectation->per_unit[s]);
        }
        if (expectation->combination == FB_COMBINE_PRODUCT) {
            multiply(expectation->n_shapes, of, &shape);
        } else {
            add_up(expectation->n_shapes, expectation->weight, of, &shape);
        }
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

void fb_expectation_processes(const fb_expectation *expectation, const fb_point *point, double *nu)
{
    fb_expectation_at all;
    fb_expectation_prepare(expectation, point, FB_VALUE, &all);
    for (int p = 0; p < FB_N_PROCESS; p++) {
        fb_expectation_at alone = all;
        memset(alone.f, 0, sizeof alone.f);
        alone.f[p] = all.f[p];
        for (int bin = 0; bin < expectation->n_bins; bin++) {
            fb_bin_expectation one;
            fb_expectation_bin(expectation, &alone, bin, &one);
            nu[p * expectation->n_bins + bin] = one.nu;
        }
    }
}

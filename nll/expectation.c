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
    fb_bin_cells cells;
    const fb_bin_sums *sums;
    int n_shapes;                   // parameters with polynomials
    int shape[FB_N_NUISANCE];       // [n_shapes] which
    double per_unit[FB_N_NUISANCE]; // [n_shapes] du / dalpha
    int n_norms[FB_N_PROCESS];      // how many of `norms` there are
    /* The variables that depend on each parameter. */
    int n_dependent[FB_N_PARAMETER];
    int dependent[FB_N_PARAMETER][FB_MAX_DEPENDENT];
};

static void list_shapes(fb_expectation *expectation, const fb_templates *templates)
{
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        if (templates->shape[k].coefficient != NULL) {
            int n = expectation->n_shapes++;
            expectation->shape[n] = k;
            expectation->per_unit[n] = 1.0 / templates->shape[k].unit;
        }
    }
}

static void list_dependent(fb_expectation *expectation)
{
    int *n = expectation->n_dependent;
    for (int p = 0; p < FB_N_PROCESS; p++) {
        for (int k = 0; k < expectation->n_norms[p]; k++) {
            int a = norms[p][k];
            expectation->dependent[a][n[a]++] = p;
        }
    }
    for (int s = 0; s < expectation->n_shapes; s++) {
        int a = 1 + expectation->shape[s];
        expectation->dependent[a][n[a]++] = FB_N_PROCESS + s;
    }
}

/* Number k of one process in one bin. */
static double *number_at(const fb_expectation *expectation, int bin, int process, int k)
{
    const fb_bin_cells *cells = &expectation->cells;
    size_t cell = (size_t)(bin / FB_BIN_LANES) * FB_N_PROCESS + (size_t)process;
    return cells->number + (cell * (size_t)cells->n_numbers + (size_t)k) * FB_BIN_LANES + bin % FB_BIN_LANES;
}

static void copy_cell(fb_expectation *expectation, const fb_templates *templates, int bin, int process)
{
    size_t from = (size_t)process * (size_t)templates->n_bins + (size_t)bin;
    int k = 0;
    *number_at(expectation, bin, process, k++) = templates->yield[from];
    *number_at(expectation, bin, process, k++) = templates->variance[from];
    for (int s = 0; s < expectation->cells.n_shapes; s++) {
        if (s >= expectation->n_shapes) {
            *number_at(expectation, bin, process, k++) = 1.0;
            continue;
        }
        const fb_shape *shape = &templates->shape[expectation->shape[s]];
        for (int j = 0; j <= shape->degree; j++) {
            *number_at(expectation, bin, process, k++) =
                shape->coefficient[from * ((size_t)shape->degree + 1) + (size_t)j];
        }
    }
}

static fb_status create_cells(fb_expectation *expectation, const fb_templates *templates, fb_error *error)
{
    fb_bin_cells *cells = &expectation->cells;
    cells->n_blocks = (templates->n_bins + FB_BIN_LANES - 1) / FB_BIN_LANES;
    cells->is_sum = templates->combination != FB_COMBINE_PRODUCT;
    /* (1/6) sum over all six r_k = 1 + (1/6) sum (r_k - 1): parameters without a shape have r = 1. */
    cells->weight = templates->combination == FB_COMBINE_AVERAGE ? 1.0 / FB_N_NUISANCE : 1.0;
    cells->n_shapes = expectation->n_shapes <= FB_N_SHAPE ? FB_N_SHAPE : FB_N_NUISANCE;
    cells->n_numbers = 2;
    for (int s = 0; s < cells->n_shapes; s++) {
        cells->degree[s] = s < expectation->n_shapes ? templates->shape[expectation->shape[s]].degree : 0;
        cells->n_numbers += cells->degree[s] + 1;
    }
    size_t n = (size_t)cells->n_blocks * FB_N_PROCESS * (size_t)cells->n_numbers * FB_BIN_LANES;
    fb_status status = fb_memory_allocate(n, sizeof(double), &cells->number, error);
    if (status != FB_OK) {
        return status;
    }
    for (int bin = 0; bin < templates->n_bins; bin++) {
        for (int p = 0; p < FB_N_PROCESS; p++) {
            copy_cell(expectation, templates, bin, p);
        }
    }
    return FB_OK;
}

fb_status fb_expectation_create(const fb_templates *templates, fb_expectation **out, fb_error *error)
{
    fb_status status = FB_OK;
    fb_expectation *expectation = NULL;
    *out = NULL;
    FB_TRY(fb_templates_check(templates, error));
    FB_TRY(fb_memory_allocate(1, sizeof *expectation, &expectation, error));
    expectation->n_bins = templates->n_bins;
    expectation->sums = fb_bin_sums_best();
    for (int p = 0; p < FB_N_PROCESS; p++) {
        const bool is_fixed = templates->combination == FB_COMBINE_AVERAGE && p != FB_HTAUTAU;
        expectation->n_norms[p] = is_fixed ? 0 : n_norms_of[p];
    }
    list_shapes(expectation, templates);
    list_dependent(expectation);
    FB_TRY(create_cells(expectation, templates, error));
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
    free(expectation->cells.number);
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
        total += *number_at(expectation, bin, FB_HTAUTAU, 0);
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
        if (*number_at(expectation, bin, p, 0) > 0.0 || (with_variance && *number_at(expectation, bin, p, 1) > 0.0)) {
            return false;
        }
    }
    return true;
}

static double value_of(const fb_point *point, int which)
{
    return which == MU ? point->mu : point->nuisances.value[which - 1];
}

/* df_p / da: what else multiplies the process. */
static double slope_of_norm(const fb_expectation *expectation, const fb_point *point, int p, int a)
{
    if (expectation->n_norms[p] < 2) {
        return 1.0;
    }
    return value_of(point, norms[p][norms[p][0] == a ? 1 : 0]);
}

void fb_expectation_prepare(const fb_expectation *expectation, const fb_point *point, fb_expectation_at *at)
{
    memset(at, 0, sizeof *at);
    for (int s = 0; s < expectation->n_shapes; s++) {
        int k = expectation->shape[s];
        at->variables.u[s] =
            (point->nuisances.value[k] - fb_nuisance_describe((fb_nuisance)k)->nominal) * expectation->per_unit[s];
    }
    for (int p = 0; p < FB_N_PROCESS; p++) {
        at->variables.f[p] = 1.0;
        for (int k = 0; k < expectation->n_norms[p]; k++) {
            at->variables.f[p] *= value_of(point, norms[p][k]);
        }
    }
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        for (int i = 0; i < expectation->n_dependent[a]; i++) {
            int variable = expectation->dependent[a][i];
            at->slope[a][i] = variable < FB_N_PROCESS ? slope_of_norm(expectation, point, variable, a)
                                                      : expectation->per_unit[variable - FB_N_PROCESS];
        }
    }
}

void fb_expectation_block(const fb_expectation *expectation, const fb_bin_variables *at, int block, double *nu,
                          double *v)
{
    _Alignas(FB_ALIGNMENT) double aligned[2][FB_BIN_LANES];
    expectation->sums->expect(&expectation->cells, at, block, aligned[0], aligned[1]);
    memcpy(nu, aligned[0], sizeof aligned[0]);
    memcpy(v, aligned[1], sizeof aligned[1]);
}

/* Of a symmetric matrix: sum_ij (dq_i/da) (dq_j/db) matrix_ij over the variables q. */
static double project(const fb_expectation *expectation, const fb_expectation_at *at, const double *matrix, int a,
                      int b)
{
    double sum = 0.0;
    for (int i = 0; i < expectation->n_dependent[a]; i++) {
        for (int j = 0; j < expectation->n_dependent[b]; j++) {
            int pair = fb_pair_of(expectation->dependent[a][i], expectation->dependent[b][j]);
            sum += at->slope[a][i] * at->slope[b][j] * matrix[pair];
        }
    }
    return sum;
}

double fb_expectation_compare(const fb_expectation *expectation, const fb_expectation_at *at, const fb_bin_data *counts,
                              fb_order order, double *gradient, double *hessian, double *metric)
{
    fb_bin_totals totals;
    expectation->sums->add_up(&expectation->cells, counts, &at->variables, order, &totals);
    for (int a = 0; a < FB_N_PARAMETER && order >= FB_GRADIENT; a++) {
        gradient[a] = 0.0;
        for (int i = 0; i < expectation->n_dependent[a]; i++) {
            gradient[a] += at->slope[a][i] * totals.gradient[expectation->dependent[a][i]];
        }
        for (int b = 0; b <= a && order >= FB_HESSIAN; b++) {
            hessian[fb_pair(a, b)] = project(expectation, at, totals.hessian, a, b);
            metric[fb_pair(a, b)] = project(expectation, at, totals.metric, a, b);
        }
    }
    for (int p = 0; p < FB_N_PROCESS && order >= FB_HESSIAN; p++) {
        if (expectation->n_norms[p] == 2) { // f is their product
            hessian[fb_pair_of(norms[p][0], norms[p][1])] += totals.gradient[p];
        }
    }
    return totals.value;
}

/* nu and v of all bins; v may be NULL. */
static void expect(const fb_expectation *expectation, const fb_bin_variables *at, double *nu, double *v)
{
    for (int bin = 0; bin < expectation->n_bins; bin += FB_BIN_LANES) {
        double of_nu[FB_BIN_LANES], of_v[FB_BIN_LANES];
        const int left = expectation->n_bins - bin, n = left < FB_BIN_LANES ? left : FB_BIN_LANES;
        fb_expectation_block(expectation, at, bin / FB_BIN_LANES, of_nu, of_v);
        memcpy(nu + bin, of_nu, (size_t)n * sizeof *nu);
        if (v != NULL) {
            memcpy(v + bin, of_v, (size_t)n * sizeof *v);
        }
    }
}

void fb_expectation_counts(const fb_expectation *expectation, const fb_point *point, double *nu, double *v)
{
    fb_expectation_at at;
    fb_expectation_prepare(expectation, point, &at);
    expect(expectation, &at.variables, nu, v);
}

void fb_expectation_processes(const fb_expectation *expectation, const fb_point *point, double *nu, double *v)
{
    fb_expectation_at all;
    fb_expectation_prepare(expectation, point, &all);
    for (int p = 0; p < FB_N_PROCESS; p++) {
        fb_bin_variables alone = all.variables;
        memset(alone.f, 0, sizeof alone.f);
        alone.f[p] = all.variables.f[p];
        expect(expectation, &alone, nu + p * expectation->n_bins, v != NULL ? v + p * expectation->n_bins : NULL);
    }
}

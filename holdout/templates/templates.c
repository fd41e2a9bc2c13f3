#include "holdout/templates/templates.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/gsl.h"
#include "models/common/memory.h"

/* Singular values below this fraction of the largest count as zero: the points do not fix that combination. */
static const double RANK_TOLERANCE = 1e-12;

const char *const fb_templates_combination_names[] = {
    [FB_COMBINE_PRODUCT] = "product", [FB_COMBINE_ADDITIVE] = "additive", [FB_COMBINE_AVERAGE] = "average", NULL};

fb_status fb_templates_create(int n_bins, fb_templates **out, fb_error *error)
{
    fb_status status = FB_OK;
    fb_templates *templates = NULL;
    *out = NULL;
    if (n_bins < 1) {
        return fb_fail(error, FB_ERROR_USAGE, "templates need at least 1 bin, not %d", n_bins);
    }
    FB_TRY(fb_memory_allocate(1, sizeof *templates, &templates, error));
    templates->n_bins = n_bins;
    size_t n_cells = (size_t)FB_N_PROCESS * (size_t)n_bins;
    FB_TRY(fb_memory_allocate(n_cells, sizeof(double), &templates->yield, error));
    FB_TRY(fb_memory_allocate(n_cells, sizeof(double), &templates->variance, error));
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        templates->shape[k].unit = 1.0;
    }
    *out = templates;
    templates = NULL;
cleanup:
    fb_templates_free(templates);
    return status;
}

void fb_templates_free(fb_templates *templates)
{
    if (templates == NULL) {
        return;
    }
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        free(templates->shape[k].coefficient);
    }
    free(templates->yield);
    free(templates->variance);
    free(templates);
}

fb_status fb_templates_set_shape(fb_templates *templates, fb_nuisance which, int degree, double unit, fb_error *error)
{
    const char *name = fb_nuisance_describe(which)->name;
    if (degree < 1 || degree > FB_MAX_DEGREE) {
        return fb_fail(error, FB_ERROR_USAGE, "%s: the degree of a shape polynomial is 1 to %d, not %d", name,
                       FB_MAX_DEGREE, degree);
    }
    if (!(unit > 0.0) || !isfinite(unit)) {
        return fb_fail(error, FB_ERROR_USAGE, "%s: the unit of a shape polynomial is a positive number, not %g", name,
                       unit);
    }
    size_t n_cells = (size_t)FB_N_PROCESS * (size_t)templates->n_bins;
    size_t n_powers = (size_t)degree + 1;
    double *coefficient = NULL;
    fb_status status = fb_memory_allocate(n_cells * n_powers, sizeof(double), &coefficient, error);
    if (status != FB_OK) {
        return status;
    }
    for (size_t cell = 0; cell < n_cells; cell++) {
        coefficient[cell * n_powers] = 1.0;
    }
    free(templates->shape[which].coefficient);
    templates->shape[which] = (fb_shape){.degree = degree, .unit = unit, .coefficient = coefficient};
    return FB_OK;
}

/* What one cell's fit works on, sized for all points. */
typedef struct cell_fit {
    gsl_matrix *power;      // [n_points][degree] u^1 .. u^degree
    gsl_matrix *covariance; // [degree][degree]
    gsl_vector *shift;      // [n_points] ratio - 1
    gsl_vector *weight;     // [n_points]
    gsl_vector *solution;   // [degree]
    gsl_multifit_linear_workspace *workspace;
} cell_fit;

static void cell_fit_free(cell_fit *fit)
{
    if (fit->workspace != NULL) {
        gsl_multifit_linear_free(fit->workspace);
    }
    gsl_vector_free(fit->solution);
    gsl_vector_free(fit->weight);
    gsl_vector_free(fit->shift);
    gsl_matrix_free(fit->covariance);
    gsl_matrix_free(fit->power);
}

static fb_status cell_fit_create(size_t n_points, size_t degree, cell_fit *fit, fb_error *error)
{
    fit->power = gsl_matrix_alloc(n_points, degree);
    fit->covariance = gsl_matrix_alloc(degree, degree);
    fit->shift = gsl_vector_alloc(n_points);
    fit->weight = gsl_vector_alloc(n_points);
    fit->solution = gsl_vector_alloc(degree);
    fit->workspace = gsl_multifit_linear_alloc(n_points, degree);
    if (fit->power == NULL || fit->covariance == NULL || fit->shift == NULL || fit->weight == NULL ||
        fit->solution == NULL || fit->workspace == NULL) {
        return fb_fail(error, FB_ERROR_MEMORY, "no room to fit a polynomial of degree %zu to %zu points", degree,
                       n_points);
    }
    return FB_OK;
}

/* Least squares of sum_w w (ratio - 1 - sum_j c_j u^j)^2; c_0 = 1 is not fitted. coefficient: [degree + 1].
 * ratio and weight: one cell's, with a stride between points. */
static fb_status fit_cell(cell_fit *fit, int n_points, const double *u, const double *ratio, const double *weight,
                          size_t stride, double *coefficient, fb_error *error)
{
    size_t degree = fit->power->size2;
    size_t n_used = 0;
    for (int point = 0; point < n_points; point++) {
        double w = weight[(size_t)point * stride];
        if (w <= 0.0) {
            continue;
        }
        double power = 1.0;
        for (size_t j = 0; j < degree; j++) {
            power *= u[point];
            gsl_matrix_set(fit->power, n_used, j, power);
        }
        gsl_vector_set(fit->shift, n_used, ratio[(size_t)point * stride] - 1.0);
        gsl_vector_set(fit->weight, n_used, w);
        n_used++;
    }
    coefficient[0] = 1.0;
    memset(coefficient + 1, 0, degree * sizeof *coefficient);
    if (n_used < degree) {
        return FB_OK;
    }
    gsl_matrix_view power = gsl_matrix_submatrix(fit->power, 0, 0, n_used, degree);
    gsl_vector_view shift = gsl_vector_subvector(fit->shift, 0, n_used);
    gsl_vector_view used_weight = gsl_vector_subvector(fit->weight, 0, n_used);
    double chi2 = 0.0;
    size_t rank = 0;
    int code = gsl_multifit_wlinear_tsvd(&power.matrix, &used_weight.vector, &shift.vector, RANK_TOLERANCE,
                                         fit->solution, fit->covariance, &chi2, &rank, fit->workspace);
    if (code != GSL_SUCCESS) {
        return fb_fail(error, FB_ERROR_LIBRARY, "GSL's least squares failed: %s", gsl_strerror(code));
    }
    if (rank == degree) {
        for (size_t j = 0; j < degree; j++) {
            coefficient[j + 1] = gsl_vector_get(fit->solution, j);
        }
    }
    return FB_OK;
}

static fb_status check_points(const fb_templates *templates, fb_nuisance which, int n_points, const double *alpha,
                              const double *ratio, const double *weight, fb_error *error)
{
    const fb_nuisance_info *info = fb_nuisance_describe(which);
    int degree = templates->shape[which].degree;
    if (degree < 1) {
        return fb_fail(error, FB_ERROR_USAGE, "%s has no shape polynomial to fit", info->name);
    }
    if (n_points < degree) {
        return fb_fail(error, FB_ERROR_USAGE, "%s: %d points cannot fix a polynomial of degree %d", info->name,
                       n_points, degree);
    }
    size_t n_cells = (size_t)FB_N_PROCESS * (size_t)templates->n_bins;
    for (int point = 0; point < n_points; point++) {
        if (!isfinite(alpha[point]) || alpha[point] == info->nominal) {
            return fb_fail(error, FB_ERROR_DATA, "%s: point %d is at %g; finite values other than %g are needed",
                           info->name, point, alpha[point], info->nominal);
        }
        for (size_t cell = 0; cell < n_cells; cell++) {
            size_t at = (size_t)point * n_cells + cell;
            /* The ratio of a point without weight may be anything, 0/0 included. */
            if (!(weight[at] >= 0.0) || !isfinite(weight[at]) || (weight[at] > 0.0 && !isfinite(ratio[at]))) {
                return fb_fail(error, FB_ERROR_DATA,
                               "%s = %g: ratio %g with weight %g in bin %zu of %s; finite ratios and weights >= 0 are "
                               "needed",
                               info->name, alpha[point], ratio[at], weight[at], cell % (size_t)templates->n_bins,
                               fb_process_name((int)(cell / (size_t)templates->n_bins)));
            }
        }
    }
    return FB_OK;
}

fb_status fb_templates_fit_shape(fb_templates *templates, fb_nuisance which, int n_points, const double *alpha,
                                 const double *ratio, const double *weight, fb_error *error)
{
    fb_status status = FB_OK;
    cell_fit fit = {0};
    double *u = NULL; // [n_points]
    FB_TRY(check_points(templates, which, n_points, alpha, ratio, weight, error));
    fb_gsl_quiet();
    fb_shape *shape = &templates->shape[which];
    FB_TRY(cell_fit_create((size_t)n_points, (size_t)shape->degree, &fit, error));
    FB_TRY(fb_memory_allocate((size_t)n_points, sizeof *u, &u, error));
    for (int point = 0; point < n_points; point++) {
        u[point] = (alpha[point] - fb_nuisance_describe(which)->nominal) / shape->unit;
    }
    size_t n_cells = (size_t)FB_N_PROCESS * (size_t)templates->n_bins;
    for (size_t cell = 0; cell < n_cells; cell++) {
        FB_TRY(fit_cell(&fit, n_points, u, ratio + cell, weight + cell, n_cells,
                        shape->coefficient + cell * ((size_t)shape->degree + 1), error));
    }
cleanup:
    free(u);
    cell_fit_free(&fit);
    return status;
}

double fb_templates_ratio(const fb_templates *templates, fb_nuisance which, int process, int bin, double alpha)
{
    const fb_shape *shape = &templates->shape[which];
    if (shape->coefficient == NULL) {
        return 1.0;
    }
    size_t cell = (size_t)process * (size_t)templates->n_bins + (size_t)bin;
    const double *coefficient = shape->coefficient + cell * ((size_t)shape->degree + 1);
    double u = (alpha - fb_nuisance_describe(which)->nominal) / shape->unit;
    double value = coefficient[shape->degree];
    for (int j = shape->degree - 1; j >= 0; j--) {
        value = value * u + coefficient[j];
    }
    return value;
}

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

fb_status fb_templates_check(const fb_templates *templates, fb_error *error)
{
    if (templates->n_bins < 1 || templates->yield == NULL || templates->variance == NULL) {
        return fb_fail(error, FB_ERROR_DATA, "templates have no bins");
    }
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_shape *shape = &templates->shape[k];
        if (shape->coefficient != NULL &&
            (shape->degree < 0 || shape->degree > FB_MAX_DEGREE || !(shape->unit > 0.0))) {
            return fb_fail(error, FB_ERROR_DATA, "templates: %s has degree %d (0 to %d) and unit %g (> 0)",
                           fb_nuisance_describe((fb_nuisance)k)->name, shape->degree, FB_MAX_DEGREE, shape->unit);
        }
    }
    for (int k = FB_N_SHAPE; k < FB_N_NUISANCE; k++) {
        if (templates->shape[k].coefficient != NULL && templates->combination != FB_COMBINE_AVERAGE) {
            return fb_fail(error, FB_ERROR_DATA,
                           "templates: %s is an exact normalisation and cannot have a shape as well (combination %s)",
                           fb_nuisance_describe((fb_nuisance)k)->name,
                           fb_templates_combination_names[templates->combination]);
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

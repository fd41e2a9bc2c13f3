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

/* Least squares of sum_w w (ratio - 1 - sum_j c_j u^j)^2; c_0 = 1 is not fitted. coefficient: [degree + 1].
 * ratio and weight: one cell's, with a stride between points. */
static fb_status fit_cell(gsl_multifit_linear_workspace *workspace, size_t degree, int n_points, const double *u,
                          const double *ratio, const double *weight, size_t stride, double *coefficient,
                          fb_error *error)
{
    double powers[FB_MAX_POINTS * FB_MAX_DEGREE]; // [n_used][degree] u^1 .. u^degree
    double shifts[FB_MAX_POINTS], weights[FB_MAX_POINTS], solution[FB_MAX_DEGREE];
    double covariance[FB_MAX_DEGREE * FB_MAX_DEGREE];
    size_t n_used = 0;
    for (int point = 0; point < n_points; point++) {
        double w = weight[(size_t)point * stride];
        if (w <= 0.0) {
            continue;
        }
        double power = 1.0;
        for (size_t j = 0; j < degree; j++) {
            power *= u[point];
            powers[n_used * degree + j] = power;
        }
        shifts[n_used] = ratio[(size_t)point * stride] - 1.0;
        weights[n_used++] = w;
    }
    coefficient[0] = 1.0;
    memset(coefficient + 1, 0, degree * sizeof *coefficient);
    if (n_used < degree) {
        return FB_OK;
    }
    gsl_matrix_view power_view = gsl_matrix_view_array(powers, n_used, degree);
    gsl_matrix_view covariance_view = gsl_matrix_view_array(covariance, degree, degree);
    gsl_vector_view shift_view = gsl_vector_view_array(shifts, n_used);
    gsl_vector_view weight_view = gsl_vector_view_array(weights, n_used);
    gsl_vector_view solution_view = gsl_vector_view_array(solution, degree);
    double chi2 = 0.0;
    size_t rank = 0;
    int code = gsl_multifit_wlinear_tsvd(&power_view.matrix, &weight_view.vector, &shift_view.vector, RANK_TOLERANCE,
                                         &solution_view.vector, &covariance_view.matrix, &chi2, &rank, workspace);
    if (code != GSL_SUCCESS) {
        return fb_fail(error, FB_ERROR_LIBRARY, "GSL's least squares failed: %s", gsl_strerror(code));
    }
    if (rank == degree) {
        memcpy(coefficient + 1, solution, degree * sizeof *coefficient);
    }
    return FB_OK;
}

fb_status fb_templates_fit_shape(fb_templates *templates, fb_nuisance which, int n_points, const double *alpha,
                                 const double *ratio, const double *weight, fb_error *error)
{
    const fb_nuisance_info *info = fb_nuisance_describe(which);
    fb_shape *shape = &templates->shape[which];
    const size_t n_cells = (size_t)FB_N_PROCESS * (size_t)templates->n_bins, degree = (size_t)shape->degree;
    double u[FB_MAX_POINTS];
    fb_status status = FB_OK;
    if (n_points < shape->degree) {
        return fb_fail(error, FB_ERROR_USAGE, "%s: %d points cannot fix a polynomial of degree %d", info->name,
                       n_points, shape->degree);
    }
    fb_gsl_quiet();
    gsl_multifit_linear_workspace *workspace = gsl_multifit_linear_alloc((size_t)n_points, degree);
    if (workspace == NULL) {
        return fb_fail(error, FB_ERROR_MEMORY, "no room to fit a polynomial of degree %zu to %d points", degree,
                       n_points);
    }
    for (int point = 0; point < n_points; point++) {
        u[point] = (alpha[point] - info->nominal) / shape->unit;
    }
    for (size_t cell = 0; cell < n_cells && status == FB_OK; cell++) {
        status = fit_cell(workspace, degree, n_points, u, ratio + cell, weight + cell, n_cells,
                          shape->coefficient + cell * (degree + 1), error);
    }
    gsl_multifit_linear_free(workspace);
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
    for (int k = 0; k < 2; k++) {
        const double value = k == 0 ? templates->yield[cell] : templates->variance[cell];
        if (!(value >= 0.0) || !isfinite(value)) {
            return fb_fail(error, FB_ERROR_DATA, "templates: %s of %s in bin %d is %g; a finite number >= 0 is needed",
                           k == 0 ? "yield" : "variance", process, bin, value);
        }
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

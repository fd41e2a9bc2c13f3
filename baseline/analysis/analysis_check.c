#include "baseline/analysis/analysis_check.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* --- ranges ------------------------------------------------------------------------------------------------------- */

/* An array of which each element is from `low` to `high`. */
typedef struct range {
    const char *name; /* in the file */
    const double *value;
    size_t n, n_columns; /* elements; of a row, 1: no rows */
    double low, high;    /* DBL_MAX: any finite number from `low` */
    bool may_be_unknown; /* NaN */
} range;

static fb_status out_of_range(const range *r, size_t k, const char *path, fb_error *error)
{
    char place[64] = "", allowed[64];
    if (r->n > 1 && r->n_columns > 1) {
        snprintf(place, sizeof place, "[%zu, %zu]", k / r->n_columns, k % r->n_columns);
    } else if (r->n > 1) {
        snprintf(place, sizeof place, "[%zu]", k);
    }
    if (r->high < DBL_MAX) {
        snprintf(allowed, sizeof allowed, "from %g to %g", r->low, r->high);
    } else {
        snprintf(allowed, sizeof allowed, "that is finite and >= %g", r->low);
    }
    return fb_fail(error, FB_ERROR_DATA, "%s: %s%s is %g; a number %s is needed", path, r->name, place, r->value[k],
                   allowed);
}

static fb_status check_ranges(int n, const range *ranges, const char *path, fb_error *error)
{
    for (int i = 0; i < n; i++) {
        const range *r = &ranges[i];
        for (size_t k = 0; k < r->n; k++) {
            const double value = r->value[k];
            if (!(value >= r->low && value <= r->high) && !(r->may_be_unknown && isnan(value))) {
                return out_of_range(r, k, path, error);
            }
        }
    }
    return FB_OK;
}

static fb_status check_numbers(const fb_analysis *a, const char *path, fb_error *error)
{
    const size_t n_split = (size_t)FB_N_PARTS * FB_N_PROCESS, n_rounds = (size_t)a->diagnostics.learning.n_rounds;
    const fb_split *split = &a->split;
    const fb_diagnostics *d = &a->diagnostics;
    const range ranges[] = {
        {"/@expected_sigma_mu", &a->expected_sigma, 1, 1, 0.0, DBL_MAX, true},
        {"/@shared_template_error_mu", &a->shared_template_error, 1, 1, 0.0, DBL_MAX, true},
        {"/split/fraction", split->fraction, FB_N_PARTS, 1, 0.0, 1.0, false},
        {"/split/yield", split->yield[0], n_split, FB_N_PROCESS, 0.0, DBL_MAX, false},
        {"/split/square", split->square[0], n_split, FB_N_PROCESS, 0.0, DBL_MAX, false},
        {"/split/factor", split->factor[0], n_split, FB_N_PROCESS, 1.0, DBL_MAX, false},
        {"/classifier@best_log_loss", &a->report.best_log_loss, 1, 1, 0.0, DBL_MAX, true},
        {"/classifier@augment_widening", &a->settings.augmentation.widening, 1, 1, 0.0, DBL_MAX, false},
        {"/classifier/auc", a->auc, FB_N_SCORED_PARTS, 1, 0.0, 1.0, true},
        {"/classifier/log_loss", a->log_loss, FB_N_SCORED_PARTS, 1, 0.0, DBL_MAX, true},
        {"/diagnostics/roc", d->roc, FB_ROC_POINTS, 1, 0.0, 1.0, true},
        {"/diagnostics/calibration", d->calibration[0], (size_t)FB_CALIBRATION_BINS * 3, 3, 0.0, 1.0, true},
        {"/diagnostics/gain", d->gain, (size_t)d->n_inputs, 1, 0.0, 1.0, true},
        {"/diagnostics/permutation", d->permutation, (size_t)d->n_inputs, 1, -1.0, 1.0, true},
        {"/diagnostics/train_log_loss", d->learning.train, n_rounds, 1, 0.0, DBL_MAX, true},
        {"/diagnostics/validation_log_loss", d->learning.validation, n_rounds, 1, 0.0, DBL_MAX, true},
        {"/templates@share", &a->settings.templates.share, 1, 1, DBL_MIN, 1.0, false}};
    return check_ranges(sizeof ranges / sizeof ranges[0], ranges, path, error);
}

/* --- the split ---------------------------------------------------------------------------------------------------- */

static fb_status check_split(const fb_split *split, const char *path, fb_error *error)
{
    double sum = 0.0;
    for (int part = 0; part < FB_N_PARTS; part++) {
        sum += split->fraction[part];
    }
    if (fabs(sum - 1.0) > 1e-9) {
        return fb_fail(error, FB_ERROR_DATA, "%s: /split/fraction has the sum %g; 1 is needed", path, sum);
    }
    for (int part = 0; part < FB_N_PARTS; part++) {
        for (int process = 0; process < FB_N_PROCESS; process++) {
            const int64_t n_rows = (int64_t)split->n_rows[part][process];
            if (n_rows < 0) {
                return fb_fail(error, FB_ERROR_DATA,
                               "%s: /split/n_rows[%d, %d] is %" PRId64 "; a number >= 0 is needed", path, part, process,
                               n_rows);
            }
        }
    }
    return FB_OK;
}

/* --- the templates ------------------------------------------------------------------------------------------------ */

static fb_status check_edges(const fb_binning *binning, const char *path, fb_error *error)
{
    for (int i = 0; i <= binning->n_bins; i++) {
        const int low = i == 0 ? 0 : binning->edge[i - 1] + 1, edge = binning->edge[i];
        if (edge < low || edge > FB_SCORE_CELLS) {
            return fb_fail(error, FB_ERROR_DATA,
                           "%s: /templates/edge[%d] is %d; the edges rise from bin to bin, here from %d to at most %d",
                           path, i, edge, low, FB_SCORE_CELLS);
        }
    }
    if (binning->edge[binning->n_bins] != FB_SCORE_CELLS) {
        return fb_fail(error, FB_ERROR_DATA, "%s: /templates/edge[%d], the last one, is %d; %d is needed", path,
                       binning->n_bins, binning->edge[binning->n_bins], FB_SCORE_CELLS);
    }
    return FB_OK;
}

static fb_status check_conditioning(const fb_conditioning *conditioning, const char *path, fb_error *error)
{
    for (int k = 0; k < FB_N_SHAPE; k++) {
        const fb_prior prior = fb_nuisance_prior(FB_PRIORS_OFFICIAL, (fb_nuisance)k);
        if (!(conditioning->value.value[k] >= prior.low && conditioning->value.value[k] <= prior.high)) {
            return fb_fail(error, FB_ERROR_DATA, "%s: /templates/conditioning: %s is %g, allowed is %g to %g", path,
                           fb_nuisance_describe((fb_nuisance)k)->name, conditioning->value.value[k], prior.low,
                           prior.high);
        }
    }
    return FB_OK;
}

/* The bins cannot hold more of a process than the events have. The weights are rounded to float32 on the way. */
static fb_status check_yields(const fb_analysis *a, const char *path, fb_error *error)
{
    static const double ROUNDING = 1e-4;
    const fb_templates *templates = a->template_set->templates;
    const fb_status status = fb_templates_check(templates, error);
    if (status != FB_OK) {
        return fb_fail_prefix(error, status, "%s", path);
    }
    for (int process = 0; process < FB_N_PROCESS; process++) {
        double all = 0.0, sum = 0.0;
        for (int part = 0; part < FB_N_PARTS; part++) {
            all += a->split.yield[part][process];
        }
        for (int bin = 0; bin < templates->n_bins; bin++) {
            sum += templates->yield[process * templates->n_bins + bin];
        }
        if (sum > all * (1.0 + ROUNDING)) {
            return fb_fail(error, FB_ERROR_DATA,
                           "%s: /templates/yield of %s has the sum %g; at most %g is possible, that of /split/yield",
                           path, fb_process_name(process), sum, all);
        }
    }
    return FB_OK;
}

/* The values at which a shape was measured rise within the range of its parameter. */
static fb_status check_points(const fb_template_shape_points *points, fb_nuisance which, const char *path,
                              fb_error *error)
{
    const char *name = fb_nuisance_describe(which)->name;
    const fb_prior prior = fb_nuisance_prior(FB_PRIORS_OFFICIAL, which);
    for (int j = 0; j < points->n_points; j++) {
        const double alpha = points->alpha[j];
        if (!(alpha >= prior.low && alpha <= prior.high) || (j > 0 && alpha <= points->alpha[j - 1])) {
            return fb_fail(error, FB_ERROR_DATA,
                           "%s: /templates/%s/alpha[%d] is %g; values that rise from %g to %g are needed", path, name,
                           j, alpha, prior.low, prior.high);
        }
    }
    return FB_OK;
}

/* A least-squares fit does not leave its points: with weights that differ by a factor of at most 14 (measured points are
 * weighted by their distance from the nominal value), what it shifts at any of them is below 10 times the largest
 * measured shift. Anything far beyond was not fitted. */
static fb_status check_polynomial(const fb_template_set *set, fb_nuisance which, int process, int bin, const char *path,
                                  fb_error *error)
{
    static const double MOST = 100.0, ROUNDING = 1e-6;
    const char *name = fb_nuisance_describe(which)->name;
    const fb_template_shape_points *points = &set->shape[which];
    const fb_templates *templates = set->templates;
    const size_t per_point = (size_t)FB_N_PROCESS * (size_t)templates->n_bins;
    const size_t cell = (size_t)process * (size_t)templates->n_bins + (size_t)bin;
    const double first = templates->shape[which].coefficient[cell * ((size_t)templates->shape[which].degree + 1)];
    double largest = 0.0;
    for (int j = 0; j < points->n_points; j++) {
        const double ratio = points->ratio[(size_t)j * per_point + cell]; /* NaN: no events */
        if (ratio < 0.0 || isinf(ratio)) {
            return fb_fail(error, FB_ERROR_DATA, "%s: /templates/%s/ratio of %s in bin %d is %g; >= 0 is needed", path,
                           name, fb_process_name(process), bin, ratio);
        }
        largest = fmax(largest, fabs(ratio - 1.0));
    }
    if (first != 1.0) {
        return fb_fail(error, FB_ERROR_DATA, "%s: /templates/%s/coefficient 0 of %s in bin %d is %g; 1 is needed", path,
                       name, fb_process_name(process), bin, first);
    }
    for (int j = 0; j < points->n_points; j++) {
        const double value = fb_templates_ratio(templates, which, process, bin, points->alpha[j]);
        if (!(fabs(value - 1.0) <= MOST * largest + ROUNDING)) {
            return fb_fail(error, FB_ERROR_DATA,
                           "%s: /templates/%s/coefficient of %s in bin %d: the polynomial is %g at %g, where %g was "
                           "measured",
                           path, name, fb_process_name(process), bin, value, points->alpha[j],
                           points->ratio[(size_t)j * per_point + cell]);
        }
    }
    return FB_OK;
}

static fb_status check_shape(const fb_template_set *set, fb_nuisance which, const char *path, fb_error *error)
{
    const fb_template_shape_points *points = &set->shape[which];
    char name[64];
    const range closure = {name, points->closure, FB_MAX_DEGREE + 1, 1, 0.0, DBL_MAX, true};
    fb_status status = FB_OK;
    FB_TRY(check_points(points, which, path, error));
    snprintf(name, sizeof name, "/templates/%s/closure", fb_nuisance_describe(which)->name);
    FB_TRY(check_ranges(1, &closure, path, error));
    for (int process = 0; process < FB_N_PROCESS; process++) {
        for (int bin = 0; bin < set->templates->n_bins; bin++) {
            FB_TRY(check_polynomial(set, which, process, bin, path, error));
        }
    }
cleanup:
    return status;
}

fb_status fb_analysis_check(const fb_analysis *analysis, const char *path, fb_error *error)
{
    const fb_template_set *set = analysis->template_set;
    fb_status status = FB_OK;
    FB_TRY(check_numbers(analysis, path, error));
    FB_TRY(check_split(&analysis->split, path, error));
    FB_TRY(check_edges(&set->binning, path, error));
    FB_TRY(check_conditioning(&analysis->settings.templates.conditioning, path, error));
    FB_TRY(check_yields(analysis, path, error));
    for (int which = 0; which < FB_N_SHAPE; which++) {
        FB_TRY(check_shape(set, (fb_nuisance)which, path, error));
    }
cleanup:
    return status;
}

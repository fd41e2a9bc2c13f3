#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "baseline/reports/picture.h"
#include "baseline/support/json_output.h"
#include "models/common/memory.h"
#include "notebooks_export/plot_templates.h"

enum { N_CURVE = 41 };

/* What is drawn: for each bin measured signal and background, then their curves. */
typedef struct data {
    const fb_templates *templates;
    const fb_template_shape_points *shape;
    fb_nuisance which;
    int n_bins;
    double curve_alpha[N_CURVE];
    double *values;        // [n_bins][2 * (n_points + N_CURVE)]
    fb_templates_bin *bin; // [n_bins]
} data;

/* Events of the processes [first, end) at a measured point. A process whose bin was empty there has no ratio and stays
 * where it is, as its polynomial does; NaN when that is so for all of them. */
static double measured_at(const data *d, int first, int end, int bin, int point)
{
    const int n_bins = d->templates->n_bins;
    double sum = 0.0;
    bool is_known = false;
    for (int p = first; p < end; p++) {
        const double ratio = d->shape->ratio[(point * FB_N_PROCESS + p) * n_bins + bin];
        sum += d->templates->yield[p * n_bins + bin] * (isfinite(ratio) ? ratio : 1.0);
        is_known |= isfinite(ratio);
    }
    return is_known ? sum : NAN;
}

static double curve_at(const data *d, int first, int end, int bin, double alpha)
{
    double sum = 0.0;
    for (int p = first; p < end; p++) {
        sum += d->templates->yield[p * d->templates->n_bins + bin] *
               fb_templates_ratio(d->templates, d->which, p, bin, alpha);
    }
    return sum;
}

/* `values`: [n_points + N_CURVE] */
static fb_template_curve curve_of(const data *d, int first, int end, int bin, double *values)
{
    const int n_points = d->shape->n_points;
    double variance = 0.0;
    for (int j = 0; j < n_points; j++) {
        values[j] = measured_at(d, first, end, bin, j);
    }
    for (int j = 0; j < N_CURVE; j++) {
        values[n_points + j] = curve_at(d, first, end, bin, d->curve_alpha[j]);
    }
    for (int p = first; p < end; p++) {
        variance += d->templates->variance[p * d->templates->n_bins + bin];
    }
    const double nominal = fb_nuisance_describe(d->which)->nominal;
    return (fb_template_curve){values, values + n_points, curve_at(d, first, end, bin, nominal), sqrt(variance)};
}

/* From the lowest measured or nominal value to the highest. */
static void place_curve(data *d)
{
    const double nominal = fb_nuisance_describe(d->which)->nominal;
    double low = nominal, high = nominal;
    for (int j = 0; j < d->shape->n_points; j++) {
        low = fmin(low, d->shape->alpha[j]);
        high = fmax(high, d->shape->alpha[j]);
    }
    for (int j = 0; j < N_CURVE; j++) {
        d->curve_alpha[j] = low + (high - low) * j / (N_CURVE - 1);
    }
}

static fb_status check(const fb_analysis *analysis, fb_nuisance which, int n_bins, const int *bin, fb_error *error)
{
    const int n = analysis->template_set->templates->n_bins;
    if ((unsigned)which >= FB_N_SHAPE) {
        return fb_fail(error, FB_ERROR_USAGE, "templates: only tes, jes and soft_met move events between bins");
    }
    for (int k = 0; k < n_bins; k++) {
        if (bin[k] < 0 || bin[k] >= n) {
            return fb_fail(error, FB_ERROR_USAGE, "templates: there is no bin %d; the analysis has bins 0 to %d",
                           bin[k], n - 1);
        }
    }
    return n_bins >= 1 ? FB_OK : fb_fail(error, FB_ERROR_USAGE, "templates: no bin is asked for");
}

static fb_status collect(const fb_analysis *analysis, const int *bin, data *d, fb_error *error)
{
    const size_t per_curve = (size_t)d->shape->n_points + N_CURVE;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate((size_t)d->n_bins * 2 * per_curve, sizeof(double), &d->values, error));
    FB_TRY(fb_memory_allocate((size_t)d->n_bins, sizeof *d->bin, &d->bin, error));
    place_curve(d);
    for (int k = 0; k < d->n_bins; k++) {
        double *values = d->values + (size_t)k * 2 * per_curve;
        d->bin[k] = (fb_templates_bin){.bin = bin[k],
                                       .low = fb_binning_edge(&analysis->template_set->binning, bin[k]),
                                       .high = fb_binning_edge(&analysis->template_set->binning, bin[k] + 1),
                                       .signal = curve_of(d, FB_HTAUTAU, FB_HTAUTAU + 1, bin[k], values),
                                       .background = curve_of(d, FB_ZTAUTAU, FB_N_PROCESS, bin[k], values + per_curve)};
    }
cleanup:
    return status;
}

static json_t *curve_json(const data *d, const fb_template_curve *c)
{
    return json_pack("{s:o,s:o,s:o,s:o}", "nominal", fb_json_output_number(c->nominal), "error",
                     fb_json_output_number(c->error), "measured",
                     fb_json_output_numbers(c->measured, (size_t)d->shape->n_points), "curve",
                     fb_json_output_numbers(c->curve, N_CURVE));
}

static json_t *numbers_of(const data *d, const fb_templates_picture *p)
{
    json_t *bins = json_array();
    for (int k = 0; k < d->n_bins; k++) {
        const fb_templates_bin *bin = &d->bin[k];
        json_array_append_new(bins, json_pack("{s:i,s:o,s:o,s:o,s:o}", "bin", bin->bin, "low",
                                              fb_json_output_number(bin->low), "high", fb_json_output_number(bin->high),
                                              "signal", curve_json(d, &bin->signal), "background",
                                              curve_json(d, &bin->background)));
    }
    return json_pack("{s:s,s:s,s:o,s:i,s:[o,o],s:o,s:o,s:o}", "picture", "templates", "parameter",
                     fb_nuisance_describe(d->which)->name, "nominal", fb_json_output_number(p->nominal), "degree",
                     d->templates->shape[d->which].degree, "prior_68", fb_json_output_number(p->prior_low),
                     fb_json_output_number(p->prior_high), "alpha", fb_json_output_numbers(p->alpha, p->n_points),
                     "curve_alpha", fb_json_output_numbers(p->curve_alpha, p->n_curve), "bins", bins);
}

/* The central 68 % of the prior that the points were placed by. */
static void set_prior(fb_prior_set priors, fb_nuisance which, fb_templates_picture *p)
{
    const fb_prior prior = fb_nuisance_prior(priors, which);
    const bool is_logarithmic = prior.shape == FB_PRIOR_LOG_NORMAL;
    const double low = prior.centre - prior.width, high = prior.centre + prior.width;
    p->prior_low = fmax(is_logarithmic ? exp(low) : low, prior.low);
    p->prior_high = fmin(is_logarithmic ? exp(high) : high, prior.high);
}

fb_status fb_picture_templates(const fb_analysis *analysis, fb_nuisance which, int n_bins, const int *bin,
                               const char *title, fb_picture *out, fb_error *error)
{
    data d = {.templates = analysis->template_set->templates, .which = which, .n_bins = n_bins};
    char own_title[96], label[48];
    fb_status status = FB_OK;
    *out = (fb_picture){0};
    FB_TRY(check(analysis, which, n_bins, bin, error));
    d.shape = &analysis->template_set->shape[which];
    FB_TRY(collect(analysis, bin, &d, error));
    const fb_nuisance_info *info = fb_nuisance_describe(which);
    snprintf(own_title, sizeof own_title, "Expected events at \xCE\xBC = 1 against %s", info->name);
    snprintf(label, sizeof label, info->unit[0] != '\0' ? "%s (%s)" : "%s%s", info->name, info->unit);
    fb_templates_picture picture = {.title = title != NULL ? title : own_title,
                                    .parameter = label,
                                    .nominal = info->nominal,
                                    .n_points = (size_t)d.shape->n_points,
                                    .n_curve = N_CURVE,
                                    .alpha = d.shape->alpha,
                                    .curve_alpha = d.curve_alpha,
                                    .n_bins = (size_t)n_bins,
                                    .bin = d.bin};
    set_prior(analysis->settings.templates.priors, which, &picture);
    FB_TRY(fb_plot_templates(&picture, &out->svg, error));
    out->numbers = numbers_of(&d, &picture);
cleanup:
    free(d.values);
    free(d.bin);
    return status;
}

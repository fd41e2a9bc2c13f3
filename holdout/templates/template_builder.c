#include "holdout/templates/template_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"

fb_template_settings fb_template_builder_default(void)
{
    return (fb_template_settings){.n_bins = 25,
                                  .quantile_signal = 1.0,
                                  .share = 1.0,
                                  .combination = FB_COMBINE_PRODUCT,
                                  .conditioning = fb_conditioning_none(),
                                  .seed = 1};
}

/* Points of a shape parameter: the nominal value +-1, 2, 3, 5 prior widths and the ends of its range; soft_met, which
 * starts at its nominal value 0: exp(-1), 1, exp(1/2), exp(1), 4 and 5 GeV. Returns their number. */
static int choose_points(fb_prior_set priors, fb_nuisance which, double alpha[FB_MAX_POINTS])
{
    const fb_prior prior = fb_nuisance_prior(priors, which);
    const double nominal = fb_nuisance_describe(which)->nominal;
    int n = 0;
    if (which == FB_SOFT_MET) {
        const double values[] = {exp(-1.0), 1.0, exp(0.5), exp(1.0), 4.0, prior.high};
        memcpy(alpha, values, sizeof values);
        return sizeof values / sizeof values[0];
    }
    alpha[n++] = prior.low;
    /* Five widths are rare, but without a point there the curves swing on their way to the ends. */
    static const int sigmas[] = {-5, -3, -2, -1, 1, 2, 3, 5};
    for (size_t k = 0; k < sizeof sigmas / sizeof sigmas[0]; k++) {
        double value = nominal + sigmas[k] * prior.width;
        if (value > prior.low && value < prior.high) {
            alpha[n++] = value;
        }
    }
    alpha[n++] = prior.high;
    return n;
}

typedef struct passes {
    const fb_template_settings *settings;
    fb_source *source;
    fb_pipeline pipeline;
    fb_scorer scorer;
    fb_scorer_workspace *workspace; /* [FB_PIPELINE_SLOTS] */
    fb_score_histogram *histogram;
    fb_template_set *result;
    void (*progress)(void *context, int done, int total);
    void *context;
    int n_done, n_total;
} passes;

static fb_status score_block(void *context, int slot, fb_block *block, fb_error *error)
{
    const passes *p = context;
    return fb_scorer_run(&p->scorer, block, &p->workspace[slot], error);
}

static fb_status fill_block(void *context, int slot, fb_block *block, fb_error *error)
{
    const passes *p = context;
    (void)error;
    fb_score_histogram_add(p->histogram, block->events, p->workspace[slot].score);
    return FB_OK;
}

/* Adds the weights of the events that the pipeline finishes to the histogram, in row order. */
static fb_status run_pass(passes *p, fb_error *error)
{
    fb_status status = FB_OK;
    memset(p->histogram, 0, sizeof *p->histogram);
    FB_TRY(fb_source_rewind(p->source, error));
    FB_TRY(fb_pipeline_run(&p->pipeline, p->source, error));
    p->n_done++;
    if (p->progress != NULL) {
        p->progress(p->context, p->n_done, p->n_total);
    }
cleanup:
    return status;
}

/* Yields per process and bin of the last pass. */
static void yields(const passes *p, double *out /* [FB_N_PROCESS][n_bins] */)
{
    for (int process = 0; process < FB_N_PROCESS; process++) {
        fb_binning_rebin(&p->result->binning, p->histogram->sum[process], out + process * p->result->binning.n_bins);
    }
}

static fb_status choose_bins(const passes *p, fb_binning *out, fb_error *error)
{
    const fb_template_settings *s = p->settings;
    switch (s->binning) {
    case FB_BINNING_UNIFORM:
        return fb_binning_uniform(s->n_bins, out, error);
    case FB_BINNING_EDGES:
        *out = s->given;
        return FB_OK;
    default:
        return fb_binning_quantiles(s->n_bins, s->quantile_signal, p->histogram, out, error);
    }
}

static fb_status measure_nominal(passes *p, fb_error *error)
{
    fb_template_set *result = p->result;
    fb_status status = FB_OK;
    FB_TRY(run_pass(p, error));
    status = choose_bins(p, &result->binning, error);
    if (status == FB_ERROR_DATA) {
        status = fb_fail_prefix(error, status, "%s: holdout", fb_source_describe(p->source)->name);
    }
    FB_TRY(status);
    FB_TRY(fb_binning_drop(p->settings->n_dropped, &result->binning, error));
    FB_TRY(fb_templates_create(result->binning.n_bins, &result->templates, error));
    result->templates->combination = p->settings->combination;
    yields(p, result->templates->yield);
    for (int process = 0; process < FB_N_PROCESS; process++) {
        fb_binning_rebin(&result->binning, p->histogram->sum2[process],
                         result->templates->variance + process * result->binning.n_bins);
    }
    FB_TRY(fb_memory_allocate(1, sizeof *result->nominal, &result->nominal, error));
    *result->nominal = *p->histogram;
cleanup:
    return status;
}

/* Fits shape `which` with `degree` to all points but `left_out` (-1: to all). */
static fb_status fit_points(passes *p, fb_nuisance which, int degree, int left_out, fb_error *error)
{
    const fb_template_shape_points *shape = &p->result->shape[which];
    const fb_prior prior = fb_nuisance_prior(p->settings->priors, which);
    const double nominal = fb_nuisance_describe(which)->nominal;
    const size_t per_point = (size_t)FB_N_PROCESS * (size_t)p->result->binning.n_bins;
    double *weight = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(per_point * (size_t)shape->n_points, sizeof(double), &weight, error));
    for (size_t i = 0; i < per_point * (size_t)shape->n_points; i++) {
        /* The same events at every value: only those that change bins make noise, and their number grows with the
         * distance. A bin without events has no ratio (NaN) and no weight. */
        const int j = (int)(i / per_point);
        const bool counts = j != left_out && isfinite(shape->ratio[i]);
        weight[i] = counts ? prior.width / fabs(shape->alpha[j] - nominal) : 0.0;
    }
    FB_TRY(fb_templates_set_shape(p->result->templates, which, degree, prior.width, error));
    FB_TRY(fb_templates_fit_shape(p->result->templates, which, shape->n_points, shape->alpha, shape->ratio, weight,
                                  error));
cleanup:
    free(weight);
    return status;
}

/* How far the fitted shape misses point `j`: chi^2 of the total expectation, Poisson errors, summed over bins. */
static double missed(const passes *p, fb_nuisance which, int j)
{
    const fb_templates *templates = p->result->templates;
    const fb_template_shape_points *shape = &p->result->shape[which];
    const int n_bins = templates->n_bins;
    double sum = 0.0;
    for (int bin = 0; bin < n_bins; bin++) {
        double difference = 0.0, expected = 0.0;
        for (int process = 0; process < FB_N_PROCESS; process++) {
            double measured = shape->ratio[(j * FB_N_PROCESS + process) * n_bins + bin];
            expected += templates->yield[process * n_bins + bin];
            if (isfinite(measured)) {
                difference += templates->yield[process * n_bins + bin] *
                              (fb_templates_ratio(templates, which, process, bin, shape->alpha[j]) - measured);
            }
        }
        sum += expected > 0.0 ? difference * difference / expected : 0.0;
    }
    return sum;
}

/* The lowest degree that predicts points it has not seen as well as any, within a tenth. The ends of the range are
 * always in the fit: without them nothing would hold the curve there. */
static fb_status choose_degree(passes *p, fb_nuisance which, fb_error *error)
{
    fb_template_shape_points *shape = &p->result->shape[which];
    fb_status status = FB_OK;
    double best = INFINITY;
    int last = shape->n_points - 2 < 5 ? shape->n_points - 2 : 5;
    for (int degree = 1; degree <= last; degree++) {
        double sum = 0.0;
        int n = 0;
        for (int j = which == FB_SOFT_MET ? 0 : 1; j < shape->n_points - 1; j++, n++) {
            FB_TRY(fit_points(p, which, degree, j, error));
            sum += missed(p, which, j);
        }
        shape->closure[degree] = sqrt(sum / (n * p->result->binning.n_bins));
        best = fmin(best, shape->closure[degree]);
    }
    for (int degree = last; degree >= 1; degree--) {
        if (shape->closure[degree] <= 1.1 * best) {
            shape->chosen_degree = degree;
        }
    }
cleanup:
    return status;
}

/* Yields at one value of a shape parameter. Soft-MET noise is taken with both signs and averaged: an event at the edge
 * of a bin leaves it with one sign and stays with the other, so that most of the statistical fluctuation
 * of the soft-MET numbers cancels. */
static fb_status measure_point(passes *p, fb_nuisance which, double alpha, double *out, double *scratch,
                               fb_error *error)
{
    const size_t per_point = (size_t)FB_N_PROCESS * (size_t)p->result->binning.n_bins;
    fb_status status = FB_OK;
    p->pipeline.stages.nuisances = fb_nuisance_nominal();
    p->pipeline.stages.nuisances.value[which] = alpha;
    p->pipeline.stages.noise->is_mirrored = 0;
    FB_TRY(run_pass(p, error));
    yields(p, out);
    if (which == FB_SOFT_MET) {
        p->pipeline.stages.noise->is_mirrored = 1;
        FB_TRY(run_pass(p, error));
        yields(p, scratch);
        for (size_t i = 0; i < per_point; i++) {
            out[i] = 0.5 * (out[i] + scratch[i]);
        }
    }
cleanup:
    return status;
}

static fb_status measure_shape(passes *p, fb_nuisance which, const double *reference, fb_error *error)
{
    fb_template_shape_points *shape = &p->result->shape[which];
    const size_t per_point = (size_t)FB_N_PROCESS * (size_t)p->result->binning.n_bins;
    double *scratch = NULL;
    fb_status status = FB_OK;
    shape->n_points = choose_points(p->settings->priors, which, shape->alpha);
    FB_TRY(fb_memory_allocate(per_point, sizeof(double), &scratch, error));
    FB_TRY(fb_memory_allocate(per_point * (size_t)shape->n_points, sizeof(double), &shape->ratio, error));
    for (int j = 0; j < shape->n_points; j++) {
        double *ratio = shape->ratio + per_point * (size_t)j;
        FB_TRY(measure_point(p, which, shape->alpha[j], ratio, scratch, error));
        for (size_t i = 0; i < per_point; i++) {
            ratio[i] = reference[i] > 0.0 ? ratio[i] / reference[i] : NAN;
        }
    }
    shape->chosen_degree = p->settings->degree[which];
    if (shape->chosen_degree == 0) {
        FB_TRY(choose_degree(p, which, error));
    }
    FB_TRY(fit_points(p, which, shape->chosen_degree, -1, error));
cleanup:
    free(scratch);
    return status;
}

static fb_status measure_shapes(passes *p, fb_error *error)
{
    double *reference = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate((size_t)FB_N_PROCESS * (size_t)p->result->binning.n_bins, sizeof(double), &reference,
                              error));
    if (p->settings->share < 1.0) {
        /* The same share at nominal. */
        p->pipeline.share = p->settings->share;
        p->pipeline.share_seed = p->settings->seed;
        FB_TRY(run_pass(p, error));
        yields(p, reference);
    } else {
        memcpy(reference, p->result->templates->yield,
               (size_t)FB_N_PROCESS * (size_t)p->result->binning.n_bins * sizeof(double));
    }
    for (int which = 0; which < FB_N_SHAPE; which++) {
        FB_TRY(measure_shape(p, (fb_nuisance)which, reference, error));
    }
cleanup:
    free(reference);
    return status;
}

fb_status fb_template_builder_run(const fb_template_settings *settings, fb_source *source, const fb_split *split,
                                  const fb_classifier *classifier, void (*progress)(void *context, int done, int total),
                                  void *context, fb_template_set **out, fb_error *error)
{
    fb_noise noise;
    double alpha[FB_MAX_POINTS];
    passes p = {.settings = settings,
                .source = source,
                .pipeline = fb_pipeline_default(),
                .scorer = {classifier, &settings->conditioning},
                .progress = progress,
                .context = context};
    fb_status status = FB_OK;
    *out = NULL;
    /* A seed derived for this: templates and a pseudo-experiment with the same seed must not share their noise. */
    fb_noise_init_streams(&noise, fb_random_derive_seed(settings->seed, FB_STREAM_SOFT_MET_TEMPLATES, UINT64_MAX));
    p.pipeline.split = split;
    p.pipeline.part = FB_HOLDOUT;
    p.pipeline.stages.noise = &noise;
    p.pipeline.visit = score_block;
    p.pipeline.collect = fill_block;
    p.pipeline.context = &p;
    p.n_total = 1 + (settings->share < 1.0);
    for (int which = 0; which < FB_N_SHAPE; which++) {
        p.n_total += choose_points(settings->priors, (fb_nuisance)which, alpha) * (which == FB_SOFT_MET ? 2 : 1);
    }
    FB_TRY(fb_memory_allocate(1, sizeof *p.histogram, &p.histogram, error));
    FB_TRY(fb_memory_allocate(1, sizeof *p.result, &p.result, error));
    FB_TRY(fb_scorer_workspaces_create(FB_PIPELINE_SLOTS, &p.workspace, error));
    FB_TRY(measure_nominal(&p, error));
    FB_TRY(measure_shapes(&p, error));
    *out = p.result;
    p.result = NULL;
cleanup:
    fb_template_builder_free(p.result);
    fb_scorer_workspaces_free(FB_PIPELINE_SLOTS, p.workspace);
    free(p.histogram);
    return status;
}

void fb_template_builder_free(fb_template_set *template_set)
{
    if (template_set == NULL) {
        return;
    }
    fb_templates_free(template_set->templates);
    free(template_set->nominal);
    for (int k = 0; k < FB_N_SHAPE; k++) {
        free(template_set->shape[k].ratio);
    }
    free(template_set);
}

#include "baseline/analysis/train.h"

#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/train_sample.h"
#include "holdout/pipeline/conditioning.h"
#include "holdout/templates/hardening.h"
#include "holdout/validation/usability.h"
#include "models/common/memory.h"
#include "models/common/metrics.h"
#include "nll/asimov.h"

/* AUC and log-loss of scored rows with balanced classes; `weight` is changed. */
static fb_status judge(size_t n, const float *score, const float *label, float *weight, double *auc, double *log_loss,
                       fb_error *error)
{
    double sum[2] = {0.0, 0.0};
    for (size_t i = 0; i < n; i++) {
        sum[label[i] > 0.5f] += weight[i];
    }
    for (size_t i = 0; i < n; i++) {
        double own = sum[label[i] > 0.5f];
        weight[i] = own > 0.0 ? (float)(weight[i] / own) : 0.0f;
    }
    *log_loss = fb_metrics_log_loss(n, score, label, weight);
    return fb_metrics_auc(n, score, label, weight, auc, error);
}

static fb_status judge_rows(fb_analysis *a, fb_part part, const fb_train_sample *r, fb_error *error)
{
    const size_t n = r->n_plain;
    float *score = NULL; /* and weight, [n] each */
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(2 * n, sizeof(float), &score, error));
    FB_TRY(
        fb_classifier_score_all(a->classifier, n, fb_conditioning_n_inputs(r->conditioned), r->matrix, score, error));
    memcpy(score + n, r->weight, n * sizeof *score);
    FB_TRY(judge(n, score, r->label, score + n, &a->auc[part], &a->log_loss[part], error));
cleanup:
    free(score);
    return status;
}

/* The holdout is judged by cells of the score: 1/65536 wide, so exact to that. */
static fb_status judge_holdout(fb_analysis *a, fb_error *error)
{
    enum { N = 2 * FB_SCORE_CELLS };
    const fb_score_histogram *histogram = a->template_set->nominal;
    float *column = NULL; /* score, label, weight, [N] each */
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate((size_t)3 * N, sizeof(float), &column, error));
    for (int k = 0; k < N; k++) {
        int cell = k % FB_SCORE_CELLS;
        column[k] = (float)((cell + 0.5) / FB_SCORE_CELLS);
        column[N + k] = k >= FB_SCORE_CELLS;
        double background =
            histogram->sum[FB_ZTAUTAU][cell] + histogram->sum[FB_TTBAR][cell] + histogram->sum[FB_DIBOSON][cell];
        column[2 * N + k] = (float)(k >= FB_SCORE_CELLS ? histogram->sum[FB_HTAUTAU][cell] : background);
    }
    FB_TRY(judge(N, column, column + N, column + 2 * N, &a->auc[FB_HOLDOUT], &a->log_loss[FB_HOLDOUT], error));
cleanup:
    free(column);
    return status;
}

void fb_train_data_clear(fb_train_data *data)
{
    fb_train_sample_clear(&data->part[FB_TRAIN]);
    fb_train_sample_clear(&data->part[FB_VALIDATION]);
}

static void step(const fb_train_observer *observer, const char *what)
{
    if (observer->step != NULL) {
        observer->step(observer->context, what);
    }
}

fb_status fb_train_read(fb_analysis *analysis, fb_source *source, const fb_train_observer *observer,
                        fb_train_data *data, fb_error *error)
{
    const fb_source_info *info = fb_source_describe(source);
    const uint64_t most_rows[2] = {analysis->settings.train_rows, analysis->settings.train_rows / 3 + 1};
    fb_value_rules rules = {0};
    double whole[FB_N_PROCESS];
    fb_status status = FB_OK;
    *data = (fb_train_data){.name = info->name};
    if (info->stage == FB_EVENTS_OBSERVED) {
        return fb_fail(error, FB_ERROR_DATA, "%s: its events are distorted and selected already; train on raw ones",
                       info->name);
    }
    step(observer, "read");
    FB_TRY(fb_analysis_identify(source, &rules, &analysis->identity, error));
    FB_TRY(fb_usability_check_values(&rules, info, error));
    FB_TRY(fb_split_measure(&analysis->split, source, whole, error));
    FB_TRY(fb_usability_check_classes(whole, info->name, error));
    if (observer->measured != NULL) {
        FB_TRY(observer->measured(observer->context, analysis, error));
    }
    for (int k = 0; k < 2; k++) {
        FB_TRY(fb_train_sample_collect(source, &analysis->split, (fb_part)k, most_rows[k],
                                       &analysis->settings.augmentation, analysis->settings.templates.seed,
                                       &data->part[k], error));
        analysis->n_used[k] = data->part[k].n;
    }
    if (data->part[FB_VALIDATION].n == 0) {
        status = fb_fail(error, FB_ERROR_DATA,
                         "%s: no event is left for the validation sample, which stops the training", info->name);
    }
cleanup:
    return status;
}

/* Keeps the learning curve, and passes each round on. */
typedef struct round_recorder {
    const fb_train_observer *observer;
    fb_learning_curve *curve;
    fb_status status; /* of keeping the round: the classifier that reports it takes no status */
    fb_error error;
} round_recorder;

static void record_round(void *context, const fb_training_round *round)
{
    round_recorder *r = context;
    if (r->status == FB_OK) {
        r->status = fb_diagnostics_add_round(r->curve, round, &r->error);
    }
    if (r->observer->round != NULL) {
        r->observer->round(r->observer->context, round);
    }
}

/* The classifier, and how its training went. */
static fb_status fit(fb_analysis *a, const fb_sample *train, const fb_sample *validation, const char *name,
                     const fb_train_observer *observer, fb_error *error)
{
    round_recorder r = {.observer = observer, .curve = &a->diagnostics.learning};
    fb_status status = FB_OK;
    fb_diagnostics_clear(&a->diagnostics);
    FB_TRY(fb_classifier_fit(a->classifier, train, validation, record_round, &r, &a->report, error));
    FB_TRY(r.status == FB_OK ? FB_OK : fb_fail(error, r.status, "%s", r.error.text));
    fb_classifier_describe(a->classifier, a->model_settings, sizeof a->model_settings);
    if (a->settings.calibrate == FB_CALIBRATION_ISOTONIC) {
        FB_TRY(fb_classifier_calibrate(a->classifier, validation, error));
    }
cleanup:
    return status == FB_ERROR_DATA ? fb_fail_prefix(error, status, "%s", name) : status;
}

static fb_status prepare_hardened(fb_analysis *a, const fb_train_sample *train, fb_error *error)
{
    const fb_prior_set priors = a->settings.templates.priors;
    fb_hardened_constants constants = {.width = {[FB_HTAUTAU] = 1.0,
                                                 [FB_TTBAR] = fb_nuisance_prior(priors, FB_TTBAR_SCALE).width,
                                                 [FB_DIBOSON] = fb_nuisance_prior(priors, FB_DIBOSON_SCALE).width}};
    double point[2];
    fb_train_sample_yields(train, constants.yield);
    for (int which = 0; which < FB_N_SHAPE; which++) {
        constants.distance[which] = fb_hardening_points(priors, (fb_nuisance)which, point);
    }
    return fb_hardened_prepare(a->classifier, &constants, error);
}

/* Two nets, and the linear form that makes their outputs one score. */
static fb_status fit_hardened(fb_analysis *a, fb_source *source, const fb_train_data *data,
                              const fb_train_observer *observer, fb_error *error)
{
    const fb_heads heads = fb_hardened_heads();
    fb_sample sample[2] = {{.n = 0}, {.n = 0}};
    float *label[2] = {NULL, NULL};
    fb_hardening hardening;
    fb_status status = FB_OK;
    FB_TRY(prepare_hardened(a, &data->part[FB_TRAIN], error));
    for (int part = 0; part < 2; part++) {
        FB_TRY(fb_train_sample_view_heads(&data->part[part], &heads, &label[part], &sample[part], error));
    }
    FB_TRY(fit(a, &sample[FB_TRAIN], &sample[FB_VALIDATION], data->name, observer, error));
    step(observer, "fold");
    FB_TRY(fb_hardening_run(a->settings.templates.priors, a->settings.templates.seed, source, &a->split, a->classifier,
                            observer->pass, observer->context, &hardening, error));
cleanup:
    free(label[0]);
    free(label[1]);
    return status;
}

fb_status fb_train_classifier(fb_analysis *a, fb_source *source, const fb_train_data *data,
                              const fb_train_observer *observer, fb_error *error)
{
    const fb_sample train = fb_train_sample_view(&data->part[FB_TRAIN]);
    const fb_sample validation = fb_train_sample_view(&data->part[FB_VALIDATION]);
    fb_status status = FB_OK;
    step(observer, "train");
    FB_TRY(fb_hardened_is(a->classifier) ? fit_hardened(a, source, data, observer, error)
                                         : fit(a, &train, &validation, data->name, observer, error));
    for (int k = 0; k < 2; k++) {
        FB_TRY(judge_rows(a, (fb_part)k, &data->part[k], error));
    }
    FB_TRY(
        fb_diagnostics_weigh_features(&a->diagnostics, a->classifier, &validation, a->settings.templates.seed, error));
cleanup:
    return status;
}

fb_status fb_train_templates(fb_analysis *analysis, fb_source *source, const fb_train_observer *observer,
                             fb_error *error)
{
    const fb_fit_settings settings = fb_fit_settings_default();
    fb_point typical;
    fb_status status = FB_OK;
    step(observer, "templates");
    fb_template_builder_free(analysis->template_set);
    analysis->template_set = NULL;
    FB_TRY(fb_template_builder_run(&analysis->settings.templates, source, &analysis->split, analysis->classifier,
                                   observer->pass, observer->context, &analysis->template_set, error));
    FB_TRY(judge_holdout(analysis, error));
    fb_diagnostics_judge(&analysis->diagnostics, analysis->template_set->nominal);
    FB_TRY(fb_asimov_central(&settings, 1.0, &typical, error));
    FB_TRY(fb_analysis_expect(analysis, &typical, &analysis->expected_sigma, &analysis->shared_template_error, error));
cleanup:
    return status;
}

fb_status fb_train(fb_analysis *analysis, fb_source *source, const fb_train_observer *observer, fb_error *error)
{
    fb_train_data data;
    fb_status status = FB_OK;
    FB_TRY(fb_train_read(analysis, source, observer, &data, error));
    FB_TRY(fb_train_classifier(analysis, source, &data, observer, error));
    fb_train_data_clear(&data); /* the templates need memory, too */
    FB_TRY(fb_train_templates(analysis, source, observer, error));
cleanup:
    fb_train_data_clear(&data);
    return status;
}

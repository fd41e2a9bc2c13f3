#include "baseline/reports/analysis_report.h"

#include <math.h>
#include <stdio.h>

#include "baseline/support/json_output.h"
#include "holdout/pipeline/conditioning.h"
#include "models/calibration.h"
#include "models/common/log.h"

static double background_of(const fb_templates *t, const double *values, int bin)
{
    double sum = 0.0;
    for (int process = FB_ZTAUTAU; process < FB_N_PROCESS; process++) {
        sum += values[process * t->n_bins + bin];
    }
    return sum;
}

static void print_bins(const fb_analysis *a)
{
    const fb_templates *t = a->template_set->templates;
    printf("\n  %-4s %-17s %12s %14s %12s %14s\n", "bin", "score", "signal", "background", "weight", "MC events");
    for (int bin = 0; bin < t->n_bins; bin++) {
        double background = background_of(t, t->yield, bin);
        double variance = background_of(t, t->variance, bin);
        printf("  %-4d %.5f - %.5f %12.3f %14.2f %12.5g %14.1f\n", bin, fb_binning_edge(&a->template_set->binning, bin),
               fb_binning_edge(&a->template_set->binning, bin + 1), t->yield[bin], background,
               background > 0.0 ? variance / background : 0.0,
               variance > 0.0 ? background * background / variance : 0.0);
    }
    printf("  weight: events per simulated background event, sum w^2 / sum w; MC events: (sum w)^2 / sum w^2\n");
}

/* The features by what the AUC loses without them, the largest loss first. */
static void sort_features(const fb_diagnostics *d, int order[FB_MAX_INPUTS])
{
    for (int k = 0; k < d->n_inputs; k++) {
        int at = k;
        while (at > 0 && d->permutation[order[at - 1]] < d->permutation[k]) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = k;
    }
}

static void print_features(const fb_analysis *a)
{
    const fb_diagnostics *d = &a->diagnostics;
    enum { SHOWN = 10 };
    int order[FB_MAX_INPUTS];
    sort_features(d, order);
    printf("\n  %-28s %9s %9s   the ten whose values matter most: AUC lost when they are permuted\n", "feature",
           "AUC lost", "gain");
    for (int k = 0; k < SHOWN; k++) {
        printf("  %-28s %9.5f", fb_conditioning_input_name(a->settings.templates.conditioning.which, order[k]),
               d->permutation[order[k]]);
        if (isnan(d->gain[order[k]])) {
            printf(" %9s\n", "-");
        } else {
            printf(" %7.1f %%\n", 100.0 * d->gain[order[k]]);
        }
    }
}

static void print_conditioning(const fb_analysis *a)
{
    const fb_conditioning *conditioning = &a->settings.templates.conditioning;
    if (conditioning->which == 0) {
        return;
    }
    printf("\n  the classifier is conditioned on");
    for (int k = 0; k < FB_N_SHAPE; k++) {
        if ((conditioning->which >> k & 1U) != 0) {
            printf(" %s=%g", fb_nuisance_describe((fb_nuisance)k)->name, conditioning->value.value[k]);
        }
    }
    printf("\n");
}

static void print_calibration(const fb_classifier *classifier)
{
    const fb_calibration *calibration = fb_classifier_calibration(classifier);
    if (calibration != NULL) {
        printf("\n  calibrated: isotonic, %zu steps from the validation sample\n", fb_calibration_n_steps(calibration));
    }
}

/* The first round, the one that is kept, and the last. */
static void print_learning(const fb_analysis *a)
{
    const fb_learning_curve *c = &a->diagnostics.learning;
    const int at[] = {1, a->report.best_round, c->n_rounds};
    if (c->n_rounds == 0) {
        return;
    }
    printf("\n  %-12s %10s %10s   log-loss by round, before any calibration; all rounds: --json, or /diagnostics\n",
           "round", "train", "validation");
    for (int k = 0, before = 0; k < 3; before = at[k++]) {
        if (at[k] > before && at[k] <= c->n_rounds) {
            printf("  %-12d %10.5f %10.5f%s\n", at[k], c->train[at[k] - 1], c->validation[at[k] - 1],
                   at[k] == a->report.best_round ? "   kept" : "");
        }
    }
}

void fb_analysis_report_print(const fb_analysis *a, const char *path)
{
    char split[FB_SPLIT_TEXT_SIZE];
    fb_analysis_split_text(&a->split, split, sizeof split);
    printf("%s\n\n  events  %s%s%s\n  split   %s\n\n  %-12s %10s %10s %10s %10s\n", path, a->identity.checksum,
           a->identity.origin[0] != '\0' ? ", " : "", a->identity.origin, split, "rows", "htautau", "ztautau", "ttbar",
           "diboson");
    for (int part = 0; part < FB_N_PARTS; part++) {
        printf("  %-12s", fb_split_part_names[part]);
        for (int process = 0; process < FB_N_PROCESS; process++) {
            printf(" %10llu", (unsigned long long)a->split.n_rows[part][process]);
        }
        printf("\n");
    }
    printf("\n  model %s: %s\n  trained on %llu rows, validated on %llu, after the final selection\n",
           fb_classifier_kind(a->classifier), a->model_settings, (unsigned long long)a->n_used[FB_TRAIN],
           (unsigned long long)a->n_used[FB_VALIDATION]);
    if (a->report.n_rounds > 0) {
        printf("  rounds %d, best %d\n", a->report.n_rounds, a->report.best_round);
    }
    printf("\n  %-12s %10s %10s\n", "", "AUC", "log-loss");
    for (int part = 0; part < FB_N_SCORED_PARTS; part++) {
        printf("  %-12s %10.5f %10.5f\n", fb_split_part_names[part], a->auc[part], a->log_loss[part]);
    }
    print_conditioning(a);
    print_calibration(a->classifier);
    print_learning(a);
    print_features(a);
    print_bins(a);
    printf("\n  %-10s %7s   Poisson errors by which a left-out point is missed, by degree\n", "shape", "degree");
    for (int which = 0; which < FB_N_SHAPE; which++) {
        const fb_template_shape_points *shape = &a->template_set->shape[which];
        printf("  %-10s %7d  ", fb_nuisance_describe((fb_nuisance)which)->name, shape->chosen_degree);
        for (int degree = 1; degree <= FB_MAX_DEGREE && shape->closure[degree] > 0.0; degree++) {
            printf(" %d: %.2f", degree, shape->closure[degree]);
        }
        printf("\n");
    }
    printf("\n  expected error of mu at mu = 1, all systematics: %.4f\n"
           "  shared template error of mu, from the templates' own statistics: %.4f\n",
           a->expected_sigma, a->shared_template_error);
}

static json_t *diagnostics_json(const fb_analysis *a)
{
    const fb_diagnostics *d = &a->diagnostics;
    const size_t n_rounds = (size_t)d->learning.n_rounds;
    json_t *features = json_object(), *calibration[3] = {json_array(), json_array(), json_array()};
    for (int k = 0; k < 3 * FB_CALIBRATION_BINS; k++) {
        json_array_append_new(calibration[k % 3], fb_json_output_number(d->calibration[k / 3][k % 3]));
    }
    for (int k = 0; k < d->n_inputs; k++) {
        json_object_set_new(features, fb_conditioning_input_name(a->settings.templates.conditioning.which, k),
                            json_pack("{s:o,s:o}", "auc_lost", fb_json_output_number(d->permutation[k]), "gain",
                                      fb_json_output_number(d->gain[k])));
    }
    return json_pack(
        "{s:o,s:o,s:o,s:o,s:{s:o,s:o,s:o}}", "train_log_loss", fb_json_output_numbers(d->learning.train, n_rounds),
        "validation_log_loss", fb_json_output_numbers(d->learning.validation, n_rounds), "features", features,
        "roc_background_efficiency", fb_json_output_numbers(d->roc, FB_ROC_POINTS), "calibration", "mean_score",
        calibration[0], "signal_fraction", calibration[1], "share_of_weight", calibration[2]);
}

json_t *fb_analysis_report_json(const fb_analysis *a)
{
    const fb_templates *t = a->template_set->templates;
    json_t *root = json_object();
    json_t *bins = json_array();
    json_object_set_new(root, "model", json_string(fb_classifier_kind(a->classifier)));
    json_object_set_new(root, "settings", json_string(a->model_settings));
    json_object_set_new(root, "configuration",
                        a->configuration[0] != '\0' ? json_string(a->configuration) : json_null());
    char split[FB_SPLIT_TEXT_SIZE];
    fb_analysis_split_text(&a->split, split, sizeof split);
    json_object_set_new(root, "split", json_string(split));
    json_object_set_new(root, "events_origin", json_string(a->identity.origin));
    json_object_set_new(root, "events_checksum", json_string(a->identity.checksum));
    json_object_set_new(root, "calibrate", json_string(fb_train_settings_calibrations[a->settings.calibrate]));
    json_object_set_new(root, "rounds", json_integer(a->report.n_rounds));
    json_object_set_new(root, "best_round", json_integer(a->report.best_round));
    for (int part = 0; part < FB_N_SCORED_PARTS; part++) {
        json_t *one = json_object();
        if (part <= FB_VALIDATION) {
            json_object_set_new(one, "rows_used", json_integer((json_int_t)a->n_used[part]));
        }
        json_object_set_new(one, "auc", fb_json_output_number(a->auc[part]));
        json_object_set_new(one, "log_loss", fb_json_output_number(a->log_loss[part]));
        json_object_set_new(root, fb_split_part_names[part], one);
    }
    for (int bin = 0; bin < t->n_bins; bin++) {
        json_t *one = json_object();
        json_object_set_new(one, "low", fb_json_output_number(fb_binning_edge(&a->template_set->binning, bin)));
        json_object_set_new(one, "high", fb_json_output_number(fb_binning_edge(&a->template_set->binning, bin + 1)));
        json_object_set_new(one, "signal", fb_json_output_number(t->yield[bin]));
        json_object_set_new(one, "background", fb_json_output_number(background_of(t, t->yield, bin)));
        json_object_set_new(one, "background_variance", fb_json_output_number(background_of(t, t->variance, bin)));
        json_array_append_new(bins, one);
    }
    json_t *conditioning = json_object();
    for (int k = 0; k < FB_N_SHAPE; k++) {
        if ((a->settings.templates.conditioning.which >> k & 1U) != 0) {
            json_object_set_new(conditioning, fb_nuisance_describe((fb_nuisance)k)->name,
                                fb_json_output_number(a->settings.templates.conditioning.value.value[k]));
        }
    }
    json_object_set_new(root, "conditioning", conditioning);
    json_object_set_new(root, "bins", bins);
    json_object_set_new(root, "diagnostics", diagnostics_json(a));
    json_object_set_new(root, "expected_sigma_mu", fb_json_output_number(a->expected_sigma));
    json_object_set_new(root, "shared_template_error_mu", fb_json_output_number(a->shared_template_error));
    return root;
}

static void warn_of_bins(const fb_analysis *a)
{
    const fb_templates *t = a->template_set->templates;
    int n_poor = 0;
    for (int bin = 0; bin < t->n_bins; bin++) {
        const double yield = background_of(t, t->yield, bin);
        n_poor += yield * yield < 10.0 * background_of(t, t->variance, bin);
    }
    const fb_template_settings *s = &a->settings.templates;
    const int n_bins = t->n_bins + s->n_dropped;
    if (s->binning != FB_BINNING_EDGES && n_bins < s->n_bins) {
        fb_log(FB_LOG_WARNING, "%d bins instead of %d: more have no background or no difference of score", n_bins,
               s->n_bins);
    }
    if (n_poor > 0) {
        fb_log(FB_LOG_WARNING,
               "%d of %d bins have fewer than 10 simulated background events: use fewer bins or more events", n_poor,
               t->n_bins);
    }
}

/* Bins that are missing or hold few simulated events, shapes from few events, and templates whose own statistics is
 * large beside the expected error of mu. */
static void warn_of_templates(const fb_analysis *a)
{
    uint64_t background = 0;
    for (int process = FB_ZTAUTAU; process < FB_N_PROCESS; process++) {
        background += a->split.n_rows[FB_HOLDOUT][process];
    }
    if (a->settings.templates.share * (double)background < 10000.0) {
        fb_log(FB_LOG_WARNING, "the effects of the nuisance parameters are measured on %.0f background events only",
               a->settings.templates.share * (double)background);
    }
    warn_of_bins(a);
    if (isnan(a->expected_sigma)) {
        fb_log(FB_LOG_WARNING,
               "the fit to what these templates expect does not converge: there is no expected error of mu");
    } else if (a->shared_template_error > 0.5 * a->expected_sigma) {
        fb_log(
            FB_LOG_WARNING,
            "the statistics of the templates can move all results together by %.2f, the expected error is %.2f: more "
            "simulated "
            "background would help",
            a->shared_template_error, a->expected_sigma);
    }
}

fb_status fb_analysis_report_publish(const fb_analysis *analysis, const char *path, bool json, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_analysis_file_save(analysis, path, error));
    warn_of_templates(analysis);
    if (json) {
        FB_TRY(fb_json_output_print(fb_analysis_report_json(analysis), error));
    } else {
        fb_analysis_report_print(analysis, path);
    }
cleanup:
    return status;
}

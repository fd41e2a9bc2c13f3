#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/bin_counts.h"
#include "baseline/analysis/fit_options.h"
#include "baseline/commands/commands.h"
#include "baseline/config/command_line.h"
#include "baseline/support/json_output.h"
#include "models/common/memory.h"
#include "nll/fit.h"

/* A finished fit with what it was made from. */
typedef struct outcome {
    fb_fit_settings settings;
    fb_fit_result result;
    int n_bins;
    double *counts;   /* [n_bins] */
    double *expected; /* [n_bins] */
    double *variance; /* [n_bins] of the expectation, from the statistics of the templates */
    uint64_t n_events;
    char health[256];
} outcome;

static void print_bins(const outcome *o, const fb_binning *binning)
{
    printf("\n  %-4s %-17s %12s %12s %10s %8s\n", "bin", "score", "observed", "expected", "MC error", "pull");
    for (int bin = 0; bin < o->n_bins; bin++) {
        printf("  %-4d %.5f - %.5f %12.0f %12.2f %10.2f %8.2f\n", bin, fb_binning_edge(binning, bin),
               fb_binning_edge(binning, bin + 1), o->counts[bin], o->expected[bin], sqrt(o->variance[bin]),
               (o->counts[bin] - o->expected[bin]) / sqrt(o->expected[bin] + o->variance[bin]));
    }
}

static bool is_held(const outcome *o, int k)
{
    return ((o->settings.systematics >> k) & 1U) == 0 || ((o->settings.fixed >> k) & 1U) != 0;
}

static void print_outcome(const outcome *o, const fb_binning *binning)
{
    const fb_fit_result *r = &o->result;
    printf("  mu_hat        %10.5f\n  delta_mu_hat  %10.5f\n  p16           %10.5f\n  p84           %10.5f\n",
           r->mu_hat, r->delta_mu_hat, r->p16, r->p84);
    printf("\n  %-14s %10s %10s %8s %11s\n", "nuisance", "value", "error", "pull", "constraint");
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        printf("  %-14s %10.5f", fb_nuisance_describe((fb_nuisance)k)->name, r->nuisance[k]);
        if (is_held(o, k)) {
            printf("   held\n");
        } else {
            printf(" %10.5f %8.3f %11.3f\n", r->error[k], r->pull[k], r->constraint[k]);
        }
    }
    printf("\n  health        %s\n  t             %.3f in %d bins, probability %.2g\n  gradient      %.1e, distance to "
           "the minimum %.1e\n"
           "  starts        %d, %d ended elsewhere\n",
           o->health, r->t, o->n_bins, r->p_value, r->gradient_norm, r->edm, r->n_starts, r->n_disagreeing);
    print_bins(o, binning);
}

static json_t *nuisance_json(const outcome *o)
{
    json_t *all = json_object();
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        json_t *one = json_object();
        json_object_set_new(one, "value", fb_json_output_number(o->result.nuisance[k]));
        json_object_set_new(one, "held", json_boolean(is_held(o, k)));
        json_object_set_new(one, "error", fb_json_output_number(o->result.error[k]));
        json_object_set_new(one, "pull", fb_json_output_number(o->result.pull[k]));
        json_object_set_new(one, "constraint", fb_json_output_number(o->result.constraint[k]));
        json_object_set_new(all, fb_nuisance_describe((fb_nuisance)k)->name, one);
    }
    return all;
}

static json_t *outcome_json(const outcome *o)
{
    const fb_fit_result *r = &o->result;
    json_t *root = json_object();
    json_t *health = json_object();
    json_object_set_new(root, "mu_hat", fb_json_output_number(r->mu_hat));
    json_object_set_new(root, "delta_mu_hat", fb_json_output_number(r->delta_mu_hat));
    json_object_set_new(root, "p16", fb_json_output_number(r->p16));
    json_object_set_new(root, "p84", fb_json_output_number(r->p84));
    json_object_set_new(root, "nuisances", nuisance_json(o));
    json_object_set_new(health, "valid", json_boolean(r->is_valid));
    json_object_set_new(health, "text", json_string(o->health));
    json_object_set_new(health, "t", fb_json_output_number(r->t));
    json_object_set_new(health, "p_value", fb_json_output_number(r->p_value));
    json_object_set_new(health, "gradient_norm", fb_json_output_number(r->gradient_norm));
    json_object_set_new(health, "edm", fb_json_output_number(r->edm));
    json_object_set_new(health, "starts", json_integer(r->n_starts));
    json_object_set_new(health, "disagreeing_starts", json_integer(r->n_disagreeing));
    json_object_set_new(health, "at_limit_mask", json_integer(r->at_limit));
    json_object_set_new(root, "fit", health);
    json_object_set_new(root, "events", json_integer((json_int_t)o->n_events));
    json_object_set_new(root, "observed", fb_json_output_numbers(o->counts, (size_t)o->n_bins));
    json_object_set_new(root, "expected", fb_json_output_numbers(o->expected, (size_t)o->n_bins));
    json_object_set_new(root, "expected_variance", fb_json_output_numbers(o->variance, (size_t)o->n_bins));
    return root;
}

/* What the bins expect at the minimum, and how sure the templates are of it. */
static fb_status expect_at_minimum(outcome *o, const fb_templates *templates, fb_error *error)
{
    fb_expectation *expectation = NULL;
    fb_point point = {.mu = o->result.mu_hat};
    fb_status status = fb_expectation_create(templates, &expectation, error);
    memcpy(point.nuisances.value, o->result.nuisance, sizeof point.nuisances.value);
    if (status == FB_OK) {
        fb_expectation_counts(expectation, &point, o->expected, o->variance);
    }
    fb_expectation_free(expectation);
    return status;
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    const char *data_path = line->positional[1];
    fb_analysis *analysis = NULL;
    outcome o = {.settings = fb_fit_options_settings(context)};
    fb_status status = FB_OK;
    FB_TRY(fb_analysis_file_load(line->positional[0], &analysis, error));
    o.n_bins = analysis->template_set->binning.n_bins;
    FB_TRY(fb_memory_allocate((size_t)o.n_bins, sizeof(double), &o.counts, error));
    FB_TRY(fb_memory_allocate((size_t)o.n_bins, sizeof(double), &o.expected, error));
    FB_TRY(fb_memory_allocate((size_t)o.n_bins, sizeof(double), &o.variance, error));
    FB_TRY(fb_bin_counts_of_file(analysis, data_path, o.counts, &o.n_events, error));
    status = fb_fit(analysis->template_set->templates, &o.settings, o.n_bins, o.counts, &o.result, error);
    if (status != FB_OK && status != FB_ERROR_NOT_CONVERGED) {
        goto cleanup;
    }
    fb_status fitted = status;
    FB_TRY(expect_at_minimum(&o, analysis->template_set->templates, error));
    status = fitted;
    fb_fit_describe_health(&o.result, o.health, sizeof o.health);
    if (line->common.json) {
        fb_status printed = fb_command_line_print(line, outcome_json(&o), error);
        status = status == FB_OK ? printed : status;
    } else {
        printf("%s: %llu events\n", data_path, (unsigned long long)o.n_events);
        print_outcome(&o, &analysis->template_set->binning);
    }
cleanup:
    free(o.counts);
    free(o.expected);
    free(o.variance);
    fb_analysis_free(analysis);
    return status;
}

fb_status fb_cmd_fit(int argc, char **argv, fb_error *error)
{
    fb_fit_choice choice = fb_fit_options_default();
    fb_command_line line = {
        .arguments = "ANALYSIS DATA",
        .summary = "Measures mu on data: scores the events, fills the bins, minimises t(mu, alpha).",
        .details =
            "DATA are events as a participant gets them (from 'pseudo', or CSV with the 16 primary columns).\n"
            "p16, p84: symmetric: mu_hat -+ half the distance of the two points with Delta t = 1; profile: these two\n"
            "points; hessian: from the curvature. Exit code 4 when the fit does not converge.",
        .example = "fair-baseline fit analysis.h5 pseudo.h5 --systematics tes,jes,soft_met",
        .min_positional = 2};
    fb_fit_options_add(&line.options, &choice);
    return fb_command_line_run(&line, argc, argv, run, &choice, error);
}

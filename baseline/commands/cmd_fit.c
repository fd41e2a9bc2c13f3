#include <math.h>
#include <stdio.h>
#include <string.h>

#include "baseline/analysis/data_counts.h"
#include "baseline/analysis/fit_options.h"
#include "baseline/commands/commands.h"
#include "baseline/commands/fit_details.h"
#include "baseline/support/json_output.h"
#include "nll/fit.h"

/* A finished fit with what it was made from. */
typedef struct outcome {
    fb_fit_settings settings;
    fb_fit_result result;
    int n_bins;
    fb_data_counts data;
    double expected[FB_MAX_BINS];
    double variance[FB_MAX_BINS]; /* of the expectation, from the statistics of the templates */
    fb_yield prefit[FB_N_YIELD], postfit[FB_N_YIELD];
    char health[256];
} outcome;

static double observed(const outcome *o)
{
    double sum = 0.0;
    for (int bin = 0; bin < o->n_bins; bin++) {
        sum += o->data.count[bin];
    }
    return sum;
}

static void print_bins(const outcome *o, const fb_binning *binning)
{
    printf("\n  %-4s %-17s %12s %12s %10s %8s\n", "bin", "score", "observed", "expected", "MC error", "pull");
    for (int bin = 0; bin < o->n_bins; bin++) {
        const double spread = sqrt(o->expected[bin] + o->variance[bin]);
        printf("  %-4d %.5f - %.5f %12.0f %12.2f %10.2f", bin, fb_binning_edge(binning, bin),
               fb_binning_edge(binning, bin + 1), o->data.count[bin], o->expected[bin], sqrt(o->variance[bin]));
        if (spread > 0.0) {
            printf(" %8.2f\n", (o->data.count[bin] - o->expected[bin]) / spread);
        } else {
            printf(" %8s\n", "-"); /* nothing is expected there */
        }
    }
}

static void print_outcome(const outcome *o, const fb_binning *binning)
{
    const fb_fit_result *r = &o->result;
    printf("  mu_hat        %10.5f\n  delta_mu_hat  %10.5f\n  p16           %10.5f\n  p84           %10.5f\n",
           r->mu_hat, r->delta_mu_hat, r->p16, r->p84);
    printf("\n  %-14s %10s %10s %8s %11s\n", "nuisance", "value", "error", "pull", "constraint");
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        printf("  %-14s %10.5f", fb_nuisance_describe((fb_nuisance)k)->name, r->nuisance[k]);
        if (fb_fit_details_is_held(&o->settings, 1 + k)) {
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

static void print_data(const fb_data_counts *data, const char *path)
{
    char derived[FB_DERIVED_TEXT_SIZE];
    fb_data_counts_describe_derived(data, derived, sizeof derived);
    printf("%s: %llu events\n  derived columns %s\n", path, (unsigned long long)data->n_events, derived);
}

static json_t *nuisance_json(const outcome *o)
{
    const fb_fit_result *r = &o->result;
    json_t *all = json_object();
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        json_t *one =
            json_pack("{s:o,s:b,s:o,s:o,s:o}", "value", fb_json_output_number(r->nuisance[k]), "held",
                      fb_fit_details_is_held(&o->settings, 1 + k), "error", fb_json_output_number(r->error[k]), "pull",
                      fb_json_output_number(r->pull[k]), "constraint", fb_json_output_number(r->constraint[k]));
        fb_fit_details_add_sides(r, 1 + k, one);
        json_object_set_new(all, fb_nuisance_describe((fb_nuisance)k)->name, one);
    }
    return all;
}

static json_t *derived_json(const fb_data_counts *data)
{
    if (!data->has_derived) {
        return json_pack("{s:s}", "from", "computed");
    }
    return json_pack("{s:s,s:o,s:s,s:I,s:I}", "from", "file", "largest_difference",
                     fb_json_output_number(data->largest_difference), "column", fb_column_name(data->differing_column),
                     "implausible_rows", (json_int_t)data->n_implausible, "undefined_values",
                     (json_int_t)data->n_undefined);
}

static json_t *outcome_json(const outcome *o)
{
    const fb_fit_result *r = &o->result;
    json_t *health =
        json_pack("{s:b,s:s,s:o,s:o,s:o,s:o,s:i,s:i,s:i,s:[o,o]}", "valid", r->is_valid, "text", o->health, "t",
                  fb_json_output_number(r->t), "p_value", fb_json_output_number(r->p_value), "gradient_norm",
                  fb_json_output_number(r->gradient_norm), "edm", fb_json_output_number(r->edm), "starts", r->n_starts,
                  "disagreeing_starts", r->n_disagreeing, "at_limit_mask", (int)r->at_limit, "mu_limits",
                  fb_json_output_number(r->mu_low), fb_json_output_number(r->mu_high));
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:I,s:o,s:o,s:o,s:o}", "mu_hat",
                     fb_json_output_number(r->mu_hat), "delta_mu_hat", fb_json_output_number(r->delta_mu_hat), "p16",
                     fb_json_output_number(r->p16), "p84", fb_json_output_number(r->p84), "mu",
                     fb_fit_details_mu_json(&o->settings, r), "nuisances", nuisance_json(o), "correlations",
                     fb_fit_details_correlations_json(&o->settings, r), "yields",
                     fb_fit_details_yields_json(o->prefit, o->postfit, observed(o)), "fit", health, "events",
                     (json_int_t)o->data.n_events, "derived_columns", derived_json(&o->data), "observed",
                     fb_json_output_numbers(o->data.count, (size_t)o->n_bins), "expected",
                     fb_json_output_numbers(o->expected, (size_t)o->n_bins), "expected_variance",
                     fb_json_output_numbers(o->variance, (size_t)o->n_bins));
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    const char *data_path = line->positional[1];
    fb_analysis *analysis = NULL;
    fb_expectation *expectation = NULL;
    const fb_fit_choice *choice = context;
    outcome o = {.settings = fb_fit_options_settings(choice)};
    o.settings.all_sides = choice->errors == FB_FIT_ERRORS_PROFILE;
    fb_status status = FB_OK;
    FB_TRY(fb_analysis_file_load(line->positional[0], &analysis, error));
    const fb_templates *templates = analysis->template_set->templates;
    o.n_bins = templates->n_bins;
    FB_TRY(fb_data_counts_read(analysis, data_path, &o.data, error));
    const fb_status fitted = fb_fit(templates, &o.settings, o.n_bins, o.data.count, &o.result, error);
    FB_TRY(fitted != FB_ERROR_NOT_CONVERGED ? fitted : FB_OK);
    FB_TRY(fb_expectation_create(templates, &expectation, error));
    fb_point minimum = {.mu = o.result.mu_hat};
    memcpy(minimum.nuisances.value, o.result.nuisance, sizeof minimum.nuisances.value);
    fb_expectation_counts(expectation, &minimum, o.expected, o.variance);
    FB_TRY(fb_yields_prefit(templates, &o.settings, o.prefit, error));
    FB_TRY(fb_yields_postfit(templates, &o.settings, &o.result, o.postfit, error));
    fb_fit_describe_health(&o.result, o.health, sizeof o.health);
    if (line->common.json) {
        status = fb_command_line_print(line, outcome_json(&o), error);
    } else {
        print_data(&o.data, data_path);
        print_outcome(&o, &analysis->template_set->binning);
        if (o.settings.all_sides) {
            fb_fit_details_print_sides(&o.settings, &o.result);
        }
        if (line->common.verbose) {
            fb_fit_details_print_correlations(&o.settings, &o.result);
            fb_fit_details_print_yields(o.prefit, o.postfit, observed(&o));
        }
    }
    status = fitted == FB_OK ? status : fitted;
cleanup:
    fb_expectation_free(expectation);
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
            "points; hessian: from the curvature. Exit code 4 when the fit does not converge.\n"
            "--verbose adds the correlations of the parameters and the yields of the processes behind the other "
            "tables;\n"
            "--json always has them.\n"
            "--errors profile adds the asymmetric errors of all parameters (or 'at limit', where t does not rise by "
            "1\nwithin the limits of a parameter).",
        .example = "fair-baseline fit analysis.h5 pseudo.h5 --systematics tes,jes,soft_met",
        .min_positional = 2};
    fb_fit_options_add_all(&line.options, &choice);
    return fb_command_line_run(&line, argc, argv, run, &choice, error);
}

#include "baseline/commands/fit_details.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "baseline/support/json_output.h"

bool fb_fit_details_is_held(const fb_fit_settings *settings, int parameter)
{
    const int k = parameter - 1;
    return parameter == FB_MU ? settings->mu_is_fixed
                              : (settings->systematics >> k & 1U) == 0 || (settings->fixed >> k & 1U) != 0;
}

/* The parameters that are not held; returns how many. */
static int list_floating(const fb_fit_settings *settings, int floating[FB_N_PARAMETER])
{
    int n = 0;
    for (int a = 0; a < FB_N_PARAMETER; a++) {
        if (!fb_fit_details_is_held(settings, a)) {
            floating[n++] = a;
        }
    }
    return n;
}

static double error_of(const fb_fit_result *result, int parameter)
{
    return parameter == FB_MU ? fb_fit_mu_error(result) : result->error[parameter - 1];
}

/* A column as wide as its heading, but for short ones. */
static int width_of(int parameter)
{
    const int width = (int)strlen(fb_fit_settings_parameter_name(parameter));
    return width < 7 ? 7 : width;
}

void fb_fit_details_print_correlations(const fb_fit_settings *settings, const fb_fit_result *result)
{
    int floating[FB_N_PARAMETER];
    const int n = list_floating(settings, floating);
    if (n == 0) {
        return;
    }
    printf("\n  %-14s %10s", "correlation", "error");
    for (int j = 0; j < n; j++) {
        printf(" %*s", width_of(floating[j]), fb_fit_settings_parameter_name(floating[j]));
    }
    printf("\n");
    for (int i = 0; i < n; i++) {
        printf("  %-14s %10.5f", fb_fit_settings_parameter_name(floating[i]), error_of(result, floating[i]));
        for (int j = 0; j < n; j++) {
            const double correlation = fb_fit_correlation(result, floating[i], floating[j]);
            if (isnan(correlation)) {
                printf(" %*s", width_of(floating[j]), "-");
            } else {
                printf(" %*.3f", width_of(floating[j]), correlation);
            }
        }
        printf("\n");
    }
}

static void print_side(const fb_fit_side *side, double sign)
{
    if (side->status == FB_SIDE_FOUND) {
        printf(" %+12.5f", sign * side->error);
    } else {
        printf(" %12s", fb_interval_side_text(side->status));
    }
}

void fb_fit_details_print_sides(const fb_fit_settings *settings, const fb_fit_result *result)
{
    int floating[FB_N_PARAMETER];
    const int n = list_floating(settings, floating);
    if (n == 0) {
        return;
    }
    printf("\n  %-14s %10s %10s %12s %12s\n", "profile", "value", "error", "low side", "high side");
    for (int i = 0; i < n; i++) {
        const int a = floating[i];
        const double value = a == FB_MU ? result->mu_hat : result->nuisance[a - 1];
        printf("  %-14s %10.5f %10.5f", fb_fit_settings_parameter_name(a), value, error_of(result, a));
        print_side(&result->low[a], -1.0);
        print_side(&result->high[a], 1.0);
        printf("\n");
    }
}

void fb_fit_details_add_sides(const fb_fit_result *result, int parameter, json_t *object)
{
    const fb_fit_side *low = &result->low[parameter], *high = &result->high[parameter];
    json_object_set_new(object, "error_low", fb_json_output_number(low->error));
    json_object_set_new(object, "error_high", fb_json_output_number(high->error));
    json_object_set_new(object, "low_side", json_string(fb_interval_side_text(low->status)));
    json_object_set_new(object, "high_side", json_string(fb_interval_side_text(high->status)));
}

json_t *fb_fit_details_mu_json(const fb_fit_settings *settings, const fb_fit_result *result)
{
    json_t *mu =
        json_pack("{s:o,s:b,s:o}", "value", fb_json_output_number(result->mu_hat), "held",
                  fb_fit_details_is_held(settings, FB_MU), "error", fb_json_output_number(fb_fit_mu_error(result)));
    fb_fit_details_add_sides(result, FB_MU, mu);
    return mu;
}

json_t *fb_fit_details_correlations_json(const fb_fit_settings *settings, const fb_fit_result *result)
{
    int floating[FB_N_PARAMETER];
    const int n = list_floating(settings, floating);
    json_t *names = json_array(), *matrix = json_array();
    for (int i = 0; i < n; i++) {
        double row[FB_N_PARAMETER];
        for (int j = 0; j < n; j++) {
            row[j] = fb_fit_correlation(result, floating[i], floating[j]);
        }
        json_array_append_new(names, json_string(fb_fit_settings_parameter_name(floating[i])));
        json_array_append_new(matrix, fb_json_output_numbers(row, (size_t)n));
    }
    return json_pack("{s:o,s:o}", "parameters", names, "matrix", matrix);
}

static const char *yield_name(int which)
{
    return which == FB_YIELD_ALL ? "all" : fb_process_name((fb_process)which);
}

void fb_fit_details_print_yields(const fb_yield *prefit, const fb_yield *postfit, double observed)
{
    printf("\n  %-14s %12s %10s %10s %12s %10s %10s\n", "yields", "prefit", "error", "MC error", "postfit", "error",
           "MC error");
    for (int y = 0; y < FB_N_YIELD; y++) {
        printf("  %-14s %12.2f %10.2f %10.2f %12.2f %10.2f %10.2f\n", yield_name(y), prefit[y].events, prefit[y].error,
               prefit[y].template_error, postfit[y].events, postfit[y].error, postfit[y].template_error);
    }
    printf("  %-14s %12.0f\n", "observed", observed);
}

static json_t *yield_json(const fb_yield *yield)
{
    return json_pack("{s:o,s:o,s:o}", "events", fb_json_output_number(yield->events), "error",
                     fb_json_output_number(yield->error), "template_error",
                     fb_json_output_number(yield->template_error));
}

json_t *fb_fit_details_yields_json(const fb_yield *prefit, const fb_yield *postfit, double observed)
{
    json_t *all = json_object();
    for (int y = 0; y < FB_N_YIELD; y++) {
        json_object_set_new(
            all, yield_name(y),
            json_pack("{s:o,s:o}", "prefit", yield_json(&prefit[y]), "postfit", yield_json(&postfit[y])));
    }
    json_object_set_new(all, "observed", fb_json_output_number(observed));
    return all;
}

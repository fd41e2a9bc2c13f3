#include "baseline/analysis/template_options.h"

#include <stdio.h>
#include <string.h>

/* --- degrees of the polynomials: int [FB_N_SHAPE], 0 for "auto" --------------------------------------------------- */

static fb_status parse_degrees(const char *text, void *value, fb_error *error)
{
    int *degree = value, d[FB_N_SHAPE] = {0};
    char rest = '\0';
    int n = sscanf(text, "%1d%c", &d[0], &rest);
    if (n == 1) {
        d[1] = d[2] = d[0];
    } else {
        n = sscanf(text, "%1d,%1d,%1d%c", &d[0], &d[1], &d[2], &rest);
        n = n == 1 ? 0 : n;
    }
    bool good = n == 1 || n == FB_N_SHAPE;
    for (int k = 0; k < FB_N_SHAPE; k++) {
        good = good && d[k] >= 1 && d[k] <= 5;
    }
    if (!good && strcmp(text, "auto") != 0) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "expected 'auto', one degree, or three (tes,jes,soft_met), each from 1 to 5");
    }
    for (int k = 0; k < FB_N_SHAPE; k++) {
        degree[k] = good ? d[k] : 0;
    }
    return FB_OK;
}

static bool write_degrees(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    const int *d = value;
    if (d[0] != d[1] || d[0] != d[2]) {
        snprintf(text, FB_OPTION_TEXT_SIZE, "%d,%d,%d", d[0], d[1], d[2]);
    } else if (d[0] != 0) {
        snprintf(text, FB_OPTION_TEXT_SIZE, "%d", d[0]);
    } else {
        snprintf(text, FB_OPTION_TEXT_SIZE, "auto");
    }
    return k == 0;
}

static const fb_option_type degrees = {parse_degrees, write_degrees, false};

/* --- what the classifier is conditioned on: fb_conditioning ------------------------------------------------------- */

static fb_status parse_conditioning(const char *text, void *value, fb_error *error)
{
    return fb_conditioning_add(value, text, error);
}

static bool write_conditioning(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    return fb_conditioning_text(value, k, text, FB_OPTION_TEXT_SIZE);
}

static const fb_option_type conditioning_type = {parse_conditioning, write_conditioning, true};

void fb_template_options_add(fb_option_table *table, fb_template_settings *settings)
{
    fb_option_add_integer(table, "bins", "N", &settings->n_bins, 1, FB_MAX_BINS, "bins of the score");
    fb_option_add_integer(table, "drop-bins", "N", &settings->n_dropped, 0, FB_MAX_BINS - 1,
                          "leave out the N lowest bins");
    fb_option_add_choice(table, "binning", "KIND", &settings->binning, fb_binning_kind_names,
                         "quantile (of the signal) or uniform");
    fb_option_add_choice(table, "combination", "KIND", &settings->combination, fb_templates_combination_names,
                         "how shape effects combine: product, additive, or average (the official kit's)");
    fb_option_add_parsed(table, "degree", "D", settings->degree, &degrees,
                         "of the polynomials: auto, one number, or tes,jes,soft_met");
    fb_option_add_number(table, "share", "X", &settings->share, 1e-6, 1.0,
                         "of the holdout that the shapes are measured on");
    fb_option_add_parsed(
        table, "condition-on", "NAME[=X]", &settings->conditioning, &conditioning_type,
        "condition the classifier, trained with --augment, on tes, jes or soft_met at X [nominal]; may be repeated");
}

#include "baseline/analysis/template_options.h"

#include <stdio.h>
#include <string.h>

#include "holdout/pipeline/conditioning.h"
#include "models/common/text.h"

fb_template_options fb_template_options_default(void)
{
    const fb_template_settings settings = fb_template_builder_default();
    return (fb_template_options){.binning = "quantile",
                                 .combination = fb_templates_combination_names[settings.combination],
                                 .degree = "auto",
                                 .bins = (uint64_t)settings.n_bins,
                                 .share = settings.share};
}

static fb_status parse_degrees(const char *text, fb_template_settings *settings, fb_error *error)
{
    if (strcmp(text, "auto") == 0) {
        memset(settings->degree, 0, sizeof settings->degree);
        return FB_OK;
    }
    int *d = settings->degree;
    char rest = '\0';
    int n = sscanf(text, "%1d%c", &d[0], &rest);
    if (n == 1) {
        d[1] = d[2] = d[0];
    } else {
        n = sscanf(text, "%1d,%1d,%1d%c", &d[0], &d[1], &d[2], &rest);
        n = n == 1 ? 0 : n;
    }
    for (int k = 0; k < FB_N_SHAPE; k++) {
        if ((n != 1 && n != 3) || d[k] < 1 || d[k] > 5) {
            return fb_fail(error, FB_ERROR_USAGE,
                           "--degree: '%s' is not 'auto', one degree, or three (tes,jes,soft_met), each from 1 to 5",
                           text);
        }
    }
    return FB_OK;
}

fb_status fb_template_options_parse(const fb_template_options *options, fb_template_settings *settings, fb_error *error)
{
    const int binning = fb_text_find(options->binning, fb_binning_kind_names);
    const int combination = fb_text_find(options->combination, fb_templates_combination_names);
    if (binning < 0 || combination < 0) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "--binning %s --combination %s: known are quantile, uniform; product, additive, average",
                       options->binning, options->combination);
    }
    settings->binning = (fb_binning_kind)binning;
    settings->combination = (fb_combination)combination;
    settings->n_bins = (int)options->bins;
    settings->n_dropped = (int)options->drop_bins;
    settings->share = options->share;
    settings->told = fb_conditioning_none();
    for (int k = 0; k < options->tell.n; k++) {
        fb_status status = fb_conditioning_add(&settings->told, options->tell.item[k], error);
        if (status != FB_OK) {
            return fb_fail_prefix(error, status, "--tell");
        }
    }
    return parse_degrees(options->degree, settings, error);
}

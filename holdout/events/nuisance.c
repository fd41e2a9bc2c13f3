#include "holdout/events/nuisance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Sources of the three sets of widths: the generator of the official program; table of arXiv:2410.02867; the
 * constraints in the fit of the official starting kit. The white paper's ttbar and diboson widths look swapped against
 * the program's; both are kept as published. */
static const struct {
    fb_nuisance_info info;
    double low, high;
    fb_prior_shape official_shape;
    double official_centre, official_width;
    double white_paper_width;
    double kit_width;
} table[FB_N_NUISANCE] = {
    [FB_TES] = {{"tes", "tes", "", 1.0}, 0.9, 1.1, FB_PRIOR_NORMAL, 1.0, 0.01, 0.01, 0.03},
    [FB_JES] = {{"jes", "jes", "", 1.0}, 0.9, 1.1, FB_PRIOR_NORMAL, 1.0, 0.01, 0.01, 0.03},
    [FB_SOFT_MET] = {{"soft_met", "soft-met", "GeV", 0.0}, 0.0, 5.0, FB_PRIOR_LOG_NORMAL, 0.0, 1.0, 3.0, 3.0},
    [FB_TTBAR_SCALE] = {{"ttbar_scale", "ttbar-scale", "", 1.0}, 0.8, 1.2, FB_PRIOR_NORMAL, 1.0, 0.02, 0.25, 0.06},
    [FB_DIBOSON_SCALE] =
        {{"diboson_scale", "diboson-scale", "", 1.0}, 0.0, 2.0, FB_PRIOR_NORMAL, 1.0, 0.25, 0.025, 0.75},
    [FB_BKG_SCALE] = {{"bkg_scale", "bkg-scale", "", 1.0}, 0.99, 1.01, FB_PRIOR_NORMAL, 1.0, 0.001, 0.01, 0.003},
};

const char *const fb_nuisance_prior_names[] = {
    [FB_PRIORS_OFFICIAL] = "official", [FB_PRIORS_WHITE_PAPER] = "white-paper", [FB_PRIORS_KIT] = "kit", NULL};

const fb_nuisance_info *fb_nuisance_describe(fb_nuisance which)
{
    return &table[which].info;
}

fb_prior fb_nuisance_prior(fb_prior_set set, fb_nuisance which)
{
    fb_prior prior = {.shape = table[which].official_shape,
                      .centre = table[which].official_centre,
                      .width = table[which].official_width,
                      .low = table[which].low,
                      .high = table[which].high};
    if (set != FB_PRIORS_OFFICIAL) {
        prior.shape = FB_PRIOR_NORMAL; /* soft_met: clipped at 0, so half of the draws are 0 */
        prior.centre = table[which].info.nominal;
        prior.width = set == FB_PRIORS_KIT ? table[which].kit_width : table[which].white_paper_width;
    }
    return prior;
}

fb_nuisances fb_nuisance_nominal(void)
{
    fb_nuisances nuisances;
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        nuisances.value[k] = table[k].info.nominal;
    }
    return nuisances;
}

fb_nuisances fb_nuisance_draw(fb_prior_set set, fb_nuisance_mask mask, fb_random *random)
{
    fb_nuisances nuisances = fb_nuisance_nominal();
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        if ((mask >> k & 1U) == 0) {
            continue;
        }
        fb_prior prior = fb_nuisance_prior(set, (fb_nuisance)k);
        double value = prior.centre + prior.width * fb_random_normal(random);
        if (prior.shape == FB_PRIOR_LOG_NORMAL) {
            value = exp(value);
        }
        nuisances.value[k] = fmin(fmax(value, prior.low), prior.high);
    }
    return nuisances;
}

fb_nuisances fb_nuisance_widen(const fb_nuisances *nuisances, double factor)
{
    fb_nuisances wider = fb_nuisance_nominal();
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_prior range = fb_nuisance_prior(FB_PRIORS_OFFICIAL, (fb_nuisance)k);
        const double value = wider.value[k] + factor * (nuisances->value[k] - wider.value[k]);
        wider.value[k] = fmin(fmax(value, range.low), range.high);
    }
    return wider;
}

int fb_nuisance_find(const char *name)
{
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        if (strcmp(name, table[k].info.name) == 0 || strcmp(name, table[k].info.option) == 0) {
            return k;
        }
    }
    return -1;
}

fb_status fb_nuisance_mask_parse(const char *text, fb_nuisance_mask *mask, fb_error *error)
{
    *mask = 0;
    if (strcmp(text, "all") == 0) {
        *mask = FB_ALL_NUISANCES;
        return FB_OK;
    }
    if (strcmp(text, "none") == 0) {
        return FB_OK;
    }
    for (const char *at = text;;) {
        size_t length = strcspn(at, ",");
        char name[32];
        snprintf(name, sizeof name, "%.*s", (int)(length < 31 ? length : 31), at);
        int which = fb_nuisance_find(name);
        if (which < 0) {
            return fb_fail(
                error, FB_ERROR_USAGE,
                "unknown systematic '%s'; known are tes, jes, soft_met, ttbar_scale, diboson_scale, bkg_scale, "
                "or all, or none",
                name);
        }
        *mask |= 1U << which;
        if (at[length] == '\0') {
            return FB_OK;
        }
        at += length + 1;
    }
}

const char *fb_nuisance_mask_text(fb_nuisance_mask mask, char text[FB_NUISANCE_MASK_SIZE])
{
    size_t used = (size_t)snprintf(text, FB_NUISANCE_MASK_SIZE, "%s", mask == 0 ? "none" : "");
    if (mask == FB_ALL_NUISANCES) {
        snprintf(text, FB_NUISANCE_MASK_SIZE, "all");
        return text;
    }
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        if ((mask >> k & 1U) != 0) {
            used += (size_t)snprintf(text + used, FB_NUISANCE_MASK_SIZE - used, "%s%s", used > 0 ? "," : "",
                                     table[k].info.name);
        }
    }
    return text;
}

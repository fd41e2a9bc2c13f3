#include "holdout/pipeline/conditioning.h"

#include <stdio.h>
#include <string.h>

#include "models/common/text.h"

fb_conditioning fb_conditioning_none(void)
{
    return (fb_conditioning){.which = 0, .value = fb_nuisance_nominal()};
}

static bool includes(fb_nuisance_mask which, int k)
{
    return (which >> k & 1U) != 0;
}

int fb_conditioning_n_inputs(fb_nuisance_mask which)
{
    int n = FB_N_FEATURES;
    for (int k = 0; k < FB_N_SHAPE; k++) {
        n += includes(which, k);
    }
    return n;
}

const char *fb_conditioning_input_name(fb_nuisance_mask which, int k)
{
    int further = k - FB_N_FEATURES;
    for (int shape = 0; shape < FB_N_SHAPE; shape++) {
        if (includes(which, shape) && further-- == 0) {
            return fb_nuisance_describe((fb_nuisance)shape)->name;
        }
    }
    return fb_column_name(k);
}

int fb_conditioning_inputs(const fb_conditioning *conditioning, float input[FB_N_SHAPE])
{
    int n = 0;
    for (int k = 0; k < FB_N_SHAPE; k++) {
        if (includes(conditioning->which, k)) {
            const double width = fb_nuisance_prior(FB_PRIORS_OFFICIAL, (fb_nuisance)k).width;
            const double nominal = fb_nuisance_describe((fb_nuisance)k)->nominal;
            input[n++] = (float)((conditioning->value.value[k] - nominal) / width);
        }
    }
    return n;
}

fb_status fb_conditioning_add(fb_conditioning *conditioning, const char *text, fb_error *error)
{
    char name[32];
    const size_t length = strcspn(text, "=");
    snprintf(name, sizeof name, "%.*s", (int)(length < 31 ? length : 31), text);
    const int which = fb_nuisance_find(name);
    if (which < 0 || which >= FB_N_SHAPE) {
        return fb_fail(error, FB_ERROR_USAGE, "'%s': a classifier can be conditioned on tes, jes or soft_met", name);
    }
    conditioning->which |= 1U << which;
    if (text[length] == '=') {
        const fb_prior range = fb_nuisance_prior(FB_PRIORS_OFFICIAL, (fb_nuisance)which);
        double value = 0.0;
        if (!fb_text_to_double(text + length + 1, &value) || !(value >= range.low && value <= range.high)) {
            return fb_fail(error, FB_ERROR_USAGE, "%s: '%s' is not a number from %g to %g", name, text + length + 1,
                           range.low, range.high);
        }
        conditioning->value.value[which] = value;
    }
    return FB_OK;
}

bool fb_conditioning_text(const fb_conditioning *conditioning, int k, char *text, size_t size)
{
    for (int shape = 0; shape < FB_N_SHAPE; shape++) {
        const fb_nuisance_info *info = fb_nuisance_describe((fb_nuisance)shape);
        if (!includes(conditioning->which, shape) || k-- > 0) {
            continue;
        }
        const double value = conditioning->value.value[shape];
        char number[FB_NUMBER_SIZE] = "";
        const bool is_nominal = value == info->nominal;
        snprintf(text, size, "%s%s%s", info->name, is_nominal ? "" : "=",
                 is_nominal ? "" : fb_text_of_double(value, number));
        return true;
    }
    return false;
}

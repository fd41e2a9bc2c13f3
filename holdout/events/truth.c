#include "holdout/events/truth.h"

void fb_truth_scales(const fb_truth *truth, double scale[FB_N_PROCESS])
{
    const double *value = truth->nuisances.value;
    scale[FB_HTAUTAU] = truth->mu;
    scale[FB_ZTAUTAU] = value[FB_BKG_SCALE];
    scale[FB_TTBAR] = value[FB_TTBAR_SCALE] * value[FB_BKG_SCALE];
    scale[FB_DIBOSON] = value[FB_DIBOSON_SCALE] * value[FB_BKG_SCALE];
}

fb_nuisances fb_truth_distortions(const fb_truth *truth)
{
    fb_nuisances distortions = fb_nuisance_nominal();
    for (int k = 0; k < FB_N_SHAPE; k++) {
        distortions.value[k] = truth->nuisances.value[k];
    }
    return distortions;
}

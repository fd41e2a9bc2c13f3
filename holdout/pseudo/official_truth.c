#include "holdout/pseudo/official_truth.h"

#include <inttypes.h>
#include <math.h>

#include "holdout/math/numpy_random.h"

fb_status fb_official_truth_check_run(const fb_official_run *run, fb_error *error)
{
    const uint64_t n = (uint64_t)run->n_sets * run->n_experiments;
    if (n == 0 || n > UINT32_MAX) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "%" PRIu32 " sets of %" PRIu32 " pseudo-experiments; allowed are 1 to 4294967295 in all",
                       run->n_sets, run->n_experiments);
    }
    const uint64_t last = run->seed + n - 1 + FB_OFFICIAL_SEED_REACH;
    if (last > UINT32_MAX) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "seed %" PRIu32 ": %" PRIu64 " official pseudo-experiments need seeds up to %" PRIu64
                       "; the official generator's end at 4294967295",
                       run->seed, n, last);
    }
    return FB_OK;
}

void fb_official_truth_mus(const fb_official_run *run, double *mu)
{
    fb_numpy_random random;
    fb_numpy_random_init(&random, run->seed);
    for (uint32_t s = 0; s < run->n_sets; s++) {
        mu[s] = FB_TRUE_MU_LOW + (FB_TRUE_MU_HIGH - FB_TRUE_MU_LOW) * fb_numpy_random_uniform(&random);
    }
}

fb_official_truth fb_official_truth_of(const fb_official_run *run, double mu, uint32_t s, uint32_t e)
{
    fb_official_truth truth = {.mu = mu,
                               .nuisances = fb_nuisance_nominal(),
                               .drawn = run->drawn,
                               .seed = run->seed + s * run->n_experiments + e};
    fb_numpy_random random;
    fb_numpy_random_init(&random, truth.seed);
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        if ((run->drawn >> k & 1U) == 0) {
            continue;
        }
        const fb_prior prior = fb_nuisance_prior(FB_PRIORS_OFFICIAL, (fb_nuisance)k);
        double value = prior.centre + prior.width * fb_numpy_random_normal(&random);
        if (prior.shape == FB_PRIOR_LOG_NORMAL) {
            value = exp(value);
        }
        truth.nuisances.value[k] = fmin(fmax(value, prior.low), prior.high);
    }
    return truth;
}

/* bkg_scale acts on a background with a scale of its own only where that one is switched on. */
static double background_factor(const fb_official_truth *truth, fb_nuisance own)
{
    const bool is_on = truth->drawn >> own & 1U;
    return is_on ? truth->nuisances.value[own] * truth->nuisances.value[FB_BKG_SCALE] : 1.0;
}

void fb_official_truth_factors(const fb_official_truth *truth, double factor[FB_N_PROCESS])
{
    factor[FB_HTAUTAU] = truth->mu;
    factor[FB_ZTAUTAU] = truth->nuisances.value[FB_BKG_SCALE];
    factor[FB_TTBAR] = background_factor(truth, FB_TTBAR_SCALE);
    factor[FB_DIBOSON] = background_factor(truth, FB_DIBOSON_SCALE);
}

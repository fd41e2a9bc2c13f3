#include "baseline/analysis/template_warnings.h"

#include <math.h>

#include "models/common/log.h"

static void warn_of_bins(const fb_analysis *a)
{
    const fb_templates *t = a->template_set->templates;
    int n_poor = 0;
    for (int bin = 0; bin < t->n_bins; bin++) {
        double yield = 0.0, variance = 0.0;
        for (int process = FB_ZTAUTAU; process < FB_N_PROCESS; process++) {
            yield += t->yield[process * t->n_bins + bin];
            variance += t->variance[process * t->n_bins + bin];
        }
        n_poor += yield * yield < 10.0 * variance;
    }
    if (t->n_bins < a->settings.templates.n_bins) {
        fb_log(FB_LOG_WARNING, "%d bins instead of %d: more have no background or no difference of score", t->n_bins,
               a->settings.templates.n_bins);
    }
    if (n_poor > 0) {
        fb_log(FB_LOG_WARNING,
               "%d of %d bins have fewer than 10 simulated background events: use fewer bins or more events", n_poor,
               t->n_bins);
    }
}

void fb_template_warnings(const fb_analysis *a)
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

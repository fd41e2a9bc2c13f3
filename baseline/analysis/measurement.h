/** \file measurement.h
 * The signal strength for other programs: train on events, fit data, read the numbers.
 *
 *     fb_source *events = NULL;
 *     fb_analysis *analysis = NULL;
 *     fb_measurement result;
 *     const char *training[] = {"model=bdt", "set=trees=100"};
 *     fb_event_file_open("events.h5", &events, &error);                              // holdout/formats/event_file.h
 *     fb_measurement_train(events, 2, training, &analysis, &error);
 *     fb_measurement_fit(analysis, "data.h5", 0, NULL, &result, &error);             // result.mu_hat, p16, p84
 *
 * Options are those of `fair-baseline train` and `fair-baseline fit`, as "name=value" ("name" alone for a switch).
 */
#ifndef FB_BASELINE_ANALYSIS_MEASUREMENT_H
#define FB_BASELINE_ANALYSIS_MEASUREMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "holdout/events/source.h"
#include "models/common/status.h"

FB_BEGIN_DECLARATIONS

/** A trained analysis: classifier, bins, templates (baseline/FILES.md describes it as a file). */
typedef struct fb_analysis fb_analysis;

enum {
    FB_MEASUREMENT_NUISANCES = 6, ///< tes, jes, soft_met, ttbar_scale, diboson_scale, bkg_scale, in this order
    FB_MEASUREMENT_HEALTH_SIZE = 256
};

/** What a fit finds. */
typedef struct fb_measurement {
    bool is_valid;   ///< false: the fit or its interval failed, and what could not be found is NaN
    double mu_hat;   ///< best estimate of the signal strength
    double sigma;    ///< its error
    double p16, p84; ///< ends of its 68.27 % interval
    double nuisance[FB_MEASUREMENT_NUISANCES]; ///< fitted values; soft_met in GeV, the others factors
    double error[FB_MEASUREMENT_NUISANCES];    ///< their errors
    double pull[FB_MEASUREMENT_NUISANCES];     ///< (fitted - prior centre) / prior width
    double t;                                  ///< -2 ln L at the minimum, relative to a perfect fit
    double p_value;                            ///< probability of a larger t
    uint64_t n_events;                         ///< in the data, after the selection
    bool has_derived; ///< the data have the derived columns, which were used; else they were computed
    char health[FB_MEASUREMENT_HEALTH_SIZE]; ///< "ok", or what is worth knowing about the fit
} fb_measurement;

/** Trains a classifier and measures the templates.
 *  \param events   raw events with weights and processes; borrowed, read several times from their start
 *  \param options  [n_options] of 'train', with "seed=N", for example "bins=20"; may be NULL if n_options is 0
 *  \param out      release with fb_measurement_analysis_free
 *  \return FB_ERROR_USAGE names a wrong option and what is allowed; FB_ERROR_DATA if events cannot be trained on */
FB_API fb_status fb_measurement_train(fb_source *events, int n_options, const char *const *options, fb_analysis **out,
                                      fb_error *error) FB_MUST_USE;

/** Fits mu and the nuisance parameters to the events of a file, distorted and selected as a participant gets them.
 *  \param options  [n_options] of 'fit', for example "systematics=tes,jes"; may be NULL if n_options is 0
 *  \param result   always filled
 *  \return FB_ERROR_NOT_CONVERGED with the reason; FB_ERROR_DATA for data that cannot be measured with this analysis */
FB_API fb_status fb_measurement_fit(const fb_analysis *analysis, const char *path, int n_options,
                                    const char *const *options, fb_measurement *result, fb_error *error) FB_MUST_USE;

/** The analysis as a file that 'fair-baseline fit' and 'evaluate' take too, and back. */
FB_API fb_status fb_measurement_analysis_save(const fb_analysis *analysis, const char *path,
                                              fb_error *error) FB_MUST_USE;
FB_API fb_status fb_measurement_analysis_load(const char *path, fb_analysis **out, fb_error *error) FB_MUST_USE;
/** NULL is fine. */
FB_API void fb_measurement_analysis_free(fb_analysis *analysis);

FB_END_DECLARATIONS

#endif
